/// What every chart has around its marks: title, subtitle, legend, description, style sheet.
struct ChartFrame {
    var heading: ChartHeading
    var width: Double
    var height: Double
    /// Read to people who cannot see the chart.
    var description: String
    var legend: [LegendItem] = []

    struct LegendItem {
        enum Mark { case line(Int), fill(Int) }
        var name: String
        var mark: Mark
    }

    static let padding = 20.0
    static let fonts =
        "Inter,Pretendard,'Apple SD Gothic Neo','Noto Sans KR','Noto Sans CJK KR','Malgun Gothic',system-ui,-apple-system,'Segoe UI',sans-serif"

    /// Where the marks may begin, below heading and legend.
    var contentTop: Double {
        let rows = legendRows().count
        return headingHeight + (rows == 0 ? 0 : Double(rows) * 20 + 8)
    }

    /// However small a chart was asked for, its plot keeps some height.
    mutating func growForPlot() {
        height = max(height, contentTop + 130)
    }

    private var headingHeight: Double {
        if heading.title.isEmpty { return Self.padding }
        return heading.subtitle == nil ? 48 : 66
    }

    /// The complete document.
    func svg(_ draw: (inout SVGWriter) -> Void) -> String {
        var writer = SVGWriter()
        writer.element("rect", [.width(width), .height(height), .number("rx", 12), .fill(.surface)])
        drawHeading(&writer)
        drawLegend(&writer)
        draw(&writer)
        let content = style(writer) + definitions(writer) + writer.body
        // Ids of several charts in one page must differ: they start with a fingerprint of the chart.
        let prefix = "dc\(Self.fingerprint(heading.title + description + content))-"
        let root = """
            <svg xmlns="http://www.w3.org/2000/svg" class="dangol-chart" role="\(writer.hasLinks ? "group" : "img")" \
            viewBox="0 0 \(SVGWriter.number(width)) \(SVGWriter.number(height))" width="\(SVGWriter.number(width))" \
            height="\(SVGWriter.number(height))" font-family="\(SVGWriter.escape(Self.fonts))" \
            aria-labelledby="\(prefix)title \(prefix)desc"><title id="\(prefix)title">\
            \(SVGWriter.escape(heading.title.isEmpty ? description : heading.title))</title>\
            <desc id="\(prefix)desc">\(SVGWriter.escape(description))</desc>
            """
        return root + content.replacing(SVGWriter.idPrefix, with: prefix) + "</svg>\n"
    }

    /// A moment or category at which something happened outside the numbers.
    static func annotate(_ writer: inout SVGWriter, x: Double, _ plot: PlotArea, title: String) {
        writer.line(x, plot.top, x, plot.bottom, .muted, dash: "3 3")
        writer.element(
            "path",
            [
                .path("M\(SVGWriter.number(x - 5)) \(SVGWriter.number(plot.top - 8))h10v6l-5 5l-5 -5Z"), .fill(.muted),
            ], title: title)
    }

    /// The words in the middle of a chart without data.
    func empty(_ writer: inout SVGWriter, _ language: ChartLanguage) {
        writer.label(
            language.noData, x: width / 2, y: (contentTop + height) / 2, .muted, size: 13, anchor: .middle)
    }

    // MARK: Heading and legend

    private func drawHeading(_ writer: inout SVGWriter) {
        if heading.title.isEmpty { return }
        let room = width - 2 * Self.padding
        writer.label(
            TextMeasure.fit(heading.title, into: room, size: 15, bold: true), x: Self.padding, y: 30, .ink, size: 15,
            bold: true)
        if let subtitle = heading.subtitle {
            writer.label(TextMeasure.fit(subtitle, into: room, size: 12), x: Self.padding, y: 50, .muted, size: 12)
        }
    }

    private static let legendMark = 20.0
    private static let legendRowsMax = 3

    /// Legend entries broken into rows; what does not fit into the last row is counted there.
    private func legendRows() -> [[(x: Double, item: LegendItem, text: String)]] {
        if legend.isEmpty { return [] }
        var rows: [[(x: Double, item: LegendItem, text: String)]] = [[]]
        var x = Self.padding
        for item in legend {
            let text = TextMeasure.fit(item.name, into: 180, size: 12)
            let needed = Self.legendMark + TextMeasure.width(text, size: 12) + 16
            if x + needed > width - Self.padding, !(rows.last ?? []).isEmpty {
                if rows.count == Self.legendRowsMax { break }
                rows.append([])
                x = Self.padding
            }
            rows[rows.count - 1].append((x, item, text))
            x += needed
        }
        return rows
    }

    private func drawLegend(_ writer: inout SVGWriter) {
        let rows = legendRows()
        for (index, row) in rows.enumerated() {
            let y = headingHeight + Double(index) * 20 + 8
            for entry in row {
                switch entry.item.mark {
                case .line(let series):
                    let dash = SeriesMark.dash(series)
                    writer.line(entry.x, y - 4, entry.x + 16, y - 4, .series(series), width: 2, dash: dash)
                    writer.element(
                        "path",
                        [.path(SeriesMark.path(series, x: entry.x + 8, y: y - 4, radius: 3)), .fill(.series(series))])
                case .fill(let series):
                    writer.element(
                        "rect",
                        [
                            .x(entry.x), .y(y - 10), .width(14), .height(12), .number("rx", 3),
                            .pattern(SeriesPattern(series: series)),
                        ])
                }
                writer.label(entry.text, x: entry.x + Self.legendMark, y: y, .muted, size: 12)
            }
        }
        let shown = rows.reduce(0) { $0 + $1.count }
        if shown < legend.count, let last = rows.indices.last {
            writer.label(
                "+\(legend.count - shown)", x: width - Self.padding, y: headingHeight + Double(last) * 20 + 8, .muted,
                size: 12,
                anchor: .end)
        }
    }

