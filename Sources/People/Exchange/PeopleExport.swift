package import EventLog
import Foundation
import GRDB
import State

extension PeopleService {
    /// Writes persons as CSV: id, key, first and last time seen, and a column for each trait.
    ///
    /// - Parameter write: called with whole lines.
    /// - Complexity: O(persons), a page in memory
    package func exportCSV(
        _ query: PeopleQuery, traits: [String]? = nil, write: (String) throws -> Void
    ) throws {
        var pages = try csvPages(query, traits: traits)
        while let text = try pages.next() { try write(text) }
    }

    /// The same a page at a time, for readers who take their time.
    ///
    /// Text that a spreadsheet would take for a formula gets an apostrophe in front.
    /// - Parameters:
    ///   - query: its cursor and limit are not looked at.
    ///   - traits: nil is all that any person has, sorted.
    /// - Throws: `PeopleError` with `invalid` for a query that makes no sense.
    package func csvPages(_ query: PeopleQuery, traits: [String]? = nil) throws -> PeopleCSVPages {
        let names =
            try traits
            ?? state.read {
                try String.fetchAll($0, sql: "SELECT DISTINCT name FROM trait WHERE type IS NOT NULL ORDER BY name")
            }
        return try PeopleCSVPages(self, query, names)
    }

    /// Everything that is kept about a person, as JSON: the answer to a request for one's own data.
    ///
    /// - Parameter person: an id or a key.
    /// - Throws: `PeopleError` with `notFound`.
    package func exportJSON(of person: String) throws -> String {
        guard let profile = try profile(of: person) else { throw PeopleError.noPerson(person) }
        let events = try log.events(ofIDs: profile.identities.map(\.id), before: .max)
            .sorted { ($0.event.time, $0.sequence) < ($1.event.time, $1.sequence) }
        return PeopleExport.document(profile, events: events).description
    }
}

/// Lines of CSV about persons, a page at a time; the first page is the line with the names.
package struct PeopleCSVPages: Sendable {
    private enum Place: Sendable { case header, page(String?), end }

    private let people: PeopleService
    private var query: PeopleQuery
    private let names: [String]
    private var place = Place.header

    init(_ people: PeopleService, _ query: PeopleQuery, _ names: [String]) throws {
        self.people = people
        self.query = query
        self.query.limit = PeopleQuery.limits.upperBound
        self.query.cursor = nil
        self.names = names
        // What is wrong with it is said before anything is written.
        _ = try PeopleSearch(self.query)
    }

    /// Whole lines; nil at the end.
    package mutating func next() throws -> String? {
        switch place {
        case .header:
            place = .page(nil)
            let header = ["id", "key", "created", "lastSeen"] + names
            return header.map { CSVReader.quoted(PeopleExport.harmless($0)) }.joined(separator: ",") + "\r\n"
        case .page(let cursor):
            query.cursor = cursor
            let page = try people.search(query)
            place = page.cursor.map { .page($0) } ?? .end
            let created = Dictionary(page.persons.map { ($0.key, $0.created) }) { first, _ in first }
            return try people.facts(of: page.persons.map(\.canonicalID)).map { line($0, created[$0.key]) }.joined()
        case .end: return nil
        }
    }

    private func line(_ facts: PersonFacts, _ created: Int64?) -> String {
        var fields = [facts.canonicalID, facts.key]
        for time in [created, facts.lastSeen] { fields.append(time.map(PeopleExport.time) ?? "") }
        for name in names { fields.append(facts.traits[name].map(PeopleExport.text) ?? "") }
        return fields.map { CSVReader.quoted(PeopleExport.harmless($0)) }.joined(separator: ",") + "\r\n"
    }
}

