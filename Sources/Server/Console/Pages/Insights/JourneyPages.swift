import Access
import Analysis
import Engine
import EventLog
import Foundation
import Insights
import Reports
import Settings

/// The journey map: how far customers get, and where they go from each stage.
enum JourneyPages {
    static let pages = [map, apply, reset]

    private static let map = ConsolePage.get("journey", name: "journey", in: .journey, access: .scope(.query)) { call in
        let workspace = try call.workspace()
        let range = TimeRange(call, standardDays: 90)
        let title = call.text("nav.journey")
        guard try workspace.names.statistics().events > 0 else {
            return .page(
                "journey/map", title: title,
                [
                    "hasStages": false, "range": RangePicker(range, path: "journey", call).value,
                    "empty": EmptyState(
                        icon: "journey", title: call.text("insights.emptyTitle"), text: call.text("journey.emptyText"),
                        snippet: "dangol import events.jsonl"
                    ).value,
                ])
        }
        let definition = try workspace.journeyMap(names: call.stageNames)
        let query = JourneyMapQuery(
            stages: definition.stages, listed: 3,
            range: DateRange(
                from: DayPoint(range.from), to: DayPoint(range.to), timeZone: ZoneName(call.settings.timeZone) ?? .utc))
        let question = try InsightQuestion(.journeyMap(query))
        let answer = try await InsightAnswer.ask(.journeyMap(query), workspace, call.parts)
        guard case .journeyMap(let result) = answer.result else { throw Problem.failed }
        let base = question.link(call, "people")
        let setting = try call.reportSetting(peopleBase: base, nil)
        let picture = JourneyPicture(query, result, call, peopleBase: call.may(.peopleRead) ? base : nil)
        return .page(
            "journey/map", title: title,
            picture.value.adding([
                "hasStages": true, "empty": false, "range": RangePicker(range, path: "journey", call).value,
                "edit": .text(question.link(call)), "isDrawn": .flag(try workspace.insights.journeyMap() != nil),
                "mayWrite": .flag(call.may(.insightsWrite)), "reset": .text(call.link("journey/reset")),
                "answer": InsightPresentation(answer, call, setting).value(csvBase: question.link(call, "table.csv")),
            ]))
    }

    /// Takes the stages of a builder.
    private static let apply = ConsolePage.post(
        "journey", name: "journey.change", in: .journey, access: .scope(.insightsWrite)
    ) { call in
        let fields = try call.fields(of: "address")
        let question = try InsightQuestion(.journeyMap, call, fields: fields)
        guard case .journeyMap(let query)? = question.query else {
            throw question.mistake ?? QueryError(.missingField, "stages", "must be given")
        }
        try call.workspace().insights.setJourneyMap(JourneyMapDefinition(stages: query.stages))
        try call.call.note("journey_map.changed", "journey-map")
        return .redirect("journey", saying: call.text("journey.changed"))
    }

    private static let reset = ConsolePage.post(
        "journey/reset", name: "journey.reset", in: .journey, access: .scope(.insightsWrite)
    ) { call in
        try call.workspace().insights.setJourneyMap(nil)
        try call.call.note("journey_map.reset", "journey-map")
        return .redirect("journey", saying: call.text("journey.resetDone"))
    }
}

/// The stages as a river that narrows, and what is known of each below it.
struct JourneyPicture {
    private let query: JourneyMapQuery
    private let result: JourneyMapResult
    private let call: PageCall
    private let peopleBase: String?
    private let most: Double

    init(_ query: JourneyMapQuery, _ result: JourneyMapResult, _ call: PageCall, peopleBase: String?) {
        self.query = query
        self.result = result
        self.call = call
        self.peopleBase = peopleBase
        most = Double(max(1, result.stages.map(\.count).max() ?? 1))
    }

    var value: PageValue {
        let first = result.stages.first?.count ?? 0
        let last = result.stages.last
        return [
            "count": .text(String(result.stages.count)), "river": .html(river),
            "summary": .text(
                call.text(
                    "journey.summary",
                    [
                        "first": call.format.number(first), "last": call.format.number(last?.count ?? 0),
                        "lastName": last?.name ?? "", "firstName": result.stages.first?.name ?? "",
                    ])),
            "stages": .list(result.stages.indices.map(stage)),
        ]
    }

