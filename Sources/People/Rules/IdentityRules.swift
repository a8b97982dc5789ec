import EventLog

/// Which ids become one person.
///
/// An anonymous id belongs to the first user who identifies on it. When a second user signs in on the same device,
/// their events carry their user id and are theirs; the anonymous id stays with the first user, and so does what is
/// done on the device while nobody is signed in. (A sender that calls `reset` at sign-out gets a new anonymous id for
/// it.) Nothing else would be true more often, and no history ever changes hands.
///
/// Only a source that is nobody yet is joined: two users are never made one by an event of a product, only by hand.
package enum IdentityRules {
    /// Ids that one person can have. A sender that forgets to sign people out would make one giant person.
    package static let maxIDs = 1_000

    /// What the rules need to know about one of the two ids.
    package struct Side: Sendable, Hashable {
        /// The person it belongs to now.
        package var person: Int64
        /// Whether any id of that person is known to be a user's.
        package var isIdentified: Bool
        /// How many ids that person has.
        package var ids: Int

        package init(person: Int64, isIdentified: Bool, ids: Int) {
            self.person = person
            self.isIdentified = isIdentified
            self.ids = ids
        }
    }

    package enum Decision: Sendable, Hashable {
        /// The source's person becomes part of the other.
        case join
        /// They are one person already.
        case same
        case refuse(IdentityWarning.Kind)
    }

    /// - Parameters:
    ///   - alias: the source; its person gives up their own canonical id.
    ///   - areApart: whether somebody took the two persons apart by hand.
    package static func decide(
        alias: Side, person: Side, cause: MergeRecord.Cause, areApart: Bool, maxIDs: Int = maxIDs
    ) -> Decision {
        if alias.person == person.person { return .same }
        if cause == .merged { return .join }
        if alias.isIdentified { return .refuse(.alreadyIdentified) }
        if areApart { return .refuse(.keptApart) }
        if alias.ids + person.ids > maxIDs { return .refuse(.tooManyIDs) }
        return .join
    }

    /// Whether an id looks like those that libraries make up for visitors: a UUID, 32 hexadecimal digits, Amplitude's
    /// device ids (a UUID and `R`), longer ones of the same kind. `Identified` alone does not make a user of such an
    /// id; that it comes together with an anonymous one does.
    package static func looksGenerated(_ id: String) -> Bool {
        var digits = 0
        for byte in id.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                digits += 1
            case UInt8(ascii: "-"), UInt8(ascii: "R"): continue
            default: return false
            }
        }
        return digits >= 32
    }
}
