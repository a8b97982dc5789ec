/// The style of charts for pages that hold their own: a page with a strict content security policy allows none inside
/// of a chart, and a page with twenty charts needs it once.
package enum ChartStyle {
    /// Colours as `--dangol-<name>`, each light and dark by the page's `color-scheme`, and what they paint.
    package static let sheet: String = {
        let names = paints.map { "--dangol-\($0.name):light-dark(\($0.light.hex),\($0.dark.hex))" }
        var css = ":root{\(names.joined(separator: ";"))}\n"
        css += ".dangol-chart{max-width:100%;height:auto;font-variant-numeric:tabular-nums}\n"
        for paint in paints {
            let value = "var(--dangol-\(paint.name))"
            css += ".dangol-chart .dc-f-\(paint.name){fill:\(value)}"
            css += ".dangol-chart .dc-s-\(paint.name){stroke:\(value)}"
            css += ".dangol-chart .dc-g-\(paint.name){stop-color:\(value)}\n"
        }
        return css
    }()

    private static var paints: [Paint] {
        let fills = [(true, true), (true, false), (false, true), (false, false)]
        return [.ink, .muted, .grid, .axis, .surface, .loss] + (0...Paint.seriesCount).map { .series($0) }
            + fills.map { .onFill(darkInLight: $0.0, darkInDark: $0.1) }
    }
}

extension Chart {
    /// The chart as part of a page that has `ChartStyle.sheet`.
    package func embeddedSVG() -> String {
        let text = svg()
        guard let start = text.firstRange(of: "<style>"), let end = text.firstRange(of: "</style>") else { return text }
        return String(text[..<start.lowerBound]) + text[end.upperBound...]
    }
}
