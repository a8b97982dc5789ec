import ArgumentParser
import Engine
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
              dangol keep 400d --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @Argument(help: "A number and d (days), w (weeks), mo (30 days) or y (365 days); or 'forever'.")
    var age: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let wanted = try age.map(Keeping.parse)
        let storage = try data.storage()
        let kept: Int64?
        if let wanted {
            try await storage.keep(wanted)
            kept = wanted
        } else {
            kept = try await storage.kept()
        }
        let tense = age == nil ? "are" : "are now"
        try output.emit(
            Report("Events \(tense) kept \(kept == nil ? "" : "for ")\(Keeping.text(kept))."),
            json: RetentionView(keepMilliseconds: kept))
    }
}

/// Ages of events as people write them.
enum Keeping {
    private static let units: [(suffix: String, days: Int64)] = [("mo", 30), ("y", 365), ("w", 7), ("d", 1)]

    /// Milliseconds; nil for `forever`.
    static func parse(_ text: String) throws -> Int64? {
        if text == "forever" { return nil }
        for unit in units where text.hasSuffix(unit.suffix) {
            if let count = Int64(text.dropLast(unit.suffix.count)),
                (1...StorageLimits.keepDays / unit.days).contains(count)
            {
                return count * unit.days * StorageLimits.day
            }
        }
        throw Failure.usage(
            "'\(text)' is no age: write a number and d, w, mo or y, such as 400d (at most 200y), or 'forever'")
    }

    static func text(_ milliseconds: Int64?) -> String {
        guard let milliseconds else { return "forever" }
        let days = Double(milliseconds) / Double(StorageLimits.day)
        return "\(NumberFormat.value(days)) \(days == 1 ? "day" : "days")"
    }
}
