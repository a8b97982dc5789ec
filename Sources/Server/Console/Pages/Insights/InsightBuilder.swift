import Analysis
import Foundation
import Reports
import Settings

/// The form of a builder: its fields for a kind of question, filled with what the address says.
struct InsightBuilder {
    let form: InsightForm
    let call: PageCall

    private var tree: FormTree { form.tree }
    private var kind: Query.Kind { form.kind }

    /// What the builder shows; other fields go along unseen.
    private final class Shown {
        var names: Set<String> = []
    }

    private let shown = Shown()

    init(_ form: InsightForm, _ call: PageCall) {
        self.form = form
        self.call = call
    }

    var value: PageValue {
        let sections = sections
        let rest = tree.fields.filter { !shown.names.contains($0.name) }
        return [
            "action": .text(call.link("insights/" + kind.rawValue)), "kind": .text(kind.rawValue),
            "sections": .list(sections),
            "hidden": .list(rest.map { ["name": .text($0.name), "value": .text($0.value)] }),
        ]
    }

    private var sections: [PageValue] {
        switch kind {
        case .funnel: [steps("steps"), filterSection, options(funnelOptions), breakdown(), range]
        case .correlation:
            [steps("funnel.steps"), options(correlationOptions), range]
        case .trends: [series, filterSection, options(trendOptions), breakdown(), range]
        case .retention: [retentionEvents, filterSection, options(retentionOptions), breakdown(), range]
        case .paths: [options(pathPoints, title: "points"), filterSection, options(pathOptions), range]
        case .lifecycle: [options([event("event")], title: "event"), filterSection, options([interval()]), range]
        case .stickiness: [selectors, filterSection, options(stickinessOptions), range]
        case .sessions:
            [
                options([event("event")], title: "event"), filterSection,
                options([interval(), span("timeout", ["10m", "30m", "1h", "2h"], "30m")]), breakdown(sessions: true),
                range,
            ]
        case .journeyMap: [stages, filterSection, range]
        }
    }

    // MARK: Lists of events

    private func steps(_ path: String) -> PageValue {
        rows(path, title: "steps", add: "addStep", least: kind == .correlation ? 2 : 1) { path in
            guard kind == .funnel else { return [] }
            return [select(path + ".optional", "optional", choices("optional", ["false", "true"]), standard: "false")]
        }
    }

    private var series: PageValue {
        rows("series", title: "series", add: "addSeries", least: 1, letters: true) { path in
            let math = tree.text(path + ".math").flatMap { TrendMath(rawValue: $0) } ?? .total
            var fields = [
                select(
                    path + ".math", "math",
                    TrendMath.allCases.map { ($0.rawValue, TrendMathName.of($0, call.reportLanguage)) },
                    standard: TrendMath.total.rawValue, restructures: true)
            ]
            if math.needsProperty { fields.append(combobox(path + ".property", "property", "properties")) }
            return fields
        }
    }

    private var selectors: PageValue {
        rows("series", title: "series", add: "addSeries", least: 1, letters: true) { _ in [] }
    }

    private var stages: PageValue { stageRows() }

    /// The stages of the journey map, here and on the page that draws it.
    func stageRows() -> PageValue {
        rows("stages", title: "stages", add: "addStage", least: 2) { path in
            let own = Int(path.split(separator: ".").last ?? "") ?? 0
            let earlier = (0..<own).map { (String($0), tree.text("stages.\($0).name") ?? String($0 + 1)) }
            var fields = [input(path + ".name", "stageName")]
            if own > 0 {
                fields.append(
                    select(
                        path + ".after", "after", [("", call.text("insights.choice.any"))] + earlier, standard: "",
                        restructures: true))
                if tree.text(path + ".after") != nil {
                    fields.append(span(path + ".pause", ["1h", "1d", "3d", "7d", "30d"], "", isOptional: true))
                }
            }
            return fields
        }
    }

    private var retentionEvents: PageValue {
        section(
            "retention",
            rows: [
                row("targetEvent", mark: "1", label: "targetEvent"),
                row("returnEvent", mark: "2", label: "returnEvent"),
            ])
    }

