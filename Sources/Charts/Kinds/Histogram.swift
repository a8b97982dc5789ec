/// How often values fall into neighbouring ranges.
package struct Histogram: Chart, Hashable {
    package struct Bin: Sendable, Hashable {
        package var low: Double
        package var high: Double
        package var count: Int

        package init(low: Double, high: Double, count: Int) {
            self.low = low
            self.high = high
            self.count = count
        }
    }

    package struct Marker: Sendable, Hashable {
        package var name: String
        package var value: Double

        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    package var heading: ChartHeading
    /// In ascending order. Widths may differ; a bin's height is its count.
    package var bins: [Bin]
    /// Values worth a line, such as the median.
    package var markers: [Marker] = []
    package var format: NumberFormat = .number
    package var language: ChartLanguage = .english
    package var size: ChartSize = .standard

    package init(_ heading: ChartHeading, bins: [Bin]) {
        self.heading = heading
        self.bins = bins
    }

    /// Counts values in bins of equal width, round in the unit of `format`. The last bin includes its upper end; what
    /// is not finite is left out.
    package static func bins(of values: [Double], about count: Int = 20, format: NumberFormat = .number) -> [Bin] {
        let values = values.filter(\.isFinite)
        guard let least = values.min(), let most = values.max() else { return [] }
        let edges = format.ticks(covering: least, most, count: count).values
        var bins = zip(edges, edges.dropFirst()).map { Bin(low: $0, high: $1, count: 0) }
        for value in values {
            var index = min(max(Int((value - edges[0]) / (edges[1] - edges[0])), 0), bins.count - 1)
            // The division may land next door by rounding; the edges decide.
            while index > 0 && value < bins[index].low { index -= 1 }
            while index < bins.count - 1 && value >= bins[index].high { index += 1 }
            bins[index].count += 1
        }
        return bins
    }

    package func svg() -> String {
        var frame = ChartFrame(heading: heading, width: size.width, height: size.height, description: description)
        frame.growForPlot()
        let bins = bins.filter { $0.low.isFinite && $0.high.isFinite && $0.high >= $0.low }
        guard let first = bins.first, let last = bins.last, bins.contains(where: { $0.count > 0 }) else {
            return frame.svg { frame.empty(&$0, language) }
        }
        let ticks = NiceTicks(
            covering: 0, Double(bins.map(\.count).max() ?? 1),
            count: max(2, Int((frame.height - frame.contentTop) / 52)), whole: true)
        let labels = NumberFormat.number.axis(ticks.values)
        var plot = PlotArea(frame: frame, axisLabels: labels, below: 38)
        let shown = markers.filter { $0.value >= first.low && $0.value <= last.high }.sorted { $0.value < $1.value }
        plot.top += 15 * Double(shown.count)
        let y = LinearScale(low: ticks.low, high: ticks.high, start: plot.bottom, end: plot.top)
        let x = LinearScale(low: first.low, high: max(last.high, first.low), start: plot.left, end: plot.right)
        return frame.svg { writer in
            plot.drawValueAxis(&writer, ticks, labels: labels, scale: y)
            for bin in bins { draw(&writer, bin, x, y, plot) }
            drawEdges(&writer, bins, x, plot)
            writer.line(plot.left, plot.bottom, plot.right, plot.bottom, .axis)
            for (index, marker) in shown.enumerated() { draw(&writer, marker, row: shown.count - index, x, plot) }
        }
    }

    private func draw(_ writer: inout SVGWriter, _ bin: Bin, _ x: LinearScale, _ y: LinearScale, _ plot: PlotArea) {
        let (left, right) = (x(bin.low), max(x(bin.high), x(bin.low) + 1))
        let top = y(Double(max(0, bin.count)))
        let gap = right - left > 6 ? 1.0 : 0
        let n = SVGWriter.number
        let radius = min(3, (right - left - gap) / 2, plot.bottom - top)
        let (a, b) = (left + gap / 2, right - gap / 2)
        let path =
            "M\(n(a)) \(n(plot.bottom))V\(n(top + radius))Q\(n(a)) \(n(top)) \(n(a + radius)) \(n(top))"
            + "H\(n(b - radius))Q\(n(b)) \(n(top)) \(n(b)) \(n(top + radius))V\(n(plot.bottom))Z"
        writer.element(
            "path", [.path(path), .fill(.series(0))],
            title:
                "\(format.exact(bin.low)) – \(format.exact(bin.high)): \(NumberFormat.number.exact(Double(bin.count)))")
    }

    /// A line with its label on top, one row for each marker, so that neighbours do not collide.
    private func draw(_ writer: inout SVGWriter, _ marker: Marker, row: Int, _ x: LinearScale, _ plot: PlotArea) {
        let px = x(marker.value)
        let top = plot.top - 15 * Double(row) + 4
        let text = TextMeasure.fit(
            "\(marker.name) \(format.short(marker.value, language))", into: plot.width / 2 - 10, size: 11)
        let onLeft = px > (plot.left + plot.right) / 2
        writer.line(px, top - 4, px, plot.bottom, .ink, dash: "3 3")
        writer.label(text, x: onLeft ? px - 6 : px + 6, y: top + 5, .ink, anchor: onLeft ? .end : .start)
    }

    private func drawEdges(_ writer: inout SVGWriter, _ bins: [Bin], _ x: LinearScale, _ plot: PlotArea) {
        var edges = bins.map(\.low)
        if let last = bins.last { edges.append(last.high) }
        let labels: [String] =
            if case .duration = format { edges.map { format.short($0, language) } } else {
                format.axis(edges, language)
            }
        // Every n-th edge, so that the labels stay evenly spaced; unequal bins may still drop one.
        let widest = labels.map { TextMeasure.width($0, size: 11) }.max() ?? 0
        let every = max(1, Int(((widest + 14) / (plot.width / Double(max(bins.count, 1)))).rounded(.up)))
        var occupied = -Double.infinity
        for (index, (edge, label)) in zip(edges, labels).enumerated() where index % every == 0 {
            let half = TextMeasure.width(label, size: 11) / 2
            let centre = min(max(x(edge), plot.left + half), plot.right - half)
            if centre - half < occupied { continue }
            occupied = centre + half + 14
            writer.line(x(edge), plot.bottom, x(edge), plot.bottom + 4, .axis)
            writer.label(label, x: centre, y: plot.bottom + 19, anchor: .middle)
        }
    }

    private var description: String {
        let total = bins.reduce(0) { $0 + $1.count }
        if total == 0 { return language.noData }
        let parts = bins.prefix(40).map {
            "\(format.exact($0.low)) – \(format.exact($0.high)): \(NumberFormat.number.exact(Double($0.count)))"
        }
        return "\(language.total) \(NumberFormat.number.exact(Double(total))). " + parts.joined(separator: "; ")
    }
}
