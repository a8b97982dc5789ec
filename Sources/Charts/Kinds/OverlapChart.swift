/// How sets lie over each other: a row for each combination that anybody is in, with a dot for each set it is part of
/// and a bar for how many are in exactly that combination (an UpSet plot: Lex et al., 2014). It stays readable where
/// circles do not, from two sets to eight.
package struct OverlapChart: Chart, Hashable {
    package struct Region: Sendable, Hashable {
        /// Places in `sets`.
        package var members: Set<Int>
        package var count: Int
        package var link: String?

        package init(_ members: Set<Int>, _ count: Int, link: String? = nil) {
            self.members = members
            self.count = count
            self.link = link
        }
    }

    package var heading: ChartHeading
    package var sets: [String]
    /// In the order in which they are drawn.
    package var regions: [Region]
    package var language: ChartLanguage = .english
    package var size: ChartSize = .standard

    package init(_ heading: ChartHeading, sets: [String], regions: [Region]) {
        self.heading = heading
        self.sets = sets
        self.regions = regions
    }

    private static let row = 30.0
    private static let dot = 7.0

    package func svg() -> String {
        var frame = ChartFrame(heading: heading, width: size.width, height: size.height, description: description)
        guard let most = regions.map(\.count).max(), most > 0 else { return frame.svg { frame.empty(&$0, language) } }
        let column = min(28, max(20, size.width / 26))
        let names = min(110, max(44, (sets.map { TextMeasure.width($0, size: 11) }.max() ?? 0) * 0.64 + 14))
        let top = frame.contentTop + names
        frame.height = top + Double(regions.count) * Self.row + 12
        let left = ChartFrame.padding + 8
        let bars = left + Double(sets.count) * column + 14
        let room = size.width - bars - ChartFrame.padding - 76
        return frame.svg { writer in
            for index in sets.indices {
                let x = left + (Double(index) + 0.5) * column
                writer.label(
                    TextMeasure.fit(sets[index], into: (names - 10) / 0.64, size: 11), x: x - 2, y: top - 8, .ink,
                    rotate: -40)
                writer.line(x, top, x, top + Double(regions.count) * Self.row, .grid)
            }
            for (place, region) in regions.enumerated() {
                draw(&writer, region, y: top + (Double(place) + 0.5) * Self.row, left, column, bars, room, most)
            }
        }
    }

    private func draw(
        _ writer: inout SVGWriter, _ region: Region, y: Double, _ left: Double, _ column: Double, _ bars: Double,
        _ room: Double, _ most: Int
    ) {
        let places = region.members.sorted().map { left + (Double($0) + 0.5) * column }
        for index in sets.indices where !region.members.contains(index) {
            let x = left + (Double(index) + 0.5) * column
            writer.element("circle", [.number("cx", x), .number("cy", y), .number("r", 3), .fill(.grid)])
        }
        if let first = places.first, let last = places.last, first < last {
            writer.line(first, y, last, y, .series(0), width: 3)
        }
        for x in places {
            writer.element("circle", [.number("cx", x), .number("cy", y), .number("r", Self.dot), .fill(.series(0))])
        }
        let width = max(2, room * Double(region.count) / Double(most))
        let names = region.members.sorted().map { sets[$0] }.joined(separator: " + ")
        writer.element(
            "rect",
            [.x(bars), .y(y - 9), .width(width), .height(18), .number("rx", 3), .fill(.series(0))],
            title: "\(names): \(NumberFormat.number.exact(Double(region.count)))", link: region.link)
        writer.label(NumberFormat.number.exact(Double(region.count)), x: bars + width + 8, y: y + 4, .ink, size: 12)
    }

    private var description: String {
        let parts = regions.prefix(12).map { region in
            let names = region.members.sorted().map { sets[$0] }.joined(separator: " + ")
            return "\(names): \(NumberFormat.number.exact(Double(region.count)))"
        }
        return parts.isEmpty ? language.noData : parts.joined(separator: "; ")
    }
}
