import Access
import Catalog
import Engine
import Foundation
import HTTPTypes

/// An item as a form has it: what everybody changes in fields, the rest as JSON.
struct ItemDraft: Sendable {
    /// Fields of one line, in their order.
    static let texts = [
        "kind", "name", "price", "listPrice", "currency", "stock", "parent", "season", "position", "url", "image",
    ]
    private static let further = ["attributes", "availability", "variants", "artworks"]

    var id = ""
    var fields: [String: String] = ["kind": "product"]
    var description = ""
    /// A path on each line, levels by '>'.
    var categories = ""
    /// Attributes, availability, variants and artworks, as the API has them.
    var rest = "{}"

    init() {}

    init(_ item: Item) throws {
        id = item.id
        description = item.description ?? ""
        categories = item.categories.map { $0.joined(separator: " > ") }.joined(separator: "\n")
        fields = ["kind": item.kind, "name": item.name]
        fields["price"] = item.price.map { Self.text($0.amount) }
        fields["listPrice"] = item.price?.listAmount.map(Self.text)
        fields["currency"] = item.price?.currency
        fields["stock"] = item.stock.map(String.init)
        fields["parent"] = item.parent
        fields["season"] = item.place.map { String($0.season) }
        fields["position"] = item.place.map { String($0.position) }
        fields["url"] = item.url
        fields["image"] = item.image
        let whole = try JSONSerialization.jsonObject(with: try item.json()) as? [String: Any] ?? [:]
        let rest = whole.filter { Self.further.contains($0.key) }
        let data = try JSONSerialization.data(
            withJSONObject: rest, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        self.rest = String(decoding: data, as: UTF8.self)
    }

    init(_ form: FormValues, id: String?) {
        self.id = id ?? (form["id"] ?? "").trimmingCharacters(in: .whitespaces)
        for name in Self.texts {
            fields[name] = form[name].map { $0.trimmingCharacters(in: .whitespaces) }
        }
        description = form["description"] ?? ""
        categories = form["categories"] ?? ""
        rest = form["rest"] ?? "{}"
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }

    /// The item as the API takes it.
    ///
    /// - Throws: `CatalogError` with `invalid`, naming the field.
    func json() throws -> Data {
        let parsed = try? JSONSerialization.jsonObject(with: Data((rest.isEmpty ? "{}" : rest).utf8))
        guard var object = parsed as? [String: Any] else {
            throw CatalogError(.invalid, "is no JSON object", field: "rest")
        }
        if let other = object.keys.sorted().first(where: { !Self.further.contains($0) }) {
            throw CatalogError(
                .invalid, "has '\(other)', but can have \(Self.further.joined(separator: ", "))", field: "rest")
        }
        object["id"] = id
        for name in ["kind", "name", "parent", "url", "image"] { object[name] = filled(name) }
        if !description.isEmpty { object["description"] = description }
        let paths = categories.split(whereSeparator: \.isNewline).map { line in
            line.split(separator: ">").map { $0.trimmingCharacters(in: .whitespaces) }
        }.filter { !$0.isEmpty }
        if !paths.isEmpty { object["categories"] = paths }
        object["stock"] = try number("stock")
        object["season"] = try number("season")
        object["position"] = try number("position")
        if let amount = try number("price") {
            var price: [String: Any] = ["amount": amount]
            price["currency"] = filled("currency")
            price["listAmount"] = try number("listPrice")
            object["price"] = price
        }
        return try JSONSerialization.data(withJSONObject: object)
    }

    private func filled(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }

    private func number(_ name: String) throws -> NSNumber? {
        guard let text = filled(name)?.replacing(",", with: "") else { return nil }
        if let whole = Int(text) { return NSNumber(value: whole) }
        guard let number = Double(text), number.isFinite else {
            throw CatalogError(.invalid, "'\(text.prefix(40))' is no number", field: name)
        }
        return NSNumber(value: number)
    }
}

/// An item in a form.
enum ItemEdit {
    /// - Parameter id: nil for a new item.
    static func page(_ call: PageCall, _ draft: ItemDraft, id: String?, error: CatalogError? = nil) -> PageAnswer {
        func text(_ name: String) -> FormField {
            FormField(
                .input("text"), name, call.text("items.field.\(name)"), value: draft.fields[name],
                hint: hint(name, call))
        }
        var fields: [FormField] = []
        if id == nil {
            fields.append(
                FormField(
                    .input("text"), "id", call.text("items.id"), value: draft.id, hint: call.text("items.idHint")
                ).with {
                    $0.isRequired = true
                    $0.lengths = 1...CatalogLimits.idBytes
                })
        }
        fields += ItemDraft.texts.map(text)
        fields.insert(
            FormField(.area(rows: 4), "description", call.text("items.description"), value: draft.description),
            at: id == nil ? 3 : 2)
        fields.append(
            FormField(
                .area(rows: 3), "categories", call.text("items.categories"), value: draft.categories,
                hint: call.text("items.categoriesHint")))
        fields.append(
            FormField(
                .area(rows: 12), "rest", call.text("items.rest"), value: draft.rest,
                hint: call.text("items.restHint", ["example": #"{ "attributes": { "brand": "Acme" } }"#])))
        let named = error.map { found in fields.first { found.field.hasPrefix($0.name) }?.name ?? "rest" }
        let shown = fields.map { field in
            field.with {
                if ["name", "kind"].contains($0.name) { $0.isRequired = true }
                if $0.name == named { $0.error = error?.description }
            }
        }
        return .page(
            "items/edit", title: call.text(id == nil ? "items.new" : "items.edit"),
            status: error == nil ? .ok : .unprocessableContent,
            [
                "heading": .text(id == nil ? call.text("items.new") : draft.fields["name"] ?? draft.id),
                "action": .text(id.map { ItemPages.link($0, call) + "/edit" } ?? call.link("items/new")),
                "back": .text(id.map { ItemPages.link($0, call) } ?? call.link("items")),
                "fields": .list(shown.map(\.value)),
            ])
    }

    private static func hint(_ name: String, _ call: PageCall) -> String? {
        ["kind", "listPrice", "stock", "parent", "position"].contains(name) ? call.text("items.hint.\(name)") : nil
    }

    static func save(_ call: PageCall, id: String?) throws -> PageAnswer {
        let draft = ItemDraft(call.form, id: id)
        let catalog = try call.workspace().catalog
        do {
            if id == nil, (try? catalog.item(draft.id)) != nil {
                throw CatalogError(.invalid, "is taken by another item", field: "id")
            }
            let stored = try catalog.put(json: Array(try draft.json()), id: draft.id)
            try ItemPages.note(call, "item.put", stored.item.id)
            return .redirect(ItemPages.link(stored.item.id, call), saying: call.text("settings.saved"))
        } catch let error as CatalogError where error.code == .invalid {
            return page(call, draft, id: id, error: error)
        }
    }
}
