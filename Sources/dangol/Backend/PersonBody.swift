import Engine
import Foundation

/// A person's document, as far as commands show it.
struct PersonBody: Decodable {
    struct Identity: Decodable {
        var id: String
        var user: Bool
    }

    struct Trait: Decodable {
        var value: TraitValue
        var time: String
        var source: String
        var event: String
        var detail: String
    }

    struct Merge: Decodable {
        var alias: String
        var person: String
        var cause: String
        var time: String
        var undone: String?
    }

    struct Group: Decodable {
        var type: String
        var id: String
        var since: String
    }

    struct Address: Decodable {
        var channel: String
        var address: String
    }

    struct Consent: Decodable {
        var purpose: String
        var channel: String?
        var period: String?
        var granted: Bool
        var time: String
    }

    struct Audience: Decodable {
        var name: String
        var since: String
    }

    struct LatestEvent: Decodable {
        var event: String
        var time: String
        var id: String
        var properties: [String: TraitValue]
    }

    var key: String
    var id: String
    var name: String?
    var role: String
    var identified: Bool
    var identities: [Identity]
    var traits: [String: Trait]
    var events: Int
    var created: String?
    var firstSeen: String?
    var lastSeen: String?
    var locale: String?
    var timeZone: String?
    var groups: [Group]
    var addresses: [Address]
    var consents: [Consent]
    var merges: [Merge]
    var audiences: [Audience]
    var latest: [LatestEvent]?
}
