package import Charts

/// An answer before it is known in which form it will be given.
package struct Report: Sendable {
    /// One chart, which draws itself as SVG for the place where it goes.
    package struct Chart: Sendable {
        private let heading: ChartHeading
        /// What it shows, for people who cannot see it.
        package var caption: String
        private let draw: @Sendable (ChartHeading, Double?) -> any Charts.Chart

        /// - Parameter draw: makes the chart for a heading and a width in CSS pixels; nil is the chart's own.
        package init(
            _ heading: ChartHeading, caption: String,
            _ draw: @escaping @Sendable (_ heading: ChartHeading, _ width: Double?) -> any Charts.Chart
        ) {
            self.heading = heading
            self.caption = caption
            self.draw = draw
        }

        package var title: String { heading.title }
        package var subtitle: String? { heading.subtitle }

        /// A self-contained `<svg>` element with its heading.
        package var svg: String { draw(heading, nil).svg() }

        /// Without a heading, for a page that writes it as text and has `ChartStyle.sheet`.
        package func embedded(width: Double) -> String { draw("", width).embeddedSVG() }
    }

    /// How a piece of text stands out. Everything is still there without it.
    package enum Style: Sendable, Hashable {
        case plain, bold, dim, red, green
        /// A bar made of blocks; pages have charts instead.
        case bar
        /// A background between nothing (0) and full (1), for heat maps.
        case shade(Double)
    }

    package var title: String
    /// A line or two that say the answer in words.
    package var summary: [String] = []
    package var charts: [Chart] = []
    /// The first is the main one.
    package var tables: [(heading: String?, table: TextTable)] = []
    /// Fine print, dim below the tables.
    package var notes: [String] = []

    package init(_ title: String) {
        self.title = title
    }

    package mutating func add(_ table: TextTable, heading: String? = nil) {
        tables.append((heading, table))
    }
}
