import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import People

/// Changing one trait of a person by hand.
enum PersonTraits {
    /// How what was typed is read.
    enum Kind: String, CaseIterable {
        case text, number, boolean, time, list
    }

    private static let nameMax = 200
    private static let textMax = 10_000

    /// The fields under the traits.
    static func form(_ head: PersonHead) -> PageValue {
        let call = head.call
        let kinds = Kind.allCases.map { FormField.Option($0.rawValue, call.text("person.traitKind.\($0.rawValue)")) }
        let names = head.profile.traits.filter { $0.value.value != nil }.keys.sorted()
        return [
            "action": .text(head.link("traits")),
            "fields": .list([
                FormField(
                    .suggestions(names.map { FormField.Option($0, $0) }), "trait", call.text("person.traitName")
                ).with {
                    $0.isRequired = true
                    $0.lengths = 1...nameMax
                }.value,
                FormField(.select(kinds), "kind", call.text("person.traitType"), value: Kind.text.rawValue).value,
                FormField(
                    .input("text"), "value", call.text("person.traitValue"), hint: call.text("person.traitHint")
                ).value,
            ]),
        ]
    }

    static func change(_ call: PageCall) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let name = (call.form["trait"] ?? "").trimmingCharacters(in: .whitespaces)
        let text = call.form["value"] ?? ""
        let kind = call.form["kind"].flatMap { Kind(rawValue: $0) } ?? .text
        func refuse(_ key: String) -> PageAnswer {
            .redirect(head.link(), flash: Flash(kind: .warning, text: call.text(key)))
        }
        guard (1...nameMax).contains(name.count), !name.hasPrefix("$"), text.count <= textMax else {
            return refuse("person.traitNameWrong")
        }
        var value: PropertyValue?
        if !text.isEmpty {
            guard let read = read(text, as: kind, call) else { return refuse("person.traitValueWrong") }
            value = read
        }
        let (live, id) = try await call.call.livePerson(head.profile.key)
        try await live.change(TraitsRequest([name: value]), of: id, by: "console · " + call.call.actorName)
        // The name alone: a value may be anything about a person.
        try call.call.notePerson(
            "person.traits_changed", id, ["traits": "1", "trait": name, "source": "console"])
        try await call.call.catchUp(live)
        return .redirect(
            head.link(), saying: call.text(value == nil ? "person.traitRemoved" : "person.traitChanged", ["name": name])
        )
    }

    /// - Returns: nil for what is none of the kind.
    private static func read(_ text: String, as kind: Kind, _ call: PageCall) -> PropertyValue? {
        switch kind {
        case .text: return .string(text)
        case .number:
            guard let number = Double(text.replacing(",", with: "")), number.isFinite else { return nil }
            return .number(number)
        case .boolean:
            let yes = ["true", "yes", "1", call.text("value.yes").lowercased()]
            let no = ["false", "no", "0", call.text("value.no").lowercased()]
            if yes.contains(text.lowercased()) { return .boolean(true) }
            return no.contains(text.lowercased()) ? .boolean(false) : nil
        case .time: return Timestamp.milliseconds(text).map { .time($0) }
        case .list:
            let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return .strings(parts.filter { !$0.isEmpty })
        }
    }
}