/// The forms in which persons leave.
package enum PeopleExport {
    static func time(_ milliseconds: Int64) -> String { Timestamp.text(milliseconds) }

    static func text(_ value: PropertyValue) -> String {
        switch value {
        case .string, .number, .strings, .numbers: value.texts.joined(separator: ";")
        case .boolean(let flag): String(flag)
        case .booleans(let list): list.map { String($0) }.joined(separator: ";")
        case .time(let time): self.time(time)
        case .times(let list): list.map(self.time).joined(separator: ";")
        }
    }

    /// Numbers, also telephone numbers, may begin with a sign.
    static func harmless(_ text: String) -> String {
        guard let first = text.first else { return text }
        let isFormula: Bool
        switch first {
        case "=", "@", "\t", "\r": isFormula = true
        case "+", "-": isFormula = !text.dropFirst().allSatisfy { $0.isNumber || " .,-()".contains($0) }
        default: isFormula = false
        }
        return isFormula ? "'" + text : text
    }

    /// A profile as the API shows it.
    ///
    /// - Parameter further: members that other modules know.
    package static func json(_ profile: Profile, adding further: [(String, JSONText)] = []) -> JSONText {
        let visits = profile.visit
        var members: [(String, JSONText)] = [
            ("key", .string(profile.key)), ("id", .string(profile.canonicalID)), ("name", .optional(profile.name)),
            ("role", .string(profile.role.rawValue)), ("identified", .boolean(profile.isIdentified)),
        ]
        func add(_ name: String, _ value: JSONText) { members.append((name, value)) }
        func add<Item>(_ name: String, _ items: [Item], _ form: (Item) -> JSONText) {
            members.append((name, .array(items.map(form))))
        }
        add("identities", profile.identities) { .object([("id", .string($0.id)), ("user", .boolean($0.isUser))]) }
        add("traits", .object(profile.traits.sorted { $0.key < $1.key }.map { ($0.key, form($0.value)) }))
        add("events", .integer(Int64(visits.events)))
        add("created", optionalTime(visits.createdTime, none: .max))
        add("firstSeen", optionalTime(visits.firstTime, none: .max))
        add("lastSeen", optionalTime(visits.lastTime, none: .min))
        add("firstTouch", form(visits.firstTouch))
        add("locale", .optional(visits.locale?.value))
        add("timeZone", .optional(visits.timeZone?.value))
        add("groups", profile.groups) { form($0) }
        add("devices", profile.devices) { form($0) }
        add("addresses", profile.addresses) {
            .object([("channel", .string($0.kind.rawValue)), ("address", .string($0.value))])
        }
        add("consents", profile.consents) { form($0) }
        add("merges", profile.merges) { form($0) }
        return .object(members + further)
    }

    static func document(_ profile: Profile, events: [StoredEvent]) -> JSONText {
        .object([("profile", json(profile)), ("events", .array(events.map { json($0) }))])
    }

    /// One event as the API shows it.
    package static func json(_ stored: StoredEvent) -> JSONText {
        .object([
            ("sequence", .integer(Int64(clamping: stored.sequence))), ("id", .string(stored.event.person)),
            ("event", .string(stored.event.name)), ("time", JSONText.time(stored.event.time)),
            ("receivedTime", JSONText.time(stored.receivedTime)),
            ("messageId", .optional(stored.event.messageID)),
            (
                "properties",
                .object(stored.event.properties.sorted { $0.name < $1.name }.map { ($0.name, JSONText($0.value)) })
            ),
        ])
    }

    private static func optionalTime(_ time: Int64, none: Int64) -> JSONText {
        time == none ? .null : JSONText.time(time)
    }

    private static func form(_ trait: Trait) -> JSONText {
        .object([
            ("value", JSONText(trait.value)), ("type", .optional(trait.value?.type.label)),
            ("time", JSONText.time(trait.time)), ("source", .string(trait.source.kind.name)),
            ("event", .string(trait.source.event)), ("detail", .string(trait.source.detail)),
        ])
    }

    private static func form(_ touch: FirstTouch) -> JSONText {
        .object([
            ("referrer", .optional(touch.referrer)), ("url", .optional(touch.url)),
            ("source", .optional(touch.source)), ("medium", .optional(touch.medium)),
            ("campaign", .optional(touch.campaign)), ("term", .optional(touch.term)),
            ("content", .optional(touch.content)),
        ])
    }

    private static func form(_ group: Profile.Group) -> JSONText {
        .object([
            ("type", .string(group.group.type)), ("id", .string(group.group.id)),
            ("since", JSONText.time(group.since)),
            ("traits", .object(group.traits.sorted { $0.key < $1.key }.map { ($0.key, JSONText($0.value)) })),
        ])
    }

    private static func form(_ device: Device) -> JSONText {
        .object([
            ("id", .string(device.id)), ("type", .optional(device.kind)), ("model", .optional(device.model)),
            ("system", .optional(device.system)), ("pushToken", .optional(device.pushToken)),
            ("firstSeen", JSONText.time(device.firstTime)), ("lastSeen", JSONText.time(device.lastTime)),
        ])
    }

    private static func form(_ statement: ConsentStatement) -> JSONText {
        .object([
            ("purpose", .string(statement.purpose.rawValue)), ("channel", .optional(statement.channel?.rawValue)),
            ("period", .optional(statement.period.name)), ("granted", .boolean(statement.granted)),
            ("time", JSONText.time(statement.time)), ("id", .string(statement.id)),
            ("text", .optional(statement.evidence.text)), ("version", .optional(statement.evidence.version)),
            ("source", .optional(statement.evidence.source)),
            ("ipHash", .optional(statement.evidence.addressHash)),
        ])
    }

    private static func form(_ merge: MergeRecord) -> JSONText {
        .object([
            ("alias", .string(merge.alias)), ("person", .string(merge.person)), ("cause", .string(merge.cause.name)),
            ("sequence", .integer(Int64(clamping: merge.sequence))), ("time", JSONText.time(merge.time)),
            ("undone", merge.splitTime.map(JSONText.time) ?? .null),
        ])
    }
}
