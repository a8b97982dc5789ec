/// A word-sized line without axes, for tables and cards. Gaps stay gaps; the last value has a dot.
package struct Sparkline: Chart, Hashable {
    /// What the values are: read to people who cannot see the line.
    package var name: String
    package var values: [Double?]
    package var format: NumberFormat = .number
    package var language: ChartLanguage = .english
    package var width = 120.0
    package var height = 32.0

    package init(_ name: String, _ values: [Double?]) {
        self.name = name
        self.values = values
    }

    package func svg() -> String {
        let shown = values.map { $0?.finite }
        let known = shown.compactMap(\.self)
        var frame = ChartFrame(heading: "", width: width, height: height, description: name)
        guard let least = known.min(), let most = known.max(), let first = known.first, let last = known.last else {
            frame.description = "\(name): \(language.noData)"
            return frame.svg { $0.line(4, height / 2, width - 4, height / 2, .axis, dash: "2 3") }
        }
        frame.description =
            "\(name): \(format.exact(first)) → \(format.exact(last)), \(format.exact(least)) – \(format.exact(most))"
        let inset = 4.0
        let x = LinearScale(low: 0, high: Double(max(shown.count - 1, 1)), start: inset, end: width - inset)
        // A flat line runs through the middle.
        let y = LinearScale(low: least, high: most, start: height - inset, end: inset)
        return frame.svg { writer in
            var run: [(Double, Double)] = []
            for (index, value) in (shown + [nil]).enumerated() {
                if let value {
                    run.append((x(Double(index)), y(value)))
                    continue
                }
                draw(&writer, run)
                run = []
            }
            if let end = shown.lastIndex(where: { $0 != nil }) {
                writer.element(
                    "circle",
                    [.number("cx", x(Double(end))), .number("cy", y(last)), .number("r", 2.5), .fill(.series(0))],
                    title: format.exact(last))
            }
        }
    }

    private func draw(_ writer: inout SVGWriter, _ run: [(Double, Double)]) {
        guard let first = run.first, let last = run.last else { return }
        let n = SVGWriter.number
        if run.count == 1 {
            writer.element(
                "circle", [.number("cx", first.0), .number("cy", first.1), .number("r", 1), .fill(.series(0))])
            return
        }
        let line = run.map { "\(n($0.0)) \(n($0.1))" }.joined(separator: "L")
        writer.element("path", [.path("M\(line)L\(n(last.0)) \(n(height))H\(n(first.0))Z"), .gradient(.series(0))])
        writer.element(
            "path",
            [
                .path("M\(line)"), .text("fill", "none"), .stroke(.series(0)), .number("stroke-width", 1.5),
                .text("stroke-linejoin", "round"), .text("stroke-linecap", "round"),
            ])
    }
}
