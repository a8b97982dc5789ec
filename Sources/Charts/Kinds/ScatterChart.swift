/// Points in a plane, each with an interval in either direction when there is one.
package struct ScatterChart: Chart, Hashable {
    package struct Point: Sendable, Hashable {
        package var name: String
        package var x: Double
        package var y: Double
        package var xInterval: ClosedRange<Double>?
        package var yInterval: ClosedRange<Double>?

        package init(
            _ name: String, x: Double, y: Double, xInterval: ClosedRange<Double>? = nil,
            yInterval: ClosedRange<Double>? = nil
        ) {
            self.name = name
            self.x = x
            self.y = y
            self.xInterval = xInterval
            self.yInterval = yInterval
        }
    }

    package struct Axis: Sendable, Hashable {
        package var title: String
        package var format: NumberFormat
        package var isLogarithmic: Bool
        /// A line across the plot, such as an odds ratio of 1.
        package var reference: Double?

        package init(
            _ title: String, format: NumberFormat = .number, isLogarithmic: Bool = false, reference: Double? = nil
        ) {
            self.title = title
            self.format = format
            self.isLogarithmic = isLogarithmic
            self.reference = reference
        }
    }

    package struct Group: Sendable, Hashable {
        package var name: String
        package var points: [Point]

        package init(_ name: String, _ points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    package var heading: ChartHeading
    package var groups: [Group]
    package var xAxis: Axis
    package var yAxis: Axis
    package var language: ChartLanguage = .english
    package var size = ChartSize(width: 720, height: 400)
    /// The names of points are written beside them where they do not overlap.
    package var showsNames = true

    package init(_ heading: ChartHeading, groups: [Group], x: Axis, y: Axis) {
        self.heading = heading
        self.groups = groups
        self.xAxis = x
        self.yAxis = y
    }

    package func svg() -> String {
        var frame = ChartFrame(heading: heading, width: size.width, height: size.height, description: description)
        if groups.count > 1 { frame.legend = groups.indices.map { .init(name: groups[$0].name, mark: .line($0)) } }
        frame.growForPlot()
        let shown = groups.map { $0.points.filter { xAxis.accepts($0.x) && yAxis.accepts($0.y) } }
        if shown.allSatisfy(\.isEmpty) { return frame.svg { frame.empty(&$0, language) } }
        let all = shown.joined()
        let xs = AxisScale(
            xAxis, all.flatMap { [$0.x, $0.xInterval?.lowerBound, $0.xInterval?.upperBound].compactMap(\.self) })
        let ys = AxisScale(
            yAxis, all.flatMap { [$0.y, $0.yInterval?.lowerBound, $0.yInterval?.upperBound].compactMap(\.self) })
        var plot = PlotArea(frame: frame, axisLabels: ys.labels, below: 58)
        plot.top += 12
        let x =
            ys.isEmpty
            ? LinearScale(low: 0, high: 1, start: 0, end: 1) : xs.scale(from: plot.left + 8, to: plot.right - 8)
        let y = ys.scale(from: plot.bottom - 6, to: plot.top)
        return frame.svg { writer in
            drawAxes(&writer, plot, xs, ys, x, y)
            for (index, points) in shown.enumerated() {
                for point in points { drawIntervals(&writer, point, index, xs, ys, x, y, plot) }
            }
            var taken: [Box] = all.map { point in
                let (px, py) = (x(xs.position(point.x)), y(ys.position(point.y)))
                return Box(left: px - 5, top: py - 5, right: px + 5, bottom: py + 5)
            }
            for point in all {
                // Whiskers too are not written over.
                let (px, py) = (x(xs.position(point.x)), y(ys.position(point.y)))
                if let interval = point.xInterval {
                    let ends = (x(xs.clamped(interval.lowerBound)), x(xs.clamped(interval.upperBound)))
                    taken.append(Box(left: ends.0 - 2, top: py - 4, right: ends.1 + 2, bottom: py + 4))
                }
                if let interval = point.yInterval {
                    let ends = (y(ys.clamped(interval.upperBound)), y(ys.clamped(interval.lowerBound)))
                    taken.append(Box(left: px - 4, top: ends.0 - 2, right: px + 4, bottom: ends.1 + 2))
                }
            }
            for (index, points) in shown.enumerated() {
                for point in points {
                    draw(&writer, point, index, x(xs.position(point.x)), y(ys.position(point.y)), plot, &taken)
                }
            }
        }
    }

    private func drawAxes(
        _ writer: inout SVGWriter, _ plot: PlotArea, _ xs: AxisScale, _ ys: AxisScale, _ x: LinearScale,
        _ y: LinearScale
    ) {
        for (tick, label) in zip(ys.ticks, ys.labels) {
            let py = y(ys.position(tick))
            writer.line(plot.left, py, plot.right, py, .grid)
            writer.label(label, x: plot.left - 10, y: py + 4, anchor: .end)
        }
        var occupied = -Double.infinity
        for (tick, label) in zip(xs.ticks, xs.labels) {
            let px = x(xs.position(tick))
            writer.line(px, plot.bottom, px, plot.bottom + 4, .axis)
            let half = TextMeasure.width(label, size: 11) / 2
            if px - half < occupied { continue }
            occupied = px + half + 8
            writer.label(label, x: px, y: plot.bottom + 18, anchor: .middle)
        }
        writer.line(plot.left, plot.bottom, plot.right, plot.bottom, .axis)
        if let reference = xAxis.reference, xs.contains(reference) {
            let px = x(xs.position(reference))
            writer.line(px, plot.top, px, plot.bottom, .muted, dash: "3 4")
        }
        if let reference = yAxis.reference, ys.contains(reference) {
            let py = y(ys.position(reference))
            writer.line(plot.left, py, plot.right, py, .muted, dash: "3 4")
        }
        writer.label(
            TextMeasure.fit(xAxis.title, into: plot.width, size: 11), x: (plot.left + plot.right) / 2,
            y: plot.bottom + 40, anchor: .middle)
        writer.label(TextMeasure.fit(yAxis.title, into: plot.width, size: 11), x: ChartFrame.padding, y: plot.top - 12)
    }

    private func drawIntervals(
        _ writer: inout SVGWriter, _ point: Point, _ index: Int, _ xs: AxisScale, _ ys: AxisScale, _ x: LinearScale,
        _ y: LinearScale,
        _ plot: PlotArea
    ) {
        let (px, py) = (x(xs.position(point.x)), y(ys.position(point.y)))
        if let interval = point.xInterval {
            let (a, b) = (x(xs.clamped(interval.lowerBound)), x(xs.clamped(interval.upperBound)))
            writer.line(a, py, b, py, .series(index), width: 1.5)
            for end in [a, b] { writer.line(end, py - 3.5, end, py + 3.5, .series(index), width: 1.5) }
        }
        if let interval = point.yInterval {
            let (a, b) = (y(ys.clamped(interval.lowerBound)), y(ys.clamped(interval.upperBound)))
            writer.line(px, a, px, b, .series(index), width: 1.5)
            for end in [a, b] { writer.line(px - 3.5, end, px + 3.5, end, .series(index), width: 1.5) }
        }
    }

    private struct Box {
        var left: Double
        var top: Double
        var right: Double
        var bottom: Double

        func overlaps(_ other: Box) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    private func draw(
        _ writer: inout SVGWriter, _ point: Point, _ index: Int, _ x: Double, _ y: Double, _ plot: PlotArea,
        _ taken: inout [Box]
    ) {
        func bounds(_ interval: ClosedRange<Double>?, _ format: NumberFormat) -> String {
            interval.map { " (\(format.exact($0.lowerBound)) – \(format.exact($0.upperBound)))" } ?? ""
        }
        let title =
            "\(point.name): \(xAxis.title) \(xAxis.format.exact(point.x))\(bounds(point.xInterval, xAxis.format))"
            + ", \(yAxis.title) \(yAxis.format.exact(point.y))\(bounds(point.yInterval, yAxis.format))"
        writer.element(
            "path",
            [
                .path(SeriesMark.path(index, x: x, y: y, radius: 4.5)), .fill(.series(index)), .stroke(.surface),
                .number("stroke-width", 1.5),
            ], title: title)
        // With very many points names are noise, and looking for room would be quadratic.
        guard showsNames, taken.count <= 900 else { return }
        let text = TextMeasure.fit(point.name, into: 150, size: 11)
        let width = TextMeasure.width(text, size: 11)
        for (left, top) in [(x + 6, y - 18), (x - 6 - width, y - 18), (x + 6, y + 5), (x - 6 - width, y + 5)] {
            let box = Box(left: left, top: top, right: left + width, bottom: top + 13)
            if box.left < plot.left || box.right > plot.right || box.top < plot.top - 8 || box.bottom > plot.bottom {
                continue
            }
            if taken.contains(where: box.overlaps) { continue }
            writer.label(text, x: left, y: top + 10.5)
            taken.append(box)
            return
        }
    }

    private var description: String {
        let points = groups.flatMap(\.points)
        if points.isEmpty { return language.noData }
        return "\(xAxis.title) – \(yAxis.title). "
            + points.prefix(20).map {
                "\($0.name): \(xAxis.format.exact($0.x)), \(yAxis.format.exact($0.y))"
            }.joined(separator: "; ")
    }
}

extension ScatterChart.Axis {
    func accepts(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }
}

/// Ticks and positions of a linear or logarithmic axis. A position is the value itself, or its decimal logarithm.
struct AxisScale {
    private let isLogarithmic: Bool
    let ticks: [Double]
    let labels: [String]
    private let low: Double
    private let high: Double
    let isEmpty: Bool

    init(_ axis: ScatterChart.Axis, _ values: [Double]) {
        isLogarithmic = axis.isLogarithmic
        let usable = (values + [axis.reference].compactMap(\.self)).filter(axis.accepts)
        isEmpty = usable.isEmpty
        let (least, most) = (usable.min() ?? 1, usable.max() ?? 1)
        if axis.isLogarithmic {
            let (start, end) = (Self.powerBelow(least), Self.powerBelow(most))
            // Decades, filled in with 2 and 5 while there are few.
            let leads: [Double] = end - start <= 3 ? [1, 2, 5] : [1]
            let candidates = (start...(end + 1)).flatMap { power in leads.map { $0 * Self.power(power) } }
            let from = candidates.last { $0 <= least } ?? least
            let to = candidates.first { $0 >= most && $0 > from } ?? most
            ticks = candidates.filter { $0 >= from && $0 <= to }
            labels = ticks.map { axis.format.short($0) }
            (low, high) = (CommonLogarithm.of(from), CommonLogarithm.of(to))
        } else {
            let nice = NiceTicks(covering: least, most, count: 6)
            ticks = nice.values
            labels = axis.format.axis(nice.values)
            (low, high) = (nice.low, nice.high)
        }
    }

    func position(_ value: Double) -> Double { isLogarithmic ? CommonLogarithm.of(value) : value }
    func clamped(_ value: Double) -> Double {
        if isLogarithmic && value <= 0 { return low }
        return min(max(position(value), low), high)
    }
    func contains(_ value: Double) -> Bool {
        (!isLogarithmic || value > 0) && position(value) >= low && position(value) <= high
    }
    func scale(from start: Double, to end: Double) -> LinearScale {
        LinearScale(low: low, high: high, start: start, end: end)
    }

    private static func power(_ exponent: Int) -> Double {
        var result = 1.0
        for _ in 0..<abs(exponent) { result *= 10 }
        return exponent < 0 ? 1 / result : result
    }

    private static func powerBelow(_ value: Double) -> Int {
        var exponent = 0
        while exponent < 300 && power(exponent + 1) <= value { exponent += 1 }
        while exponent > -300 && power(exponent) > value { exponent -= 1 }
        return exponent
    }
}

/// log10 from the bits of a double and a series, without a C library: the same on every machine.
enum CommonLogarithm {
    static func of(_ value: Double) -> Double {
        guard value > 0, value.isFinite else { return 0 }
        // value = m * 2^e with m in [1, 2); ln m = 2 artanh((m - 1) / (m + 1)), whose argument is below 1/3.
        let z = (value.significand - 1) / (value.significand + 1)
        var (term, sum) = (z, 0.0)
        var n = 1.0
        while n < 60 {
            sum += term / n
            term *= z * z
            n += 2
        }
        return (2 * sum + Double(value.exponent) * 0.693147180559945309) / 2.302585092994045684
    }
}
