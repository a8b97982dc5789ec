import ArgumentParser
import Catalog
import Engine
import EventLog
import Foundation
import Reports

struct ItemsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "items",
        abstract: "Keeps the catalogue: products, titles, services, or whatever the business offers.",
        discussion: """
            Events refer to items by a property that holds the item's id.

            Examples:
              dangol items import products.csv
              dangol items list 크림 --category 스킨케어
              dangol items prices sku-1
            """,
        subcommands: [
            ItemsImportCommand.self, ItemsListCommand.self, ItemsShowCommand.self, ItemsPricesCommand.self,
            ItemsCategoriesCommand.self, ItemsDeleteCommand.self, ItemsRestoreCommand.self,
        ])
}

struct ItemsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Imports items from JSON Lines, or from CSV with a line of names.",
        discussion: """
            An item takes the place of the one with its id; the same file again changes nothing. Prices and stock that \
            change become events (Item Price Changed, Item Stock Changed).

            Columns are known by the usual names of product feeds (id, sku, 상품코드, name, 상품명, category, price, \
            판매가, stock, image ...); others are attributes. With --map a column means: id, kind, name, description, \
            category (levels by >, several by |), price, listPrice, currency, stock, parent, season, position, regions, \
            from, until, url, image, attribute:NAME, attribute:NAME:list (values by |), name:LOCALE, description:LOCALE, \
            artwork:ID:TAG+TAG, or ignore.

            Examples:
              dangol items import products.csv
              dangol items import titles.jsonl --whole
              dangol items import feed.tsv --map goods_no=id --map "genres=attribute:genre:list" --kind title
            """)

    @Argument(help: ArgumentHelp("A file, or - for standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("What a column means; may be repeated.", valueName: "column=meaning"))
    var map: [String] = []

    @Option(help: "Of items whose line does not say. (default: product)")
    var kind: String?

    @Option(help: "Of prices whose line does not say. (default: KRW)")
    var currency: String?

    @Flag(help: "Leave lines with an error out.")
    var skipInvalid = false

    @Flag(help: "The file is all there is of its kinds: items that it does not name are deleted.")
    var whole = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let arguments = ItemFileArguments(
            map: map, kind: kind, currency: currency, skipInvalid: skipInvalid, whole: whole)
        _ = try arguments.options()
        let view = try await data.backend().items.importItems(file, arguments)
        var report = Report(
            "\(Plural.of(view.created, "item")) new, \(NumberFormat.count(view.updated)) changed, "
                + "\(NumberFormat.count(view.unchanged)) as they were"
                + (view.deleted > 0 ? ", \(NumberFormat.count(view.deleted)) deleted." : "."))
        report.addLeftOut(view.rejected, view.rejections)
        try output.emit(report, json: view)
    }
}

struct ItemsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Takes an item out of what is offered. Its history stays.",
        discussion: """
            Examples:
              dangol items delete sku-1
            """)

    @Argument(help: ArgumentHelp("The item.", valueName: "id"))
    var item: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try output.emit(item: try await data.backend().items.delete(item)) { "\($0.name) is deleted." }
    }
}

struct ItemsRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Offers a deleted item again.",
        discussion: """
            Examples:
              dangol items restore sku-1
            """)

    @Argument(help: ArgumentHelp("The item.", valueName: "id"))
    var item: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try output.emit(item: try await data.backend().items.restore(item)) { "\($0.name) is offered again." }
    }
}
