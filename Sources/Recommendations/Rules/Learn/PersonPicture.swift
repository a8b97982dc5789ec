import EventLog

/// What a person saw and took so far, for policies that choose pictures.
struct PersonPicture: Sendable {
    /// `taste.TAG`.
    var taste: [String: ContextValue] = [:]
    /// The action that was shown last, by placement and subject.
    var known: [String: String] = [:]

    init() {}

    /// - Parameters:
    ///   - source: which other events say what the person saw and took.
    ///   - tags: what a picture shows, by its id and the item's.
    /// - Complexity: O(segments log persons + the person's rows about decisions and pictures)
    init(
        history: some InteractionHistory, person: String, source: ImpressionSource? = nil,
        tags: @escaping @Sendable (String, String?) -> [String: Double]? = { _, _ in nil }
    ) throws {
        let view = try history.view(of: person)
        let names = [
            Vocabulary.decisionMade, Vocabulary.decisionShown, Vocabulary.decisionClicked, Vocabulary.decisionRewarded,
        ]
        guard source != nil || view.eventNames.number(of: Vocabulary.decisionMade) != nil else { return }
        let properties = [
            Vocabulary.decisionID, "placement", "subject", "actions", "action_tags", "probabilities", "chosen",
        ]
        let plan = EventPlan(
            view, events: Set(names + (source.map { [$0.shown, $0.taken] } ?? [])),
            properties: Array(Set(properties + (source?.properties ?? []))).sorted())
        var fold = EventFold(plan)
        try view.visit(person: person, plan.selection, &fold)
        var reader = PictureReader(source, tags: tags)
        for event in fold.events {
            if let decision = BanditDecision(event) {
                reader.read(decision)
            } else if let id = event.text(Vocabulary.decisionID) {
                if event.name == Vocabulary.decisionShown {
                    reader.shown(id)
                } else if event.name == Vocabulary.decisionClicked || event.name == Vocabulary.decisionRewarded {
                    reader.taken(id)
                }
            } else {
                reader.read(event)
            }
        }
        taste = reader.taste.features
        known = reader.known
    }
}

/// Those of persons who were asked for a moment ago: a page asks for many pictures at once.
struct PersonPictures: Sendable {
    private var kept: [String: (picture: PersonPicture, source: ImpressionSource?, time: Int64)] = [:]
    private static let countMax = 5_000
    private static let milliseconds: Int64 = 10_000

    func find(_ person: String, _ source: ImpressionSource?, at time: Int64) -> PersonPicture? {
        guard let own = kept[person], own.source == source, abs(time - own.time) < Self.milliseconds else { return nil }
        return own.picture
    }

    mutating func keep(_ picture: PersonPicture, _ source: ImpressionSource?, of person: String, at time: Int64) {
        if kept.count >= Self.countMax { kept.removeAll(keepingCapacity: true) }
        kept[person] = (picture, source, time)
    }

    mutating func forget(_ persons: [String]) { for person in persons { kept[person] = nil } }
}
