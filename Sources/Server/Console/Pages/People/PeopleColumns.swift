import EventLog
import Foundation
import HummingbirdCore
import People

/// The columns that a reader has chosen for the list of persons, remembered in a cookie.
struct PeopleColumns: Sendable {
    static let most = 20
    private static let name = "dangol_people"
    private static let fixed = ["email", "phone", "role", "events", "lastSeen", "created"]
    private static let standard = ["email", "role", "events", "lastSeen"]

    /// Names of fixed columns, and of traits after `trait:`.
    let all: [String]

    /// Names of traits.
    var chosen: [String] { all.filter { $0.hasPrefix("trait:") }.map { String($0.dropFirst(6)) } }

    init(_ call: PageCall) {
        let cookie = RequestGate.cookie(call.request.headers, Self.name)?.removingPercentEncoding
        let names = cookie?.split(separator: "\n").map(String.init) ?? Self.standard
        all = names.filter { Self.fixed.contains($0) || $0.hasPrefix("trait:") }
    }

    static func cookie(_ columns: [String], _ settings: ServerSettings) -> String {
        "\(name)=\(PageCall.escape(columns.joined(separator: "\n"))); Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
            + (settings.isSecure ? "; Secure" : "")
    }

    func heads(_ state: PeopleListState, _ call: PageCall) -> [DataTable.Column] {
        func head(_ title: String, _ sort: PeopleQuery.Sort?, isNumber: Bool = false) -> DataTable.Column {
            guard let sort else { return DataTable.Column(title, isNumber: isNumber) }
            return DataTable.Column(
                title, isNumber: isNumber, href: state.sorted(by: sort).link(call),
                order: state.sort == sort ? state.ascending ? .ascending : .descending : nil)
        }
        return [head(call.text("people.name"), .name)]
            + all.map { column in
                switch column {
                case "events": head(call.text("people.events"), .events, isNumber: true)
                case "lastSeen": head(call.text("people.lastSeen"), .lastSeen)
                case "created": head(call.text("people.created"), .created)
                case "email", "phone", "role": head(call.text("people." + column), nil)
                default: head(String(column.dropFirst(6)), nil)
                }
            }
    }

    func rows(
        _ persons: [PersonSummary], traits: [String: [String: PropertyValue]], _ call: PageCall
    ) -> [[DataTable.Cell]] {
        persons.map { person in
            let name = person.name ?? person.email ?? person.phone
            let unnamed = call.text(person.isIdentified ? "people.unnamed" : "people.anonymous")
            return [
                DataTable.Cell(
                    name ?? unnamed, href: call.link("people/\(person.key)"),
                    note: name == nil ? String(person.canonicalID.prefix(36)) : nil)
            ]
                + all.map { column in
                    switch column {
                    case "email": DataTable.Cell(person.email ?? "–")
                    case "phone": DataTable.Cell(person.phone ?? "–", style: "nowrap")
                    case "role":
                        DataTable.Cell(
                            call.text("people.role." + person.role.rawValue),
                            chip: person.role == .partner ? "info" : "")
                    case "events": DataTable.Cell(call.format.number(person.events))
                    case "lastSeen":
                        DataTable.Cell(person.lastSeen.map { call.format.relative($0) } ?? "–", style: "nowrap")
                    case "created": DataTable.Cell(call.format.date(person.created), style: "nowrap")
                    default:
                        DataTable.Cell(
                            traits[person.canonicalID]?[String(column.dropFirst(6))].map { call.show($0, most: 80) }
                                ?? "–")
                    }
                }
        }
    }

    func choices(_ traits: [String], _ call: PageCall) -> PageValue {
        let fixed = Self.fixed.map { ($0, call.text("people." + $0)) }
        let others = traits.filter { !["email", "phone", "role", "name"].contains($0) }.prefix(60).map {
            ("trait:" + $0, $0)
        }
        return .list(
            (fixed + others).map { value, text in
                ["value": .text(value), "text": .text(text), "isOn": .flag(all.contains(value))]
            })
    }
}

extension PageCall {
    /// A value of a property or a trait as the reader writes it.
    func show(_ value: PropertyValue, most: Int = 2_000) -> String {
        let text =
            switch value {
            case .string(let text): text
            case .number(let number):
                number == number.rounded() ? format.number(number, decimals: 0) : format.number(number, decimals: 4)
            case .boolean(let flag): self.text(flag ? "value.yes" : "value.no")
            case .time(let time): format.dateTime(time)
            case .strings(let list): list.joined(separator: ", ")
            case .numbers(let list):
                list.map { format.number($0, decimals: $0 == $0.rounded() ? 0 : 4) }.joined(separator: ", ")
            case .booleans(let list): list.map { self.text($0 ? "value.yes" : "value.no") }.joined(separator: ", ")
            case .times(let list): list.map { format.dateTime($0) }.joined(separator: ", ")
            }
        return text.count > most ? text.prefix(most) + "…" : text
    }
}
