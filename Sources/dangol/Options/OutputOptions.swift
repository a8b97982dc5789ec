import ArgumentParser
import Engine
import Reports

/// In which form a command answers. A table for people is the default.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the answer as JSON, and errors as JSON on standard error.")
    var json = false

    @Flag(help: "Print the main table as comma-separated values, numbers unrounded.")
    var csv = false

    mutating func validate() throws {
        if json, csv { throw ValidationError("--json and --csv exclude each other") }
    }
}

/// The same, for questions whose answer can be drawn.
struct ReportOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp(
            "Write a page with charts to this file, which needs no other file and no network.", valueName: "file"))
    var html: String?

    @Flag(help: "Tell what was read and skipped, and how long each part took.")
    var explain = false
}
