/// Values over time, one line for each series. A missing value is a gap in its line.
package struct LineChart: Chart, Hashable {
    package struct Point: Sendable, Hashable {
        /// Milliseconds of the local clock: see `CivilDate`.
        package var time: Int64
        package var value: Double?
        /// Where the point leads.
        package var link: String?

        package init(time: Int64, value: Double?, link: String? = nil) {
            self.time = time
            self.value = value
            self.link = link
        }
    }

    package struct Series: Sendable, Hashable {
        package var name: String
        /// In time order.
        package var points: [Point]

        package init(_ name: String, _ points: [Point]) {
            self.name = name
            self.points = points
        }
    }

    package var heading: ChartHeading
    package var series: [Series]
    package var format: NumberFormat = .number
    package var language: ChartLanguage = .english
    package var size: ChartSize = .standard
    /// The last point of each line is not complete yet (today, this week): its stretch is drawn pale.
    package var lastIsPartial = false
    /// The value axis begins at zero unless the values leave no doubt about it.
    package var includesZero = true
    package var annotations: [Annotation] = []

    /// Something that happened, as a mark on the time axis.
    package struct Annotation: Sendable, Hashable {
        /// Milliseconds of the local clock.
        package var time: Int64
        package var text: String

        package init(time: Int64, text: String) {
            self.time = time
            self.text = text
        }
    }

    package init(_ heading: ChartHeading, series: [Series]) {
        self.heading = heading
        self.series = series
    }

    package func svg() -> String {
        var frame = ChartFrame(heading: heading, width: size.width, height: size.height, description: description)
        if series.count > 1 { frame.legend = series.indices.map { .init(name: series[$0].name, mark: .line($0)) } }
        frame.growForPlot()
        let values = series.flatMap { $0.points.compactMap { $0.value?.finite } }
        guard let least = values.min(), let most = values.max() else {
            return frame.svg { frame.empty(&$0, language) }
        }
        let whole = format == .number && values.allSatisfy { $0 == $0.rounded() && abs($0) < 1e15 }
        let ticks = format.ticks(
            covering: includesZero ? min(0, least) : least, includesZero ? max(0, most) : most,
            count: max(2, Int((frame.height - frame.contentTop) / 46)), whole: whole)
        let labels = format.axis(ticks.values, language)
        let plot = PlotArea(frame: frame, axisLabels: labels, below: 38)
        let times = series.flatMap { $0.points.map(\.time) }
        let (first, last) = (times.min() ?? 0, times.max() ?? 0)
        let inset = first == last ? 0.0 : 6
        let x = LinearScale(low: Double(first), high: Double(last), start: plot.left + inset, end: plot.right - inset)
        let y = LinearScale(low: ticks.low, high: ticks.high, start: plot.bottom, end: plot.top)
        return frame.svg { writer in
            plot.drawValueAxis(&writer, ticks, labels: labels, scale: y)
            let most = Int(plot.width / (language == .english ? 74 : 82))
            let longest = series.map(\.points).max { $0.count < $1.count } ?? []
            plot.drawTimeLabels(
                &writer, TimeTicks(from: first, to: last, points: longest.map(\.time), most: most, language: language),
                scale: x)
            for annotation in annotations where (first...last).contains(annotation.time) {
                let moment = TimeTicks.exact(annotation.time, withClock: false, language)
                ChartFrame.annotate(
                    &writer, x: x(Double(annotation.time)), plot, title: "\(moment): \(annotation.text)")
            }
            for index in series.indices { drawLine(&writer, index, plot, x, y) }
            for index in series.indices { drawPoints(&writer, index, x, y) }
        }
    }

    /// Stretches of points without a gap.
    private func runs(_ points: [Point]) -> [[(time: Int64, value: Double)]] {
        var runs: [[(time: Int64, value: Double)]] = [[]]
        for point in points {
            if let value = point.value?.finite {
                runs[runs.count - 1].append((point.time, value))
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    private func drawLine(_ writer: inout SVGWriter, _ index: Int, _ plot: PlotArea, _ x: LinearScale, _ y: LinearScale)
    {
        let lastTime = series[index].points.last?.time
        for run in runs(series[index].points) where run.count > 1 {
            let places = run.map { (x(Double($0.time)), y($0.value)) }
            if series.count == 1 {
                let base = y(min(max(0, y.low), y.high))
                let start = "M\(SVGWriter.number(places[0].0)) \(SVGWriter.number(base))"
                let area =
                    start + places.map { "L\(SVGWriter.number($0.0)) \(SVGWriter.number($0.1))" }.joined()
                    + "V\(SVGWriter.number(base))Z"
                writer.element("path", [.path(area), .gradient(.series(index))])
            }
            let partial = lastIsPartial && run.last?.time == lastTime
            stroke(&writer, partial ? places.dropLast() : places[...], index, opacity: 1)
            if partial { stroke(&writer, places.suffix(2), index, opacity: 0.45) }
        }
    }

    private func stroke(
        _ writer: inout SVGWriter, _ places: ArraySlice<(Double, Double)>, _ index: Int, opacity: Double
    ) {
        guard places.count > 1, let first = places.first else { return }
        var path = "M\(SVGWriter.number(first.0)) \(SVGWriter.number(first.1))L"
        path += places.dropFirst().map { "\(SVGWriter.number($0.0)) \(SVGWriter.number($0.1))" }.joined(separator: " ")
        var attributes: Attributes = [
            .path(path), .text("fill", "none"), .stroke(.series(index)), .number("stroke-width", 2),
            .text("stroke-linejoin", "round"),
            .text("stroke-linecap", "round"),
        ]
        if let dash = SeriesMark.dash(index) { attributes.append(.text("stroke-dasharray", dash)) }
        if opacity < 1 { attributes.append(.number("stroke-opacity", opacity)) }
        writer.element("path", attributes)
    }

    /// Visible marks where there are few points and where a point stands alone; a larger invisible one carries the
    /// exact value.
    private func drawPoints(_ writer: inout SVGWriter, _ index: Int, _ x: LinearScale, _ y: LinearScale) {
        let points = series[index].points
        let withClock = points.contains { Int($0.time) % CivilDate.dayMilliseconds != 0 }
        let few = points.count <= 32
        for (place, point) in points.enumerated() {
            guard let value = point.value?.finite else { continue }
            let alone =
                (place == 0 || points[place - 1].value?.finite == nil)
                && (place == points.count - 1 || points[place + 1].value?.finite == nil)
            let (px, py) = (x(Double(point.time)), y(value))
            if few || alone {
                writer.element(
                    "path",
                    [
                        .path(SeriesMark.path(index, x: px, y: py, radius: 3)), .fill(.series(index)),
                        .stroke(.surface),
                        .number("stroke-width", 1.5),
                    ])
            }
            let name = series.count > 1 ? "\(series[index].name), " : ""
            let moment = TimeTicks.exact(point.time, withClock: withClock, language)
            writer.element(
                "circle", [.number("cx", px), .number("cy", py), .number("r", 7), .text("fill", "transparent")],
                title: "\(name)\(moment): \(format.exact(value))", link: point.link)
        }
    }

    private var description: String {
        let parts = series.prefix(12).map { line in
            let values = line.points.compactMap { $0.value?.finite }
            guard let first = values.first, let last = values.last, let most = values.max(), let least = values.min()
            else {
                return "\(line.name): \(language.noData)"
            }
            return
                "\(line.name): \(format.exact(first)) → \(format.exact(last)), \(format.exact(least)) – \(format.exact(most))"
        }
        return parts.isEmpty ? language.noData : parts.joined(separator: "; ")
    }
}
