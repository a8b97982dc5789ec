import ArgumentParser
import Engine
import EventLog
import Foundation
import Reports

struct PeopleShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one person: traits, ids and merges, audiences, groups, consents, latest events.",
        discussion: """
            Examples:
              dangol people show customer-1001
              dangol people show p_4h2kq7m3zc5xwv6a --json
              dangol person customer-1001           everything they did
            """)

    @Argument(help: ArgumentHelp("An id or the key of the person.", valueName: "person"))
    var person: String

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try output.emit(person: try await data.backend().people.person(person), zone: zone)
    }
}

struct PeopleSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Gives a person traits, or takes them away.",
        discussion: """
            Values that are numbers, true, false or times such as 2026-03-01T00:00:00Z are stored as such, all others as \
            text; --text keeps every value text.

            Examples:
              dangol people set customer-1001 city=Seoul vip=true
              dangol people set customer-1001 --unset nickname
              dangol people set customer-1001 postcode=04524 --text
            """)

    @Argument(help: ArgumentHelp("An id or the key of the person.", valueName: "person"))
    var person: String

    @Argument(help: ArgumentHelp("Traits and their values.", valueName: "trait=value"))
    var traits: [String] = []

    @Option(help: ArgumentHelp("Take this trait away; may be repeated.", valueName: "trait"))
    var unset: [String] = []

    @Flag(help: "Every value is text.")
    var text = false

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if traits.isEmpty, unset.isEmpty { throw ValidationError("name a trait: trait=value, or --unset trait") }
        if traits.count + unset.count > TraitsRequest.counts.upperBound {
            throw ValidationError("at most \(TraitsRequest.counts.upperBound) traits at a time")
        }
    }

    func run() async throws {
        var changes: [String: PropertyValue?] = [:]
        for argument in traits {
            guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
                throw Failure.usage("'\(argument)' is not trait=value; --unset takes a trait away")
            }
            let value = String(argument[argument.index(after: sign)...])
            changes[String(argument[..<sign])] = text ? .string(value) : TraitArgument.value(value)
        }
        for name in unset { changes[name] = .some(nil) }
        try output.emit(
            person: try await data.backend().people.change(TraitsRequest(changes), of: person), zone: zone)
    }
}

extension OutputOptions {
    /// Prints a person's document.
    func emit(person document: Data, zone: ZoneOption) throws {
        if json {
            printOut(String(decoding: document, as: UTF8.self))
        } else {
            try emit(PersonReport.make(try APIClient.read(document), zone: zone), json: [String]())
        }
    }
}

struct PeopleGroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Shows a group, such as a company or a household: its traits and members.",
        discussion: """
            Examples:
              dangol people group company:acme
              dangol people group household:h-77 --json
            """)

    @Argument(help: ArgumentHelp("The group; without a type a company.", valueName: "type:id"))
    var group: String

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let view = try await data.backend().people.group(try TraitArgument.group(group))
        var report = Report("\(view.type) \(view.id)")
        report.summary = [Plural.of(view.total, "member")]
        report.add(
            PersonReport.table(["member", "key"], view.members.map { [$0.id, $0.key] }), heading: "Members")
        let traits = view.traits.sorted { $0.key < $1.key }.map { name, trait in
            [name, trait.value.map { EventTable.text($0, zone: zone) } ?? ""]
        }
        report.add(PersonReport.table(["trait", "value"], traits), heading: "Traits")
        if view.total > view.members.count { report.notes.append("The first \(view.members.count) members.") }
        try output.emit(report, json: view)
    }
}
