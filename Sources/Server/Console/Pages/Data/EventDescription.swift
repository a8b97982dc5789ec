import Access
import Collection
import Engine
import EventLog
import Foundation
import HTTPTypes
import Synchronization

/// One event: its properties with types and examples, what they mean, and what the tracking plan expects of it.
enum EventDescription {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        guard let name = call.query("name") else {
            throw Problem.badRequest("must be given: the event's name", field: "name")
        }
        return try await page(call, name, error: nil)
    }

    private static func page(_ call: PageCall, _ name: String, error: String?) async throws -> PageAnswer {
        let live = try call.workspace()
        let plan = live.collection.settings.plan
        let planned = plan?.events[name]
        let (schema, statistics, dictionary) = try await call.parts.queries.run {
            let statistics = try live.log.statistics.eventNames.first { $0.name == name }
            let schema = statistics == nil ? nil : try SchemaCache.shared.schema(of: name, live)
            return (schema, statistics, try live.collection.dictionary().filter { $0.event == name })
        }
        guard schema != nil || planned != nil else {
            throw Problem.notFound("there is no event '\(name.prefix(80))', and the tracking plan does not expect it")
        }
        let words = Dictionary(dictionary.map { ($0.property ?? "", $0) }) { first, _ in first }
        let mayWrite = call.may(.collectionWrite)
        let properties = rows(schema, planned, words, call)
        return .page(
            "data/event", title: name, status: error == nil ? .ok : .unprocessableContent,
            [
                "name": .text(name), "data": .text(call.link("data")), "error": .orFalse(error),
                "about": .text(words[""]?.text ?? ""), "owner": .text(words[""]?.owner ?? ""),
                "hasAbout": .flag(words[""]?.text.isEmpty == false), "mayWrite": .flag(mayWrite),
                "count": statistics.map { .text(call.text("data.eventNumber", count: $0.count)) } ?? false,
                "first": statistics.map { .text(call.format.dateTime($0.firstTime)) } ?? false,
                "last": statistics.map { .text(call.format.relative($0.lastTime)) } ?? false,
                "properties": .list(properties.filter { !$0.isContext }.map(\.value)),
                "context": .list(properties.filter(\.isContext).map(\.value)),
                "hasContext": .flag(properties.contains(where: \.isContext)),
                "isPlanned": .flag(planned != nil), "hasPlan": .flag(plan != nil),
                "others": .flag(planned?.others ?? true), "seesPlan": .flag(call.may(.collectionRead)),
                "live": call.may(.eventsRead) ? .text(call.link("live", ["event": name])) : false,
                "blank": mayWrite && call.may(.collectionRead) ? blank(call) : [],
            ])
    }

    private struct Row {
        var isContext: Bool
        var value: PageValue
    }

    private static func rows(
        _ schema: EventSchema?, _ planned: TrackingPlan.Event?, _ words: [String: DictionaryEntry], _ call: PageCall
    ) -> [Row] {
        var known: [String: (types: [String], count: Int, examples: [PropertyValue])] = [:]
        for property in schema?.properties ?? [] {
            var entry = known[property.name] ?? ([], 0, [])
            entry.types.append(property.type.label)
            entry.count += property.count
            entry.examples += property.examples
            known[property.name] = entry
        }
        let names = Set(known.keys).union(planned?.properties.keys ?? [:].keys)
        let total = max(schema?.count ?? 0, 1)
        return names.sorted { (known[$1]?.count ?? 0, $0) < (known[$0]?.count ?? 0, $1) }.map { name in
            let entry = known[name]
            let rule = planned?.properties[name]
            let share = Double(entry?.count ?? 0) / Double(total)
            // Values may be personal.
            let examples = call.may(.eventsRead) ? entry?.examples.prefix(3).map { call.show($0, most: 40) } ?? [] : []
            return Row(
                isContext: name.hasPrefix("context.") || name.hasPrefix("$"),
                value: [
                    "name": .text(name), "types": .text(entry?.types.joined(separator: ", ") ?? "–"),
                    "share": .text(call.format.percent(share)), "percent": .text(String(Int((share * 100).rounded()))),
                    "examples": examples.isEmpty ? false : .text(examples.joined(separator: " · ")),
                    "about": .text(words[name]?.text ?? ""), "hasAbout": .flag(words[name]?.text.isEmpty == false),
                    "options": options(rule?.type, call), "isRequired": .flag(rule?.required ?? false),
                    "isInPlan": .flag(rule != nil), "seen": .flag(entry != nil),
                ])
        }
    }

    private static func options(_ chosen: TrackingPlan.ValueType?, _ call: PageCall) -> PageValue {
        .list(
            [["value": "", "text": .text(call.text("data.type.none")), "isChosen": .flag(chosen == nil)]]
                + TrackingPlan.ValueType.allCases.map { type in
                    [
                        "value": .text(type.rawValue), "text": .text(call.text("data.type." + type.rawValue)),
                        "isChosen": .flag(chosen == type),
                    ]
                })
    }

    /// Empty rows for properties that have not come yet.
    private static func blank(_ call: PageCall) -> PageValue {
        .list((1...2).map { ["number": .text(String($0)), "options": options(nil, call)] })
    }

    static func save(_ call: PageCall) async throws -> PageAnswer {
        guard let name = call.form.raw("event"), !name.isEmpty else {
            throw Problem.badRequest("must be given: the event's name", field: "event")
        }
        var entries = [
            DictionaryEntry(event: name, text: call.form["about"] ?? "", owner: call.form["owner"] ?? "")
        ]
        for (field, value) in call.form.pairs where field.hasPrefix("about:") {
            let text = value.trimmingCharacters(in: .whitespacesAndNewlines)
            entries.append(DictionaryEntry(event: name, property: String(field.dropFirst(6)), text: text))
        }
        do {
            try call.workspace().collection.describe(entries)
        } catch let error as CollectionError where error.code == .invalid {
            return try await page(call, name, error: error.message)
        }
        try call.access.note(
            call.call.change, workspace: call.workspaceName, action: "event.described", target: name)
        return .redirect(call.link("data/event", ["name": name]), saying: call.text("data.described"))
    }
}

/// The properties of an event take a scan to find, and change seldom.
private final class SchemaCache: Sendable {
    static let shared = SchemaCache()
    private static let ageMilliseconds: Int64 = 60_000
    private static let most = 500

    private struct Key: Hashable {
        var log: ObjectIdentifier
        var event: String
    }

    private let kept = Mutex<[Key: (schema: EventSchema, time: Int64)]>([:])

    func schema(of event: String, _ live: LiveWorkspace) throws -> EventSchema {
        let key = Key(log: ObjectIdentifier(live.log), event: event)
        let now = live.now()
        if let known = kept.withLock({ $0[key] }), now - known.time < Self.ageMilliseconds { return known.schema }
        let schema = try EventSchema.read(event, from: try live.log.snapshot())
        kept.withLock { kept in
            if kept.count >= Self.most { kept.removeAll() }
            kept[key] = (schema, now)
        }
        return schema
    }
}
