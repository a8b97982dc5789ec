/// Something that draws itself as one SVG document: for a page, a report, a card or a mail. Needs no browser to be
/// made, contains no script, and gives the same bytes for the same values.
///
/// The colours follow the reader's light or dark setting. A page changes them with variables such as
/// `--dangol-series-1`, `--dangol-ink` or `--dangol-surface`; readers without style sheets see the light colours.
package protocol Chart: Sendable {
    func svg() -> String
}

/// The size of a chart in CSS pixels; it shrinks to narrower pages by itself.
package struct ChartSize: Sendable, Hashable {
    package var width: Double
    package var height: Double

    package init(width: Double, height: Double) {
        self.width = max(160, width.isFinite ? width : 720)
        self.height = max(80, height.isFinite ? height : 320)
    }

    package static let standard = ChartSize(width: 720, height: 320)
}

extension Double {
    /// The value, or nil for NaN and infinities: charts show those as gaps.
    var finite: Double? { isFinite ? self : nil }
}
