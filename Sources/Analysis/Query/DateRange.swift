/// The days that a query is about: `from` and `to` are inclusive and local in `timeZone`. Either may be left out for
/// the first or last day of the data.
///
/// Queries read it with `DateRange(fields)`, and allow the names in `DateRange.fields`.
package struct DateRange: Sendable, Hashable {
    package var from: DayPoint?
    package var to: DayPoint?
    /// Default: UTC.
    package var timeZone: ZoneName

    package static let fields = ["from", "to", "timeZone"]

    package init(from: DayPoint? = nil, to: DayPoint? = nil, timeZone: ZoneName = .utc) {
        self.from = from
        self.to = to
        self.timeZone = timeZone
    }

    package init(_ fields: Fields) throws {
        from = try fields.optional("from")
        to = try fields.optional("to")
        timeZone = try fields.optional("timeZone") ?? .utc
        if let from, let to, !from.isRelative, !to.isRelative,
            from.range(now: 0, in: timeZone).lowerBound >= to.range(now: 0, in: timeZone).upperBound
        {
            throw fields.error(.conflict, "to", "is \(to), before from, which is \(from)")
        }
    }

    /// The times of the range in milliseconds: from the start of `from` to before the end of `to`. For a log without
    /// events and a range without dates, the day of `now`.
    ///
    /// - Throws: `QueryError` when relative dates turn out in the wrong order.
    package func resolve(now: Int64, data: ClosedRange<Int64>?) throws -> Range<Int64> {
        let start = from?.range(now: now, in: timeZone)
        let end = to?.range(now: now, in: timeZone)
        let first = start?.lowerBound ?? dayStart(of: data?.lowerBound ?? now)
        let beyond = end?.upperBound ?? dayEnd(of: data?.upperBound ?? now)
        if let start, let end, start.lowerBound >= end.upperBound {
            throw QueryError(
                .conflict, "to", "is \(to?.description ?? ""), before from, which is \(from?.description ?? "")")
        }
        return first..<max(first, beyond)
    }

    /// The first millisecond of the local day of a time.
    package func dayStart(of time: Int64) -> Int64 { DayPoint.localDay(of: time, in: timeZone).lowerBound }

    /// The first millisecond after the local day of a time.
    package func dayEnd(of time: Int64) -> Int64 { DayPoint.localDay(of: time, in: timeZone).upperBound }
}
