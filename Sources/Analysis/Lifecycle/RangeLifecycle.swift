package import EventLog

/// People by state over a whole range as if it were one interval, beside the range of the same length before it: who
/// was active in both is returning, who was in the one before alone is dormant. README.md of this folder defines the
/// states.
package struct RangeLifecycle: Sendable, Hashable {
    package struct Counts: Sendable, Hashable {
        package var new: Int
        package var returning: Int
        package var resurrecting: Int
        package var dormant: Int

        package var active: Int { new + returning + resurrecting }
    }

    package var range: Counts
    package var before: Counts

    /// Any event makes a person active.
    ///
    /// - Parameters:
    ///   - range: milliseconds since 1970-01-01T00:00:00Z, not empty; `before` ends where it starts.
    /// - Complexity: one scan of all events until the range's end, because the first event tells who is new.
    /// - Throws: `QueryError`, `EventLogError`.
    package static func read(
        _ range: Range<Int64>, before: Range<Int64>, on snapshot: Snapshot, threads: Int? = nil
    ) throws -> RangeLifecycle {
        precondition(before.upperBound == range.lowerBound, "the ranges follow each other")
        let context = QueryContext(snapshot: snapshot, now: range.upperBound, threads: threads)
        // Interval 0 tells who was active before, as long again.
        let length = before.upperBound - before.lowerBound
        let index = BoundaryIndex([before.lowerBound - length, before.lowerBound, range.lowerBound, range.upperBound])
        var properties = PropertyList(snapshot.propertyNames)
        let classifier = try EventClassifier(
            [(EventSelector(nil), "event")], filters: [], &properties, context, .utc)
        let selection = Selection(
            events: nil, anchors: nil, times: min(Limits.earliestTime, index.boundaries[0])..<range.upperBound,
            properties: properties.numbers)
        var explanation = QueryExplanation()
        let (counter, _) = try context.count(
            LifecycleCounter(intervals: 2), over: index, classifier, selection, peopleLimit: nil, &explanation)
        func counts(_ interval: Int) -> Counts {
            Counts(
                new: counter.new[interval], returning: counter.returning[interval],
                resurrecting: counter.resurrecting[interval], dormant: counter.dormant[interval])
        }
        return RangeLifecycle(range: counts(2), before: counts(1))
    }
}
