import ArgumentParser
import Engine
import Foundation
import People
import Reports

struct PeopleImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Imports people from CSV: a line each, traits in columns.",
        discussion: """
            The first line names the columns. The one called id, user_id or userId is the person's id; all others are \
            traits of their name, unless --map says otherwise. Importing the same file again changes nothing. One line \
            with an error keeps all from being imported, unless --skip-invalid leaves it out.

            What a column means: id, trait:NAME, trait:NAME:TYPE (string, number, boolean, time, string[]), group:TYPE, \
            consent:PURPOSE:CHANNEL:PERIOD (yes or no, 동의 or 거부), ignore.

            Examples:
              dangol people import members.csv
              dangol people import 회원.csv --map 고객번호=id --map "광고 수신=consent:marketing:sms"
              dangol people import crm.csv --map company=group:company --map since=trait:since:time
            """)

    @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("What a column means; may be repeated.", valueName: "column=meaning"))
    var map: [String] = []

    @Flag(help: "An empty field takes the trait away; else it changes nothing.")
    var emptyRemoves = false

    @Flag(help: "Leave lines with an error out.")
    var skipInvalid = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let name = file == "-" ? "standard input" : URL(fileURLWithPath: file).lastPathComponent
        let options = PeopleFileOptions(
            map: map, emptyRemoves: emptyRemoves, skipInvalid: skipInvalid, name: String(name.prefix(200)))
        _ = try options.options()
        let view = try await data.backend().people.importPeople(file, options)
        var report = Report(
            "\(NumberFormat.count(view.people)) \(view.people == 1 ? "person is" : "people are") imported.")
        report.addLeftOut(view.rejected, view.rejections)
        try output.emit(report, json: view)
    }
}

struct PeopleExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes people as CSV: id, key, first and last time seen, and a column for each trait.",
        discussion: """
            Text that a spreadsheet would take for a formula gets an apostrophe in front.

            Examples:
              dangol people export > people.csv
              dangol people export --trait name --trait email --identified --output members.csv
            """)

    @Option(help: ArgumentHelp("A trait to write; may be repeated. (default: all)", valueName: "trait"))
    var trait: [String] = []

    @Option(help: ArgumentHelp("customer or partner.", valueName: "role"))
    var role: PersonRole?

    @Flag(inversion: .prefixedNo, help: "Only those whose user id is known, or only the others.")
    var identified: Bool?

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var data: DataOptions

    func run() async throws {
        var query = PeopleQuery()
        query.role = role
        query.isIdentified = identified
        let people = try data.backend().people
        let sink = try output.map { try ByteOutput(creating: $0) } ?? .standardOutput
        try await people.exportPeople(query, traits: trait) { try sink.write($0) }
        try sink.flush()
    }
}

struct PeopleExportOneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-one",
        abstract: "Writes everything that is kept about one person as JSON: for who asks for their own data.",
        discussion: """
            Examples:
              dangol people export-one customer-1001 > customer-1001.json
            """)

    @Argument(help: ArgumentHelp("An id or the key of the person.", valueName: "person"))
    var person: String

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    @OptionGroup var data: DataOptions

    func run() async throws {
        let document = try await data.backend().people.exportPerson(person)
        let sink = try output.map { try ByteOutput(creating: $0) } ?? .standardOutput
        try sink.write(Array(document) + [UInt8(ascii: "\n")])
        try sink.flush()
    }
}
