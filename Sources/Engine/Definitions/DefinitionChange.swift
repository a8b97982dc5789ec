import Analysis
import Audiences
import Collection
import Foundation
import Insights
import Lifecycle
import Recommendations

/// One difference between what files say and what there is.
package struct DefinitionChange: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable { case create, update }
    package enum Subject: String, Sendable, Codable {
        case audience, insight, dashboard, feedback, placement, intent
        case journeyMap = "journey map"
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
    /// What has to be done so that there is what these definitions say: what others mention comes first.
    ///
    /// - Parameter current: what there is.
    package func changes(from current: Definitions) -> [DefinitionChange] {
        var changes = Self.changes(.audience, inOrder, current.audiences, \.name) { old, new in
            [
                Self.detail("where", old.map(Self.rule), Self.rule(new)),
                Self.detail("description", old?.description, new.description),
            ]
        }
        changes += Self.changes(.insight, insights, current.insights, \.name) { old, new in
            [
                Self.detail("query", old.map { Self.text($0.query) }, Self.text(new.query)),
                Self.detail("description", old?.description, new.description),
                Self.detail("view", old?.view.rawValue, new.view.rawValue),
            ]
        }
        changes += Self.changes(.dashboard, dashboards, current.dashboards, \.name) { old, new in
            [
                Self.detail("tiles", old?.summary, new.summary),
                Self.detail("description", old?.description, new.description),
            ]
        }
        if let journeyMap {
            let current = current.journeyMap.map { [$0] } ?? []
            changes += Self.changes(.journeyMap, [journeyMap], current, { _ in "" }) { old, new in
                [Self.detail("stages", old.map { Self.text($0.stages) }, Self.text(new.stages))]
            }
        }
        if let feedback {
            let current = current.feedback.map { [$0] } ?? []
            changes += Self.changes(.feedback, [feedback], current, { _ in "" }) { old, new in
                [
                    Self.detail("events", old.map { Self.text($0.events) }, Self.text(new.events)),
                    Self.detail("strengths", old.map { Self.text($0.strengths) }, Self.text(new.strengths)),
                    Self.detail("group", old?.group, new.group),
                ]
            }
        }
        changes += Self.changes(.placement, placementsInOrder, current.placements, \.name) { old, new in
            [Self.detail("definition", old.map { Self.text($0) }, Self.text(new))]
        }
        if let intent {
            let current = current.intent.map { [$0] } ?? []
            changes += Self.changes(.intent, [intent], current, { _ in "" }) { old, new in
                [Self.detail("settings", old.map { Self.text($0) }, Self.text(new))]
            }
        }
        if let trackingPlan {
            let current = current.trackingPlan.map { [$0] } ?? []
            changes += Self.changes(.trackingPlan, [trackingPlan], current, { _ in "" }, details: Self.details)
        }
        return changes
    }

    private static func changes<Definition: Equatable>(
        _ subject: DefinitionChange.Subject, _ wanted: [Definition], _ current: [Definition],
        _ name: (Definition) -> String, details: (Definition?, Definition) -> [DefinitionChange.Detail?]
    ) -> [DefinitionChange] {
        wanted.compactMap { wanted in
            let old = current.first { name($0) == name(wanted) }
            if old == wanted { return nil }
            return DefinitionChange(
                kind: old == nil ? .create : .update, subject: subject, name: name(wanted),
                details: details(old, wanted).compactMap(\.self))
        }
    }

    /// A question or a part of one as it would be written.
    private static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? ""
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

    /// Those that choose pictures before those that have theirs chosen.
    private var placementsInOrder: [Placement] {
        placements.filter { $0.kind == .artwork } + placements.filter { $0.kind != .artwork }
    }

    private static func rule(_ definition: AudienceDefinition) -> String {
        definition.predicate?.text ?? "a list that is kept by hand"
    }

    private static func detail(_ field: String, _ before: String?, _ after: String?) -> DefinitionChange.Detail? {
        let (before, after) = (before == "" ? nil : before, after == "" ? nil : after)
        return before == after ? nil : DefinitionChange.Detail(field: field, before: before, after: after)
    }

    private static func details(_ old: TrackingPlan?, _ new: TrackingPlan) -> [DefinitionChange.Detail?] {
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
        return details
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
