/// Values by category: one bar for each series side by side, or stacked. Negative values go below the axis.
package struct BarChart: Chart, Hashable {
    package enum Arrangement: Sendable, Hashable { case grouped, stacked }

    package struct Series: Sendable, Hashable {
        package var name: String
        /// One for each category; nil draws nothing.
        package var values: [Double?]
        /// Where each bar leads; shorter than `values` where bars lead nowhere.
        package var links: [String?]

        package init(_ name: String, _ values: [Double?], links: [String?] = []) {
            self.name = name
            self.values = values
            self.links = links
        }
    }

    package var heading: ChartHeading
    package var categories: [String]
    package var series: [Series]
    package var arrangement: Arrangement
    package var format: NumberFormat = .number
    package var language: ChartLanguage = .english
    package var size: ChartSize = .standard
    package var annotations: [Annotation] = []

    /// Something that happened, as a mark at a category.
    package struct Annotation: Sendable, Hashable {
        /// Its place in `categories`.
        package var category: Int
        package var text: String

        package init(category: Int, text: String) {
            self.category = category
            self.text = text
        }
    }

    package init(_ heading: ChartHeading, categories: [String], series: [Series], arrangement: Arrangement = .grouped) {
        self.heading = heading
        self.categories = categories
        self.series = series
        self.arrangement = arrangement
    }

    /// From, to and series of one bar; the values of a stack add up from zero outwards.
    private struct Bar {
        var series: Int
        var from: Double
        var to: Double
        var value: Double
        /// The outer end of its stack, which is rounded.
        var isEnd: Bool
    }

    private func value(_ series: Int, _ category: Int) -> Double? {
        let values = self.series[series].values
        return category < values.count ? values[category]?.finite : nil
    }

    private func link(_ series: Int, _ category: Int) -> String? {
        let links = self.series[series].links
        return category < links.count ? links[category] : nil
    }

    private func bars(_ category: Int) -> [Bar] {
        var bars: [Bar] = []
        var (above, below) = (0.0, 0.0)
        for index in series.indices {
            guard let value = value(index, category) else { continue }
            if arrangement == .grouped {
                bars.append(Bar(series: index, from: 0, to: value, value: value, isEnd: true))
            } else if value >= 0 {
                bars.append(Bar(series: index, from: above, to: above + value, value: value, isEnd: false))
                above += value
            } else {
                bars.append(Bar(series: index, from: below, to: below + value, value: value, isEnd: false))
                below += value
            }
        }
        for index in bars.indices where arrangement == .stacked {
            bars[index].isEnd = bars[index].to == (bars[index].value < 0 ? below : above)
        }
        return bars
    }

    package func svg() -> String {
        var frame = ChartFrame(heading: heading, width: size.width, height: size.height, description: description)
        if series.count > 1 { frame.legend = series.indices.map { .init(name: series[$0].name, mark: .fill($0)) } }
        frame.growForPlot()
        let all = categories.indices.map(bars)
        let ends = all.joined().map(\.to)
        if ends.isEmpty { return frame.svg { frame.empty(&$0, language) } }
        let whole = format == .number && ends.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
        let axis = CategoryAxis(categories, room: size.width - 2 * ChartFrame.padding - 50)
        let ticks = format.ticks(
            covering: min(0, ends.min() ?? 0), max(0, ends.max() ?? 0),
            count: max(2, Int((frame.height - frame.contentTop - axis.height) / 48)), whole: whole)
        let labels = format.axis(ticks.values, language)
        let plot = PlotArea(frame: frame, axisLabels: labels, below: 18 + axis.height)
        let y = LinearScale(low: ticks.low, high: ticks.high, start: plot.bottom, end: plot.top)
        return frame.svg { writer in
            plot.drawValueAxis(&writer, ticks, labels: labels, scale: y)
            axis.draw(&writer, plot)
            let band = plot.width / Double(categories.count)
            for note in annotations where categories.indices.contains(note.category) {
                let title = "\(categories[note.category]): \(note.text)"
                ChartFrame.annotate(&writer, x: plot.left + band * (Double(note.category) + 0.5), plot, title: title)
            }
            for (category, bars) in all.enumerated() {
                draw(&writer, bars, category, plot.left + band * Double(category), band, y)
            }
            writer.line(plot.left, y(0), plot.right, y(0), .axis)
        }
    }

    private func draw(
        _ writer: inout SVGWriter, _ bars: [Bar], _ category: Int, _ left: Double, _ band: Double, _ y: LinearScale
    ) {
        let columns = arrangement == .grouped ? Double(series.count) : 1
        let room = min(band * (band < 8 ? 0.9 : 0.72), 56 * columns)
        let gap = columns > 1 && room / columns > 5 ? 2.0 : 0
        let width = max((room - gap * (columns - 1)) / columns, 0.3)
        let start = left + (band - room) / 2
        for bar in bars {
            let x = arrangement == .grouped ? start + Double(bar.series) * (width + gap) : start
            let (inner, outer) = (y(bar.from), y(bar.to))
            let name = series.count > 1 ? "\(categories[category]), \(series[bar.series].name)" : categories[category]
            writer.element(
                "path",
                [
                    .path(Self.column(x, width, inner, outer, rounded: bar.isEnd)),
                    .pattern(SeriesPattern(series: bar.series)),
                ],
                title: "\(name): \(format.exact(bar.value))", link: link(bar.series, category))
            let text = format.short(bar.value, language)
            if arrangement == .grouped,
                TextMeasure.width(text, size: 11) <= width + gap + (columns == 1 ? band - room - 4 : 0)
            {
                writer.label(text, x: x + width / 2, y: outer + (bar.value < 0 ? 14 : -6), .muted, anchor: .middle)
            }
        }
    }

    /// A bar from one height to another, with round corners at its outer end.
    private static func column(_ x: Double, _ width: Double, _ inner: Double, _ outer: Double, rounded: Bool) -> String
    {
        let n = SVGWriter.number
        let radius = rounded ? min(4, width / 2, abs(outer - inner)) : 0
        let inward = outer < inner ? radius : -radius
        return "M\(n(x)) \(n(inner))V\(n(outer + inward))Q\(n(x)) \(n(outer)) \(n(x + radius)) \(n(outer))"
            + "H\(n(x + width - radius))Q\(n(x + width)) \(n(outer)) \(n(x + width)) \(n(outer + inward))V\(n(inner))Z"
    }

    private var description: String {
        let parts = series.prefix(12).map { line in
            let values = line.values.prefix(categories.count).enumerated().compactMap { index, value in
                value?.finite.map { (index, $0) }
            }
            guard let most = values.max(by: { $0.1 < $1.1 }) else { return "\(line.name): \(language.noData)" }
            let sum = values.reduce(0) { $0 + $1.1 }
            return
                "\(line.name): \(language.total) \(format.exact(sum)), max \(categories[most.0]) \(format.exact(most.1))"
        }
        return parts.isEmpty ? language.noData : parts.joined(separator: "; ")
    }
}

