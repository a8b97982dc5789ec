import Analysis
import Charts

/// Lifecycle: the active people of each interval by how they came, and those who fell away, below the axis.
struct LifecycleReport: Sendable {
    private let query: LifecycleQuery
    private let result: LifecycleResult
    private let setting: ReportSetting
    private let words: ReportWords
    private var say: ReportLanguage { words.say }

    init(_ query: LifecycleQuery, _ result: LifecycleResult, _ setting: ReportSetting) {
        self.query = query
        self.result = result
        self.setting = setting
        words = ReportWords(setting)
    }

    private func name(_ state: LifecycleQuery.State) -> String {
        switch state {
        case .new: say("new", "신규")
        case .returning: say("returning", "유지")
        case .resurrecting: say("resurrecting", "복귀")
        case .dormant: say("dormant", "휴면")
        }
    }

    func make() -> Report {
        let event =
            query.event.events == nil && query.event.name == nil ? say("any event", "모든 이벤트") : query.event.label
        var report = Report(say("Lifecycle: \(event)", "라이프사이클: \(event)"))
        let interval = query.interval.rawValue
        report.summary = [
            say(
                "People by \(interval): new, back again, back after a pause, and gone since the \(interval) before.",
                "\(words.by(query.interval)) 고객: 신규, 유지, 쉬었다가 복귀, 그리고 이전 구간 이후 휴면.")
        ]
        var table = TextTable([
            .text(say("from", "시작")), .number(say("active", "활성")), .number(name(.new)), .number(name(.returning)),
            .number(name(.resurrecting)), .number(name(.dormant)),
        ])
        for (index, label) in result.labels.enumerated() {
            let (new, returning) = (result.new[index], result.returning[index])
            let (resurrecting, dormant) = (result.resurrecting[index], result.dormant[index])
            let active = new + returning + resurrecting
            table.add(
                [
                    TextTable.Cell(label, .dim), TextTable.Cell(NumberFormat.count(active), .bold),
                    TextTable.Cell(NumberFormat.count(new), .green, link: link(.new, label, new)),
                    TextTable.Cell(NumberFormat.count(returning), link: link(.returning, label, returning)),
                    TextTable.Cell(NumberFormat.count(resurrecting), link: link(.resurrecting, label, resurrecting)),
                    TextTable.Cell(
                        dormant == 0 ? "0" : NumberFormat.count(-dormant), .red, link: link(.dormant, label, dormant)),
                ],
                values: [label] + [active, new, returning, resurrecting, dormant].map(String.init))
        }
        report.add(table)
        let heading = ChartHeading(
            say("Who came, who stayed away", "누가 오고, 누가 멀어졌나"), subtitle: words.range(query.range))
        report.charts.append(Report.Chart(heading, caption: report.summary[0]) { chart($0, width: $1) })
        report.add(
            result.people, in: words,
            of: query.people.map { say("\($0.state.rawValue) in \($0.label)", "\($0.label) \(name($0.state))") } ?? "")
        if result.partialLast {
            report.notes.append(
                say(
                    "The last \(interval) is not whole: some of its dormant people may still come.",
                    "마지막 구간은 아직 끝나지 않았습니다. 휴면으로 보이는 고객이 다시 올 수 있습니다."))
        }
        return report
    }

    private func link(_ state: LifecycleQuery.State, _ label: String, _ count: Int) -> String? {
        count == 0 ? nil : setting.link([("label", label), ("state", state.rawValue)])
    }

    private func chart(_ heading: ChartHeading, width: Double?) -> BarChart {
        func series(_ state: LifecycleQuery.State, _ counts: [Int], sign: Double = 1) -> BarChart.Series {
            BarChart.Series(
                name(state), counts.map { sign * Double($0) },
                links: setting.link == nil ? [] : zip(result.labels, counts).map { link(state, $0, $1) })
        }
        var chart = BarChart(
            heading, categories: result.labels,
            series: [
                series(.new, result.new), series(.returning, result.returning),
                series(.resurrecting, result.resurrecting), series(.dormant, result.dormant, sign: -1),
            ], arrangement: .stacked)
        chart.language = say.chart
        chart.size = chart.size.wide(width)
        chart.annotations = setting.barAnnotations(result.labels)
        return chart
    }
}
