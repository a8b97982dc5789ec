import Access
import Collection
import Engine
import EventLog
import Foundation

/// What is expected to come: the events of the tracking plan, how strictly it is kept, and where it was broken.
enum PlanEditor {
    static func page(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let (violations, statistics) = try await call.parts.queries.run {
            (try live.collection.violations(limit: 200), try live.log.statistics)
        }
        let plan = live.collection.settings.plan
        let mayWrite = call.may(.collectionWrite)
        let counts = Dictionary(statistics.eventNames.map { ($0.name, $0.count) }) { first, _ in first }
        return .page(
            "data/plan", title: call.text("data.plan"),
            [
                "tabs": DataPages.tabs(.plan, call), "hasPlan": .flag(plan != nil), "mayWrite": .flag(mayWrite),
                "strict": .flag(plan?.strict ?? false), "others": .flag(plan?.others ?? false),
                "events": .list(
                    (plan?.events ?? [:]).sorted { $0.key < $1.key }.map { name, event in
                        [
                            "name": .text(name), "href": .text(call.link("data/event", ["name": name])),
                            "count": .text(call.format.number(counts[name] ?? 0)),
                            "properties": .list(
                                event.properties.sorted { $0.key < $1.key }.map { property, rule in
                                    [
                                        "name": .text(property),
                                        "type": .text(call.text("data.type." + rule.type.rawValue)),
                                        "isRequired": .flag(rule.required),
                                    ]
                                }),
                            "isClosed": .flag(!event.others), "isMissing": .flag(counts[name] == nil),
                        ]
                    }),
                "hasEvents": .flag(plan?.events.isEmpty == false),
                "violations": violations.isEmpty ? false : table(violations, call).value,
                "forget": mayWrite && !violations.isEmpty
                    ? Confirmation(
                        id: "forget", action: call.link("data/plan"), button: call.text("data.forget"),
                        title: call.text("data.forgetTitle"), text: call.text("data.forgetText"),
                        yes: call.text("data.forget"), values: [("do", "forget")]
                    ).value : false,
                "removal": mayWrite && plan != nil
                    ? Confirmation(
                        id: "remove-plan", action: call.link("data/plan"), button: call.text("data.removePlan"),
                        title: call.text("data.removePlanTitle"), text: call.text("data.removePlanText"),
                        yes: call.text("data.removePlan"), values: [("do", "remove")]
                    ).value : false,
                "empty": plan == nil
                    ? EmptyState(
                        icon: "check", title: call.text("data.noPlan"), text: call.text("data.noPlanText")
                    ).value : false,
                "canAdopt": .flag(mayWrite && !statistics.eventNames.isEmpty),
                "action": .text(call.link("data/plan")),
            ])
    }

    private static func table(_ violations: [ViolationCount], _ call: PageCall) -> DataTable {
        DataTable(
            call.text("data.violations"),
            columns: [
                .init(call.text("data.event")), .init(call.text("data.property")), .init(call.text("data.problem")),
                .init(call.text("data.count"), isNumber: true), .init(call.text("data.lastSeen")),
            ],
            rows: violations.map { count in
                [
                    DataTable.Cell(
                        count.violation.event, href: call.link("data/event", ["name": count.violation.event])),
                    DataTable.Cell(count.violation.property.isEmpty ? "–" : count.violation.property),
                    DataTable.Cell(call.text("data.reason." + count.violation.reason.rawValue)),
                    DataTable.Cell(call.format.number(count.count)),
                    DataTable.Cell(call.format.relative(count.lastTime), style: "nowrap"),
                ]
            })
    }

