package import Analysis
import Charts

/// An answer in words, tables and charts.
package enum AnswerReport {
    package static func make(_ query: Query, _ result: QueryResult, _ setting: ReportSetting = .plain) -> Report {
        switch (query, result) {
        case (.funnel(let query), .funnel(let result)): FunnelReport(query, result, setting).make()
        case (.paths(let query), .paths(let result)): PathsReport(query, result, setting).make()
        case (.correlation(let query), .correlation(let result)): CorrelationReport(query, result, setting).make()
        case (.retention(let query), .retention(let result)): RetentionReport(query, result, setting).make()
        case (.trends(let query), .trends(let result)): TrendsReport(query, result, setting).make()
        case (.lifecycle(let query), .lifecycle(let result)): LifecycleReport(query, result, setting).make()
        case (.stickiness(let query), .stickiness(let result)): StickinessReport(query, result, setting).make()
        case (.sessions(let query), .sessions(let result)): SessionsReport(query, result, setting).make()
        case (.journeyMap(let query), .journeyMap(let result)): JourneyMapReport(query, result, setting).make()
        default: preconditionFailure("a query of kind \(query.kind) is answered by its own kind of result")
        }
    }
}

extension Report {
    /// The people behind a number, when they were asked for.
    mutating func add(_ people: PeopleList?, in words: ReportWords, of what: @autoclosure () -> String) {
        guard let people else { return }
        add(
            TextTable([.text(words.say("person", "고객"))], rows: people.ids.map { [TextTable.Cell($0)] }),
            heading: words.say(
                "\(words.people(people.count)) \(what())", "\(what()) \(words.people(people.count))"))
    }
}

/// Texts that several answers share.
enum AnswerText {
    static func value(_ value: Double?) -> String { value.map(NumberFormat.value) ?? "–" }
    static func plain(_ value: Double?) -> String { value.map(NumberFormat.plain) ?? "" }
}

/// Where the interval with a label begins, as milliseconds of the local clock, for the time axis of charts.
enum LabelTime {
    /// - Parameter label: `2024-06-10`, or for hours `2024-06-10T14:00:00+09:00`.
    static func milliseconds(_ label: String) -> Int64 {
        // Without its offset the text is the local clock, which is what charts draw.
        let local = label.count > 19 ? String(label.prefix(19)) : label
        guard let point = DayPoint(local) else { return 0 }
        return point.range(now: 0, in: .utc).lowerBound
    }
}