/// The labels below bars: straight when they fit, slanted when there are not too many, every n-th otherwise.
struct CategoryAxis {
    private enum Layout { case straight(every: Int, room: Double), slanted }
    private let names: [String]
    private let layout: Layout
    /// The room that the labels need below the plot.
    let height: Double

    private static let slantedRoom = 104.0

    init(_ names: [String], room: Double) {
        self.names = names
        let band = room / Double(max(1, names.count))
        let widest = names.map { TextMeasure.width($0, size: 11) }.max() ?? 0
        if widest <= band - 6 {
            (layout, height) = (.straight(every: 1, room: .infinity), 24)
        } else if band >= 17 && widest > 44 {
            layout = .slanted
            height = 20 + min(widest, Self.slantedRoom) * 0.6
        } else {
            let label = min(widest, 90) + 12
            (layout, height) = (.straight(every: max(1, Int((label / band).rounded(.up))), room: label - 6), 24)
        }
    }

    func draw(_ writer: inout SVGWriter, _ plot: PlotArea) {
        let band = plot.width / Double(max(1, names.count))
        var occupied = -Double.infinity
        for (index, name) in names.enumerated() {
            let x = plot.left + band * (Double(index) + 0.5)
            switch layout {
            case .straight(let every, let room):
                if index % every != 0 { continue }
                let text = TextMeasure.fit(name, into: room, size: 11)
                let half = TextMeasure.width(text, size: 11) / 2
                let centre = min(max(x, ChartFrame.padding + half), plot.right + ChartFrame.padding - 4 - half)
                if centre - half < occupied { continue }
                occupied = centre + half + 4
                writer.label(text, x: centre, y: plot.bottom + 18, anchor: .middle)
            case .slanted:
                // The first labels must not run over the left edge.
                let reach = min(Self.slantedRoom, (x - 4) / 0.8)
                let text = TextMeasure.fit(name, into: reach, size: 11)
                writer.label(text, x: x + 4, y: plot.bottom + 15, anchor: .end, rotate: -36)
            }
        }
    }
}
