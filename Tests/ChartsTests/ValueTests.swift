import Foundation
import Testing

@testable import Charts

@Suite("What charts show")
struct ValueTests {
    @Test("every point of a line tells its exact value and moment, and gaps break the line")
    func line() throws {
        let points: [LineChart.Point] = [3, 1_234_567, nil, 5, 6, .nan, 7].enumerated().map {
            .init(time: Samples.start + Int64($0.offset) * Samples.day, value: $0.element)
        }
        let drawing = Drawing(LineChart("Line", series: [.init("a", points)]).svg())
        #expect(
            drawing.marks.compactMap(\.title) == [
                "Apr 1, 2024: 3", "Apr 2, 2024: 1,234,567", "Apr 4, 2024: 5", "Apr 5, 2024: 6", "Apr 7, 2024: 7",
            ])
        // Two runs of more than one point; the last point stands alone.
        #expect(drawing.all("path").filter { $0.attributes["stroke-width"] == "2" }.count == 2)
    }

    @Test("heights of a line's points are in proportion to its values")
    func lineHeights() throws {
        let values: [Double] = [0, 25, 50, 100]
        let drawing = Drawing(
            LineChart(
                "Line",
                series: [
                    .init(
                        "a", values.enumerated().map { .init(time: Int64($0.offset) * Samples.day, value: $0.element) })
                ]
            ).svg())
        let ys = drawing.marks.compactMap { $0["cy"] }
        try #require(ys.count == 4)
        for (y, value) in zip(ys, values) { #expect(abs((ys[0] - y) / (ys[0] - ys[3]) - value / 100) < 0.001) }
    }

    @Test("stacked bars add up: each begins where the one before ends, negative ones below the axis")
    func stacks() throws {
        let series: [[Double?]] = [[10, 4], [20, nil], [30, 6], [-15, -5], [-5, 0]]
        let chart = BarChart(
            "Stack", categories: ["a", "b"], series: series.enumerated().map { .init("s\($0.offset)", $0.element) },
            arrangement: .stacked)
        let marks = Drawing(chart.svg()).marks
        let first = marks.filter { $0.title?.hasPrefix("a,") == true }.map(Drawing.extent)
        try #require(first.count == 5)
        let unit = (first[0].upperBound - first[0].lowerBound) / 10
        for (extent, value) in zip(first, [10.0, 20, 30, 15, 5]) {
            #expect(abs(extent.upperBound - extent.lowerBound - value * unit) < 0.05)
        }
        #expect(abs(first[1].upperBound - first[0].lowerBound) < 0.02)
        #expect(abs(first[2].upperBound - first[1].lowerBound) < 0.02)
        #expect(abs(first[3].lowerBound - first[0].upperBound) < 0.02)
        #expect(abs(first[4].lowerBound - first[3].upperBound) < 0.02)
        // The other category has the same scale.
        let second = marks.filter { $0.title?.hasPrefix("b,") == true }.map(Drawing.extent)
        try #require(second.count == 4)
        #expect(abs(second[0].upperBound - second[0].lowerBound - 4 * unit) < 0.05)
    }

    @Test("grouped bars stand side by side without overlapping")
    func groups() throws {
        let chart = BarChart("Groups", categories: ["a", "b"], series: (0..<3).map { .init("s\($0)", [5, 6]) })
        let spans = Drawing(chart.svg()).marks.map { mark in
            let xs = Drawing.points(mark.attributes["d"] ?? "").map(\.0)
            return (xs.min() ?? 0)...(xs.max() ?? 0)
        }.sorted { $0.lowerBound < $1.lowerBound }
        try #require(spans.count == 6)
        for (a, b) in zip(spans, spans.dropFirst()) { #expect(a.upperBound <= b.lowerBound + 0.01) }
    }

    @Test("a funnel shows counts, conversion from the first step and from the step before, and who dropped off")
    func funnel() throws {
        let chart = FunnelChart(
            "Funnel", steps: [.init("A", 2_000), .init("B", 1_500), .init("C", 300, medianSeconds: 90)])
        let drawing = Drawing(chart.svg())
        #expect(
            drawing.marks.compactMap(\.title) == [
                "1. A: 2,000 (100.0%)", "2. B: 1,500 (75.0%), 75.0% of step 1, 500 dropped off",
                "3. C: 300 (15.0%), 20.0% of step 2, 1,200 dropped off, median 1 min 30 s",
            ])
        for text in ["2,000", "1,500", "300", "75.0%", "15.0%", "20.0%", "−500 (25.0%)", "−1,200 (80.0%)"] {
            #expect(drawing.texts.contains(text), "\(text)")
        }
        let heights = drawing.marks.map { Drawing.extent($0).upperBound - Drawing.extent($0).lowerBound }
        #expect(abs(heights[1] / heights[0] - 0.75) < 0.002)
        #expect(abs(heights[2] / heights[0] - 0.15) < 0.002)
    }

    @Test("a cohort table shows shares, leaves the future blank and weights its average by size")
    func cohorts() {
        let chart = CohortTable(
            "Cohorts",
            rows: [
                .init("w1", size: 100, counts: [100, 50, 10]), .init("w2", size: 300, counts: [300, 90, nil]),
                .init("w3", size: 50, counts: [50, nil, nil]),
            ],
            period: "Week")
        let drawing = Drawing(chart.svg())
        #expect(drawing.marks.count == 6)
        #expect(drawing.marks.compactMap(\.title).contains("w2, Week 1: 90 / 300 (30.0%)"))
        // (50 + 90) / 400 and 10 / 100.
        #expect(drawing.texts.suffix(3) == ["100.0%", "35.0%", "10.0%"])
        let opacities = drawing.marks.compactMap { $0["fill-opacity"] }
        #expect(opacities.max() == opacities.first)
    }

    @Test("a Sankey's flows are as high as their counts and fill the sides of their nodes")
    func sankey() throws {
        let drawing = Drawing(Samples.sankey.svg())
        let nodes = drawing.marks.filter { $0.name == "rect" }
        let flows = drawing.marks.filter { $0.name == "path" }
        let links = Samples.sankey.links.filter { $0.count > 0 }
        #expect(flows.count == links.count)
        let layout = SankeyLayout(links: links, top: 60, height: 340, rowHeight: 19)
        let scale = try #require(layout.flows.map { $0.height / Double($0.link.count) }.first)
        for place in layout.places {
            let incoming = layout.flows.filter { $0.link.target == place.node }
            let outgoing = layout.flows.filter { $0.link.source == place.node }
            for (list, top) in [(incoming, \SankeyLayout.Flow.targetY), (outgoing, \.sourceY)] {
                let spans = list.map { ($0[keyPath: top], $0[keyPath: top] + $0.height) }.sorted { $0.0 < $1.0 }
                for (a, b) in zip(spans, spans.dropFirst()) { #expect(abs(a.1 - b.0) < 1e-6) }
                if let first = spans.first, let last = spans.last {
                    #expect(abs(first.0 - place.y) < 1e-6 && last.1 <= place.y + place.height + 1e-6)
                }
            }
            #expect(abs(place.height - Double(place.total) * scale) < 1e-6)
        }
        #expect(nodes.count == layout.places.count)
        // Nodes of a column do not overlap.
        for column in 0...4 {
            let spans = layout.places.filter { $0.node.column == column }.map { ($0.y, $0.y + $0.height) }.sorted {
                $0.0 < $1.0
            }
            for (a, b) in zip(spans, spans.dropFirst()) { #expect(a.1 < b.0) }
        }
    }

    @Test("a scatter plot draws points with their intervals and skips what a logarithm cannot show")
    func scatter() throws {
        let chart = ScatterChart(
            "Scatter",
            groups: [
                .init(
                    "g",
                    [.init("a", x: 1, y: 5, xInterval: 0.1...10), .init("b", x: -3, y: 5), .init("c", x: 100, y: 9)])
            ],
            x: .init("ratio", isLogarithmic: true, reference: 1), y: .init("people"))
        let marks = Drawing(chart.svg()).marks
        #expect(marks.compactMap(\.title) == ["a: ratio 1 (0.1 – 10), people 5", "c: ratio 100, people 9"])
        let bars = Drawing(chart.svg()).all("line").filter { $0["stroke-width"] == 1.5 }
        #expect(bars.count == 3)
        // 0.1 to 10 lies around 1 evenly on a logarithmic axis.
        let bar = try #require(bars.first)
        let middle = ((bar["x1"] ?? 0) + (bar["x2"] ?? 0)) / 2
        let centre = Drawing.points(marks[0].attributes["d"] ?? "").map(\.0)
        #expect(abs(middle - ((centre.min() ?? 0) + (centre.max() ?? 0)) / 2) < 0.1)
    }

    @Test("bins count every finite value once, on the side of the edge that it belongs to")
    func bins() {
        let values = (0..<1_000).map { Double($0) / 10 } + [.nan, .infinity]
        for count in [1, 5, 20, 333] {
            let bins = Histogram.bins(of: values, about: count)
            #expect(bins.reduce(0) { $0 + $1.count } == 1_000)
            for (index, bin) in bins.enumerated() {
                let isLast = index == bins.count - 1
                let inside = values.filter { $0 >= bin.low && ($0 < bin.high || (isLast && $0 == bin.high)) }
                #expect(bin.count == inside.count)
            }
        }
        #expect(Histogram.bins(of: []).isEmpty)
        #expect(Histogram.bins(of: [4]).reduce(0) { $0 + $1.count } == 1)
    }
}
