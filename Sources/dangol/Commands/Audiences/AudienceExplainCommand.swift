import ArgumentParser
import Audiences
import Engine
import EventLog
import Foundation
import Reports

struct AudienceExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tells why a person is in an audience or not, condition by condition.",
        discussion: """
            Examples:
              dangol audience explain "VIP" customer-1001
              dangol audience explain "서울 단골" customer-1001 --korean
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @Argument(help: ArgumentHelp("An id or the key of the person.", valueName: "person"))
    var person: String

    @Flag(help: "Say what was found in Korean.")
    var korean = false

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await data.backend().explain(audience, person: person)
        var report = Report("\(found.person) is \(found.isMember ? "" : "not ")in '\(found.audience)'")
        if let since = found.since { report.summary.append("since \(text(since))") }
        if let holds = found.holds, holds != found.isMember {
            report.summary.append("the rule \(holds ? "holds" : "does not hold") at this moment")
        }
        if let next = found.nextChange { report.summary.append("time alone may change that: \(text(next))") }
        if !found.mayBeProfiled {
            report.summary.append("refuses profiling, and is therefore in no audience with a rule")
        }
        if let part = found.predicate {
            var table = TextTable([.text("condition"), .text("holds"), .text("found")])
            add(part, to: &table, level: 0)
            report.add(table)
        }
        try output.emit(report, json: found)
    }

    private func text(_ time: String) -> String { Timestamp.milliseconds(time).map(zone.text) ?? time }

    private func add(_ part: AudienceExplanation.Part, to table: inout TextTable, level: Int) {
        let words = part.kind == "condition" ? part.text.oneLine : part.kind
        table.add([
            TextTable.Cell(String(repeating: "  ", count: level) + words),
            TextTable.Cell(part.holds ? "yes" : "no", .bold),
            TextTable.Cell(korean ? part.found.ko : part.found.en, .dim),
        ])
        for inner in part.parts { add(inner, to: &table, level: level + 1) }
    }
}

struct AudienceSizesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sizes",
        abstract: "Shows how large an audience was each day or hour, and who came and went.",
        discussion: """
            Examples:
              dangol audience sizes "VIP"
              dangol audience sizes "VIP" --by hour --last 24 --csv
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @Option(help: ArgumentHelp("hour or day.", valueName: "interval"))
    var by: AudienceService.SizeInterval = .day

    @Option(help: "How many of the latest days or hours.")
    var last: Int = 30

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...9_000).contains(last) else { throw ValidationError("--last must be from 1 to 9000") }
    }

    func run() async throws {
        let length: Int64 = by == .day ? 86_400_000 : 3_600_000
        let end = EventLog.systemTime()
        let sizes = try await data.backend().sizes(
            of: audience, by: by, from: end - Int64(last - 1) * length, to: end + 1)
        var table = TextTable([.text(by.rawValue), .number("persons"), .number("came"), .number("went")])
        for size in sizes {
            let time = String(size.time.prefix(by == .day ? 10 : 16)).replacing("T", with: " ")
            table.add(
                [
                    TextTable.Cell(time, .dim), TextTable.Cell(NumberFormat.count(size.size), .bold),
                    TextTable.Cell(NumberFormat.count(size.entered)), TextTable.Cell(NumberFormat.count(size.left)),
                ], values: [size.time, "\(size.size)", "\(size.entered)", "\(size.left)"])
        }
        var report = Report("\(audience): \(Plural.of(sizes.last?.size ?? 0, "person"))")
        report.add(table)
        try output.emit(report, json: sizes)
    }
}

struct AudienceOverlapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overlap",
        abstract: "Shows how many persons are in each combination of audiences.",
        discussion: """
            Examples:
              dangol audience overlap "VIP" "이탈 위험"
              dangol audience overlap A B C --json
            """)

    @Argument(help: ArgumentHelp("Two to eight audiences.", valueName: "name"))
    var audiences: [String]

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let overlap = try await data.backend().overlap(audiences)
        var table = TextTable(audiences.map { .text($0) } + [.number("persons"), .number("share")])
        for region in overlap.regions {
            let share = Double(region.persons) / Double(max(1, overlap.inAny))
            let marks = audiences.map { region.audiences.contains($0) }
            table.add(
                marks.map { TextTable.Cell($0 ? "yes" : "–", $0 ? .bold : .dim) } + [
                    TextTable.Cell(NumberFormat.count(region.persons)), TextTable.Cell(NumberFormat.percent(share)),
                ], values: marks.map { "\($0)" } + ["\(region.persons)", "\(share)"])
        }
        var report = Report(
            "\(Plural.of(overlap.inAll, "person")) in all of them, \(NumberFormat.count(overlap.inAny)) in any")
        report.add(table)
        try output.emit(report, json: overlap)
    }
}

extension AudienceService.SizeInterval: ExpressibleByArgument {}