    private func rows(
        _ path: String, title: String, add: String, least: Int, letters: Bool = false,
        _ extra: (String) -> [PageValue]
    ) -> PageValue {
        let count = max(tree.list(path).count, least)
        let rows = (0..<count).map { index -> PageValue in
            let own = "\(path).\(index)"
            let mark = letters && index < 26 ? String(UnicodeScalar(UInt8(65 + index))) : String(index + 1)
            var row = self.row(own, mark: mark, label: "event", extra: extra(own))
            row["up"] = index > 0 ? .text("\(path).\(index).\(index - 1)") : false
            row["down"] = index + 1 < count ? .text("\(path).\(index).\(index + 1)") : false
            row["remove"] = count > least ? .text(own) : false
            row["isMovable"] = .flag(count > 1)
            row["list"] = .text(path)
            row["index"] = .text(String(index))
            return row
        }
        return section(title, rows: rows, add: (path, add))
    }

    private func row(_ path: String, mark: String, label: String, extra: [PageValue] = []) -> PageValue {
        let filters = tree.list(path + ".filters").indices.map { filter("\(path).filters.\($0)") }
        return [
            "mark": .text(mark), "event": combobox(path + ".event", label, "events", placeholder: "anyEvent"),
            "extra": .list(extra), "filters": .list(filters), "addFilter": .text(path + ".filters"), "up": false,
            "down": false, "remove": false, "isMovable": false, "list": "", "index": "",
        ]
    }

    private func section(_ title: String, rows: [PageValue] = [], add: (path: String, text: String)? = nil) -> PageValue
    {
        [
            "title": .text(call.text("insights.section." + title)), "rows": .list(rows),
            "add": add.map { .text($0.path) } ?? false,
            "addText": .text(add.map { call.text("insights." + $0.text) } ?? ""),
            "fields": [], "filters": [], "addFilter": false, "isRange": false,
        ]
    }

    // MARK: Filters

    private var filterSection: PageValue {
        let filters = tree.list("filters").indices.map { filter("filters.\($0)") }
        var value = section("filters")
        value["filters"] = .list(filters)
        value["addFilter"] = "filters"
        return value
    }

    private static let operators: [FilterOperator] = [
        .equals, .notEquals, .oneOf, .notOneOf, .contains, .notContains, .greater, .greaterOrEqual, .less, .lessOrEqual,
        .between, .isSet, .isNotSet, .dateBefore, .dateAfter, .dateBetween, .regex, .notRegex,
    ]

    private func filter(_ path: String) -> PageValue {
        // Filters of other forms go along unseen.
        if tree["\(path).and"] != nil || tree["\(path).or"] != nil || tree["\(path).not"] != nil {
            return ["isOther": true, "remove": .text(path), "text": .text(call.text("insights.otherFilter"))]
        }
        let op = tree.text(path + ".op").flatMap { FilterOperator(rawValue: $0) } ?? .equals
        let of = tree.text(path + ".of") ?? "property"
        let property = tree.text(path + ".name")
        let takesValue = op != .isSet && op != .isNotSet
        return [
            "isOther": false, "remove": .text(path), "text": "",
            "of": select(
                path + ".of", "of", ["property", "person"].map { ($0, call.text("insights.of." + $0)) },
                standard: "property"),
            "name": combobox(
                path + ".name", "propertyName", of == "property" ? "properties" : "traits", restructures: true),
            "op": select(
                path + ".op", "op", Self.operators.map { ($0.rawValue, call.text("insights.op." + $0.rawValue)) },
                standard: FilterOperator.equals.rawValue, restructures: true),
            "value": takesValue
                ? combobox(
                    path + ".value", "value",
                    of == "property" && property != nil ? "values?property=" + PageCall.escape(property ?? "") : nil)
                : false,
        ]
    }

    // MARK: Fields

    private func options(_ fields: [PageValue], title: String = "options") -> PageValue {
        var value = section(title)
        value["fields"] = .list(fields)
        return value
    }

