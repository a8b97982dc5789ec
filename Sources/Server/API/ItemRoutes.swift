import Access
import Catalog
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The catalogue: what the business offers.
enum ItemRoutes {
    static let routes: [APIRoute] = questions + changes

    private static let questions: [APIRoute] = [
        APIRoute(
            .get, "/v1/items", name: "listItems", group: "Items", "Find items", access: .scope(.catalogRead),
            answers: [
                .json(
                    .object(["items": .list(.shared("Item")), "total": .integer, "next": .text()], optional: ["next"]))
            ]
        ) { call in
            let query = try query(call)
            let catalog = try call.workspace().catalog
            return try call.answer(ItemPageView(try await call.parts.queries.run { try catalog.search(query) }))
        }
        .query("q", .text(lengths: 1...ItemQuery.maxTextLength), "Part of a name, a text or an attribute, or the id")
        .query("kind", .text(lengths: 1...256), "Only these")
        .query("category", .text(lengths: 1...1024), "A category and what is below it, levels by '>'")
        .query("parent", .text(lengths: 1...256), "Only what is part of this item")
        .query(
            "availability", .oneOf(ItemQuery.Availability.allCases.map(\.rawValue)), "Only what is in stock, or is not"
        )
        .query("deleted", .boolean, "Deleted items too")
        .query("sort", .oneOf(ItemQuery.Sort.allCases.map(\.rawValue)), "The order (default: updated)")
        .query("ascending", .boolean, "The least first")
        .query("limit", .integer(ItemQuery.limits), "How many (default: 50)")
        .query("cursor", .text(lengths: 1...2048), "What an earlier page gave as 'next'")
        .sampled("/v1/items"),
        APIRoute(
            .get, "/v1/items/{id}", name: "item", group: "Items", "One item, also a deleted one",
            access: .scope(.catalogRead), answers: [.json(.shared("Item"))]
        ) { call in try call.answer(try call.workspace().catalog.item(try call.pathParameter("id"))) }
        .itemParameter().sampled("/v1/items/nothing"),
        APIRoute(
            .get, "/v1/items/{id}/prices", name: "itemPrices", group: "Items",
            "What an item cost, the latest first", access: .scope(.catalogRead),
            answers: [.json(.object(["prices": .list(pricePoint)]))]
        ) { call in
            let limit = try call.integer("limit", in: 1...10_000) ?? 1_000
            let prices = try call.workspace().catalog.prices(of: try call.pathParameter("id"), limit: limit)
            return try call.answer(PriceHistoryView(prices))
        }
        .itemParameter().query("limit", .integer(1...10_000), "How many (default: 1000)")
        .sampled("/v1/items/nothing/prices"),
        APIRoute(
            .get, "/v1/categories", name: "categories", group: "Items",
            "Every category, with how many items it and those below it hold", access: .scope(.catalogRead),
            answers: [
                .json(.object(["categories": .list(.object(["path": .list(.text()), "items": .integer]))]))
            ]
        ) { call in try call.answer(CategoriesView(try call.workspace().catalog.categories())) }
        .sampled("/v1/categories"),
    ]

