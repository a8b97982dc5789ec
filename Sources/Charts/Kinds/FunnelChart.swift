/// The steps of a funnel: how many people reached each, and how many of the step before went on.
package struct FunnelChart: Chart, Hashable {
    package struct Step: Sendable, Hashable {
        package var name: String
        package var count: Int
        /// The median time from the step before, in seconds.
        package var medianSeconds: Double?
        /// Where the people who did it lead, and those who dropped off before it.
        package var link: String?
        package var droppedLink: String?

        package init(
            _ name: String, _ count: Int, medianSeconds: Double? = nil, link: String? = nil,
            droppedLink: String? = nil
        ) {
            self.name = name
            self.count = count
            self.medianSeconds = medianSeconds
            self.link = link
            self.droppedLink = droppedLink
        }
    }

    package var heading: ChartHeading
    package var steps: [Step]
    package var language: ChartLanguage = .english
    package var size: ChartSize = .standard

    package init(_ heading: ChartHeading, steps: [Step]) {
        self.heading = heading
        self.steps = steps
    }

    private var first: Double { Double(max(0, steps.first?.count ?? 0)) }

    private func rate(_ count: Int, of whole: Double) -> String {
        whole > 0 ? NumberFormat.percent.exact(Double(count) / whole) : "–"
    }

    package func svg() -> String {
        // Each step keeps enough room for its numbers: long funnels grow wider.
        let width = max(size.width, Double(steps.count) * 96 + 2 * ChartFrame.padding)
        let frame = ChartFrame(heading: heading, width: width, height: size.height, description: description)
        guard !steps.isEmpty, steps.contains(where: { $0.count > 0 }) else {
            return frame.svg { frame.empty(&$0, language) }
        }
        let room = width - 2 * ChartFrame.padding
        let bar = min(room / Double(steps.count) * 0.62, 132)
        // The first column stands at the left edge and the last one at the right.
        let column = steps.count > 1 ? (room - bar) / Double(steps.count - 1) : room
        let top = frame.contentTop + 40
        let bottom = max(size.height - 68, top + 10)
        // A later step larger than the first (unordered counts) still fits.
        let largest = max(first, Double(steps.map(\.count).max() ?? 1))
        let y = LinearScale(low: 0, high: largest, start: bottom, end: top)
        return frame.svg { writer in
            for index in steps.indices {
                let left = ChartFrame.padding + column * Double(index)
                if index + 1 < steps.count { connect(&writer, index, from: left + bar, to: left + column, bottom, y) }
            }
            for index in steps.indices {
                let left = ChartFrame.padding + column * Double(index)
                draw(&writer, index, left, bar, min(column, width - 8 - left), top, bottom, y)
            }
            writer.line(ChartFrame.padding, bottom, width - ChartFrame.padding, bottom, .axis)
        }
    }

    private func draw(
        _ writer: inout SVGWriter, _ index: Int, _ x: Double, _ width: Double, _ column: Double, _ top: Double,
        _ bottom: Double,
        _ y: LinearScale
    ) {
        let step = steps[index]
        let height = y(Double(max(0, step.count)))
        let n = SVGWriter.number
        // A pale column shows the people of the first step; what is missing has dropped off on the way.
        if y(first) < height {
            writer.element(
                "path",
                [.path(Self.column(x, width, height, y(first))), .fill(.series(0)), .opacity(0.07)])
        }
        let previous = index > 0 ? steps[index - 1].count : step.count
        if let link = step.droppedLink, previous > step.count {
            let top = y(Double(previous))
            let lost = NumberFormat.number.exact(Double(previous - step.count))
            writer.element(
                "path", [.path(Self.column(x, width, height, top)), .fill(.loss), .opacity(0.1)],
                title: "\(index + 1). \(step.name): \(lost) \(language.dropped)", link: link)
        }
        var title =
            "\(index + 1). \(step.name): \(NumberFormat.number.exact(Double(step.count))) (\(rate(step.count, of: first)))"
        if index > 0 {
            let lost = previous - step.count
            title += ", \(language.ofStep(rate(step.count, of: Double(previous)), index))"
            title += ", \(NumberFormat.number.exact(Double(lost))) \(language.dropped)"
        }
        if let median = step.medianSeconds?.finite { title += ", \(language.median) \(language.duration(median))" }
        if step.count > 0 {
            writer.element(
                "path", [.path(Self.column(x, width, bottom, height)), .fill(.series(0))], title: title, link: step.link
            )
        } else {
            writer.element(
                "path", [.path("M\(n(x)) \(n(bottom - 1))h\(n(width))v1h\(n(-width))Z"), .fill(.series(0))],
                title: title)
        }
        // Over the columns: the share of the first step, and how many people.
        writer.label(rate(step.count, of: first), x: x, y: top - 28, .ink, size: 16, bold: true)
        let people = TextMeasure.fit(NumberFormat.number.exact(Double(step.count)), into: column - 4, size: 12)
        writer.label(people, x: x, y: top - 12, .muted, size: 12)
        // Below: the name, and what was lost since the step before.
        let lines = TextMeasure.wrap(step.name, into: column - 6, lines: 2, size: 12)
        for (line, text) in lines.enumerated() {
            writer.label(text, x: x, y: bottom + 19 + Double(line) * 15, .ink, size: 12)
        }
        if index > 0, previous > 0 {
            let lost = previous - step.count
            let text =
                lost >= 0
                ? "−\(NumberFormat.number.short(Double(lost), language)) (\(rate(lost, of: Double(previous))))"
                : "+\(NumberFormat.number.short(Double(-lost), language))"
            writer.label(
                TextMeasure.fit(text, into: column - 4, size: 11), x: x, y: bottom + 20 + Double(lines.count) * 15,
                lost > 0 ? .loss : .muted)
        }
    }

    /// A pale band from one column to the next with the share that went on.
    private func connect(
        _ writer: inout SVGWriter, _ index: Int, from: Double, to: Double, _ bottom: Double, _ y: LinearScale
    ) {
        let n = SVGWriter.number
        let (a, b) = (y(Double(max(0, steps[index].count))), y(Double(max(0, steps[index + 1].count))))
        let middle = (from + to) / 2
        writer.element(
            "path",
            [
                .path(
                    "M\(n(from)) \(n(a))C\(n(middle)) \(n(a)) \(n(middle)) \(n(b)) \(n(to)) \(n(b))V\(n(bottom))H\(n(from))Z"
                ),
                .fill(.series(0)), .opacity(0.14),
            ])
        let text = rate(steps[index + 1].count, of: Double(steps[index].count))
        let width = TextMeasure.width(text, size: 11, bold: true) + 14
        if width > to - from - 2 { return }
        let centre = bottom - 18
        writer.element(
            "rect",
            [
                .x(middle - width / 2), .y(centre - 10), .width(width), .height(20), .number("rx", 10), .fill(.surface),
                .stroke(.grid),
            ])
        writer.label(text, x: middle, y: centre + 4, .ink, bold: true, anchor: .middle)
    }

    private static func column(_ x: Double, _ width: Double, _ inner: Double, _ outer: Double) -> String {
        let n = SVGWriter.number
        let radius = min(5, width / 2, abs(inner - outer))
        return "M\(n(x)) \(n(inner))V\(n(outer + radius))Q\(n(x)) \(n(outer)) \(n(x + radius)) \(n(outer))"
            + "H\(n(x + width - radius))Q\(n(x + width)) \(n(outer)) \(n(x + width)) \(n(outer + radius))V\(n(inner))Z"
    }

    private var description: String {
        if steps.isEmpty { return language.noData }
        return steps.enumerated().map { index, step in
            "\(index + 1). \(step.name): \(NumberFormat.number.exact(Double(step.count))) (\(rate(step.count, of: first)))"
        }.joined(separator: "; ")
    }
}
