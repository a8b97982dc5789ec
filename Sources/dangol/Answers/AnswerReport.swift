import Analysis

/// An answer in words, tables and charts.
enum AnswerReport {
    static func make(_ query: Query, _ result: QueryResult) -> Report {
        switch (query, result) {
        case (.funnel(let query), .funnel(let result)): FunnelReport.make(query, result)
        case (.paths(let query), .paths(let result)): PathsReport.make(query, result)
        case (.correlation(let query), .correlation(let result)): CorrelationReport.make(query, result)
        case (.retention(let query), .retention(let result)): RetentionReport.make(query, result)
        case (.trends(let query), .trends(let result)): TrendsReport.make(query, result)
        case (.lifecycle(let query), .lifecycle(let result)): LifecycleReport.make(query, result)
        case (.stickiness(let query), .stickiness(let result)): StickinessReport.make(query, result)
        case (.sessions(let query), .sessions(let result)): SessionsReport.make(query, result)
        default: preconditionFailure("a query of kind \(query.kind) is answered by its own kind of result")
        }
    }
}

extension Report {
    /// The people behind a number, when they were asked for.
    mutating func add(_ people: PeopleList?, of what: @autoclosure () -> String) {
        guard let people else { return }
        add(
            TextTable([.text("person")], rows: people.ids.map { [TextTable.Cell($0)] }),
            heading: "\(AnswerText.people(people.count)) \(what())")
    }
}

/// Words that several answers share.
enum AnswerText {
    /// `people`, or `1 person`.
    static func people(_ count: Int) -> String { count == 1 ? "1 person" : "\(NumberFormat.count(count)) people" }

    /// `from 2024-05-01 to 2024-05-31, Asia/Seoul`; nothing for all days in UTC.
    static func range(_ range: DateRange) -> String? {
        let days: String? =
            switch (range.from, range.to) {
            case (let from?, let to?): "from \(from) to \(to)"
            case (let from?, nil): "from \(from) on"
            case (nil, let to?): "up to \(to)"
            case (nil, nil): nil
            }
        let zone = range.timeZone.identifier == "UTC" ? nil : range.timeZone.identifier
        let parts = [days, zone].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    static func seconds(_ seconds: Double?) -> String { seconds.map { NumberFormat.duration(seconds: $0) } ?? "" }
    static func value(_ value: Double?) -> String { value.map(NumberFormat.value) ?? "–" }
    static func plain(_ value: Double?) -> String { value.map(NumberFormat.plain) ?? "" }
    static func percent(_ share: Double?) -> String { share.map(NumberFormat.percent) ?? "–" }
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
