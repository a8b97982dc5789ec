/// A simulated business: who its people are, what they do by themselves, and how they answer what is done to them.
///
/// The people live in *circles*. What happens in one circle depends on nothing in another, so circles are simulated in
/// any order and at the same time. In a shop each customer is a circle; in a market place a district is one, with its
/// customers and its partners.
///
/// A circle lives from one session (a visit, an evening, a job) to the next. `live(_:until:)` simulates every session
/// that *begins* before `until`, whole, with all its events, also those that come later. So the same events result
/// whether a year is simulated in one step or minute by minute. Randomness comes from `RandomStreams` and is tied to
/// who, which day and which session, never to what was drawn before: two worlds of the same seed, of which one was
/// acted upon, share all random numbers, and differ only in what the actions did.
///
/// ```swift
/// let world = World(Shop(WorldSettings(seed: 7, start: start, scale: 0.1)))
/// let events = world.advance(to: now)
/// let response = world.apply(.message(message), to: "c-000017", at: now)
/// ```
package protocol Business: Sendable {
    /// The people of a circle and where their lives have got to.
    associatedtype Circle: Sendable

    static var description: BusinessDescription { get }

    /// Audiences, placements and a tracking plan as a business of this kind would have them, in the form that `dangol
    /// apply` reads.
    static var definitions: String { get }

    init(_ settings: WorldSettings)

    /// What the business offers.
    func items(_ items: inout ItemSink)

    var settings: WorldSettings { get }
    /// All circles there will ever be, also those who have not come yet.
    var circleCount: Int { get }

    /// A circle as it is before the beginning of the history.
    func circle(_ index: Int) -> Circle
    /// The circle that a person of this id (`userId` or `anonymousId`) belongs to.
    func circleIndex(ofPerson id: String) -> Int?

    /// Simulates all sessions that begin before `until` (milliseconds UTC) and have not been simulated.
    func live(_ circle: inout Circle, until: Int64, _ events: inout EventSink)

    /// What a person does when something is done to them at `time`. The circle has lived until then. What they do later
    /// because of it shows when the circle lives on.
    func respond(
        _ circle: inout Circle, to action: WorldAction, person: String, time: Int64, _ events: inout EventSink
    ) -> WorldResponse

    /// What is hidden of a circle's people.
    func truth(of circle: Circle, _ truth: inout TruthSink)
    /// What is hidden of the business as a whole: its items, its campaigns, the true effects of actions.
    func truth(_ truth: inout TruthSink)
}

extension Business {
    package static var definitions: String { "" }
}

package struct BusinessDescription: Sendable, Hashable {
    /// Of the workspace: `shop`.
    package var name: String
    package var title: LocalizedText

    package init(name: String, korean: String, english: String) {
        self.name = name
        title = LocalizedText(korean: korean, english: english)
    }
}

package struct LocalizedText: Sendable, Hashable {
    package var korean: String
    package var english: String

    package init(korean: String, english: String) {
        self.korean = korean
        self.english = english
    }
}

package struct WorldSettings: Sendable, Hashable {
    package var seed: UInt64
    /// The first moment of the history: a midnight in Seoul, in milliseconds UTC.
    package var start: Int64
    /// How many people there are, as a share of the full world.
    package var scale: Double

    package init(seed: UInt64, start: Int64, scale: Double = 1) {
        self.seed = seed
        self.start = KoreanCalendar.midnight(KoreanCalendar.day(of: start))
        self.scale = scale
    }

    package var firstDay: Int { KoreanCalendar.day(of: start) }

    /// The number of people (or whatever is counted) of which there are `count` in the full world.
    package func scaled(_ count: Int) -> Int { max(1, Int((Double(count) * scale).rounded())) }
}