    private func stage(_ index: Int) -> PageValue {
        let stage = result.stages[index]
        let isLast = index == result.stages.count - 1
        let flows = result.flows.filter { $0.from == index }.sorted { $0.count > $1.count }
        return [
            "number": .text(String(index + 1)), "name": .text(stage.name),
            "events": .text(
                query.stages[index].selector.events?.joined(separator: ", ")
                    ?? call.text("insights.placeholder.anyEvent")),
            "count": .text(call.format.number(stage.count)), "people": people(index, "reached"),
            "share": .text(call.format.percent(Double(stage.count) / most)),
            "meter": .text(String(Int((Double(stage.count) / most * 100).rounded()))), "isLast": .flag(isLast),
            "rate": .text(call.format.percent(stage.conversionRate)), "onward": .text(call.format.number(stage.onward)),
            "onwardPeople": people(index, "onward"), "dropped": .text(call.format.number(stage.dropped)),
            "droppedPeople": people(index, "dropped"),
            "time": stage.medianSeconds.map { .text(call.format.duration(seconds: $0)) } ?? false,
            "reasons": .list(
                stage.lastEvents.map { last in
                    [
                        "event": .text(last.event),
                        "share": .text(
                            call.format.percent(Double(last.count) / Double(max(1, stage.dropped)), decimals: 0)),
                    ]
                }),
            "hasReasons": .flag(!isLast && !stage.lastEvents.isEmpty),
            "flows": .list(flows.prefix(3).map(flow)), "hasFlows": .flag(!flows.isEmpty), "funnel": funnel(index),
        ]
    }

    private func flow(_ flow: JourneyMapResult.Flow) -> PageValue {
        let way = flow.paths.first { !$0.events.isEmpty }
        return [
            "to": .text(result.stages[flow.to].name), "count": .text(call.format.number(flow.count)),
            "people": people(flow.from, "onward", to: flow.to),
            "time": .text(call.format.duration(seconds: flow.medianSeconds)),
            "way": way.map { .text($0.events.joined(separator: " → ")) } ?? false,
        ]
    }

    private func people(_ stage: Int, _ outcome: String, to: Int? = nil) -> PageValue {
        guard let peopleBase else { return false }
        let target = to.map { "&people.to=\($0)" } ?? ""
        return .text("\(peopleBase)&people.stage=\(stage)&people.outcome=\(outcome)\(target)")
    }

    /// The funnel from a stage to the next one, with the days of the map.
    private func funnel(_ index: Int) -> PageValue {
        guard index + 1 < query.stages.count else { return false }
        let steps = query.stages[index...(index + 1)].map { FunnelStep($0.selector) }
        let funnel = FunnelQuery(steps, window: TimeSpan(days: 30), range: query.range)
        guard let question = try? InsightQuestion(.funnel(funnel)) else { return false }
        return .text(question.link(call))
    }

    /// A band through the middle of each stage's column, as wide as people reach it. Stretched over the columns.
    private var river: String {
        let height = 120.0
        func half(_ index: Int) -> Double { max(1.5, Double(result.stages[index].count) / most * (height / 2 - 6)) }
        func x(_ index: Int) -> Double { (Double(index) + 0.5) * 100 }
        let last = result.stages.count - 1
        guard last > 0 else { return "" }
        let middle = height / 2
        func side(_ sign: Double, _ indices: [Int]) -> String {
            zip(indices, indices.dropFirst()).map { from, to in
                let centre = (x(from) + x(to)) / 2
                return "C\(round(centre)) \(round(middle + sign * half(from))) \(round(centre)) "
                    + "\(round(middle + sign * half(to))) \(round(x(to))) \(round(middle + sign * half(to)))"
            }.joined()
        }
        let forward = Array(0...last)
        let path =
            "M0 \(round(middle - half(0)))H\(round(x(0)))\(side(-1, forward))H\((last + 1) * 100)"
            + "V\(round(middle + half(last)))H\(round(x(last)))\(side(1, forward.reversed()))H0Z"
        let marks = forward.map { index in
            "<line x1=\"\(round(x(index)))\" x2=\"\(round(x(index)))\" y1=\"\(round(middle - half(index)))\" "
                + "y2=\"\(round(middle + half(index)))\" vector-effect=\"non-scaling-stroke\"/>"
        }
        return """
            <svg class="river" viewBox="0 0 \((last + 1) * 100) \(Int(height))" preserveAspectRatio="none" aria-hidden="true" \
            focusable="false"><path d="\(path)"/>\(marks.joined())</svg>
            """
    }

    private func round(_ value: Double) -> String { String(format: "%.1f", value) }
}