    // MARK: Style

    private func style(_ writer: SVGWriter) -> String {
        let paints = writer.paints.sorted { $0.name < $1.name }
        var seen: Set<String> = []
        let distinct = paints.filter { seen.insert($0.name).inserted }
        func variables(_ colour: (Paint) -> Colour) -> String {
            distinct.map { "--dc-\($0.name):var(--dangol-\($0.name),\(colour($0).hex))" }.joined(separator: ";")
        }
        var css = ".dangol-chart{max-width:100%;height:auto;font-variant-numeric:tabular-nums;\(variables(\.light))}"
        css += "@media(prefers-color-scheme:dark){.dangol-chart{\(variables(\.dark))}}"
        for paint in distinct {
            let value = "var(--dc-\(paint.name))"
            if writer.body.contains("dc-f-\(paint.name)")
                || writer.patterns.contains(where: { Paint.series($0.series).name == paint.name })
            {
                css += ".dangol-chart .dc-f-\(paint.name){fill:\(value)}"
            }
            if writer.body.contains("dc-s-\(paint.name)") {
                css += ".dangol-chart .dc-s-\(paint.name){stroke:\(value)}"
            }
            if writer.gradients.contains(paint) { css += ".dangol-chart .dc-g-\(paint.name){stop-color:\(value)}" }
        }
        return "<style>\(css)</style>"
    }

    private func definitions(_ writer: SVGWriter) -> String {
        let patterns = writer.patterns.filter { $0.kind != .solid }.sorted { $0.series < $1.series }
        let gradients = writer.gradients.sorted { $0.name < $1.name }
        if patterns.isEmpty && gradients.isEmpty { return "" }
        var result = "<defs>"
        for pattern in patterns { result += pattern.definition(prefix: SVGWriter.idPrefix) }
        for paint in gradients {
            let stop = "stop-color=\"\(paint.light.hex)\" class=\"dc-g-\(paint.name)\""
            result += """
                <linearGradient id="\(SVGWriter.idPrefix)g-\(paint.name)" x1="0" y1="0" x2="0" y2="1">\
                <stop offset="0" stop-opacity="0.2" \(stop)/><stop offset="1" stop-opacity="0" \(stop)/></linearGradient>
                """
        }
        return result + "</defs>"
    }

    /// FNV-1a, 32 bits, in hexadecimal.
    private static func fingerprint(_ text: String) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return String(hash, radix: 16)
    }
}

/// The words above a chart.
package struct ChartHeading: Sendable, Hashable, ExpressibleByStringLiteral {
    package var title: String
    package var subtitle: String?

    package init(_ title: String, subtitle: String? = nil) {
        self.title = title
        self.subtitle = subtitle
    }

    package init(stringLiteral value: String) { self.init(value) }
}

/// How the points and lines of a series look beside their colour.
enum SeriesMark {
    static func dash(_ series: Int) -> String? {
        [nil, "7 3", "2 3", "9 3 2 3", "5 5", "12 4", "2 2 6 2", "1 4"][series % 8]
    }

    /// A circle, square, triangle, diamond, turned triangle or cross around a point.
    static func path(_ series: Int, x: Double, y: Double, radius r: Double) -> String {
        let n = SVGWriter.number
        switch series % 6 {
        case 0:
            return "M\(n(x - r)) \(n(y))a\(n(r)) \(n(r)) 0 1 0 \(n(2 * r)) 0a\(n(r)) \(n(r)) 0 1 0 \(n(-2 * r)) 0Z"
        case 1: return "M\(n(x - r * 0.9)) \(n(y - r * 0.9))h\(n(r * 1.8))v\(n(r * 1.8))h\(n(-r * 1.8))Z"
        case 2: return "M\(n(x)) \(n(y - r * 1.15))l\(n(r * 1.15)) \(n(r * 2))h\(n(-r * 2.3))Z"
        case 3:
            return
                "M\(n(x)) \(n(y - r * 1.3))l\(n(r * 1.3)) \(n(r * 1.3))l\(n(-r * 1.3)) \(n(r * 1.3))l\(n(-r * 1.3)) \(n(-r * 1.3))Z"
        case 4: return "M\(n(x)) \(n(y + r * 1.15))l\(n(r * 1.15)) \(n(-r * 2))h\(n(-r * 2.3))Z"
        default:
            let a = r * 0.45
            return
                "M\(n(x - a)) \(n(y - r * 1.2))h\(n(2 * a))v\(n(r * 1.2 - a))h\(n(r * 1.2 - a))v\(n(2 * a))h\(n(a - r * 1.2))v\(n(r * 1.2 - a))h\(n(-2 * a))v\(n(a - r * 1.2))h\(n(a - r * 1.2))v\(n(-2 * a))h\(n(r * 1.2 - a))Z"
        }
    }
}