    static func save(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        var settings = live.collection.settings
        var text = "data.planSaved"
        switch call.form["do"] {
        case "forget":
            try live.collection.forgetViolations()
            return .redirect("data/plan", saying: call.text("data.forgotten"))
        case "remove":
            settings.plan = nil
            text = "data.planRemoved"
        case "begin": settings.plan = TrackingPlan(others: true)
        case "adopt": settings.plan = try await adopted(settings.plan, live, call)
        case "add":
            guard let name = call.form["name"], name.utf8.count <= Limits.nameBytes else {
                throw Problem.badRequest("an event needs a name of at most \(Limits.nameBytes) bytes", field: "name")
            }
            var plan = settings.plan ?? TrackingPlan(others: true)
            if plan.events[name] == nil { plan.events[name] = TrackingPlan.Event() }
            settings.plan = plan
            try set(settings, call)
            return .redirect(call.link("data/event", ["name": name]), saying: call.text(text))
        default:
            var plan = settings.plan ?? TrackingPlan()
            plan.strict = call.form["strict"] == "true"
            plan.others = call.form["others"] == "true"
            settings.plan = plan
        }
        try set(settings, call)
        return .redirect("data/plan", saying: call.text(text))
    }

    static func set(_ settings: CollectionSettings, _ call: PageCall) throws {
        try call.workspace().collection.set(settings)
        try call.access.note(
            call.call.change, workspace: call.workspaceName, action: "tracking_plan.changed",
            target: "\(settings.plan?.events.count ?? 0)", detail: [:])
    }

    /// Every event that came, with the properties that nearly all of them have: a plan that today's events fit.
    private static func adopted(_ old: TrackingPlan?, _ live: LiveWorkspace, _ call: PageCall) async throws
        -> TrackingPlan
    {
        try await call.parts.queries.run {
            var plan = old ?? TrackingPlan(others: true)
            let names = try live.log.statistics.eventNames.sorted { $0.count > $1.count }.prefix(200).map(\.name)
            let schemas = try EventSchema.read(names.filter { plan.events[$0] == nil }, from: live.log.snapshot())
            for (name, schema) in schemas {
                var event = TrackingPlan.Event()
                let grouped = Dictionary(grouping: schema.properties) { $0.name }
                for (property, types) in grouped where !property.hasPrefix("context.") && !property.hasPrefix("$") {
                    let count = types.reduce(0) { $0 + $1.count }
                    event.properties[property] = .init(
                        type: types.count == 1 ? PlanEditor.type(types[0].type) : .any, required: count == schema.count)
                }
                plan.events[name] = event
            }
            return plan
        }
    }

    private static func type(_ type: PropertyType) -> TrackingPlan.ValueType {
        if type.isList { return .list }
        return switch type {
        case .number: .number
        case .boolean: .boolean
        default: .string
        }
    }
}

/// What the tracking plan says of one event.
enum PlanEventForm {
    static func save(_ call: PageCall) throws -> PageAnswer {
        guard let name = call.form.raw("event"), !name.isEmpty else {
            throw Problem.badRequest("must be given: the event's name", field: "event")
        }
        var settings = try call.workspace().collection.settings
        var plan = settings.plan ?? TrackingPlan(others: true)
        if call.form["do"] == "remove" {
            plan.events[name] = nil
        } else {
            var event = TrackingPlan.Event(others: call.form["others"] == "true")
            let required = Set(call.form.all("required"))
            for (field, value) in call.form.pairs where field.hasPrefix("type:") {
                guard let type = TrackingPlan.ValueType(rawValue: value) else { continue }
                let property = String(field.dropFirst(5))
                event.properties[property] = .init(type: type, required: required.contains(property))
            }
            for number in 1...2 {
                guard let property = call.form["new:\(number)"] else { continue }
                let type = call.form["newType:\(number)"].flatMap(TrackingPlan.ValueType.init(rawValue:)) ?? .any
                event.properties[property] = .init(type: type, required: call.form.has("newRequired:\(number)"))
            }
            plan.events[name] = event
        }
        settings.plan = plan
        try PlanEditor.set(settings, call)
        let isGone = call.form["do"] == "remove"
        return .redirect(
            isGone ? call.link("data/plan") : call.link("data/event", ["name": name]),
            saying: call.text("data.planSaved"))
    }
}
