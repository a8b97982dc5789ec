import Access
import Catalog
import Engine
import HTTPTypes

/// Items from a table or JSON Lines: first what would come of them, then the import. A file is read into the form by
/// `assets/items.js`; what is too large for a form goes over the API or the command.
enum ItemImport {
    static let formBytesMax = 8 << 20

    static func page(_ call: PageCall) -> PageAnswer { page(call, text: "", options: ItemFileOptions()) }

    static func run(_ call: PageCall) async throws -> PageAnswer {
        let text = call.form["text"] ?? ""
        var options = ItemFileOptions()
        if let kind = call.form["kind"], !kind.isEmpty { options.kind = kind }
        if let currency = call.form["currency"], !currency.isEmpty { options.currency = currency.uppercased() }
        options.skipsInvalidLines = call.form["skipInvalid"] == "true"
        options.isWhole = call.form["whole"] == "true"
        let (live, chosen) = (try call.workspace(), options)
        do {
            guard call.form["do"] == "import" else {
                let preview = try await call.parts.imports.run {
                    try live.catalog.preview(Array(text.utf8), options: chosen)
                }
                return page(call, text: text, options: options, preview: preview)
            }
            let report = try await call.parts.imports.run {
                try live.catalog.importFile(Array(text.utf8), options: chosen)
            }
            try ItemPages.note(
                call, "items.imported", "console",
                [
                    "created": "\(report.created)", "updated": "\(report.updated)", "deleted": "\(report.deleted)",
                    "rejected": "\(report.rejected)",
                ])
            return .redirect("items", saying: words(report, call))
        } catch let error as CatalogError where [.badFile, .invalid, .limitExceeded].contains(error.code) {
            return page(call, text: text, options: options, error: error.message)
        }
    }

    private static func words(_ report: CatalogChangeReport, _ call: PageCall) -> String {
        call.text(
            "items.report",
            [
                "created": call.format.number(report.created), "updated": call.format.number(report.updated),
                "unchanged": call.format.number(report.unchanged), "deleted": call.format.number(report.deleted),
                "rejected": call.format.number(report.rejected),
            ])
    }

    private static func page(
        _ call: PageCall, text: String, options: ItemFileOptions, preview: CatalogPreview? = nil, error: String? = nil
    ) -> PageAnswer {
        func check(_ name: String, _ isOn: Bool) -> PageValue {
            FormField(
                .check, name, call.text("items.\(name)"), value: isOn ? "true" : "",
                hint: call.text("items.\(name)Hint")
            ).value
        }
        return .page(
            "items/import", title: call.text("items.import"), status: error == nil ? .ok : .unprocessableContent,
            scripts: ["items.js"],
            [
                "text": .text(text), "error": .orFalse(error), "action": .text(call.link("items/import")),
                "options": .list([
                    FormField(.input("text"), "kind", call.text("items.fileKind"), value: options.kind).value,
                    FormField(.input("text"), "currency", call.text("items.field.currency"), value: options.currency)
                        .value,
                    check("skipInvalid", options.skipsInvalidLines), check("whole", options.isWhole),
                ]),
                "command": .text("dangol items import products.csv --workspace \(call.workspaceName)"),
                "hasPreview": .flag(preview != nil),
                "report": .text(preview.map { words($0.report, call) } ?? ""),
                "table": preview.map { table($0.first, call).value } ?? false,
                "rejections": .list(
                    (preview?.report.rejections ?? []).prefix(10).map {
                        .text(call.text("items.rejection", ["line": "\($0.line)", "reason": $0.reason]))
                    }),
            ])
    }

    private static func table(_ items: [Item], _ call: PageCall) -> DataTable {
        DataTable(
            call.text("items.preview"),
            columns: [
                .init(call.text("items.id")), .init(call.text("items.name")), .init(call.text("items.kind")),
                .init(call.text("items.category")), .init(call.text("items.price"), isNumber: true),
            ],
            rows: items.map { item in
                [
                    DataTable.Cell(item.id), DataTable.Cell(item.name), DataTable.Cell(item.kind),
                    DataTable.Cell(item.categories.first?.joined(separator: " > ") ?? "–"),
                    DataTable.Cell(ItemPages.price(item.price, call)),
                ]
            })
    }
}
