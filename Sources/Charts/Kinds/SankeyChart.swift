/// Flows between places: what people do first, second, third. The columns are the positions in a path.
package struct SankeyChart: Chart, Hashable {
    package struct Node: Sendable, Hashable {
        /// The position, from 0.
        package var column: Int
        package var name: String

        package init(_ column: Int, _ name: String) {
            self.column = column
            self.name = name
        }
    }

    package struct Link: Sendable, Hashable {
        package var source: Node
        package var target: Node
        package var count: Int
        /// How long it takes from the source to the target, in seconds.
        package var meanSeconds: Double?
        /// Where it leads.
        package var link: String?

        package init(
            from source: Node, to target: Node, count: Int, meanSeconds: Double? = nil, link: String? = nil
        ) {
            self.link = link
            self.source = source
            self.target = target
            self.count = count
            self.meanSeconds = meanSeconds
        }
    }

    package var heading: ChartHeading
    /// Links lead from one column to a later one; others, and those without people, are not drawn.
    package var links: [Link]
    package var language: ChartLanguage = .english
    package var size = ChartSize(width: 860, height: 420)

    package init(_ heading: ChartHeading, links: [Link]) {
        self.heading = heading
        self.links = links
    }

    package func svg() -> String {
        let links = links.filter { $0.count > 0 && $0.source.column >= 0 && $0.target.column > $0.source.column }
        var frame = ChartFrame(
            heading: heading, width: size.width, height: size.height, description: description(links))
        if links.isEmpty { return frame.svg { frame.empty(&$0, language) } }
        let columns = (links.map(\.target.column).max() ?? 1) + 1
        // Labels need about 110 pixels between columns, and every node a line of text.
        frame.width = max(size.width, Double(columns) * 150)
        let top = frame.contentTop + 4
        let layout = SankeyLayout(
            links: links, top: top, height: max(size.height - top - ChartFrame.padding, 60), rowHeight: 19)
        frame.height = max(size.height, layout.bottom + ChartFrame.padding)
        let left = ChartFrame.padding
        let node = 12.0
        let step = (frame.width - 2 * left - node - labelRoom) / Double(max(columns - 1, 1))
        let colours = colours(layout)
        return frame.svg { writer in
            for flow in layout.flows { draw(&writer, flow, left, step, node, colours) }
            for place in layout.places {
                let x = left + step * Double(place.node.column)
                writer.element(
                    "rect",
                    [
                        .x(x), .y(place.y), .width(node), .height(max(place.height, 1)),
                        .number("rx", min(3, place.height / 2)), .fill(.series(colours[place.node.name] ?? 8)),
                    ],
                    title: "\(place.node.name): \(NumberFormat.number.exact(Double(place.total)))")
                drawLabel(
                    &writer, place, x + node + 6,
                    room: (place.node.column == columns - 1 ? labelRoom : step) - node - 14)
            }
        }
    }

    private let labelRoom = 156.0

    private func drawLabel(_ writer: inout SVGWriter, _ place: SankeyLayout.Place, _ x: Double, room: Double) {
        let count = NumberFormat.number.short(Double(place.total), language)
        let name = TextMeasure.fit(place.node.name, into: room - TextMeasure.width(count, size: 11) - 6, size: 11)
        let y = place.y + place.height / 2 + 4
        writer.open("g", [.text("pointer-events", "none")])
        writer.label(name, x: x, y: y, .ink)
        writer.label(count, x: x + TextMeasure.width(name, size: 11) + 6, y: y, .muted)
        writer.close()
    }

    private func draw(
        _ writer: inout SVGWriter, _ flow: SankeyLayout.Flow, _ left: Double, _ step: Double, _ node: Double,
        _ colours: [String: Int]
    ) {
        let n = SVGWriter.number
        let from = left + step * Double(flow.link.source.column) + node
        let to = left + step * Double(flow.link.target.column)
        let middle = (from + to) / 2
        let (a, b, height) = (flow.sourceY, flow.targetY, max(flow.height, 0.75))
        let path =
            "M\(n(from)) \(n(a))C\(n(middle)) \(n(a)) \(n(middle)) \(n(b)) \(n(to)) \(n(b))"
            + "V\(n(b + height))C\(n(middle)) \(n(b + height)) \(n(middle)) \(n(a + height)) \(n(from)) \(n(a + height))Z"
        var title =
            "\(flow.link.source.name) → \(flow.link.target.name): \(NumberFormat.number.exact(Double(flow.link.count)))"
        if let seconds = flow.link.meanSeconds?.finite { title += " (⌀ \(language.duration(seconds)))" }
        writer.element(
            "path", [.path(path), .fill(.series(colours[flow.link.source.name] ?? 8)), .opacity(0.26)], title: title,
            link: flow.link.link)
    }

    /// The names with the most people get the eight colours, wherever they stand; the others are grey.
    private func colours(_ layout: SankeyLayout) -> [String: Int] {
        var totals: [String: Int] = [:]
        for place in layout.places { totals[place.node.name, default: 0] += place.total }
        let ranked = totals.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        return Dictionary(
            uniqueKeysWithValues: ranked.enumerated().map { ($0.element.key, min($0.offset, Paint.seriesCount)) })
    }

    private func description(_ links: [Link]) -> String {
        if links.isEmpty { return language.noData }
        return links.sorted { $0.count > $1.count }.prefix(20).map {
            "\($0.source.column + 1). \($0.source.name) → \($0.target.name): \(NumberFormat.number.exact(Double($0.count)))"
        }.joined(separator: "; ")
    }
}

