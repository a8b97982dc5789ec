import ArgumentParser
import EventLog
import Reports

struct KeepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "Sets for how long events are kept.",
        discussion: """
            Older events are hidden at once and removed from disk at the next 'dangol compact'. Without an age it tells \
            the present setting.

            Examples:
              dangol keep 400d        every question about last year can still be asked
              dangol keep 2y
              dangol keep forever
            """)

    @Argument(help: "A number and d (days), w (weeks), mo (30 days) or y (365 days); or 'forever'.")
    var age: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var keepMilliseconds: Int64?
    }

    func run() async throws {
        let retention: Int64?
        if let age {
            let wanted = try Keeping.parse(age)
            retention = try await data.writing { log in
                try log.setRetention(wanted)
                return wanted
            }
        } else {
            retention = try data.reading { try $0.statistics.retention }
        }
        let tense = age == nil ? "are" : "are now"
        try output.emit(
            Report("Events \(tense) kept \(retention == nil ? "" : "for ")\(Keeping.text(retention))."),
            json: View(keepMilliseconds: retention))
    }
}

/// Ages of events as people write them.
enum Keeping {
    private static let day: Int64 = 86_400_000
    private static let units: [(suffix: String, days: Int64)] = [("mo", 30), ("y", 365), ("w", 7), ("d", 1)]

    /// Milliseconds; nil for `forever`.
    static func parse(_ text: String) throws -> Int64? {
        if text == "forever" { return nil }
        for unit in units where text.hasSuffix(unit.suffix) {
            if let count = Int64(text.dropLast(unit.suffix.count)), (1...73_000).contains(count) {
                return count * unit.days * day
            }
        }
        throw Failure.usage("'\(text)' is no age: write a number and d, w, mo or y, such as 400d, or 'forever'")
    }

    static func text(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "forever" }
        let days = Double(milliseconds) / Double(day)
        return "\(NumberFormat.value(days)) \(days == 1 ? "day" : "days")"
    }
}
