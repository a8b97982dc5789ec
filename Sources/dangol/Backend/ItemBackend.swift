import Catalog
import Engine
import EventLog
import Foundation
import NIOHTTP1

/// What commands want to know and change about items, of a data folder or of a server. Documents are JSON as the API
/// has it; both backends give the same.
protocol ItemBackend: Sendable {
    func items(_ query: ItemQuery) async throws -> Data
    func item(_ id: String) async throws -> Data
    func prices(of id: String) async throws -> Data
    func categories() async throws -> Data
    func delete(_ id: String) async throws -> Data
    func restore(_ id: String) async throws -> Data
    func importItems(_ path: String, _ options: ItemFileArguments) async throws -> CatalogReportView
}

/// How a file of items is read.
struct ItemFileArguments: Sendable {
    /// `COLUMN=MEANING`
    var map: [String]
    var kind: String?
    var currency: String?
    var skipInvalid: Bool
    var whole: Bool

    func options() throws -> ItemFileOptions {
        var options = ItemFileOptions()
        for text in map { try options.map(parsing: text) }
        if let kind { options.kind = kind }
        if let currency { options.currency = currency }
        options.skipsInvalidLines = skipInvalid
        options.isWhole = whole
        return options
    }
}

/// Items of a data folder.
struct FolderItems: ItemBackend {
    let folder: Workspace

    func items(_ query: ItemQuery) async throws -> Data {
        try await folder.opened { try Self.json(ItemPageView(try $0.catalog.search(query))) }
    }

    func item(_ id: String) async throws -> Data {
        try await folder.opened { try Self.json(try $0.catalog.item(id)) }
    }

    func prices(of id: String) async throws -> Data {
        try await folder.opened { try Self.json(PriceHistoryView(try $0.catalog.prices(of: id))) }
    }

    func categories() async throws -> Data {
        try await folder.opened { try Self.json(CategoriesView(try $0.catalog.categories())) }
    }

    func delete(_ id: String) async throws -> Data {
        try await folder.live { try Self.json(try $0.catalog.delete(id)) }
    }

    func restore(_ id: String) async throws -> Data {
        try await folder.live { try Self.json(try $0.catalog.restore(id)) }
    }

    func importItems(_ path: String, _ options: ItemFileArguments) async throws -> CatalogReportView {
        let chosen = try options.options()
        let bytes = try WholeFile.read(path, bytesMax: CatalogLimits.fileBytes)
        return try await folder.live(isNew: true) {
            CatalogReportView(try $0.catalog.importFile(bytes, options: chosen))
        }
    }

    /// As the API writes it.
    private static func json(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

/// Items of a running server.
struct ServerItems: ItemBackend {
    let client: APIClient

    func items(_ query: ItemQuery) async throws -> Data {
        var parameters = [("sort", query.sort.rawValue), ("limit", "\(query.limit)")]
        if let text = query.text { parameters.append(("q", text)) }
        if let kind = query.kind { parameters.append(("kind", kind)) }
        if let parent = query.parent { parameters.append(("parent", parent)) }
        if !query.category.isEmpty { parameters.append(("category", query.category.joined(separator: ">"))) }
        if query.showsDeleted { parameters.append(("deleted", "true")) }
        if query.ascending { parameters.append(("ascending", "true")) }
        if let cursor = query.cursor { parameters.append(("cursor", cursor)) }
        return try await client.send(.GET, "/v1/items", parameters)
    }

    func item(_ id: String) async throws -> Data { try await client.send(.GET, path(id)) }

    func prices(of id: String) async throws -> Data { try await client.send(.GET, path(id) + "/prices") }

    func categories() async throws -> Data { try await client.send(.GET, "/v1/categories") }

    func delete(_ id: String) async throws -> Data { try await client.send(.DELETE, path(id)) }

    func restore(_ id: String) async throws -> Data { try await client.send(.POST, path(id) + "/restore") }

    func importItems(_ path: String, _ options: ItemFileArguments) async throws -> CatalogReportView {
        var parameters = options.map.map { ("map", $0) }
        parameters.append(("name", String((path.split(separator: "/").last ?? "file").prefix(200))))
        if let kind = options.kind { parameters.append(("kind", kind)) }
        if let currency = options.currency { parameters.append(("currency", currency)) }
        if options.skipInvalid { parameters.append(("skipInvalid", "true")) }
        if options.whole { parameters.append(("whole", "true")) }
        let answer: Data
        do {
            answer = try await client.upload(
                "/v1/items/import", parameters, try FileSource(path: path), progress: { _, _ in })
        } catch var failure as Failure where failure.code == CatalogError.Code.badFile.rawValue {
            // The file is wrong, not how the command was called.
            failure.status = .failure
            throw failure
        }
        return try APIClient.read(answer)
    }

    private func path(_ id: String) -> String { "/v1/items/\(APIClient.escaped(id))" }
}
