package import Audiences
import EventLog

// What the API and the commands show of audiences: times as text, members by name.

/// An audience as JSON.
package struct AudienceView: Sendable, Hashable, Codable {
    package var id: Int64
    package var name: String
    package var description: String
    /// The predicate as text; nil for a list that is kept by hand.
    package var `where`: String?
    /// The same as a tree.
    package var predicate: AudiencePredicate?
    package var `static`: Bool
    package var size: Int
    /// Rises with every change of the definition.
    package var version: Int
    package var createdAt: String
    package var updatedAt: String
    /// Nil until everybody has been evaluated under this definition.
    package var evaluatedAt: String?

    package init(_ audience: Audience) {
        id = audience.id
        name = audience.name
        description = audience.definition.description
        `where` = audience.definition.predicate?.text
        predicate = audience.definition.predicate
        `static` = audience.definition.isStatic
        size = audience.size
        version = audience.version
        createdAt = Timestamp.text(audience.createdTime)
        updatedAt = Timestamp.text(audience.updatedTime)
        evaluatedAt = audience.evaluatedTime.map(Timestamp.text)
    }

    package var definition: AudienceDefinition {
        AudienceDefinition(name, description: description, where: predicate)
    }
}

package struct AudienceMembersView: Sendable, Hashable, Codable {
    package struct Member: Sendable, Hashable, Codable {
        package var person: String
        package var since: String
    }

    package var members: [Member]
    /// Hand this on as `after` for the next page.
    package var next: String?

    package init(_ page: MemberPage) {
        members = page.members.map { Member(person: $0.person, since: Timestamp.text($0.since)) }
        next = page.next
    }
}

package struct AudienceVersionView: Sendable, Hashable, Codable {
    package var version: Int
    package var `where`: String?
    package var time: String

    package init(version: Int, predicate: AudiencePredicate?, time: Int64) {
        self.version = version
        self.where = predicate?.text
        self.time = Timestamp.text(time)
    }
}

package struct AudienceSizeView: Sendable, Hashable, Codable {
    /// The start of the hour or day.
    package var time: String
    package var size: Int
    package var entered: Int
    package var left: Int

    package init(_ size: AudienceSize) {
        time = Timestamp.text(size.time)
        self.size = size.size
        entered = size.entered
        left = size.left
    }
}

package struct AudienceExplanationView: Sendable, Hashable, Codable {
    package var audience: String
    package var person: String
    package var isMember: Bool
    package var since: String?
    package var holds: Bool?
    package var nextChange: String?
    package var mayBeProfiled: Bool
    package var predicate: AudienceExplanation.Part?

    package init(_ explanation: AudienceExplanation) {
        audience = explanation.audience
        person = explanation.person
        isMember = explanation.isMember
        since = explanation.since.map(Timestamp.text)
        holds = explanation.holds
        nextChange = explanation.nextChange.map(Timestamp.text)
        mayBeProfiled = explanation.mayBeProfiled
        predicate = explanation.predicate
    }
}

/// What adding to or taking from a list came to.
package struct AudienceListChangeView: Sendable, Hashable, Codable {
    /// Persons who came in, or went, by this.
    package var changed: Int
    /// Ids that are nobody's.
    package var unknown: [String]

    package init(changed: Int, unknown: [String]) {
        self.changed = changed
        self.unknown = unknown
    }
}

/// Who may be handed on to an ad platform.
package struct AdExportOptions: Sendable, Hashable {
    package var platform: AdPlatform
    package var emailTrait = "email"
    package var phoneTrait = "phone"
    package var countryCode = "82"
    /// Nil: nobody is asked.
    package var consent: ConsentQuestion?

    package init(platform: AdPlatform, consent: ConsentQuestion?) {
        self.platform = platform
        self.consent = consent
    }

    /// `none`, or a channel, or a channel and a purpose: `email:marketing`.
    ///
    /// - Returns: nil for a text that is none of these.
    package static func consent(_ text: String) -> ConsentQuestion?? {
        if text == "none" { return .some(nil) }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return .some(ConsentQuestion(parts[0], purpose: parts.count == 2 ? parts[1] : nil))
    }
}

extension AudienceService {
    /// A part of the file for a platform, and the place to go on from.
    package func adExportPage(
        _ name: String, _ options: AdExportOptions, after cursor: String?, report: inout HashedExportReport
    ) throws -> (part: [UInt8], next: String?) {
        let page = try exportHashedPage(
            name, for: options.platform, traits: (options.emailTrait, options.phoneTrait),
            countryCode: options.countryCode, consent: options.consent, after: cursor, report: &report)
        return (Array(page.part), page.next)
    }

    /// The audience of this name, or else of this number.
    package func audience(nameOrID text: String) throws -> Audience {
        do {
            return try audience(text)
        } catch let error as AudienceError where error.code == .notFound {
            if let id = Int64(text), let found = try list().first(where: { $0.id == id }) { return found }
            throw error
        }
    }
}
