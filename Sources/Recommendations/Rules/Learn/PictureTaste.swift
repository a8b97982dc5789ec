import Foundation

/// What somebody takes when they see it: by tag, how much more often than they take anything.
///
/// With t times taken where e were to be expected, the rate's ratio is believed to be gamma-distributed around 1 before
/// anything was seen, so it is (t + k) / (e + k); the feature is its logarithm, 0 for somebody new.
package struct PictureTaste: Sendable, Hashable, Codable {
    private struct Tally: Sendable, Hashable, Codable {
        var shown = 0.0
        var taken = 0.0
    }

    private var tags: [String: Tally] = [:]
    private var all = Tally()

    /// How many takes the belief beforehand is worth: ratios differ between people by a deviation of about 0.6.
    private static let priorTakes = 6.0
    /// How often anybody takes anything, and how many looks that belief is worth.
    private static let priorRate = 0.06
    private static let priorLooks = 50.0
    /// Tags of a person; what comes later is left out.
    private static let tagsMax = 200

    package init() {}

    package var isEmpty: Bool { tags.isEmpty }

    package mutating func shown(_ tags: [String: Double]) {
        all.shown += 1
        for (tag, strength) in tags where self.tags[tag] != nil || self.tags.count < Self.tagsMax {
            self.tags[tag, default: Tally()].shown += strength
        }
    }

    package mutating func taken(_ tags: [String: Double]) {
        all.taken += 1
        for (tag, strength) in tags where self.tags[tag] != nil || self.tags.count < Self.tagsMax {
            self.tags[tag, default: Tally()].taken += strength
        }
    }

    /// `taste.TAG` for each tag that was seen.
    package var features: [String: ContextValue] {
        let rate = (all.taken + Self.priorRate * Self.priorLooks) / (all.shown + Self.priorLooks)
        var features: [String: ContextValue] = [:]
        for (tag, tally) in tags {
            let ratio = (tally.taken + Self.priorTakes) / (tally.shown * rate + Self.priorTakes)
            features[ActionFeatures.tastePrefix + tag] = .number(log(ratio))
        }
        return features
    }
}
