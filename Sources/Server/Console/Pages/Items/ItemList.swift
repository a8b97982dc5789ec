import Access
import Catalog
import Engine
import Foundation
import HTTPTypes

/// Which items are listed. It is in the address; what was typed has a token there.
struct ItemListState: Sendable {
    var text = ""
    var kind = ""
    var category = ""
    var availability: ItemQuery.Availability?
    var showsDeleted = false
    var sort = ItemQuery.Sort.updated
    var ascending = false
    var cursor: String?

    init(_ call: PageCall) {
        text = call.kept("q") ?? ""
        kind = call.query("kind") ?? ""
        category = call.query("category") ?? ""
        availability = call.query("availability").flatMap { ItemQuery.Availability(rawValue: $0) }
        showsDeleted = call.query("deleted") == "yes"
        sort = call.query("sort").flatMap { ItemQuery.Sort(rawValue: $0) } ?? .updated
        ascending = call.query("order") == "up"
        cursor = call.kept("page")
    }

    /// What a form asks for.
    init(form call: PageCall) {
        let form = call.form
        text = String((form["text"] ?? "").prefix(ItemQuery.maxTextLength))
        kind = form["kind"] ?? ""
        category = form["category"] ?? ""
        availability = form["availability"].flatMap { ItemQuery.Availability(rawValue: $0) }
        showsDeleted = form["deleted"] == "true"
        sort = form["sort"].flatMap { ItemQuery.Sort(rawValue: $0) } ?? .updated
        ascending = form["order"] == "up"
    }

    var isFiltered: Bool {
        !text.isEmpty || !kind.isEmpty || !category.isEmpty || availability != nil || showsDeleted
    }

    var query: ItemQuery {
        var query = ItemQuery()
        query.text = text.isEmpty ? nil : text
        query.kind = kind.isEmpty ? nil : kind
        query.category = category.split(separator: ">").map { $0.trimmingCharacters(in: .whitespaces) }
        query.availability = availability
        query.showsDeleted = showsDeleted
        query.sort = sort
        query.ascending = ascending
        query.cursor = cursor
        return query
    }

    func link(_ call: PageCall, page: String? = nil) -> String {
        call.link(
            "items",
            [
                "q": text.isEmpty ? nil : call.keep(text), "kind": kind, "category": category,
                "availability": availability?.rawValue, "deleted": showsDeleted ? "yes" : nil,
                "sort": sort == .updated ? nil : sort.rawValue, "order": ascending ? "up" : nil,
                "page": page.map(call.keep),
            ])
    }

    func sorted(by other: ItemQuery.Sort) -> ItemListState {
        var copy = self
        copy.cursor = nil
        copy.ascending = sort == other ? !ascending : other == .name
        copy.sort = other
        return copy
    }
}

/// The list of items.
enum ItemList {
    private static let kindsMax = 200

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let state = ItemListState(call)
        let live = try call.workspace()
        let query = state.query
        let (found, categories, kinds) = try await call.parts.queries.run {
            (try live.catalog.search(query), try live.catalog.categories(), try live.catalog.kinds())
        }
        let isAnything = found.total > 0 || !kinds.isEmpty
        return .page(
            "items/list", title: call.text("nav.items"),
            [
                "lead": .text(call.text("items.lead", count: found.total)), "text": .text(state.text),
                "isFiltered": .flag(state.isFiltered), "clear": .text(call.link("items")),
                "mayChange": .flag(call.may(.catalogWrite)), "showsDeleted": .flag(state.showsDeleted),
                "sort": .text(state.sort.rawValue), "order": state.ascending ? "up" : "",
                "kinds": options(
                    [("", call.text("items.anyKind"))] + kinds.prefix(kindsMax).map { ($0, $0) }, state.kind),
                "categories": options(
                    [("", call.text("items.anyCategory"))]
                        + categories.map { category in
                            let path = category.path.joined(separator: " > ")
                            return (path, "\(path) (\(call.format.number(category.items)))")
                        }, state.category),
                "availabilities": options(
                    [("", call.text("items.anyAvailability"))]
                        + ItemQuery.Availability.allCases.map {
                            ($0.rawValue, call.text("items.availability.\($0.rawValue)"))
                        }, state.availability?.rawValue ?? ""),
                "table": found.items.isEmpty ? false : table(found.items, state, call).value,
                "empty": found.items.isEmpty ? empty(isAnything: isAnything, call).value : false,
                "pages": Pagination(
                    summary: call.text("items.shown", count: found.items.count),
                    previous: state.cursor == nil ? nil : state.link(call),
                    next: found.cursor.map { state.link(call, page: $0) }
                ).value,
            ])
    }

    private static func options(_ list: [(String, String)], _ chosen: String) -> PageValue {
        .list(list.map { ["value": .text($0), "text": .text($1), "isChosen": .flag($0 == chosen)] })
    }

    private static func table(_ items: [StoredItem], _ state: ItemListState, _ call: PageCall) -> DataTable {
        func head(_ title: String, _ sort: ItemQuery.Sort, isNumber: Bool = false) -> DataTable.Column {
            DataTable.Column(
                call.text(title), isNumber: isNumber, href: state.sorted(by: sort).link(call),
                order: state.sort == sort ? (state.ascending ? .ascending : .descending) : nil)
        }
        return DataTable(
            call.text("nav.items"),
            columns: [
                head("items.name", .name), .init(call.text("items.kind")), .init(call.text("items.category")),
                head("items.price", .price, isNumber: true), .init(call.text("items.stock"), isNumber: true),
                head("items.updated", .updated),
            ],
            rows: items.map { stored in
                let item = stored.item
                return [
                    DataTable.Cell(item.name, href: ItemPages.link(item.id, call), note: item.id),
                    DataTable.Cell(item.kind),
                    DataTable.Cell(item.categories.first?.joined(separator: " > ") ?? "–"),
                    DataTable.Cell(ItemPages.price(item.price, call)),
                    stock(stored, call),
                    DataTable.Cell(call.format.relative(stored.updatedTime)),
                ]
            })
    }

    private static func stock(_ stored: StoredItem, _ call: PageCall) -> DataTable.Cell {
        if stored.deletedTime != nil { return DataTable.Cell(call.text("items.deleted"), chip: "bad") }
        guard let stock = stored.item.stock else { return "–" }
        return stock > 0
            ? DataTable.Cell(call.format.number(stock))
            : DataTable.Cell(call.text("items.availability.soldOut"), chip: "warn")
    }

    private static func empty(isAnything: Bool, _ call: PageCall) -> EmptyState {
        if isAnything {
            return EmptyState(
                icon: "search", title: call.text("items.noneTitle"), text: call.text("items.noneText"))
        }
        return EmptyState(
            icon: "items", title: call.text("items.emptyTitle"), text: call.text("items.emptyText"),
            snippet: "dangol items import products.csv --workspace \(call.workspaceName)",
            actions: call.may(.catalogWrite) ? [(call.text("items.import"), call.link("items/import"))] : [])
    }
}
