import ArgumentParser
import Engine
import Recommendations
import Reports

struct ContentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "content",
        abstract: "What items are to people: what draws and keeps whom, where they leave, what is missing.",
        discussion: """
            Which events tell what is played, looked at and bought is found by their names. Where they have other \
            names, say so over HTTP: PUT /v1/playback/mapping, PUT /v1/shopping/mapping.

            Examples:
              dangol content affinities --audience regulars
              dangol content curve title-0012 --season 1 --episode 1
              dangol content forecast genre=romance era=recent
              dangol content gaps
            """,
        subcommands: [
            ContentAffinitiesCommand.self, ContentCurveCommand.self, ContentIntrosCommand.self,
            ContentBingeCommand.self, ContentForecastCommand.self, ContentGapsCommand.self, ContentTermCommand.self,
        ])
}

/// How answers of `content` are written.
enum ContentText {
    /// `1.34 (1.20 to 1.49)`
    static func interval(_ interval: IntervalAnswer?) -> String {
        guard let interval else { return "–" }
        return "\(NumberFormat.fixed(interval.estimate, 2)) "
            + "(\(NumberFormat.fixed(interval.low, 2)) to \(NumberFormat.fixed(interval.high, 2)))"
    }

    /// `34.0% (30.1% to 38.2%)`
    static func share(_ interval: IntervalAnswer) -> String {
        "\(NumberFormat.percent(interval.estimate)) "
            + "(\(NumberFormat.percent(interval.low)) to \(NumberFormat.percent(interval.high)))"
    }

    static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return "\(whole / 60):" + (whole % 60 < 10 ? "0" : "") + "\(whole % 60)"
    }
}

struct ContentAffinitiesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "affinities",
        abstract: "Which attributes draw an audience and keep it, against everybody else.",
        discussion: """
            A lift of 1.5 says that the audience's share is one and a half times everybody's. Intervals allow for how \
            many attributes are looked at.

            Examples:
              dangol content affinities --audience regulars
              dangol content affinities --audience regulars --attribute genre --json
            """)

    @Option(help: ArgumentHelp("The audience's name.", valueName: "name"))
    var audience: String

    @Option(help: ArgumentHelp("Only attributes of this name.", valueName: "name"))
    var attribute: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().content.affinities(of: audience, attribute: attribute)
        var report = Report("What draws '\(audience)'")
        report.summary.append(
            "\(Plural.of(answer.persons, "person")) of the audience against everybody. "
                + "What is marked is more than chance.")
        var table = TextTable([
            .text("attribute"), .number("share"), .number("everybody"), .number("lift"), .number("finished"),
            .number("lift of finishing"), .text(""),
        ])
        for row in answer.attributes {
            let marks = [row.draws ? "draw" : nil, row.keeps ? "keep" : nil].compactMap { $0 }.joined(separator: ", ")
            table.add(
                [
                    TextTable.Cell("\(row.name)=\(row.value)"), TextTable.Cell(NumberFormat.percent(row.share)),
                    TextTable.Cell(NumberFormat.percent(row.shareOfAll)),
                    TextTable.Cell(ContentText.interval(row.lift)),
                    TextTable.Cell(row.kept.map(NumberFormat.percent) ?? "–"),
                    TextTable.Cell(ContentText.interval(row.keepLift)), TextTable.Cell(marks, .bold),
                ],
                values: [
                    "\(row.name)=\(row.value)", "\(row.share)", "\(row.shareOfAll)",
                    row.lift.map { "\($0.estimate)" } ?? "", row.kept.map { "\($0)" } ?? "",
                    row.keepLift.map { "\($0.estimate)" } ?? "", marks,
                ])
        }
        report.add(table)
        try output.emit(report, json: answer)
    }
}

struct ContentForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "The audience that something with these attributes would have, and how sure that is.",
        discussion: """
            Learned from the items there are. Where attributes foretell nothing, that is said, and what any item has \
            is given in its place.

            Examples:
              dangol content forecast genre=romance era=recent
              dangol content forecast category="식품 > 간편식"
            """)

    @Argument(help: ArgumentHelp("Attributes as NAME=VALUE.", valueName: "attribute"))
    var attributes: [String]

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard attributes.count <= 20 else { throw ValidationError("at most 20 attributes can be given") }
        for text in attributes {
            let place = text.firstIndex(of: "=")
            guard let place, place != text.startIndex, text.index(after: place) != text.endIndex else {
                throw ValidationError("'\(text)' must be NAME=VALUE, such as genre=romance")
            }
        }
    }

    func run() async throws {
        let answer = try await data.backend().content.forecast(attributes)
        var report = Report(attributes.joined(separator: ", "))
        report.summary.append(answer.reason.en.prefix(1).uppercased() + answer.reason.en.dropFirst() + ".")
        var table = TextTable([.text(""), .number("")])
        func row(_ name: String, _ shown: String, _ plain: String) {
            table.add([TextTable.Cell(name, .dim), TextTable.Cell(shown)], values: [name, plain])
        }
        if let reach = answer.reach {
            row("begin it within four weeks", ContentText.share(reach), "\(reach.estimate)")
        }
        if let persons = answer.persons {
            row(
                "persons",
                "\(NumberFormat.count(Int(persons.estimate))) (\(NumberFormat.count(Int(persons.low))) to "
                    + "\(NumberFormat.count(Int(persons.high))))", "\(persons.estimate)")
        }
        if let explained = answer.explained {
            row("differences explained", NumberFormat.percent(max(0, explained)), "\(explained)")
        }
        for part in answer.parts {
            row(
                "\(part.name)=\(part.value), \(part.items) items", "× \(NumberFormat.fixed(part.factor, 2))",
                "\(part.factor)")
        }
        for neighbour in answer.neighbours {
            row("like it: \(neighbour.item)", NumberFormat.percent(neighbour.reach), "\(neighbour.reach)")
        }
        report.add(table.named(csv: ["figure", "value"]))
        if !answer.unknown.isEmpty {
            report.notes = ["too few items have \(answer.unknown.joined(separator: ", "))"]
        }
        try output.emit(report, json: answer)
    }
}
