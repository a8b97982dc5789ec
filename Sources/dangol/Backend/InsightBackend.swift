import Analysis
import Engine
import Foundation
import Insights
import NIOHTTP1

/// What commands do with saved insights, dashboards and the journey map, in a folder or by a server.
protocol InsightBackend: Sendable {
    /// By number.
    func insights() async throws -> [Int64: InsightDefinition]
    func dashboards() async throws -> [Int64: DashboardDefinition]
    /// - Parameter id: of the one to change; nil makes a new one.
    func save(_ insight: InsightDefinition, as id: Int64?) async throws
    func save(_ dashboard: DashboardDefinition, as id: Int64?) async throws
    /// Nil when nobody has drawn one.
    func journeyMap() async throws -> JourneyMapDefinition?
    func setJourneyMap(_ map: JourneyMapDefinition) async throws
}

extension InsightBackend {
    /// The number of what has a name: of several the one that was made first.
    static func number<Definition>(of name: String, in all: [Int64: Definition], _ key: KeyPath<Definition, String>)
        -> Int64?
    {
        all.filter { $0.value[keyPath: key] == name }.keys.min()
    }

    func save(_ insight: InsightDefinition) async throws {
        try await save(insight, as: Self.number(of: insight.name, in: try await insights(), \.name))
    }

    /// Insights that tiles name have to be there.
    func save(_ dashboard: DashboardDocument) async throws {
        let all = try await insights()
        let names = Set(dashboard.tiles.compactMap(\.insight))
        let numbers = names.compactMap { name in Self.number(of: name, in: all, \.name).map { (name, $0) } }
        let definition = try dashboard.definition(numbers: Dictionary(uniqueKeysWithValues: numbers))
        try await save(definition, as: Self.number(of: dashboard.name, in: try await dashboards(), \.name))
    }
}

/// Insights of a data folder.
struct FolderInsights: InsightBackend {
    let folder: Workspace

    private static let owner = "dangol apply"

    func insights() async throws -> [Int64: InsightDefinition] {
        try await folder.opened { live in
            Dictionary(uniqueKeysWithValues: try live.insights.insights().map { ($0.id, $0.definition) })
        }
    }

    func dashboards() async throws -> [Int64: DashboardDefinition] {
        try await folder.opened { live in
            Dictionary(uniqueKeysWithValues: try live.insights.dashboards().map { ($0.id, $0.definition) })
        }
    }

    func save(_ insight: InsightDefinition, as id: Int64?) async throws {
        try await folder.opened { live in
            if let id {
                _ = try live.insights.update(id, to: insight)
            } else {
                _ = try live.insights.create(insight, owner: Self.owner)
            }
        }
    }

    func save(_ dashboard: DashboardDefinition, as id: Int64?) async throws {
        try await folder.opened { live in
            if let id {
                _ = try live.insights.update(id, to: dashboard)
            } else {
                _ = try live.insights.create(dashboard, owner: Self.owner)
            }
        }
    }

    func journeyMap() async throws -> JourneyMapDefinition? {
        try await folder.opened { try $0.insights.journeyMap() }
    }

    func setJourneyMap(_ map: JourneyMapDefinition) async throws {
        try await folder.opened { try $0.insights.setJourneyMap(map) }
    }
}

/// Insights of a running server.
struct ServerInsights: InsightBackend {
    let client: APIClient

    func insights() async throws -> [Int64: InsightDefinition] { try await all("insights") }

    func dashboards() async throws -> [Int64: DashboardDefinition] { try await all("dashboards") }

    func save(_ insight: InsightDefinition, as id: Int64?) async throws { try await save(insight, id, "insights") }

    func save(_ dashboard: DashboardDefinition, as id: Int64?) async throws {
        try await save(dashboard, id, "dashboards")
    }

    func journeyMap() async throws -> JourneyMapDefinition? {
        var object = try Self.object(try await client.send(.GET, "/v1/journey-map"))
        guard let isGuessed = object.removeValue(forKey: "isGuessed") as? Bool else { throw APIClient.notUnderstood }
        return isGuessed ? nil : try Self.definition(object)
    }

    func setJourneyMap(_ map: JourneyMapDefinition) async throws {
        _ = try await client.send(.PUT, "/v1/journey-map", json: try JSONEncoder().encode(map))
    }

    private func save(_ definition: some Encodable, _ id: Int64?, _ kind: String) async throws {
        let body = try JSONEncoder().encode(definition)
        if let id {
            _ = try await client.send(.PUT, "/v1/\(kind)/\(id)", json: body)
        } else {
            _ = try await client.send(.POST, "/v1/\(kind)", json: body)
        }
    }

    private func all<Definition: Decodable>(_ kind: String) async throws -> [Int64: Definition] {
        let answer = try Self.object(try await client.send(.GET, "/v1/\(kind)"))
        guard let list = answer[kind] as? [[String: Any]] else { throw APIClient.notUnderstood }
        var found: [Int64: Definition] = [:]
        for entry in list {
            guard let id = (entry["id"] as? NSNumber)?.int64Value else { throw APIClient.notUnderstood }
            // A definition is read strictly, so it comes without what the server knows besides.
            let known = ["id", "owner", "createdAt", "updatedAt"]
            found[id] = try Self.definition(entry.filter { !known.contains($0.key) })
        }
        return found
    }

    private static func object(_ data: Data) throws -> [String: Any] {
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw APIClient.notUnderstood
        }
        return object
    }

    private static func definition<Definition: Decodable>(_ object: [String: Any]) throws -> Definition {
        guard let data = try? JSONSerialization.data(withJSONObject: object),
            let definition = try? JSONDecoder().decode(Definition.self, from: data)
        else { throw APIClient.notUnderstood }
        return definition
    }
}
