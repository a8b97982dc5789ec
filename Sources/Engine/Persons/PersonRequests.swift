import Analysis
package import EventLog
import People

/// Traits to give a person, and to take away.
package struct TraitsRequest: Sendable, Hashable, Codable {
    package var traits: [String: TraitValue]

    package static let counts = 1...100

    package init(_ traits: [String: PropertyValue?]) { self.traits = traits.mapValues(TraitValue.init) }

    private enum Key: String, CodingKey { case traits }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a change of traits", allowed: ["traits"])
        traits = try fields.required("traits")
        guard Self.counts.contains(traits.count) else {
            throw fields.error(
                .limitExceeded, "traits",
                "has \(traits.count) traits, but must have from 1 to \(Self.counts.upperBound)")
        }
    }
}

/// What a person agreed to or refused, with what proves it.
package struct ConsentRequest: Sendable, Hashable, Codable {
    package struct Statement: Sendable, Hashable, Codable {
        package var purpose: String
        package var channel: String?
        package var period: String?
        package var granted: Bool
        package var text: String?
        package var version: String?
        package var source: String?
        package var ipHash: String?

        private enum Key: String, CodingKey, CaseIterable {
            case purpose, channel, period, granted, text, version, source, ipHash
        }

        package init(purpose: String, channel: String? = nil, period: String? = nil, granted: Bool) {
            self.purpose = purpose
            self.channel = channel
            self.period = period
            self.granted = granted
        }

        package init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a consent", allowed: Key.allCases.map(\.rawValue))
            guard let purpose = try fields.text("purpose") else {
                throw fields.error(.missingField, "purpose", "must be given, for example 'marketing'")
            }
            self.purpose = purpose
            channel = try fields.text("channel")
            period = try fields.text("period")
            if let period, ConsentStatement.Period(name: period) == nil {
                throw fields.error(.invalidValue, "period", "is '\(period)', but must be day or night")
            }
            granted = try fields.required("granted")
            text = try fields.text("text")
            version = try fields.text("version")
            source = try fields.text("source")
            ipHash = try fields.text("ipHash")
        }

        var statement: ConsentStatement {
            ConsentStatement(
                purpose: ConsentPurpose(rawValue: purpose), channel: channel.map(MessageChannel.init(rawValue:)),
                period: period.flatMap(ConsentStatement.Period.init(name:)) ?? .unsaid, granted: granted,
                evidence: .init(text: text, version: version, source: source, addressHash: ipHash))
        }
    }

    package var statements: [Statement]

    package static let counts = 1...100

    package init(_ statements: [Statement]) { self.statements = statements }

    private enum Key: String, CodingKey { case statements }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "consents", allowed: ["statements"])
        guard let statements = try fields.list("statements", of: Statement.self, counts: Self.counts) else {
            throw fields.error(.missingField, "statements", "must be given: a list of consents")
        }
        self.statements = statements
    }
}

/// One person, by an id or a key.
package struct PersonRequest: Sendable, Hashable, Codable {
    package var id: String

    package init(_ id: String) { self.id = id }

    private enum Key: String, CodingKey { case id }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the request", allowed: ["id"])
        id = try fields.personID("id")
    }
}

/// Two ids to make one person of.
package struct MergeRequest: Sendable, Hashable, Codable {
    package var alias: String
    package var person: String

    package init(alias: String, person: String) {
        self.alias = alias
        self.person = person
    }

    private enum Key: String, CodingKey { case alias, person }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a merge", allowed: ["alias", "person"])
        alias = try fields.personID("alias")
        person = try fields.personID("person")
    }
}

/// Ids of persons who are not to be recorded.
package struct SuppressionRequest: Sendable, Hashable, Codable {
    package var ids: [String]

    package static let counts = 1...1_000

    package init(_ ids: [String]) { self.ids = ids }

    private enum Key: String, CodingKey { case ids }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "the request", allowed: ["ids"])
        guard let ids = try fields.list("ids", of: String.self, counts: Self.counts) else {
            throw fields.error(.missingField, "ids", "must be given: a list of ids")
        }
        guard ids.allSatisfy({ !$0.isEmpty && $0.utf8.count <= Limits.personIDBytes }) else {
            throw fields.error(.invalidValue, "ids", "must be texts of 1 to \(Limits.personIDBytes) bytes")
        }
        self.ids = ids
    }
}

extension Fields {
    fileprivate func personID(_ name: String) throws -> String {
        guard let id = try text(name) else {
            throw error(.missingField, name, "must be given: an id or key of a person")
        }
        guard id.utf8.count <= Limits.personIDBytes else {
            throw error(.invalidValue, name, "must have at most \(Limits.personIDBytes) bytes")
        }
        return id
    }
}
