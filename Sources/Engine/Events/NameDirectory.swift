import Analysis
package import EventLog
import Insights
import Synchronization

/// The names of events, properties and values, for suggestions while somebody types: what fits a few letters, the most
/// frequent first.
package final class NameDirectory: Sendable {
    package struct Entry: Sendable, Hashable, Codable {
        package var name: String
        /// Events with it; of a value those of the last days.
        package var count: Int
    }

    /// Values of one property are counted anew after this time.
    private static let ageSeconds: Int64 = 60
    /// The days whose events tell which values there are.
    private static let days = 90
    private static let valueLimit = 1_000
    private static let cacheLimit = 200
    /// Events of a log that is counted in no time.
    private static let smallLog = 100_000

    private struct Key: Hashable {
        var event: String?
        var property: String
    }

    private let log: EventLog
    private let now: @Sendable () -> Int64
    private let known = Mutex<(statistics: LogStatistics, moment: ContinuousClock.Instant)?>(nil)
    private let cache = Mutex<[Key: (entries: [Entry], time: Int64)]>([:])

    init(log: EventLog, now: @escaping @Sendable () -> Int64) {
        self.log = log
        self.now = now
    }

    /// What the log holds, for pages that need it several times; of a large log as it was up to two seconds ago,
    /// because counting it takes longer than most questions.
    package func statistics() throws -> LogStatistics {
        let clock = ContinuousClock()
        if let known = known.withLock({ $0 }), known.statistics.events > Self.smallLog,
            clock.now - known.moment < .seconds(2)
        {
            return known.statistics
        }
        let statistics = try log.statistics
        known.withLock { $0 = (statistics, clock.now) }
        return statistics
    }

    /// - Parameter text: a few letters; Korean names are found by their initial consonants too.
    package func events(_ text: String = "", limit: Int = 20) throws -> [Entry] {
        let all = try statistics().eventNames.map { Entry(name: $0.name, count: $0.count) }
        return Self.search(all, text, limit)
    }

    package func properties(_ text: String = "", limit: Int = 20) throws -> [Entry] {
        var counts: [String: Int] = [:]
        for property in try statistics().properties { counts[property.name, default: 0] += property.count }
        return Self.search(counts.map { Entry(name: $0.key, count: $0.value) }, text, limit)
    }

    /// The type in which most events have a property.
    package func propertyTypes() throws -> [String: PropertyType] {
        var best: [String: (type: PropertyType, count: Int)] = [:]
        for property in try statistics().properties where property.count > best[property.name]?.count ?? -1 {
            best[property.name] = (property.type, property.count)
        }
        return best.mapValues(\.type)
    }

    /// The most frequent values of a property.
    ///
    /// - Parameter event: of one event, or nil of any.
    /// - Complexity: one scan for each property and event a minute, then O(values).
    package func values(
        of property: String, event: String? = nil, _ text: String = "", limit: Int = 20
    ) throws -> [Entry] {
        let key = Key(event: event, property: property)
        let time = now()
        let known = cache.withLock { $0[key] }
        if let known, time - known.time < Self.ageSeconds * 1_000 { return Self.search(known.entries, text, limit) }
        let entries = try count(key)
        cache.withLock { cache in
            if cache.count >= Self.cacheLimit { cache.removeAll() }
            cache[key] = (entries, time)
        }
        return Self.search(entries, text, limit)
    }

    private func count(_ key: Key) throws -> [Entry] {
        let snapshot = try log.snapshot()
        guard let last = snapshot.timeRange?.upperBound, snapshot.propertyNames.number(of: key.property) != nil else {
            return []
        }
        let has = Filter.test(FilterTest(subject: .property(key.property), op: .isSet, values: []))
        let query = TrendsQuery(
            series: [.init(EventSelector(key.event ?? "*", filters: [has]))], interval: .month,
            breakdown: RankedBreakdown(BreakdownKey(property: key.property), limit: Self.valueLimit),
            range: DateRange(from: DayPoint("-\(Self.days)d"), to: DayPoint("0d")))
        let answer = try AnalysisService().run(.trends(query), on: snapshot, now: last)
        guard case .trends(let result) = answer.result else { return [] }
        return result.series.compactMap { series in
            guard let value = series.breakdown, value != .missing, value != .other else { return nil }
            return Entry(name: value.description, count: Int(series.total ?? 0))
        }
    }

    private static func search(_ entries: [Entry], _ text: String, _ limit: Int) -> [Entry] {
        let counts = Dictionary(entries.map { ($0.name, $0.count) }) { first, _ in first }
        let names = entries.sorted { ($1.count, $0.name) < ($0.count, $1.name) }.map(\.name)
        return NameSearch(text).search(names, limit: limit).map { Entry(name: $0, count: counts[$0] ?? 0) }
    }
}
