import EventLog
import Foundation
import People
import Settings

/// What each column of a file means: guessed at first, then as somebody has chosen.
struct ColumnMeanings: Sendable {
    let kind: ImportWizard.Kind
    let columns: [String]
    /// One for each column; see `choices`.
    private(set) var meanings: [String]
    private let eventName: String
    private let timeZone: String
    private let delimiter: DelimitedOptions.Delimiter

    private static let persons: Set<String> = [
        "person", "personid", "userid", "user", "customerid", "customer", "memberid", "member", "id", "email", "회원번호",
        "고객번호", "회원id", "고객id", "아이디", "회원",
    ]
    private static let times: Set<String> = [
        "time", "timestamp", "date", "datetime", "at", "createdat", "orderedat", "occurredat", "eventtime", "시간", "일시",
        "날짜", "주문일시", "일자", "주문일",
    ]
    private static let events: Set<String> = ["event", "eventname", "name", "action", "type", "이벤트", "이벤트명"]
    private static let messages: Set<String> = ["messageid", "eventid", "orderid", "insertid", "주문번호"]

    init(_ kind: ImportWizard.Kind, _ preview: DelimitedPreview, _ call: PageCall, isFirst: Bool) {
        self.kind = kind
        columns = preview.columns
        delimiter = preview.delimiter
        timeZone = call.form["timeZone"] ?? call.settings.timeZone
        eventName = call.form["eventName"] ?? call.text("import.eventNameDefault")
        let own = kind
        let chosen = call.form.all("meaning")
        meanings =
            chosen.count == preview.columns.count && !isFirst
            ? chosen : Self.guess(own, preview.columns)
    }

    private static func guess(_ kind: ImportWizard.Kind, _ columns: [String]) -> [String] {
        var taken: Set<String> = []
        func once(_ meaning: String, _ fallback: String) -> String {
            taken.insert(meaning).inserted ? meaning : fallback
        }
        return columns.map { column in
            let plain = column.lowercased().filter { $0.isLetter || $0.isNumber }
            let other = kind == .events ? "property" : "trait"
            if persons.contains(plain), !(kind == .people && plain == "email" && columns.count > 1) {
                return once("person", other)
            }
            if kind == .events {
                if times.contains(plain) { return once("time", other) }
                if events.contains(plain) { return once("event", other) }
                if messages.contains(plain) { return once("message", other) }
            } else if plain.contains("수신동의") || plain == "marketing" || plain.contains("consent") {
                return "consent:marketing"
            }
            return column.isEmpty ? "ignore" : other
        }
    }

    /// The part that no column has and that is needed; nil when all are there.
    var missing: String? {
        if meanings.count(where: { $0 == "person" }) != 1 { return "person" }
        if kind == .events, meanings.count(where: { $0 == "time" }) != 1 { return "time" }
        return nil
    }

    private func column(_ meaning: String) -> String? { meanings.firstIndex(of: meaning).map { columns[$0] } }

    // MARK: For the reader of events

    var options: DelimitedOptions {
        DelimitedOptions(
            person: column("person") ?? "", time: column("time") ?? "", timeZone: timeZone,
            event: column("event").map { .column($0) } ?? .constant(eventName),
            properties: .listed(properties.map { DelimitedOptions.Property(name: $0, column: $0) }),
            messageID: column("message"), delimiter: delimiter, header: .present)
    }

    private var properties: [String] { zip(columns, meanings).filter { $0.1 == "property" }.map(\.0) }

    // MARK: For the reader of persons

    /// As `PeopleImportOptions.map(parsing:)` reads them.
    var peopleMap: [String] {
        zip(columns, meanings).map { column, meaning in
            switch meaning {
            case "person": "\(column)=id"
            case "ignore": "\(column)=ignore"
            case "group": "\(column)=group:company"
            case let consent where consent.hasPrefix("consent:"): "\(column)=\(consent)"
            case let trait where trait.hasPrefix("trait:"): "\(column)=\(trait)"
            default: "\(column)=trait:\(column)"
            }
        }
    }

    /// The parameters for the API, which reads the whole file in the same way.
    var query: [[String]] {
        guard missing == nil else { return [] }
        if kind == .people { return peopleMap.map { ["map", $0] } + [["skipInvalid", "true"]] }
        var query = [
            ["person", column("person") ?? ""], ["time", column("time") ?? ""], ["timeZone", timeZone],
            ["delimiter", delimiter.label],
        ]
        if let event = column("event") {
            query.append(["event", event])
        } else {
            query.append(["eventName", eventName])
        }
        if let message = column("message") { query.append(["messageId", message]) }
        // None at all would mean all.
        query +=
            properties.isEmpty
            ? [["property", (column("person") ?? "") + "=" + (column("person") ?? "")]]
            : properties.map { ["property", "\($0)=\($0)"] }
        return query
    }

    // MARK: For the page

    private var choices: [String] {
        kind == .events
            ? ["person", "time", "event", "message", "property", "ignore"]
            : [
                "person", "trait", "trait:name", "trait:email", "trait:phone", "group", "consent:marketing",
                "consent:marketing:email", "consent:marketing:sms", "ignore",
            ]
    }

    func value(_ preview: DelimitedPreview, _ call: PageCall) -> PageValue {
        .list(
            columns.enumerated().map { index, column in
                let samples = preview.rows.prefix(3).map { index < $0.count ? $0[index] : "" }.filter { !$0.isEmpty }
                return [
                    "name": .text(column.isEmpty ? call.text("import.unnamed", ["number": String(index + 1)]) : column),
                    "samples": .text(samples.map { String($0.prefix(40)) }.joined(separator: " · ")),
                    "id": .text("meaning-\(index)"),
                    "options": .list(
                        choices.map { choice in
                            [
                                "value": .text(choice),
                                "text": .text(call.text("import.means." + choice.replacing(":", with: "_"))),
                                "isChosen": .flag(choice == meanings[index]),
                            ]
                        }),
                ]
            })
    }

    /// What is asked beside the columns.
    func extras(_ call: PageCall) -> PageValue {
        guard kind == .events else { return [] }
        var fields: [FormField] = []
        if column("event") == nil {
            fields.append(
                FormField(
                    .input("text"), "eventName", call.text("import.eventName"), value: eventName,
                    hint: call.text("import.eventNameHint")))
        }
        fields.append(
            FormField(
                .input("text"), "timeZone", call.text("import.timeZone"), value: timeZone,
                hint: call.text("import.timeZoneHint")))
        return .list(fields.map(\.value))
    }
}
