/// The names that events about persons have in the log, whichever format they came in.
///
/// Collection and imports write them, People and Audiences read them; `docs/EVENT-VOCABULARY.md` describes each with
/// its properties.
package enum Vocabulary {
    // MARK: Events

    /// Traits of a person: the properties (other than those of `context` and of this list) are the traits.
    package static let identified = "Identified"
    /// `previousID` and the person are one.
    package static let aliased = "Aliased"
    /// A person belongs to `groupID`; the other properties are traits of the group.
    package static let groupJoined = "Group Joined"
    package static let pageViewed = "Page Viewed"
    package static let screenViewed = "Screen Viewed"
    /// Only operations on traits (`$set.` and so on), from outside or by hand.
    package static let profileChanged = "Profile Changed"
    /// Only operations on the traits of the group `groupID`.
    package static let groupChanged = "Group Changed"
    /// A person allows or refuses something.
    package static let consentChanged = "Consent Changed"
    /// Two persons are made one by hand: `previousID` goes into the person, whatever the rules say.
    package static let personMerged = "Person Merged"
    /// `previousID` is taken out of the person again.
    package static let personSplit = "Person Split"
    package static let audienceEntered = "Audience Entered"
    package static let audienceLeft = "Audience Left"

    /// Something was chosen for a person: a list of items, a picture, a banner. Out of what, how likely that was, and
    /// why.
    package static let decisionMade = "Decision Made"
    /// The person saw what was decided.
    package static let decisionShown = "Decision Shown"
    /// The person took it.
    package static let decisionClicked = "Decision Clicked"
    /// What came of it: `reward` from 0 to 1.
    package static let decisionRewarded = "Decision Rewarded"

    /// Stands for a group where a format sends changes of groups without a person: `$group:company:acme`. Nobody of
    /// that id is a person.
    package static let groupPersonPrefix = "$group:"

    /// The catalogue says that an item costs something else, or can be had again or no longer.
    package static let itemPriceChanged = "Item Price Changed"
    package static let itemStockChanged = "Item Stock Changed"
    /// Stands for an item where the log keeps what became of it: `$item:sku-1`. Nobody of that id is a person.
    package static let itemPersonPrefix = "$item:"

    /// Whether an id is somebody's, and not that of an item or a group.
    package static func isPerson(_ id: String) -> Bool {
        !(id.utf8.first == UInt8(ascii: "$") && (id.hasPrefix(itemPersonPrefix) || id.hasPrefix(groupPersonPrefix)))
    }

    /// What is written about persons and items, and is nothing that anybody did: no visit, and not among any events.
    package static let administrative: Set<String> = [
        personMerged, personSplit, audienceEntered, audienceLeft, itemPriceChanged, itemStockChanged, decisionMade,
    ]

    // MARK: Properties

    /// The anonymous or device id that came with a user id; the event is the user's.
    package static let anonymousID = "anonymousId"
    /// The id that is to become the person's.
    package static let previousID = "previousId"
    package static let groupID = "groupId"
    /// What kind of group: `company` when it is absent.
    package static let groupType = "groupType"
    /// The decision that an event belongs to: its id.
    package static let decisionID = "decision_id"
    /// What the sender's environment says begins like this: `context.locale`.
    package static let contextPrefix = "context."

    /// Operations on traits. A property `$set.city` on any event sets the trait `city`.
    package enum TraitOperation: String, Sendable, CaseIterable {
        case set = "$set."
        /// Only when the trait has no value.
        case setOnce = "$setOnce."
        /// Adds a number, 0 when there is none.
        case add = "$add."
        /// Adds values at the end of a list.
        case append = "$append."
        /// Adds values at the front of a list.
        case prepend = "$prepend."
        /// Adds values at the end of a list unless it holds them.
        case postInsert = "$postInsert."
        /// Adds values at the front of a list unless it holds them.
        case preInsert = "$preInsert."
        /// Takes values out of a list.
        case remove = "$remove."
    }

    /// The names of traits that lose their value, as a list.
    package static let unset = "$unset"
    /// True: the person loses every trait.
    package static let clearAll = "$clearAll"
}
