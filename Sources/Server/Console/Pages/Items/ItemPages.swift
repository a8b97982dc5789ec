import Access
import Catalog
import Engine
import Settings

/// The catalogue: finding items, one item and its history, changing it, and files of many.
enum ItemPages {
    static let pages: [ConsolePage] = [
        .get("items", name: "items", in: .items, access: .scope(.catalogRead)) { call in
            try await ItemList.page(call)
        },
        .post("items/search", name: "itemsSearch", in: .items, access: .scope(.catalogRead)) { call in
            .redirect(ItemListState(form: call).link(call))
        },
        .get("items/import", name: "itemsImport", in: .items, access: .scope(.catalogWrite)) { call in
            ItemImport.page(call)
        },
        .post(
            "items/import", name: "itemsImportForm", in: .items, access: .scope(.catalogWrite),
            bodyBytes: ItemImport.formBytesMax
        ) { call in try await ItemImport.run(call) },
        .get("items/new", name: "newItem", in: .items, access: .scope(.catalogWrite)) { call in
            ItemEdit.page(call, ItemDraft(), id: nil)
        },
        .post("items/new", name: "newItemForm", in: .items, access: .scope(.catalogWrite), bodyBytes: 4 << 20) { call in
            try ItemEdit.save(call, id: nil)
        },
        .get("items/{id}", name: "item", in: .items, access: .scope(.catalogRead), sample: "items/nothing") { call in
            try await ItemPage.page(call)
        },
        .get(
            "items/{id}/edit", name: "editItem", in: .items, access: .scope(.catalogWrite), sample: "items/nothing/edit"
        ) { call in
            let stored = try call.workspace().catalog.item(try call.pathParameter("id"))
            return ItemEdit.page(call, try ItemDraft(stored.item), id: stored.item.id)
        },
        .post(
            "items/{id}/edit", name: "editItemForm", in: .items, access: .scope(.catalogWrite),
            sample: "items/nothing/edit", bodyBytes: 4 << 20
        ) { call in try ItemEdit.save(call, id: try call.pathParameter("id")) },
        .post(
            "items/{id}/delete", name: "deleteItemForm", in: .items, access: .scope(.catalogWrite),
            sample: "items/nothing/delete"
        ) { call in try ItemPage.mark(call, isDeleted: true) },
        .post(
            "items/{id}/restore", name: "restoreItemForm", in: .items, access: .scope(.catalogWrite),
            sample: "items/nothing/restore"
        ) { call in try ItemPage.mark(call, isDeleted: false) },
    ]

    /// The page of an item.
    static func link(_ id: String, _ call: PageCall) -> String { call.link("items/" + PageCall.escape(id)) }

    static func price(_ price: Price?, _ call: PageCall) -> String {
        guard let price else { return "–" }
        if price.currency == call.settings.currency { return call.format.money(price.amount) }
        return "\(call.format.number(price.amount)) \(price.currency)"
    }

    /// Tells the follower and the audit log.
    static func note(_ call: PageCall, _ action: String, _ id: String, _ detail: [String: String] = [:]) throws {
        try call.workspace().wake()
        try call.access.note(
            call.call.change, workspace: call.workspaceName, action: action, target: String(id.prefix(200)),
            detail: detail)
    }
}
