import Access
import Analysis
import Charts
import Foundation

/// What came in, and who was there.
enum ActivityCards {
    /// The numbers of the loop, each with the list behind it.
    static let metrics = HomeCard(scope: .query, template: "home/metrics", place: .whole) { context in
        ["metrics": .list(metrics(context).map(\.value))]
    }

    private static func metrics(_ context: HomeContext) -> [Metric] {
        let (call, figures) = (context.call, context.figures)
        let (now, before) = (figures.people, figures.peopleBefore)
        let lifecycle = figures.lifecycle
        func course(_ values: [Int]) -> [Double?] { values.map { Double($0) } }
        func metric(
            _ key: String, _ value: Int, _ earlier: Int, _ predicate: String?, _ course: [Double?],
            moreIsBetter: Bool? = true
        ) -> Metric {
            var metric = Metric(
                call.text("home.\(key)"), value: call.format.number(value), href: predicate.flatMap(context.people),
                note: context.comparedText)
            metric.set(change: value, from: earlier, moreIsBetter: moreIsBetter, call.format)
            var line = Sparkline(call.text("home.\(key)"), course)
            line.language = call.language.chart
            (line.width, line.height) = (220, 36)
            metric.course = line
            return metric
        }
        var events = metric(
            "events", figures.events.reduce(0, +), figures.eventsBefore, nil, course(figures.events), moreIsBetter: nil)
        events.href = call.may(.eventsRead) ? call.link("live") : nil
        return [
            events,
            metric("active", now.active, before.active, "did any event \(context.within)", course(figures.active)),
            metric("new", now.new, before.new, "first did any event \(context.within)", course(lifecycle.new)),
            metric(
                "returning", now.returning, before.returning,
                "did any event \(context.within) and did any event \(context.withinBefore)",
                course(lifecycle.returning)),
            metric(
                "back", now.resurrecting, before.resurrecting,
                "did any event \(context.within) and did not any event \(context.withinBefore) "
                    + "and first did any event before \(context.range.before.from)",
                course(lifecycle.resurrecting)),
            metric(
                "dormant", now.dormant, before.dormant,
                "did any event \(context.withinBefore) and did not any event \(context.within)",
                course(lifecycle.dormant), moreIsBetter: false),
        ]
    }

    /// Who comes and who falls away, day by day.
    static let people = HomeCard(scope: .query, template: "home/chart") { context in
        let call = context.call
        let result = context.figures.lifecycle
        let names = ["new", "returning", "back", "dormant"].map { call.text("home.\($0)") }
        let values = [result.new, result.returning, result.resurrecting, result.dormant]
        let times = result.labels.compactMap { TimeRange.dayNumber(of: $0) }.map { Int64($0) * 86_400_000 }
        var table = DataTable(
            call.text("home.peopleByDay"),
            columns: [.init(call.text("home.day"))] + names.map { .init($0, isNumber: true) }, rows: [])
        table.rows = times.indices.reversed().map { index in
            [.init(call.format.calendarDay(times[index]))] + values.map { .init(call.format.number($0[index])) }
        }
        table.isCompact = true
        let figure = ChartFigure(
            title: call.text("home.peopleByDay"), note: context.periodText, width: 800, height: 280, table: table
        ) { size in
            var chart = LineChart(
                "",
                series: zip(names, values).map { name, values in
                    .init(name, zip(times, values).map { .init(time: $0, value: Double($1)) })
                })
            chart.language = call.language.chart
            chart.size = size
            chart.lastIsPartial = result.partialLast || context.range.days != nil
            return chart
        }
        return [
            "chart": figure.value, "more": .text(call.link("insights")), "moreText": .text(call.text("home.explore")),
        ]
    }

    static let events = HomeCard(scope: .query, template: "home/chart") { context in
        let call = context.call
        let times = (context.range.firstDay...context.range.lastDay).map { Int64($0) * 86_400_000 }
        let points = zip(times, context.figures.events).map { LineChart.Point(time: $0, value: Double($1)) }
        var table = DataTable(
            call.text("home.eventsByDay"),
            columns: [.init(call.text("home.day")), .init(call.text("home.events"), isNumber: true)],
            rows: points.reversed().map { point in
                [.init(call.format.calendarDay(point.time)), .init(call.format.number(Int(point.value ?? 0)))]
            })
        table.isCompact = true
        let figure = ChartFigure(
            title: call.text("home.eventsByDay"), note: context.periodText, width: 800, height: 280, table: table
        ) { size in
            var chart = LineChart("", series: [.init(call.text("home.events"), points)])
            chart.language = call.language.chart
            chart.size = size
            chart.lastIsPartial = context.range.days != nil
            return chart
        }
        return ["chart": figure.value, "more": false]
    }

    /// What people do most.
    static let names = HomeCard(scope: .query, template: "home/names", place: .side) { context in
        let call = context.call
        let names = context.figures.names.prefix(14)
        guard let most = names.first?.count, most > 0 else { return nil }
        return [
            "title": .text(call.text("home.names")), "note": .text(call.text("home.namesNote")),
            "rows": .list(
                names.map { name in
                    [
                        "name": .text(name.name), "count": .text(call.format.number(name.count)),
                        "last": call.format.moment(name.lastTime), "share": .text(String(name.count * 100 / most)),
                        "href": call.may(.eventsRead) ? .text(call.link("live", ["event": name.name])) : false,
                    ]
                }),
            "hasMore": .flag(call.may(.collectionRead)), "more": .text(call.link("data")),
        ]
    }
}

extension Metric {
    /// How the value has changed. From nothing to something is no share, so nothing is said.
    mutating func set(change value: Int, from earlier: Int, moreIsBetter: Bool?, _ format: LocalFormat) {
        guard earlier > 0 else { return }
        let share = Double(value - earlier) / Double(earlier)
        change = format.change(share)
        guard abs(share) >= 0.0005, let moreIsBetter else { return }
        tone = (share > 0) == moreIsBetter ? .good : .bad
    }
}
