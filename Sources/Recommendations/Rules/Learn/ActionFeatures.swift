import Foundation

/// From a person, a moment and an action to numbers.
///
/// What an action shows (its tags) is taken together with each thing that is known of the person and the moment, so
/// what is learned of one picture holds for others that show the same. `taste` carries what the person took before: one
/// coefficient for everybody, a value for each person and tag.
package enum ActionFeatures {
    /// Features of the context that are the person's taste for a tag: `taste.face`.
    package static let tastePrefix = "taste."
    /// What an action has done so far, beside what its tags explain.
    static let own = "own"

    /// - Parameters:
    ///   - tags: what the action shows, and how strongly.
    ///   - context: of the decision; texts count as they are, numbers as `terms` says.
    ///   - own: how much better the action did than others of its subject, shrunk towards 0.
    ///   - subject: how well the subject did, shrunk towards the mean of all.
    package static func features(
        tags: [String: Double], context: [String: ContextValue], own: Double, subject: Double
    ) -> [NamedFeature] {
        var result = [NamedFeature("1"), NamedFeature(ActionFeatures.own, own), NamedFeature("subject", subject)]
        let tags = tags.sorted { $0.key < $1.key }
        var taste = 0.0
        for (tag, strength) in tags {
            if case .number(let liking)? = context[tastePrefix + tag] { taste += strength * liking }
            result.append(NamedFeature("tag." + tag, strength))
        }
        if taste != 0 { result.append(NamedFeature("taste", min(3, max(-3, taste)))) }
        for (name, value) in context.sorted(by: { $0.key < $1.key }) where !name.hasPrefix(tastePrefix) {
            for term in terms(name, value) {
                result.append(term)
                for (tag, strength) in tags {
                    result.append(NamedFeature("\(tag)*\(term.name)", strength * term.value))
                }
            }
        }
        return result
    }

    /// A text as a switch of its own; a number from -1 to 1 as it is, beyond by the power of two that it reaches; an
    /// hour by its part of the day.
    static func terms(_ name: String, _ value: ContextValue) -> [NamedFeature] {
        switch value {
        case .text(let text): return [NamedFeature("\(name)=\(text)")]
        case .number(let number):
            guard number.isFinite else { return [] }
            if name == "hour" { return [NamedFeature("hour=\(dayPart(number))")] }
            if abs(number) <= 1 { return [NamedFeature(name, number)] }
            let power = Int(log2(abs(number)))
            return [NamedFeature("\(name)\(number < 0 ? "<-" : ">")2^\(power)")]
        }
    }

    /// Six parts of four hours, so that midnight is near to eleven.
    private static func dayPart(_ hour: Double) -> String {
        switch Int(hour) {
        case 2..<6: "night"
        case 6..<10: "morning"
        case 10..<14: "noon"
        case 14..<18: "afternoon"
        case 18..<22: "evening"
        default: "late"
        }
    }
}