    private static let changes: [APIRoute] = [
        APIRoute(
            .post, "/v1/items", name: "putItems", group: "Items",
            "Add up to 10,000 items, or put them in place of those with their ids; all or none",
            access: .scope(.catalogWrite), answers: [.json(report)]
        ) { call in
            try await importItems(call, ItemFileOptions(), detail: "items")
        }
        .taking(.json(.list(itemSchema, counts: 1...CatalogLimits.itemsPerChange)), bytes: 64 << 20)
        .sampled("/v1/items", body: #"[{"id":"sample","name":"Sample"}]"#),
        APIRoute(
            .post, "/v1/items/import", name: "importItems", group: "Items",
            "Import items from JSON Lines or CSV; the same file again changes nothing",
            access: .scope(.catalogWrite), answers: [.json(report)]
        ) { call in
            var options = ItemFileOptions()
            for text in call.texts("map") { try options.map(parsing: text) }
            if let kind = call.text("kind") { options.kind = kind }
            if let currency = call.text("currency") { options.currency = currency }
            options.skipsInvalidLines = try call.flag("skipInvalid")
            options.isWhole = try call.flag("whole")
            return try await importItems(call, options, detail: call.text("name") ?? "file")
        }
        .query("map", .text(lengths: 3...600), "COLUMN=MEANING, may be repeated; see 'dangol items import --help'")
        .query("kind", .text(lengths: 1...256), "Of items whose line does not say (default: product)")
        .query("currency", .text(lengths: 3...3), "Of prices whose line does not say (default: KRW)")
        .query("skipInvalid", .boolean, "Leave lines with an error out; else one keeps all from being imported")
        .query("whole", .boolean, "The file is all there is of its kinds: items that it does not name are deleted")
        .query("name", .text(lengths: 1...200), "The file's name, for the audit log")
        .taking(
            .bytes(["application/x-ndjson", "application/json", "text/csv", "application/octet-stream"]),
            bytes: fileBytesMax
        )
        .sampled("/v1/items/import", body: "id,name\nsample,Sample\n", mediaType: "text/csv"),
        APIRoute(
            .put, "/v1/items/{id}", name: "putItem", group: "Items",
            "Add an item, or put it in place of the one there is",
            access: .scope(.catalogWrite), answers: [.json(.shared("Item"))]
        ) { call in
            let id = try call.pathParameter("id")
            let catalog = try call.workspace().catalog
            let stored = try catalog.put(json: Array(try await call.bytes().readableBytesView), id: id)
            try await note(call, "item.put", id)
            return try call.answer(stored)
        }
        .itemParameter().taking(.json(itemSchema), bytes: 4 << 20)
        .sampled("/v1/items/sample", body: #"{"id":"sample","name":"Sample"}"#),
        APIRoute(
            .delete, "/v1/items/{id}", name: "deleteItem", group: "Items",
            "Take an item out of what is offered; its history stays", access: .scope(.catalogWrite),
            answers: [.json(.shared("Item"))]
        ) { call in
            let id = try call.pathParameter("id")
            let stored = try call.workspace().catalog.delete(id)
            try await note(call, "item.deleted", id)
            return try call.answer(stored)
        }
        .itemParameter().sampled("/v1/items/nothing"),
        APIRoute(
            .post, "/v1/items/{id}/restore", name: "restoreItem", group: "Items", "Offer a deleted item again",
            access: .scope(.catalogWrite), answers: [.json(.shared("Item"))]
        ) { call in
            let id = try call.pathParameter("id")
            let stored = try call.workspace().catalog.restore(id)
            try await note(call, "item.restored", id)
            return try call.answer(stored)
        }
        .itemParameter().sampled("/v1/items/nothing/restore"),
    ]

    private static let fileBytesMax = 256 << 20

    private static func query(_ call: Call) throws -> ItemQuery {
        var query = ItemQuery()
        query.text = call.text("q")
        query.kind = call.text("kind")
        query.category = (call.text("category") ?? "").split(separator: ">").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        query.parent = call.text("parent")
        if let text = call.text("availability") {
            guard let known = ItemQuery.Availability(rawValue: text) else {
                throw Problem.badRequest("must be inStock or soldOut", field: "availability")
            }
            query.availability = known
        }
        query.showsDeleted = try call.flag("deleted")
        if let sort = call.text("sort") {
            guard let known = ItemQuery.Sort(rawValue: sort) else {
                throw Problem.badRequest(
                    "must be \(ItemQuery.Sort.allCases.map(\.rawValue).joined(separator: ", "))", field: "sort")
            }
            query.sort = known
        }
        query.ascending = try call.flag("ascending")
        query.limit = try call.integer("limit", in: ItemQuery.limits) ?? 50
        query.cursor = call.text("cursor")
        return query
    }

    private static func importItems(_ call: Call, _ options: ItemFileOptions, detail: String) async throws -> Response {
        let bytes = Array(try await call.bytes().readableBytesView)
        let live = try call.workspace()
        let report = try await call.parts.imports.run { try live.catalog.importFile(bytes, options: options) }
        live.wake()
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "items.imported", target: String(detail.prefix(200)),
            detail: [
                "created": "\(report.created)", "updated": "\(report.updated)", "deleted": "\(report.deleted)",
                "rejected": "\(report.rejected)",
            ])
        return try call.answer(CatalogReportView(report))
    }

    private static func note(_ call: Call, _ action: String, _ id: String) async throws {
        try call.workspace().wake()
        try call.access.note(call.change, workspace: call.workspaceName, action: action, target: id, detail: [:])
    }
}

// MARK: - What items look like

extension ItemRoutes {
    private static let price = JSONSchema.object(
        ["amount": .number, "currency": .text(lengths: 3...3), "listAmount": .number],
        optional: ["currency", "listAmount"])

    private static let pricePoint = JSONSchema.object(["time": .time, "price": price.orNull()], optional: ["price"])

    private static let members: [String: JSONSchema] = [
        "id": .text(lengths: 1...CatalogLimits.idBytes), "kind": .text(lengths: 1...CatalogLimits.nameBytes),
        "name": .text(lengths: 1...CatalogLimits.nameBytes), "description": .text(),
        "categories": .list(.list(.text(), counts: 1...CatalogLimits.categoryLevels)), "attributes": .map(.any),
        "price": price, "stock": .integer(0...1_000_000_000),
        "availability": .list(
            .object(
                ["regions": .list(.text()), "from": .time, "until": .time], optional: ["regions", "from", "until"])),
        "variants": .map(
            .object(
                ["name": .text(), "description": .text(), "image": .text()],
                optional: ["name", "description", "image"])),
        "parent": .text(), "season": .integer, "position": .integer,
        "artworks": .list(
            .object(
                ["id": .text(), "url": .text(), "tags": .map(.number), "locale": .text()],
                optional: ["tags", "locale"])),
        "url": .text(), "image": .text(),
    ]

    /// As it is sent.
    fileprivate static let itemSchema = JSONSchema.object(
        members, optional: Set(members.keys).subtracting(["id", "name"]))

    /// As it is answered, for the shared parts of the document.
    static let storedSchema = JSONSchema.object(
        members.merging(["createdAt": .time, "updatedAt": .time, "deletedAt": .time]) { $1 },
        optional: Set(members.keys).subtracting(["id", "kind", "name"]).union(["deletedAt"]))

    fileprivate static let report = JSONSchema.object([
        "created": .integer, "updated": .integer, "unchanged": .integer, "deleted": .integer, "rejected": .integer,
        "rejections": .list(.object(["line": .integer, "reason": .text()])),
    ])
}

extension APIRoute {
    fileprivate func itemParameter() -> APIRoute { pathParameter("id", "The item's id").failing(.notFound) }
}
