import Access
import Engine
import EventLog
import Foundation
import People

/// What a person agreed to and refused, with what proves it; and recording more.
enum PersonConsent {
    private static let purposes = ["marketing", "service", "profiling", "tracking"]
    private static let channels = ["email", "sms", "push", "kakao", "inApp", "web"]

    static func page(_ call: PageCall) async throws -> PageAnswer { try await page(call, error: nil) }

    private static func page(_ call: PageCall, error: String?) async throws -> PageAnswer {
        let head = try await PersonHead.load(call)
        let live = head.live
        let key = head.profile.key
        let consents = try await call.parts.queries.run { try live.consents(key) }
        let yes = { (flag: Bool) -> DataTable.Cell in
            DataTable.Cell(call.text(flag ? "consent.may" : "consent.mayNot"), chip: flag ? "good" : "")
        }
        let rights = DataTable(
            call.text("consent.now"),
            columns: ["channel", "marketing", "night", "service"].map { .init(call.text("consent." + $0)) },
            rows: consents.channels.map { channel in
                [
                    DataTable.Cell(word("channel", channel.channel, call)), yes(channel.marketing),
                    yes(channel.marketingAtNight), yes(channel.service),
                ]
            })
        let statements = DataTable(
            call.text("consent.statements"),
            columns: ["said", "what", "when", "evidence"].map { .init(call.text("consent." + $0)) },
            rows: consents.statements.reversed().map { row($0, call) })
        return head.page(
            "consent", .consent, title: call.text("person.consent"), status: error == nil ? 200 : 422,
            [
                "rights": rights.value, "mayTrack": .flag(consents.mayTrack), "mayProfile": .flag(consents.mayProfile),
                "statements": consents.statements.isEmpty ? false : statements.value,
                "form": call.may(.peopleWrite) ? form(head, error: error) : false,
            ])
    }

    private static func word(_ kind: String, _ name: String, _ call: PageCall) -> String {
        let known = kind == "channel" ? channels : purposes
        return known.contains(name) ? call.text("consent.\(kind).\(name)") : name
    }

    private static func row(_ statement: ConsentsView.Statement, _ call: PageCall) -> [DataTable.Cell] {
        var what = [word("purpose", statement.purpose, call)]
        what.append(statement.channel.map { word("channel", $0, call) } ?? call.text("consent.allChannels"))
        if let period = statement.period { what.append(call.text("consent.period." + period)) }
        let evidence = [statement.version.map { call.text("consent.versionOf", ["version": $0]) }, statement.source]
            .compactMap(\.self).joined(separator: " · ")
        let time = Timestamp.milliseconds(statement.time) ?? 0
        return [
            DataTable.Cell(
                call.text(statement.granted ? "consent.granted" : "consent.refused"),
                chip: statement.granted ? "good" : "bad"),
            DataTable.Cell(what.joined(separator: " · "), style: "wide"),
            DataTable.Cell(call.format.dateTime(time), style: "nowrap"),
            DataTable.Cell(evidence.isEmpty ? "–" : evidence, note: statement.text),
        ]
    }

    private static func form(_ head: PersonHead, error: String?) -> PageValue {
        let call = head.call
        let all = FormField.Option("", call.text("consent.allChannels"))
        let fields = [
            FormField(
                .select([.init("yes", call.text("consent.granted")), .init("no", call.text("consent.refused"))]),
                "granted", call.text("consent.said"), value: call.form["granted"]),
            FormField(
                .select(purposes.map { .init($0, call.text("consent.purpose." + $0)) }), "purpose",
                call.text("consent.purposeField"), value: call.form["purpose"]),
            FormField(
                .select([all] + channels.map { .init($0, call.text("consent.channel." + $0)) }), "channel",
                call.text("consent.channel"), value: call.form["channel"]),
            FormField(
                .select([
                    .init("", call.text("consent.period.unsaid")), .init("day", call.text("consent.period.day")),
                    .init("night", call.text("consent.period.night")),
                ]), "period", call.text("consent.periodField"), value: call.form["period"],
                hint: call.text("consent.nightHint")),
        ]
        let proof = [
            FormField(
                .input("text"), "source", call.text("consent.source"), value: call.form["source"],
                hint: call.text("consent.sourceHint")),
            FormField(.input("text"), "version", call.text("consent.version"), value: call.form["version"]).with {
                $0.isOptional = true
            },
            FormField(.area(rows: 3), "text", call.text("consent.text"), value: call.form["text"]).with {
                $0.isOptional = true
            },
        ]
        return [
            "fields": .list(fields.map(\.value)), "proof": .list(proof.map(\.value)),
            "action": .text(head.link("consent")), "error": PageValue(error),
        ]
    }

    static func record(_ call: PageCall) async throws -> PageAnswer {
        let (live, id) = try await call.call.livePerson(try await PersonHead.load(call).profile.key)
        var statement = ConsentRequest.Statement(
            purpose: call.form["purpose"] ?? "marketing", channel: call.form["channel"],
            period: call.form["period"].flatMap { ["day", "night"].contains($0) ? $0 : nil },
            granted: call.form["granted"] == "yes")
        statement.source = call.form["source"]
        statement.version = call.form["version"]
        statement.text = call.form["text"]
        guard statement.source != nil || statement.text != nil else {
            return try await page(call, error: call.text("consent.needsProof"))
        }
        try await live.record(ConsentRequest([statement]), of: id, by: call.call.actorName)
        try call.call.notePerson("person.consents_recorded", id, ["statements": "1"])
        try await call.call.catchUp(live)
        return .redirect("people/\(try call.pathParameter("key"))/consent", saying: call.text("consent.recorded"))
    }
}
