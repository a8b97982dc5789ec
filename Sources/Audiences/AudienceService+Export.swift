import EventLog
package import Foundation

/// What an export to an ad platform wrote and left out.
package struct HashedExportReport: Sendable, Hashable, Codable {
    package var persons = 0
    /// Rows in the file.
    package var written = 0
    /// Without an address that the platform takes.
    package var withoutAddress = 0
    /// Left out because they refuse.
    package var refused = 0

    package init() {}
}

/// What waits in the outbox under the topic `webhook`.
package struct WebhookCall: Sendable, Hashable, Codable {
    package var url: String
    /// JSON.
    package var body: String
}

extension AudienceService {
    package enum ExportFormat: String, Sendable, CaseIterable {
        /// A header and a line for each member (RFC 4180).
        case csv
        /// A list of objects.
        case json
    }

    /// Writes all members with some of their traits.
    ///
    /// - Parameter write: called with a part after another.
    package func export(
        _ name: String, as format: ExportFormat, traits: [String] = [], write: (Data) throws -> Void
    ) throws {
        var needs = FactNeeds()
        needs.traits = traits
        var writer = MemberWriter(format, traits: traits)
        try write(writer.header)
        try forEachMember(name) { page in
            let facts = try self.facts(of: page, needs)
            var part = Data()
            for member in page { part.append(writer.line(member, facts[member.person])) }
            try write(part)
        }
        try write(writer.footer)
    }

    /// Writes the members' addresses as an ad platform wants them, hashed with SHA-256.
    ///
    /// - Parameters:
    ///   - traits: where the e-mail address and the phone number are.
    ///   - countryCode: of phone numbers that are written without one.
    ///   - consent: only persons who allow this; handing addresses to a third party needs a consent in most places.
    package func exportHashed(
        _ name: String, for platform: AdPlatform, traits: (email: String, phone: String) = ("email", "phone"),
        countryCode: String = "82", consent: ConsentQuestion?, write: (Data) throws -> Void
    ) throws -> HashedExportReport {
        var needs = FactNeeds()
        needs.traits = [traits.email, traits.phone]
        if let consent { needs.consents = [consent] }
        var report = HashedExportReport()
        try write(Data((platform.columns.joined(separator: ",") + "\n").utf8))
        try forEachMember(name) { page in
            let facts = try self.facts(of: page, needs)
            var part = ""
            for member in page {
                report.persons += 1
                guard let person = facts[member.person], person.mayBeProfiled, person.consents.allSatisfy(\.self) else {
                    report.refused += 1
                    continue
                }
                let email = person.traits[0].flatMap(MemberWriter.text)
                    .flatMap { platform.normalized(email: $0) }.map(AdPlatform.hash)
                let phone = person.traits[1].flatMap(MemberWriter.text)
                    .flatMap { platform.normalized(phone: $0, countryCode: countryCode) }.map(AdPlatform.hash)
                if email == nil, phone == nil {
                    report.withoutAddress += 1
                    continue
                }
                report.written += 1
                part += platform == .kakao ? "\(phone ?? "")\n" : "\(email ?? ""),\(phone ?? "")\n"
            }
            try write(Data(part.utf8))
        }
        return report
    }

    /// Puts calls of a webhook into the outbox that hand over all members, 500 a call.
    ///
    /// - Parameter request: the same for a repeated request, so that calls that wait are not doubled.
    /// - Returns: the number of calls.
    package func send(_ name: String, to url: String, request: String, traits: [String] = []) throws -> Int {
        guard let parsed = URL(string: url), parsed.scheme == "https" || parsed.scheme == "http", parsed.host != nil
        else {
            throw AudienceError(.invalid, "'\(url)' is not an address such as https://example.com/hook", field: "url")
        }
        let audience = try audience(name)
        var needs = FactNeeds()
        needs.traits = traits
        var cursor: String?
        var calls = 0
        repeat {
            let page = try members(name, after: cursor, limit: 500)
            let facts = try self.facts(of: page.members, needs)
            var writer = MemberWriter(.json, traits: traits)
            var body = writer.header
            for member in page.members { body.append(writer.line(member, facts[member.person])) }
            body.append(writer.footer)
            let call = WebhookCall(
                url: url,
                body: """
                    {"audience":\(MemberWriter.json(name)),"part":\(calls),"last":\(page.next == nil),\
                    "members":\(String(decoding: body, as: UTF8.self))}
                    """)
            let payload = try JSONEncoder().encode(call)
            try store.write { try $0.send(payload, key: "audience-export/\(audience.id)/\(request)/\(calls)") }
            calls += 1
            cursor = page.next
        } while cursor != nil
        return calls
    }

    private func facts(of members: [AudienceMember], _ needs: FactNeeds) throws -> [String: PersonFacts] {
        var found: [String: PersonFacts] = [:]
        for facts in try facts.facts(of: members.map(\.person), needs) { found[facts.person] = facts }
        return found
    }
}
