package import Analysis
import Foundation

/// A question of each kind that already says something about this business: what a builder shows when it is opened.
package struct StarterQueries: Sendable {
    private let guess: EventGuess
    private let lastEvent: Int64?
    private let now: Int64
    private let zone: ZoneName
    private let weekStart: WeekStart

    /// - Parameters:
    ///   - lastEvent: when the newest event happened; nil for an empty log.
    ///   - now: milliseconds since 1970-01-01T00:00:00Z.
    package init(
        _ guess: EventGuess, lastEvent: Int64?, now: Int64, zone: ZoneName, weekStart: WeekStart = .monday
    ) {
        self.guess = guess
        self.lastEvent = lastEvent
        self.now = now
        self.zone = zone
        self.weekStart = weekStart
    }

    /// The last days up to today; of a log that nothing comes into any more, up to its last day.
    package func range(days: Int) -> DateRange {
        guard let lastEvent, now - lastEvent > 3 * 86_400_000 else {
            return DateRange(from: DayPoint("-\(days - 1)d"), to: DayPoint("0d"), timeZone: zone)
        }
        let start = lastEvent - Int64(days - 1) * 86_400_000
        return DateRange(
            from: DayPoint(localDay(start).label), to: DayPoint(localDay(lastEvent).label), timeZone: zone)
    }

    private func localDay(_ time: Int64) -> CivilDate {
        let offset = zone.zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1_000))
        return CivilDate(dayNumber: Int((Double(time) / 1_000 + Double(offset)) / 86_400))
    }

    package func query(_ kind: Query.Kind, stageNames: [String]) -> Query {
        let steps = guess.steps
        switch kind {
        case .funnel: return .funnel(funnel(steps))
        case .correlation: return .correlation(CorrelationQuery(funnel([steps.first, steps.last].compactMap(\.self))))
        case .paths:
            var query = PathsQuery(range: range(days: 28))
            query.stepLimit = 4
            query.edgeLimit = 24
            query.collapseRepeats = true
            return .paths(query)
        case .retention:
            let first = guess.event(.signUp).map { EventSelector($0) } ?? EventSelector(nil)
            return .retention(
                RetentionQuery(
                    targetEvent: first, returnEvent: EventSelector(nil), period: .week, intervals: 9, kind: .firstTime,
                    weekStart: weekStart, range: range(days: 7 * 9)))
        case .trends:
            let orders = guess.event(.buy).map { TrendsQuery.Series(EventSelector($0), math: .dau) }
            return .trends(
                TrendsQuery(
                    series: [TrendsQuery.Series(EventSelector(nil), math: .dau)] + (orders.map { [$0] } ?? []),
                    interval: .day, weekStart: weekStart, range: range(days: 28)))
        case .lifecycle:
            return .lifecycle(LifecycleQuery(interval: .week, weekStart: weekStart, range: range(days: 7 * 12)))
        case .stickiness:
            return .stickiness(
                StickinessQuery(
                    series: [EventSelector(nil)], interval: .week, weekStart: weekStart,
                    range: range(days: 7 * 8)))
        case .sessions: return .sessions(SessionsQuery(weekStart: weekStart, range: range(days: 28)))
        case .journeyMap:
            return .journeyMap(JourneyMapQuery(stages: guess.journey(names: stageNames), range: range(days: 90)))
        }
    }

    private func funnel(_ steps: [String]) -> FunnelQuery {
        FunnelQuery(
            (steps.isEmpty ? ["*"] : steps).map { FunnelStep(EventSelector($0)) }, range: range(days: 28))
    }
}
