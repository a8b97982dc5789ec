import ArgumentParser
import Engine
import EventLog
import Foundation
import People
import Reports

struct PeopleSearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Lists people: by name, address, id, or any trait.",
        discussion: """
            The text is looked for in names, addresses, ids and every trait that is text, in either case; a part of a word \
            is enough, also of a Korean one. Telephone numbers are found however they are written.

            A filter is trait=value, trait>=number, trait<=number, trait (it is there) or !trait (it is not); several \
            must all hold.

            Examples:
              dangol people search 단골
              dangol people search 010-1234-5678
              dangol people search --filter city=Seoul --filter "total>=100000" --sort events
              dangol people search --role partner --identified --limit 200 --csv
            """)

    @Argument(help: ArgumentHelp("What to look for; everybody without it.", valueName: "text"))
    var text: String?

    @Option(help: ArgumentHelp("A condition on a trait; may be repeated.", valueName: "condition"))
    var filter: [String] = []

    @Option(help: ArgumentHelp("customer or partner.", valueName: "role"))
    var role: PersonRole?

    @Flag(inversion: .prefixedNo, help: "Only those whose user id is known, or only the others.")
    var identified: Bool?

    @Option(help: ArgumentHelp("Only members of this group.", valueName: "type:id"))
    var group: String?

    @Option(help: ArgumentHelp("lastSeen, created, name or events.", valueName: "order"))
    var sort: PeopleQuery.Sort = .lastSeen

    @Flag(help: "The least first.")
    var ascending = false

    @Option(help: "How many, from 1 to 500.")
    var limit: Int = 50

    @Option(help: ArgumentHelp("Go on after an earlier page: what it gave as 'next'.", valueName: "next"))
    var cursor: String?

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !PeopleQuery.limits.contains(limit) { throw ValidationError("--limit must be from 1 to 500") }
    }

    func run() async throws {
        var query = PeopleQuery()
        query.text = text
        query.traits = try filter.map(TraitArgument.filter)
        query.role = role
        query.isIdentified = identified
        query.group = try group.map(TraitArgument.group)
        query.sort = sort
        query.ascending = ascending
        query.limit = limit
        query.cursor = cursor
        let page = try await data.backend().people.search(PeopleSearchRequest(query))
        var table = TextTable([
            .text("id"), .text("name"), .text("email"), .text("phone"), .text("role"), .number("events"),
            .text("last seen"), .text("key"),
        ]).named(csv: ["id", "name", "email", "phone", "role", "events", "lastSeen", "key"])
        for person in page.people {
            let facts = [person.id, person.name ?? "", person.email ?? "", person.phone ?? "", person.role]
            let seen = person.lastSeen.map { PersonReport.time($0, zone) } ?? ""
            table.add(
                facts.map { TextTable.Cell($0) } + [
                    TextTable.Cell(NumberFormat.count(person.events)), TextTable.Cell(seen, .dim),
                    TextTable.Cell(person.key, .dim),
                ], values: facts + ["\(person.events)", person.lastSeen ?? "", person.key])
        }
        var report = Report(
            page.people.isEmpty ? "Nobody" : page.people.count == 1 ? "1 person" : "\(page.people.count) people")
        report.add(table)
        if let next = page.next { report.notes.append("There are more: --cursor '\(next)' goes on.") }
        try output.emit(report, json: page)
    }
}

extension PersonRole: ExpressibleByArgument {}
extension PeopleQuery.Sort: ExpressibleByArgument {}

/// Traits as they are written on the command line.
enum TraitArgument {
    /// `city=Seoul`, `total>=5`, `total<=5`, `city`, `!city`
    static func filter(_ text: String) throws -> PeopleQuery.TraitFilter {
        for (sign, isLow) in [(">=", true), ("<=", false)] {
            guard let range = text.range(of: sign), range.lowerBound != text.startIndex else { continue }
            let name = String(text[..<range.lowerBound])
            guard name.firstIndex(of: "=") == nil else { continue }
            let value = String(text[range.upperBound...])
            guard let bound = Double(value) ?? Timestamp.milliseconds(value).map(Double.init), bound.isFinite else {
                throw Failure.usage("--filter: '\(value)' is neither a number nor a time")
            }
            return .init(name, isLow ? .between(bound, nil) : .between(nil, bound))
        }
        if let sign = text.firstIndex(of: "="), sign != text.startIndex {
            let value = String(text[text.index(after: sign)...])
            // A number may be kept as text, such as a postal code.
            let typed = self.value(value)
            let tests = typed == .string(value) ? [typed] : [typed, .string(value)]
            return .init(String(text[..<sign]), tests.count == 1 ? .equals(typed) : .oneOf(tests))
        }
        let isMissing = text.hasPrefix("!")
        let name = isMissing ? String(text.dropFirst()) : text
        guard !name.isEmpty else { throw Failure.usage("--filter: '\(text)' names no trait") }
        return .init(name, isMissing ? .missing : .exists)
    }

    /// `type:id`, or an id of a company.
    static func group(_ text: String) throws -> GroupID {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let first = parts.first else { throw Failure.usage("--group: write type:id, for example company:acme") }
        return parts.count == 2 ? GroupID(type: first, id: parts[1]) : GroupID(type: GroupID.defaultType, id: first)
    }

    /// A number, true or false, a time, or else text. Digits that begin with 0 stay text: they are no quantities.
    static func value(_ text: String) -> PropertyValue {
        if text == "true" || text == "false" { return .boolean(text == "true") }
        if let time = Timestamp.milliseconds(text) { return .time(time) }
        guard let number = Double(text), number.isFinite, PropertyValue.digits(number) == text else {
            return .string(text)
        }
        return .number(number)
    }
}