/// Where the nodes and flows of a Sankey diagram go. Every node is as high as the larger of what flows in and out;
/// nodes of a column are ordered so that flows cross little, by the mean height of their neighbours (the barycentre
/// method of Sugiyama, 1981).
struct SankeyLayout {
    struct Place {
        var node: SankeyChart.Node
        var total: Int
        var y: Double
        var height: Double
    }

    struct Flow {
        var link: SankeyChart.Link
        var sourceY: Double
        var targetY: Double
        var height: Double
    }

    private(set) var places: [Place] = []
    private(set) var flows: [Flow] = []
    private(set) var bottom: Double

    init(links: [SankeyChart.Link], top: Double, height: Double, rowHeight: Double) {
        var inflow: [SankeyChart.Node: Int] = [:]
        var outflow: [SankeyChart.Node: Int] = [:]
        for link in links {
            outflow[link.source, default: 0] += link.count
            inflow[link.target, default: 0] += link.count
        }
        let total = inflow.merging(outflow, uniquingKeysWith: max)
        var columns: [[SankeyChart.Node]] = []
        for node in total.keys {
            while columns.count <= node.column { columns.append([]) }
            columns[node.column].append(node)
        }
        for index in columns.indices {
            columns[index].sort { ((total[$0] ?? 0), $1.name) > ((total[$1] ?? 0), $0.name) }
        }
        // All columns share one scale, and each keeps a line of text for each node.
        let room = max(height, rowHeight * Double(columns.map(\.count).max() ?? 1))
        let gap = 10.0
        let scale =
            columns.compactMap { nodes -> Double? in
                let sum = nodes.reduce(0) { $0 + (total[$1] ?? 0) }
                let free = room - gap * Double(nodes.count - 1)
                return sum > 0 ? max(free, room * 0.2) / Double(sum) : nil
            }.min() ?? 0
        var positions = Self.positions(columns, total, top, scale, gap, rowHeight)
        for _ in 0..<4 {
            for index in columns.indices.dropFirst() {
                Self.reorder(
                    &columns[index], by: links.map { ($0.target, $0.source, $0.count) }, positions, total, scale)
                positions = Self.positions(columns, total, top, scale, gap, rowHeight)
            }
        }
        for node in columns.joined() {
            places.append(
                Place(
                    node: node, total: total[node] ?? 0, y: positions[node] ?? top,
                    height: Double(total[node] ?? 0) * scale))
        }
        bottom = places.map { $0.y + max($0.height, rowHeight / 2) }.max() ?? top
        flows = Self.flows(links, positions, scale)
    }

    /// From top to bottom; a node that is lower than a line of text is moved so that its label does not touch the next
    /// one.
    private static func positions(
        _ columns: [[SankeyChart.Node]], _ total: [SankeyChart.Node: Int], _ top: Double, _ scale: Double,
        _ gap: Double, _ row: Double
    ) -> [SankeyChart.Node: Double] {
        var positions: [SankeyChart.Node: Double] = [:]
        for nodes in columns {
            var y = top
            var labelEnd = top
            for node in nodes {
                let height = Double(total[node] ?? 0) * scale
                let start = max(y, labelEnd + row / 2 - height / 2)
                positions[node] = start
                labelEnd = start + height / 2 + row / 2
                y = start + height + gap
            }
        }
        return positions
    }

    private static func reorder(
        _ nodes: inout [SankeyChart.Node], by edges: [(SankeyChart.Node, SankeyChart.Node, Int)],
        _ positions: [SankeyChart.Node: Double], _ total: [SankeyChart.Node: Int], _ scale: Double
    ) {
        var sums: [SankeyChart.Node: (weighted: Double, weight: Double)] = [:]
        for (node, neighbour, count) in edges {
            let centre = (positions[neighbour] ?? 0) + Double(total[neighbour] ?? 0) * scale / 2
            sums[node, default: (0, 0)].weighted += centre * Double(count)
            sums[node, default: (0, 0)].weight += Double(count)
        }
        let keys = Dictionary(
            uniqueKeysWithValues: nodes.map { node in
                let sum = sums[node] ?? (0, 0)
                return (node, sum.weight > 0 ? sum.weighted / sum.weight : positions[node] ?? 0)
            })
        nodes.sort { a, b in
            let (x, y) = (keys[a] ?? 0, keys[b] ?? 0)
            if x != y { return x < y }
            if total[a] != total[b] { return (total[a] ?? 0) > (total[b] ?? 0) }
            return a.name < b.name
        }
    }

    /// Flows leave and enter in the order of where they lead to and come from.
    private static func flows(
        _ links: [SankeyChart.Link], _ positions: [SankeyChart.Node: Double], _ scale: Double
    ) -> [Flow] {
        var flows = links.map { Flow(link: $0, sourceY: 0, targetY: 0, height: Double($0.count) * scale) }
        func place(_ node: SankeyChart.Node) -> Double { positions[node] ?? 0 }
        var used: [SankeyChart.Node: Double] = [:]
        for index in flows.indices.sorted(by: { order(flows[$0].link.target, flows[$1].link.target, $0, $1) }) {
            let source = flows[index].link.source
            flows[index].sourceY = place(source) + used[source, default: 0]
            used[source, default: 0] += flows[index].height
        }
        used = [:]
        for index in flows.indices.sorted(by: { order(flows[$0].link.source, flows[$1].link.source, $0, $1) }) {
            let target = flows[index].link.target
            flows[index].targetY = place(target) + used[target, default: 0]
            used[target, default: 0] += flows[index].height
        }
        return flows

        func order(_ a: SankeyChart.Node, _ b: SankeyChart.Node, _ i: Int, _ j: Int) -> Bool {
            (Double(a.column), place(a), Double(i)) < (Double(b.column), place(b), Double(j))
        }
    }
}
