import Analysis

/// How a placement chooses among actions: artworks, banners, offers. Ranked lists have `ranking` for that.
package struct PolicySettings: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The first action, always.
        case fixed
        /// Each action alike.
        case random
        case epsilonGreedy, thompson, linearThompson, logisticThompson, linUCB, squareCB

        /// Whether it looks at who and when.
        package var isContextual: Bool {
            switch self {
            case .linearThompson, .logisticThompson, .linUCB, .squareCB: true
            case .fixed, .random, .epsilonGreedy, .thompson: false
            }
        }

        package var learns: Bool { self != .fixed && self != .random }
    }

    package var kind: Kind
    /// The share of choices that are made at random whatever the policy likes, 0 ... 1: without them nothing is learned
    /// about what it does not like today.
    package var exploration: Double
    /// What the policy is held back by from changing the picture that a person knows, in units of reward, 0 ... 1.
    package var stability: Double
    /// What it looks at: names of the context (`hour`, `device`), `trait.NAME`, `audience.NAME`, and `tag.NAME` of the
    /// action.
    package var features: [String]
    /// The feature that says which segment somebody is in, for `segmentExploration`.
    package var segment: String?
    /// Shares at random by segment, in place of `exploration`.
    package var segmentExploration: [String: Double]
    /// Days of history that the policy learns from before its first choice; 0 is none.
    package var warmStartDays: Int

    package init(
        _ kind: Kind = .fixed, exploration: Double = 0.05, stability: Double = 0, features: [String] = []
    ) {
        self.kind = kind
        self.exploration = exploration
        self.stability = stability
        self.features = features
        segmentExploration = [:]
        warmStartDays = 0
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a policy",
            allowed: [
                "kind", "exploration", "stability", "features", "segment", "segmentExploration", "warmStartDays",
            ])
        kind = try fields.choice("kind", default: .fixed)
        exploration = try fields.number("exploration", in: 0...1, default: 0.05)
        stability = try fields.number("stability", in: 0...1, default: 0)
        features = try fields.list("features", of: String.self, counts: 0...50) ?? []
        segment = try fields.text("segment")
        segmentExploration = try fields.optional("segmentExploration") ?? [:]
        if let bad = segmentExploration.first(where: { !(0...1).contains($0.value) }) {
            throw fields.error(
                .invalidValue, "segmentExploration", "gives '\(bad.key)' \(bad.value), but must be from 0 to 1")
        }
        warmStartDays = try fields.integer("warmStartDays", in: 0...3_650, default: 0)
    }
}
