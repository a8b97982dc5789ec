package import EventLog

/// How often people did what in a range, the most frequent first.
package struct EventCounts: Sendable, Hashable {
    package struct Name: Sendable, Hashable {
        package var name: String
        package var count: Int
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package var lastTime: Int64
    }

    package var names: [Name]

    /// - Parameter range: milliseconds since 1970-01-01T00:00:00Z.
    /// - Complexity: one scan of the events of the range.
    /// - Throws: `EventLogError`.
    package static func read(_ range: Range<Int64>, on snapshot: Snapshot, threads: Int? = nil) throws -> EventCounts {
        let context = QueryContext(snapshot: snapshot, now: range.upperBound, threads: threads)
        var explanation = QueryExplanation()
        let codes = snapshot.eventNames.names
        let selection = Selection(events: EventSelector(nil).codes(in: snapshot.eventNames), times: range)
        let folds = try context.scan(selection, &explanation) { Fold(names: codes.count) }
        let names = codes.indices.map { code in
            Name(
                name: codes[code], count: folds.reduce(0) { $0 + $1.counts[code] },
                lastTime: folds.map { $0.lastTimes[code] }.max() ?? .min)
        }
        return EventCounts(names: names.filter { $0.count > 0 }.sorted { ($1.count, $0.name) < ($0.count, $1.name) })
    }

    private struct Fold: PersonFold, Sendable {
        var counts: [Int]
        var lastTimes: [Int64]

        init(names: Int) {
            counts = [Int](repeating: 0, count: names)
            lastTimes = [Int64](repeating: .min, count: names)
        }

        mutating func enter(_ block: ScanBlock) {}

        mutating func visit(_ person: borrowing PersonView) {
            for row in person.rows {
                counts[Int(row.code)] += 1
                lastTimes[Int(row.code)] = max(lastTimes[Int(row.code)], row.time)
            }
        }
    }
}
