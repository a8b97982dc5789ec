import Analysis
package import Insights

/// A dashboard as people write it: its tiles name their insights.
///
/// ```yaml
/// dashboards:
///   - name: 주간 현황
///     from: -28d
///     tiles:
///       - { insight: 첫 구매 퍼널, width: 6 }
///       - { text: "# 이번 주" }
/// ```
package struct DashboardDocument: Sendable, Hashable, Codable {
    package struct Tile: Sendable, Hashable, Codable {
        /// The name of an insight; nil for a tile of text.
        package var insight: String?
        package var text: String?
        package var width: Int
        package var height: Int

        fileprivate init(_ tile: DashboardTile, names: [Int64: String]) {
            (width, height) = (tile.width, tile.height)
            switch tile.content {
            case .insight(let id): insight = names[id]
            case .text(let text): self.text = text
            }
        }

        package init(from decoder: any Decoder) throws {
            let parts = try TileParts<String>(decoder)
            switch parts.content {
            case .insight(let name): insight = name
            case .text(let text): self.text = text
            }
            (width, height) = (parts.width, parts.height)
        }
    }

    /// All of it but the tiles.
    private var frame: DashboardDefinition
    package var tiles: [Tile]

    package var name: String { frame.name }
    package var description: String { frame.description }

    /// - Parameter names: of the insights. A tile whose insight is not among them is left out.
    package init(_ dashboard: DashboardDefinition, names: [Int64: String]) {
        frame = dashboard
        frame.tiles = []
        tiles = dashboard.tiles.map { Tile($0, names: names) }.filter { $0.insight != nil || $0.text != nil }
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a dashboard", allowed: DashboardDefinition.fields)
        frame = try DashboardDefinition(frame: fields)
        tiles = try fields.list("tiles", counts: 0...DashboardDefinition.tileLimit) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        try frame.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(tiles, forKey: .tiles)
    }

    private enum CodingKeys: String, CodingKey { case tiles }

    /// - Parameter numbers: of the insights, by name.
    /// - Throws: `EngineError` naming the insight that there is not.
    package func definition(numbers: [String: Int64]) throws -> DashboardDefinition {
        var definition = frame
        definition.tiles = try tiles.map { tile in
            guard let insight = tile.insight else {
                return DashboardTile(.text(tile.text ?? ""), width: tile.width, height: tile.height)
            }
            guard let number = numbers[insight] else {
                throw EngineError(.notFound, "there is no insight '\(insight)' for the dashboard '\(name)'")
            }
            return DashboardTile(.insight(number), width: tile.width, height: tile.height)
        }
        return definition
    }

    /// `-28d to 0d, every 300 s: 첫 구매 퍼널 (6 × 2), text (12 × 1)`
    var summary: String {
        let days = [frame.from.map { "from \($0)" }, frame.to.map { "to \($0)" }].compactMap(\.self)
        let refresh = frame.refreshSeconds.map { ["every \($0) s"] } ?? []
        let parts = tiles.map { tile in
            "\(tile.insight ?? tile.text?.split(whereSeparator: \.isNewline).first.map(String.init) ?? "") "
                + "(\(tile.width) × \(tile.height))"
        }
        return (days + refresh + parts).joined(separator: ", ")
    }
}
