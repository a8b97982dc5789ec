import EventLog

/// What a person saw and took so far, for policies that choose pictures.
struct PersonPicture: Sendable {
    /// `taste.TAG`.
    var taste: [String: ContextValue] = [:]
    /// The action that was shown last, by placement and subject.
    var known: [String: String] = [:]

    init() {}

    /// - Complexity: O(segments log persons + the person's rows about decisions)
    init(history: some InteractionHistory, person: String) throws {
        let view = try history.view(of: person)
        let names = [
            Vocabulary.decisionMade, Vocabulary.decisionShown, Vocabulary.decisionClicked, Vocabulary.decisionRewarded,
        ]
        guard view.eventNames.number(of: Vocabulary.decisionMade) != nil else { return }
        let plan = EventPlan(
            view, events: Set(names),
            properties: [
                Vocabulary.decisionID, "placement", "subject", "actions", "action_tags", "probabilities", "chosen",
            ])
        var fold = EventFold(plan)
        try view.visit(person: person, plan.selection, &fold)
        var reader = PictureReader(nil) { _ in nil }
        for event in fold.events {
            if let decision = BanditDecision(event) {
                reader.read(decision)
            } else if let id = event.text(Vocabulary.decisionID) {
                if event.name == Vocabulary.decisionShown { reader.shown(id) } else { reader.taken(id) }
            }
        }
        taste = reader.taste.features
        known = reader.known
    }
}

/// Those of persons who were asked for a moment ago: a page asks for many pictures at once.
struct PersonPictures: Sendable {
    private var kept: [String: (picture: PersonPicture, time: Int64)] = [:]
    private static let countMax = 5_000
    private static let milliseconds: Int64 = 10_000

    func find(_ person: String, at time: Int64) -> PersonPicture? {
        guard let own = kept[person], abs(time - own.time) < Self.milliseconds else { return nil }
        return own.picture
    }

    mutating func keep(_ picture: PersonPicture, of person: String, at time: Int64) {
        if kept.count >= Self.countMax { kept.removeAll(keepingCapacity: true) }
        kept[person] = (picture, time)
    }

    mutating func forget(_ persons: [String]) { for person in persons { kept[person] = nil } }
}
