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
        var cursor: String?
        repeat {
            let page = try exportPage(name, as: format, traits: traits, after: cursor)
            try write(page.part)
            cursor = page.next
        } while cursor != nil
    }

    /// One part of `export` after another, for who cannot wait within a closure.
    ///
    /// - Parameter cursor: `next` of the part before; nil for the first.
    /// - Returns: `next` is nil at the end.
    package func exportPage(
        _ name: String, as format: ExportFormat, traits: [String] = [], after cursor: String? = nil
    ) throws -> (part: Data, next: String?) {
        var needs = FactNeeds()
        needs.traits = traits
        let page = try members(name, after: cursor, limit: 1_000)
        let facts = try self.facts(of: page.members, needs)
        var writer = MemberWriter(format, traits: traits, isFirst: cursor == nil)
        var part = cursor == nil ? writer.header : Data()
        for member in page.members { part.append(writer.line(member, facts[member.person])) }
        if page.next == nil { part.append(writer.footer) }
        return (part, page.next)
    }

    /// Writes the members' addresses as an ad platform wants them, hashed with SHA-256 where it takes hashes.
    ///
    /// - Parameters:
    ///   - traits: where the e-mail address and the phone number are.
    ///   - countryCode: of phone numbers that are written without one.
    ///   - consent: only persons who allow this; handing addresses to a third party needs a consent in most places.
    package func exportHashed(
        _ name: String, for platform: AdPlatform, traits: (email: String, phone: String) = ("email", "phone"),
        countryCode: String = "82", consent: ConsentQuestion?, write: (Data) throws -> Void
    ) throws -> HashedExportReport {
        var report = HashedExportReport()
        var cursor: String?
        repeat {
            let page = try exportHashedPage(
                name, for: platform, traits: traits, countryCode: countryCode, consent: consent, after: cursor,
                report: &report)
            try write(page.part)
            cursor = page.next
        } while cursor != nil
        return report
    }

    /// One part of `exportHashed` after another.
    package func exportHashedPage(
        _ name: String, for platform: AdPlatform, traits: (email: String, phone: String) = ("email", "phone"),
        countryCode: String = "82", consent: ConsentQuestion?, after cursor: String? = nil,
        report: inout HashedExportReport
    ) throws -> (part: Data, next: String?) {
        var needs = FactNeeds()
        needs.traits = [traits.email, traits.phone]
        if let consent { needs.consents = [consent] }
        let page = try members(name, after: cursor, limit: 1_000)
        let facts = try self.facts(of: page.members, needs)
        var part = cursor == nil ? platform.columns.joined(separator: ",") + "\n" : ""
        for member in page.members {
            report.persons += 1
            guard let person = facts[member.person], person.mayBeProfiled, person.consents.allSatisfy(\.self) else {
                report.refused += 1
                continue
            }
            let email = person.traits[0].flatMap(MemberWriter.text)
                .flatMap { platform.normalized(email: $0) }.map(platform.cell)
            let phone = person.traits[1].flatMap(MemberWriter.text)
                .flatMap { platform.normalized(phone: $0, countryCode: countryCode) }.map(platform.cell)
            if email == nil, phone == nil {
                report.withoutAddress += 1
                continue
            }
            report.written += 1
            part += platform == .kakao ? "\(phone ?? "")\n" : "\(email ?? ""),\(phone ?? "")\n"
        }
        return (Data(part.utf8), page.next)
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
