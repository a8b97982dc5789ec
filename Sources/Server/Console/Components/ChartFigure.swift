package import Charts
import Foundation

/// A chart with its exact values: on hover and focus, and as a table below it.
///
/// It is drawn twice, for wide and for narrow places, so that its text can be read on a phone; the style sheet shows
/// the one that fits.
package struct ChartFigure: PageComponent {
    package var title: String?
    package var note: String?
    package var table: DataTable?
    /// Where a click on a mark leads, in the order of the marks: series by series, gaps left out; nil for none.
    package var links: [String?] = []
    private let wide: String
    private let narrow: String

    /// - Parameters:
    ///   - height: of the wide one, whose width is about 1000.
    ///   - chart: makes it for a size; without a heading, which stands above it as text.
    package init(
        title: String? = nil, note: String? = nil, width: Double = 1000, height: Double = 280, table: DataTable? = nil,
        _ chart: (ChartSize) -> any Chart
    ) {
        self.title = title
        self.note = note
        self.table = table
        wide = chart(ChartSize(width: width, height: height)).embeddedSVG()
        narrow = chart(ChartSize(width: 420, height: max(height, 240))).embeddedSVG()
    }

    package var value: PageValue {
        var links: PageValue = false
        if self.links.contains(where: { $0 != nil }), let data = try? JSONEncoder().encode(self.links) {
            links = .text(String(decoding: data, as: UTF8.self))
        }
        return [
            "title": title.map { .text($0) } ?? false, "note": note.map { .text($0) } ?? false,
            "hasHead": .flag(title != nil || note != nil), "wide": .html(wide), "narrow": .html(narrow),
            "table": table?.value ?? false, "links": links,
        ]
    }
}
