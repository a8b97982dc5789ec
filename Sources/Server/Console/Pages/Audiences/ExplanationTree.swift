import Audiences
import Foundation

/// Why a person is in an audience or not, as a tree with words.
enum ExplanationTree {
    static func value(_ explanation: AudienceExplanation, _ call: PageCall) -> PageValue {
        [
            "root": explanation.predicate.map { part($0, call) } ?? false,
            "isList": .flag(explanation.predicate == nil),
            "refuses": .flag(!explanation.mayBeProfiled),
            "next": explanation.nextChange.map {
                .text(call.text("person.nextChange", ["time": call.format.dateTime($0)]))
            } ?? false,
        ]
    }

    /// Every name is there, because a template looks for a missing one in what surrounds it, which here is another
    /// part.
    private static func part(_ part: AudienceExplanation.Part, _ call: PageCall) -> PageValue {
        let isGroup = part.kind != "condition"
        return [
            "text": .text(isGroup ? call.text("person.why." + part.kind) : part.text), "isGroup": .flag(isGroup),
            "holds": .flag(part.holds), "found": .text(call.language == .korean ? part.found.ko : part.found.en),
            "parts": .list(part.parts.map { Self.part($0, call) }), "hasParts": .flag(!part.parts.isEmpty),
        ]
    }
}
