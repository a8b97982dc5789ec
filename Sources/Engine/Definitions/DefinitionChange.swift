import Audiences
import Collection

/// One difference between what files say and what there is.
package struct DefinitionChange: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable { case create, update }
    package enum Subject: String, Sendable, Codable {
        case audience
        case trackingPlan = "tracking plan"
    }

    package struct Detail: Sendable, Hashable, Codable {
        package var field: String
        /// Nil where there was nothing.
        package var before: String?
        package var after: String?
    }

    package var kind: Kind
    package var subject: Subject
    package var name: String
    package var details: [Detail]
}

extension Definitions {
    /// What has to be done so that there is what these definitions say, audiences that others mention first.
    ///
    /// - Parameter current: what there is.
    package func changes(from current: Definitions) -> [DefinitionChange] {
        var changes: [DefinitionChange] = []
        for wanted in inOrder {
            let old = current.audiences.first { $0.name == wanted.name }
            if old == wanted { continue }
            let details = [
                Self.detail("where", old.map(Self.rule), Self.rule(wanted)),
                Self.detail("description", old?.description, wanted.description),
            ].compactMap(\.self)
            changes.append(
                DefinitionChange(
                    kind: old == nil ? .create : .update, subject: .audience, name: wanted.name, details: details))
        }
        if let wanted = trackingPlan, wanted != current.trackingPlan {
            changes.append(
                DefinitionChange(
                    kind: current.trackingPlan == nil ? .create : .update, subject: .trackingPlan, name: "",
                    details: Self.details(current.trackingPlan, wanted)))
        }
        return changes
    }

    /// Those that are mentioned before those that mention them. In a circle the order is the files', and the service
    /// refuses.
    private var inOrder: [AudienceDefinition] {
        var rest = audiences
        var ordered: [AudienceDefinition] = []
        while !rest.isEmpty {
            let names = Set(rest.map(\.name))
            let free = rest.firstIndex { definition in
                (definition.predicate?.audiences ?? []).subtracting([definition.name]).isDisjoint(with: names)
            }
            ordered.append(rest.remove(at: free ?? 0))
        }
        return ordered
    }

    private static func rule(_ definition: AudienceDefinition) -> String {
        definition.predicate?.text ?? "a list that is kept by hand"
    }

    private static func detail(_ field: String, _ before: String?, _ after: String?) -> DefinitionChange.Detail? {
        let (before, after) = (before == "" ? nil : before, after == "" ? nil : after)
        return before == after ? nil : DefinitionChange.Detail(field: field, before: before, after: after)
    }

    private static func details(_ old: TrackingPlan?, _ new: TrackingPlan) -> [DefinitionChange.Detail] {
        var details = [
            detail("strict", old.map { "\($0.strict)" }, "\(new.strict)"),
            detail("others", old.map { "\($0.others)" }, "\(new.others)"),
        ]
        let names = Set(new.events.keys).union(old?.events.keys ?? [:].keys)
        for name in names.sorted() {
            let (before, after) = (old?.events[name], new.events[name])
            if before == after { continue }
            details.append(
                DefinitionChange.Detail(field: name, before: before.map(text), after: after.map(text)))
        }
        return details.compactMap(\.self)
    }

    /// `total: number, required; coupon: string`
    private static func text(_ event: TrackingPlan.Event) -> String {
        var parts = event.properties.sorted { $0.key < $1.key }.map { name, property in
            "\(name): \(property.type.rawValue)\(property.required ? ", required" : "")"
        }
        if !event.others { parts.append("no others") }
        return parts.isEmpty ? "any properties" : parts.joined(separator: "; ")
    }
}