    private var funnelOptions: [PageValue] {
        [
            span("window", ["1h", "1d", "3d", "7d", "14d", "30d", "90d"], "14d"),
            select("order", "order", choices("order", FunnelOrder.allCases.map(\.rawValue)), standard: "ordered"),
            select("reference", "reference", choices("reference", ["total", "previous"]), standard: "total"),
            select(
                "aggregateBy", "aggregateBy", choices("aggregateBy", ["person", "session"]), standard: "person"),
            select(
                "trend.interval", "trend", [("", call.text("insights.choice.none"))] + periods, standard: ""),
            select(
                "timeToConvert", "timeToConvert",
                [("", call.text("insights.choice.no")), ("true", call.text("insights.choice.yes"))], standard: ""),
        ]
    }

    private var correlationOptions: [PageValue] {
        [
            span("funnel.window", ["1h", "1d", "3d", "7d", "14d", "30d", "90d"], "14d"),
            combobox("properties", "properties", "properties", placeholder: "commas"),
            combobox("traits", "traits", "traits", placeholder: "commas"),
            input("minimumSupport", "minimumSupport", type: "number", placeholder: "5"),
        ]
    }

    private var trendOptions: [PageValue] {
        [
            interval(),
            select(
                "compare", "compare",
                [("false", "none"), ("true", "previous"), ("year", "year")].map {
                    ($0.0, call.text("insights.compare." + $0.1))
                }, standard: "false"),
            select(
                "smoothing", "smoothing",
                [("1", call.text("insights.choice.none"))]
                    + ["3", "7", "28"].map { ($0, call.text("insights.smoothing", ["count": $0])) }, standard: "1"),
            select(
                "cumulative", "cumulative",
                [("false", call.text("insights.choice.no")), ("true", call.text("insights.choice.yes"))],
                standard: "false"),
            input("formula", "formula", placeholder: "A / B"),
        ]
    }

    private var retentionOptions: [PageValue] {
        [
            select("period", "period", periods, standard: "day"),
            input("intervals", "intervals", type: "number", placeholder: "8"),
            select(
                "type", "retentionType", choices("retentionType", RetentionQuery.Kind.allCases.map(\.rawValue)),
                standard: RetentionQuery.Kind.recurring.rawValue),
            select(
                "windowMode", "windowMode",
                choices("windowMode", RetentionQuery.WindowMode.allCases.map(\.rawValue)), standard: "calendar"),
            select(
                "cumulative", "onOrAfter",
                [("false", call.text("insights.choice.no")), ("true", call.text("insights.choice.yes"))],
                standard: "false"),
        ]
    }

    private var pathPoints: [PageValue] {
        [
            combobox("startPoint", "startPoint", "events", placeholder: "anyEvent"),
            combobox("endPoint", "endPoint", "events", placeholder: "anyEvent"),
            combobox("excludeEvents", "excludeEvents", "events", placeholder: "commas"),
        ]
    }

    private var pathOptions: [PageValue] {
        [
            select("stepLimit", "stepLimit", (3...8).map { (String($0), String($0)) }, standard: "5"),
            select("edgeLimit", "edgeLimit", [12, 24, 50, 100].map { (String($0), String($0)) }, standard: "50"),
            span("sessionTimeout", ["10m", "30m", "1h", "1d", "7d"], "30m"),
            select(
                "collapseRepeats", "collapseRepeats",
                [("false", call.text("insights.choice.no")), ("true", call.text("insights.choice.yes"))],
                standard: "false"),
        ]
    }

    private var stickinessOptions: [PageValue] {
        [
            interval(),
            select(
                "math", "math", choices("stickinessMath", StickinessQuery.Math.allCases.map(\.rawValue)),
                standard: StickinessQuery.Math.dau.rawValue),
            select(
                "cumulative", "atLeast",
                [("false", call.text("insights.choice.no")), ("true", call.text("insights.choice.yes"))],
                standard: "false"),
        ]
    }

    private func breakdown(sessions: Bool = false) -> PageValue {
        var value = section("breakdown")
        let subjects = ["property", "person"].map { ($0, call.text("insights.of." + $0)) }
        var fields: [PageValue] = []
        if sessions {
            fields.append(
                select(
                    "breakdown.entryEvent", "entryEvent",
                    [("", call.text("insights.choice.no")), ("true", call.text("insights.choice.yes"))], standard: "",
                    restructures: true))
        }
        if tree.text("breakdown.entryEvent") == nil {
            fields += [
                select("breakdown.of", "of", subjects, standard: "property"),
                combobox(
                    "breakdown.name", "propertyName",
                    tree.text("breakdown.of") == "person" ? "traits" : "properties", placeholder: "noBreakdown"),
            ]
        }
        fields.append(input("breakdown.limit", "limit", type: "number", placeholder: "10"))
        value["fields"] = .list(fields)
        return value
    }

