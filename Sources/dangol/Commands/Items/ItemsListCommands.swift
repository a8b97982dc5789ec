import ArgumentParser
import Catalog
import Engine
import EventLog
import Foundation
import Reports

struct ItemsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists items: by a part of their texts, kind or category.",
        discussion: """
            Examples:
              dangol items list
              dangol items list 수분 --category "스킨케어 > 크림" --sort price
              dangol items list --kind episode --parent series-7 --json
            """)

    @Argument(help: ArgumentHelp("What to look for; everything without it.", valueName: "text"))
    var text: String?

    @Option(help: "Only of this kind.")
    var kind: String?

    @Option(help: "Only in this category and below it, levels by >.")
    var category: String?

    @Option(help: ArgumentHelp("Only what is part of this item.", valueName: "id"))
    var parent: String?

    @Flag(help: "Deleted items too.")
    var deleted = false

    @Option(help: ArgumentHelp("updated, created, name or price.", valueName: "order"))
    var sort: ItemQuery.Sort = .updated

    @Flag(help: "The least first.")
    var ascending = false

    @Option(help: "How many, from 1 to 1000.")
    var limit: Int = 50

    @Option(help: ArgumentHelp("Go on after an earlier page: what it gave as 'next'.", valueName: "next"))
    var cursor: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if !ItemQuery.limits.contains(limit) { throw ValidationError("--limit must be from 1 to 1000") }
    }

    func run() async throws {
        var query = ItemQuery()
        (query.text, query.kind, query.parent, query.showsDeleted) = (text, kind, parent, deleted)
        (query.sort, query.ascending, query.limit, query.cursor) = (sort, ascending, limit, cursor)
        query.category = (category ?? "").split(separator: ">").map { $0.trimmingCharacters(in: .whitespaces) }
        let document = try await data.backend().items.items(query)
        let page: ItemBody.Page = try APIClient.read(document)
        var report = Report(Plural.of(page.total, "item"))
        var table = TextTable([
            .text("id"), .text("kind"), .text("name"), .text("category"), .number("price"), .number("stock"),
        ])
        for item in page.items { table.add(item.cells, values: item.values) }
        report.add(table)
        if let next = page.next { report.notes = ["There is more: --cursor \(next)"] }
        if page.total == 0, text == nil { report.notes = ["'dangol items import FILE' brings some in."] }
        try output.emit(report, document: document)
    }
}

struct ItemsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows one item with everything that is known of it.",
        discussion: """
            Examples:
              dangol items show sku-1
            """)

    @Argument(help: ArgumentHelp("The item.", valueName: "id"))
    var item: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let document = try await data.backend().items.item(item)
        let body: ItemBody = try APIClient.read(document)
        var report = Report("\(body.name) (\(body.kind))")
        var table = TextTable([.text("member"), .text("value")])
        for (name, value) in try ItemBody.members(document) {
            table.add([TextTable.Cell(name), TextTable.Cell(value)])
        }
        report.add(table)
        try output.emit(report, document: document)
    }
}

struct ItemsPricesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prices",
        abstract: "Shows what an item cost over time, the latest first.",
        discussion: """
            Examples:
              dangol items prices sku-1
            """)

    @Argument(help: ArgumentHelp("The item.", valueName: "id"))
    var item: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let document = try await data.backend().items.prices(of: item)
        let history: ItemBody.History = try APIClient.read(document)
        var report = Report("\(Plural.of(history.prices.count, "price")) of \(item)")
        var table = TextTable([.text("from"), .number("price"), .number("list price"), .text("currency")])
        for point in history.prices {
            table.add([
                TextTable.Cell(point.time), TextTable.Cell(point.price.map { NumberFormat.plain($0.amount) } ?? "none"),
                TextTable.Cell(point.price?.listAmount.map { NumberFormat.plain($0) } ?? ""),
                TextTable.Cell(point.price?.currency ?? ""),
            ])
        }
        report.add(table)
        try output.emit(report, document: document)
    }
}

struct ItemsCategoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "categories",
        abstract: "Lists the categories with how many items they hold.",
        discussion: """
            Examples:
              dangol items categories
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let document = try await data.backend().items.categories()
        let found = (try APIClient.read(document) as ItemBody.Categories).categories
        var report = Report(found.count == 1 ? "1 category" : "\(NumberFormat.count(found.count)) categories")
        var table = TextTable([.text("category"), .number("items")])
        for category in found {
            table.add([
                TextTable.Cell(category.path.joined(separator: " > ")), TextTable.Cell("\(category.items)"),
            ])
        }
        report.add(table)
        try output.emit(report, document: document)
    }
}

/// The part of an item's JSON that tables show.
struct ItemBody: Decodable {
    struct Price: Decodable {
        var amount: Double
        var currency: String
        var listAmount: Double?
    }

    struct Page: Decodable {
        var items: [ItemBody]
        var total: Int
        var next: String?
    }

    struct History: Decodable {
        struct Point: Decodable {
            var time: String
            var price: Price?
        }

        var prices: [Point]
    }

    struct Categories: Decodable {
        struct Category: Decodable {
            var path: [String]
            var items: Int
        }

        var categories: [Category]
    }

    var id: String
    var kind: String
    var name: String
    var categories: [[String]]?
    var price: Price?
    var stock: Int?
    var deletedAt: String?

    private var category: String { categories?.first?.joined(separator: " > ") ?? "" }

    var cells: [TextTable.Cell] {
        let style: Report.Style = deletedAt == nil ? .plain : .dim
        return [
            TextTable.Cell(id, style), TextTable.Cell(kind, style), TextTable.Cell(name, style),
            TextTable.Cell(category, style),
            TextTable.Cell(price.map { NumberFormat.plain($0.amount) + " " + $0.currency } ?? "", style),
            TextTable.Cell(stock.map { NumberFormat.count($0) } ?? "", style),
        ]
    }

    var values: [String] {
        [id, kind, name, category, price.map { "\($0.amount)" } ?? "", stock.map { "\($0)" } ?? ""]
    }

    /// The members of an item by name, each as one line.
    static func members(_ document: Data) throws -> [(String, String)] {
        guard let object = try JSONSerialization.jsonObject(with: document) as? [String: Any] else {
            throw APIClient.notUnderstood
        }
        return try object.sorted { $0.key < $1.key }.map { name, value in
            if let text = value as? String { return (name, text) }
            let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes]
            return (
                name,
                String(decoding: try JSONSerialization.data(withJSONObject: value, options: options), as: UTF8.self)
            )
        }
    }
}

extension OutputOptions {
    /// Prints a report, or with `--json` the document it was made of.
    func emit(_ report: Report, document: Data) throws {
        if json {
            printOut(String(decoding: document, as: UTF8.self))
        } else if csv {
            printOut(report.tables.first?.table.csv ?? "", terminator: "")
        } else {
            printOut(report.text(on: .output))
        }
    }

    func emit(item document: Data, _ say: (ItemBody) -> String) throws {
        try emit(Report(say(try APIClient.read(document))), document: document)
    }
}

extension ItemQuery.Sort: ExpressibleByArgument {}
