/// When and how a person came, and what their environment says: small facts that every event may change.
package struct Visits: Sendable, Hashable {
    /// Time of the earliest event of any kind, also one by hand or from an import of people; `Int64.max` for none.
    package var createdTime = Int64.max
    /// Events of the person, without those that are not their own doing: by hand, from imports of people, audiences.
    package var events = 0
    /// Time of the earliest such event, in milliseconds UTC; `Int64.max` when there is none.
    package var firstTime = Int64.max
    package var firstSequence = UInt64.max
    /// Time of the latest such event; `Int64.min` when there is none.
    package var lastTime = Int64.min
    /// How the earliest event came about.
    package var firstTouch = FirstTouch()
    package var locale: Latest?
    package var timeZone: Latest?
    /// Traits set by events before this time are gone: `$clearAll`.
    package var clearedTime = Int64.min

    /// A text that the latest event decides.
    package struct Latest: Sendable, Hashable {
        package var value: String
        package var time: Int64
        package var sequence: UInt64

        func isBefore(_ time: Int64, _ sequence: UInt64) -> Bool { (self.time, self.sequence) < (time, sequence) }
    }

    package init() {}

    /// Joins what is known about two persons who are one. Gives the same in any order.
    mutating func absorb(_ other: Visits) {
        createdTime = min(createdTime, other.createdTime)
        events += other.events
        if (other.firstTime, other.firstSequence) < (firstTime, firstSequence) {
            firstTime = other.firstTime
            firstSequence = other.firstSequence
            firstTouch = other.firstTouch
        }
        lastTime = max(lastTime, other.lastTime)
        clearedTime = max(clearedTime, other.clearedTime)
        Visits.take(other.locale, into: &locale)
        Visits.take(other.timeZone, into: &timeZone)
    }

    private static func take(_ other: Latest?, into own: inout Latest?) {
        guard let other else { return }
        if own?.isBefore(other.time, other.sequence) ?? true { own = other }
    }
}

/// Where a person came from the first time.
package struct FirstTouch: Sendable, Hashable {
    /// Empty, or a text for each field, "" for none: one word for the many persons of whom nothing is known.
    private var texts: [String] = []

    package init() {}

    enum Field: Int, CaseIterable {
        case referrer, url, source, medium, campaign, term, content
    }

    subscript(field: Field) -> String? {
        get { texts.isEmpty || texts[field.rawValue].isEmpty ? nil : texts[field.rawValue] }
        set {
            guard newValue != nil || !texts.isEmpty else { return }
            if texts.isEmpty { texts = [String](repeating: "", count: Field.allCases.count) }
            texts[field.rawValue] = newValue ?? ""
            if texts.allSatisfy(\.isEmpty) { texts = [] }
        }
    }

    package var referrer: String? { self[.referrer] }
    package var url: String? { self[.url] }
    /// The `utm_` parameters.
    package var source: String? { self[.source] }
    package var medium: String? { self[.medium] }
    package var campaign: String? { self[.campaign] }
    package var term: String? { self[.term] }
    package var content: String? { self[.content] }
}