    private var range: PageValue {
        var value = section("range")
        let days = tree.text("days") ?? "custom"
        shown.names.formUnion(["days", "from", "to"])
        value["isRange"] = true
        var presets = ["7", "28", "90", "365"]
        if days != "custom", !presets.contains(days) { presets.append(days) }
        value["presets"] = .list(
            presets.map { preset in
                [
                    "value": .text(preset),
                    "text": .text(
                        preset == "365" ? call.text("range.365d") : call.text("insights.days", ["count": preset])),
                    "isChosen": .flag(preset == days),
                ]
            })
        value["isCustom"] = .flag(days == "custom")
        value["from"] = .text(tree.text("from") ?? "")
        value["to"] = .text(tree.text("to") ?? "")
        value["zone"] = .text(tree.text("timeZone") ?? call.settings.timeZone)
        return value
    }

    // MARK: Kinds of fields

    private var periods: [(String, String)] {
        Period.allCases.map { ($0.rawValue, call.text("insights.period." + $0.rawValue)) }
    }

    private func choices(_ group: String, _ values: [String]) -> [(String, String)] {
        values.map { ($0, call.text("insights.\(group).\($0)")) }
    }

    private func interval() -> PageValue { select("interval", "interval", periods, standard: "day") }

    private func event(_ name: String) -> PageValue { combobox(name, "event", "events", placeholder: "anyEvent") }

    private func field(_ name: String, _ label: String) -> [String: PageValue] {
        shown.names.insert(name)
        return [
            "id": .text("f-" + name.replacing(".", with: "-")), "name": .text(name),
            "label": .text(call.text("insights.field." + label)), "value": .text(tree.text(name) ?? ""),
            "isSelect": false, "isCheck": false, "isInput": false, "source": false, "placeholder": false,
            "options": [], "restructures": false, "type": "text", "isQuiet": .flag(label == "event"),
        ]
    }

    private func select(
        _ name: String, _ label: String, _ options: [(value: String, text: String)], standard: String,
        restructures: Bool = false
    ) -> PageValue {
        var members = field(name, label)
        let current = tree.text(name) ?? standard
        // What was asked by other means, such as a length of time of 36 hours, is a choice too.
        let all = options.contains { $0.value == current } ? options : options + [(current, current)]
        members["isSelect"] = true
        members["restructures"] = .flag(restructures)
        members["options"] = .list(
            all.map { ["value": .text($0.value), "text": .text($0.text), "isChosen": .flag($0.value == current)] })
        return .object(members)
    }

    private func span(_ name: String, _ spans: [String], _ standard: String, isOptional: Bool = false) -> PageValue {
        let label = String(name.split(separator: ".").last ?? "")
        let choices = spans.map { span in
            (span, TimeSpan(span).map { call.format.duration(seconds: $0.seconds) } ?? span)
        }
        return select(
            name, label, (isOptional ? [("", call.text("insights.choice.none"))] : []) + choices, standard: standard)
    }

    private func input(_ name: String, _ label: String, type: String = "text", placeholder: String? = nil) -> PageValue
    {
        var members = field(name, label)
        members["isInput"] = true
        members["type"] = .text(type)
        members["placeholder"] = placeholder.map { .text($0) } ?? false
        return .object(members)
    }

    private func combobox(
        _ name: String, _ label: String, _ source: String?, placeholder: String? = nil, restructures: Bool = false
    ) -> PageValue {
        var members = field(name, label)
        members["isInput"] = true
        members["source"] = source.map { .text(call.link("insights/names/" + $0)) } ?? false
        members["placeholder"] = placeholder.map { .text(call.text("insights.placeholder." + $0)) } ?? false
        members["restructures"] = .flag(restructures)
        return .object(members)
    }
}
