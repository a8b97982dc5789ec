import Access
import Analysis
import Engine
import EventLog
import Foundation

/// What the cards of the home page share: the period, and the figures of one reading of the log.
struct HomeContext: Sendable {
    let call: PageCall
    let workspace: LiveWorkspace
    let range: TimeRange
    let hasEvents: Bool
    let figures: ActivityFigures

    static func read(_ call: PageCall) async throws -> HomeContext {
        let workspace = try call.workspace()
        let range = TimeRange(call)
        let (zone, now) = (call.format.timeZone, call.now)
        let figures = try await call.parts.queries.run {
            try ActivityFigures.read(workspace, range: range, zone: zone, now: now)
        }
        return HomeContext(
            call: call, workspace: workspace, range: range, hasEvents: figures.hasEvents, figures: figures)
    }

    /// `May 3 – May 30`.
    var periodText: String {
        let first = call.format.calendarDay(Int64(range.firstDay) * 86_400_000)
        return first + " – " + call.format.calendarDay(Int64(range.lastDay) * 86_400_000)
    }

    /// "vs. the 28 days before".
    var comparedText: String { call.text("home.compared", count: range.dayCount) }

    /// The list of people who fit a predicate, in the language of audiences.
    func people(_ predicate: String) -> String? {
        call.may(.peopleRead) ? call.link("people", ["where": predicate]) : nil
    }

    /// `between 2024-05-01 and 2024-05-28`, as predicates have it.
    var within: String { "between \(range.from) and \(range.to)" }
    var withinBefore: String { "between \(range.before.from) and \(range.before.to)" }
}

/// What came in, and who: read in three scans that share a snapshot.
struct ActivityFigures: Sendable {
    var hasEvents: Bool
    var events: [Double?]
    var active: [Double?]
    var eventTotal: Double
    var eventTotalBefore: Double
    var people: RangeLifecycle
    /// By day.
    var lifecycle: LifecycleResult?
    /// The most frequent names of the period.
    var names: [EventCounts.Name]

    static func read(_ workspace: LiveWorkspace, range: TimeRange, zone: TimeZone, now: Int64) throws -> ActivityFigures
    {
        let snapshot = try workspace.log.snapshot()
        let service = AnalysisService()
        let name = ZoneName(zone.identifier) ?? .utc
        let dates = DateRange(from: DayPoint(range.from), to: DayPoint(range.to), timeZone: name)
        let trends = TrendsQuery(
            series: [
                TrendsQuery.Series(EventSelector(nil), math: .total),
                TrendsQuery.Series(EventSelector(nil), math: .dau),
            ], compare: .previous, range: dates)
        let before = DateRange(from: DayPoint(range.before.from), to: DayPoint(range.before.to), timeZone: name)
        let times = try dates.resolve(now: now, data: snapshot.timeRange)
        var (lifecycle, trend): (LifecycleResult?, TrendsResult?)
        if case .trends(let result) = try service.run(.trends(trends), on: snapshot, now: now).result { trend = result }
        if case .lifecycle(let result) = try service.run(
            .lifecycle(LifecycleQuery(range: dates)), on: snapshot, now: now
        )
        .result {
            lifecycle = result
        }
        let series = trend?.series ?? []
        return ActivityFigures(
            hasEvents: snapshot.timeRange != nil,
            events: series.first?.points ?? [], active: series.last?.points ?? [],
            eventTotal: series.first?.total ?? 0, eventTotalBefore: series.first?.previous?.total ?? 0,
            people: try RangeLifecycle.read(
                times, before: before.resolve(now: now, data: nil), on: snapshot),
            lifecycle: lifecycle,
            names: Array(try EventCounts.read(times, on: snapshot).names.prefix(14)))
    }
}
