import Analysis
import ArgumentParser

/// The days that a question is about.
struct RangeOptions: ParsableArguments {
    // `-30d` is a value, not another option.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The first day: 2024-05-01, or -30d for that long before today (also w, mo, y).", valueName: "day"))
    var from: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The last day, included.", valueName: "day"))
    var to: String?

    /// - Throws: `QueryError` naming the option.
    func dateRange(_ zone: ZoneOption) throws -> DateRange {
        DateRange(
            from: try from.map { try point($0, "from") }, to: try to.map { try point($0, "to") },
            timeZone: ZoneName(zone.timeZone) ?? .utc)
    }

    private func point(_ text: String, _ field: String) throws -> DayPoint {
        guard let point = DayPoint(text) else {
            throw QueryError(
                .invalidValue, field,
                "'\(text)' is not a date; write 2024-05-31, or -7d (also w, mo, y) for that long before today")
        }
        return point
    }
}
