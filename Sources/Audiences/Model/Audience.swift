import Analysis
package import Foundation

/// What somebody defines: a name, and either a predicate or a list that is kept by hand.
///
/// ```json
/// {"name": "VIP", "description": "...", "where": "did \"Order Completed\" at least 5 times"}
/// {"name": "Press", "static": true}
/// ```
///
/// `where` is the readable text, or the predicate as an object; it is written as text.
package struct AudienceDefinition: Sendable, Hashable, Codable {
    package var name: String
    package var description: String
    /// Nil for a static audience.
    package var predicate: AudiencePredicate?

    package var isStatic: Bool { predicate == nil }

    package init(_ name: String, description: String = "", where predicate: AudiencePredicate?) {
        self.name = name
        self.description = description
        self.predicate = predicate
    }

    package static let nameLength = 200
    package static let descriptionLength = 2_000

    private static let fields = ["name", "description", "where", "static"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "an audience", allowed: Self.fields)
        guard let name = try fields.text("name") else { throw fields.error(.missingField, "name", "must be given") }
        self.name = name
        description = try fields.optional("description") ?? ""
        let isStatic = try fields.optional("static") ?? false
        if fields.has("where") {
            if isStatic { throw fields.error(.conflict, "where", "cannot be given for a static audience") }
            if let text = try? fields.optional("where", as: String.self) {
                predicate = try AudiencePredicate(text: text)
            } else {
                predicate = try fields.required("where", as: AudiencePredicate.self)
            }
        } else {
            if !isStatic {
                throw fields.error(
                    .missingField, "where", "must be given: who belongs to the audience (or 'static': true for a list)")
            }
            predicate = nil
        }
        try check()
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PredicateKey.self)
        try container.encode(name, forKey: PredicateKey("name"))
        if !description.isEmpty { try container.encode(description, forKey: PredicateKey("description")) }
        if let predicate {
            try container.encode(predicate.text, forKey: PredicateKey("where"))
        } else {
            try container.encode(true, forKey: PredicateKey("static"))
        }
    }

    /// - Throws: `AudienceError` and nothing else.
    package init(json: Data) throws(AudienceError) {
        do {
            self = try JSONDecoder().decode(AudienceDefinition.self, from: json)
        } catch {
            throw AudienceError(decoding: error, in: "")
        }
    }

    /// - Throws: `AudienceError` with `invalid`.
    func check() throws(AudienceError) {
        guard !name.isEmpty, name.count <= Self.nameLength, name.allSatisfy({ !$0.isNewline }),
            name.first?.isWhitespace == false, name.last?.isWhitespace == false
        else {
            throw AudienceError(
                .invalid, "must have 1 to \(Self.nameLength) characters, without spaces at its ends", field: "name")
        }
        guard description.count <= Self.descriptionLength else {
            throw AudienceError(
                .invalid, "must have at most \(Self.descriptionLength) characters", field: "description")
        }
        try predicate?.check()
    }
}

/// An audience as it is kept.
package struct Audience: Sendable, Hashable {
    package var id: Int64
    package var definition: AudienceDefinition
    /// Rises with every change of the definition, from 1.
    package var version: Int
    /// Milliseconds UTC, as all times.
    package var createdTime: Int64
    package var updatedTime: Int64
    /// When everybody was last evaluated under the present definition; nil while that is still to come.
    package var evaluatedTime: Int64?
    package var size: Int

    package var name: String { definition.name }

    var target: AudiencePlan.Target {
        AudiencePlan.Target(id: id, name: definition.name, predicate: definition.predicate)
    }
}

/// One person in an audience.
package struct AudienceMember: Sendable, Hashable, Codable {
    /// The canonical id in the log.
    package var person: String
    /// Milliseconds UTC.
    package var since: Int64
}

package struct MemberPage: Sendable, Hashable {
    package var members: [AudienceMember]
    /// Hand this on for the next page; nil at the end.
    package var next: String?
}

/// The size of an audience at the end of an hour or day, and what happened in it.
package struct AudienceSize: Sendable, Hashable, Codable {
    /// The start of the hour or day, milliseconds UTC.
    package var time: Int64
    package var size: Int
    package var entered: Int
    package var left: Int
}

/// How several audiences lie over each other.
package struct AudienceOverlap: Sendable, Hashable, Codable {
    package struct Region: Sendable, Hashable, Codable {
        /// In exactly these.
        package var audiences: [String]
        package var persons: Int
    }

    package var sizes: [String: Int]
    /// Every combination that somebody is in, the largest first.
    package var regions: [Region]
    /// Persons in all of them, and in at least one.
    package var inAll: Int
    package var inAny: Int
}

/// What an evaluation did.
package struct EvaluationReport: Sendable, Hashable, Codable {
    package var persons = 0
    package var entered = 0
    package var left = 0
    /// Reading facts, scanning and deciding.
    package var evaluationSeconds = 0.0
    /// Comparing with the stored memberships and writing.
    package var commitSeconds = 0.0

    package init() {}

    package mutating func add(_ other: EvaluationReport) {
        persons += other.persons
        entered += other.entered
        left += other.left
        evaluationSeconds += other.evaluationSeconds
        commitSeconds += other.commitSeconds
    }
}

/// A person of whom something is new.
package struct PersonChange: Sendable, Hashable {
    /// The canonical id in the log.
    package var person: String
    /// The names of the new events.
    package var events: Set<String>
    /// Traits, groups, roles, consents or the time zone may have changed.
    package var factsChanged: Bool

    package init(_ person: String, events: Set<String> = [], factsChanged: Bool = false) {
        self.person = person
        self.events = events
        self.factsChanged = factsChanged
    }
}

/// What waits in the outbox under the topic `events`: an event to append to the log, with the entry's key as message
/// id.
package struct AudienceEvent: Sendable, Hashable, Codable {
    package var person: String
    package var name: String
    /// Milliseconds UTC.
    package var time: Int64
    package var audience: String
    package var audienceID: Int64
}
