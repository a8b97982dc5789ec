/// What is to be decided: for whom, where and when.
package struct DecideRequest: Sendable, Hashable {
    package struct Place: Sendable, Hashable {
        package var name: String
        /// In place of the placement's own number of items.
        package var count: Int?
        /// In place of what is stored, such as one that is being edited.
        package var draft: Placement?

        package init(_ name: String, count: Int? = nil, draft: Placement? = nil) {
            self.name = name
            self.count = count
            self.draft = draft
        }
    }

    /// Any id of the person; nil when nobody knows who it is.
    package var person: String?
    package var places: [Place]
    package var context: DecisionContext
    /// False for a look that is not to be learned from.
    package var isLogged: Bool

    /// Whether the moment of a session is among what is asked.
    package var hasMoment: Bool { places.contains { $0.name == Placement.Kind.moment.rawValue } }

    /// Places in one request.
    package static let placesMax = 20

    package init(
        person: String?, places: [Place], context: DecisionContext = DecisionContext(), isLogged: Bool = true
    ) {
        self.person = person
        self.places = places
        self.context = context
        self.isLogged = isLogged
    }
}
