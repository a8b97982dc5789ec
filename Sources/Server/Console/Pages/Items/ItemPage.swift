import Access
import Catalog
import Charts
import Engine
import EventLog

/// One item: what it is, what it cost, where and when it may be offered, its relatives and its history.
enum ItemPage {
    private static let childrenMax = 100
    private static let historyMax = 100
    private static let pricesMax = 400

    private struct Found: Sendable {
        var stored: StoredItem
        var prices: [PricePoint]
        var parent: StoredItem?
        var children: Children
        var history: [StoredEvent]
    }

    private struct Children: Sendable {
        var items: [StoredItem]
        var total: Int
    }

    static func page(_ call: PageCall) async throws -> PageAnswer {
        let id = try call.pathParameter("id")
        let live = try call.workspace()
        let found = try await call.parts.queries.run { try read(id, live) }
        let item = found.stored.item
        var value = facts(found.stored, call)
        value = PageValue.object([
            "id": .text(item.id), "name": .text(item.name), "kind": .text(item.kind),
            "isDeleted": .flag(found.stored.deletedTime != nil), "mayChange": .flag(call.may(.catalogWrite)),
            "edit": .text(ItemPages.link(item.id, call) + "/edit"),
            "restore": .text(ItemPages.link(item.id, call) + "/restore"),
            "delete": Confirmation(
                id: "delete-item", action: ItemPages.link(item.id, call) + "/delete",
                button: call.text("items.delete"), title: call.text("items.deleteTitle", ["name": item.name]),
                text: call.text("items.deleteText"), yes: call.text("items.deleteYes")
            ).value,
            "chart": chart(found.prices, call).map(\.value) ?? false,
            "windows": item.windows.isEmpty ? false : windows(item, call).value,
            "variants": item.variants.isEmpty ? false : variants(item, call).value,
            "artworks": item.artworks.isEmpty ? false : artworks(item, call).value,
            "children": found.children.items.isEmpty ? false : children(found.children.items, call).value,
            "childCount": .text(call.text("items.children", count: found.children.total)),
            "parent": found.parent.map {
                ["name": .text($0.item.name), "href": .text(ItemPages.link($0.item.id, call))]
            } ?? false,
            "history": .list(found.history.map { EventEntry(stored: $0, call: call).value }),
            "hasHistory": .flag(!found.history.isEmpty),
        ]).adding(value)
        return .page("items/item", title: item.name, value)
    }

    private static func read(_ id: String, _ live: LiveWorkspace) throws -> Found {
        let stored = try live.catalog.item(id)
        var query = ItemQuery()
        query.parent = stored.item.id
        query.sort = .name
        query.ascending = true
        query.limit = childrenMax
        let children = try live.catalog.search(query)
        let last = SequencePlace(season: .max, position: .max)
        let history = try live.log.history(of: Vocabulary.itemPersonPrefix + stored.item.id)
        return Found(
            stored: stored, prices: try live.catalog.prices(of: stored.item.id, limit: pricesMax),
            parent: stored.item.parent.flatMap { try? live.catalog.item($0) },
            children: Children(
                items: children.items.sorted {
                    ($0.item.place ?? last, $0.item.name) < ($1.item.place ?? last, $1.item.name)
                }, total: children.total),
            history: history.suffix(historyMax).reversed())
    }

    // MARK: What it is

    private static func facts(_ stored: StoredItem, _ call: PageCall) -> PageValue {
        let item = stored.item
        var facts: [(String, String)] = [
            ("items.id", item.id), ("items.kind", item.kind), ("items.price", ItemPages.price(item.price, call)),
        ]
        if let list = item.price?.listAmount {
            facts.append(("items.listPrice", call.format.number(list)))
        }
        facts.append(("items.stock", item.stock.map(call.format.number) ?? call.text("items.unlimited")))
        let isAvailable = item.isAvailable(at: call.now, region: nil)
        facts.append(("items.now", call.text(isAvailable ? "items.availableNow" : "items.notNow")))
        for path in item.categories { facts.append(("items.category", path.joined(separator: " > "))) }
        if let place = item.place {
            facts.append(
                (
                    "items.place",
                    call.text(
                        "items.placeText",
                        [
                            "season": call.format.number(place.season), "position": call.format.number(place.position),
                        ])
                ))
        }
        if let url = item.url { facts.append(("items.url", url)) }
        if let image = item.image { facts.append(("items.image", image)) }
        facts.append(("items.created", call.format.dateTime(stored.createdTime)))
        facts.append(("items.updated", call.format.dateTime(stored.updatedTime)))
        return [
            "description": PageValue.orFalse(item.description),
            "facts": .list(facts.map { ["name": .text(call.text($0.0)), "value": .text($0.1)] }),
            "attributes": .list(
                item.attributes.sorted { $0.key < $1.key }.map {
                    ["name": .text($0.key), "value": .text(call.show($0.value))]
                }),
            "hasAttributes": .flag(!item.attributes.isEmpty),
        ]
    }

    /// What it cost, from each change to the next; nil when it never changed.
    private static func chart(_ prices: [PricePoint], _ call: PageCall) -> ChartFigure? {
        guard prices.count > 1 else { return nil }
        let points = Array(prices.reversed())
        let table = DataTable(
            call.text("items.prices"),
            columns: [.init(call.text("items.since")), .init(call.text("items.price"), isNumber: true)],
            rows: prices.map { point in
                [
                    DataTable.Cell(call.format.dateTime(point.time)),
                    DataTable.Cell(ItemPages.price(point.price, call)),
                ]
            })
        // A price holds until the next one, so the line goes on level and then steps.
        var course: [LineChart.Point] = []
        for (index, point) in points.enumerated() {
            course.append(LineChart.Point(time: call.format.local(point.time), value: point.price?.amount))
            let end = index + 1 < points.count ? points[index + 1].time - 1 : call.now
            course.append(LineChart.Point(time: call.format.local(end), value: point.price?.amount))
        }
        return ChartFigure(title: call.text("items.prices"), height: 220, table: table) { size in
            var chart = LineChart(
                ChartHeading(""), series: [LineChart.Series(call.text("items.price"), course)])
            chart.language = call.language.chart
            chart.size = size
            return chart
        }
    }

    private static func windows(_ item: Item, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("items.windows"),
            columns: [
                .init(call.text("items.regions")), .init(call.text("items.from")), .init(call.text("items.until")),
                .init(call.text("items.state")),
            ],
            rows: item.windows.map { window in
                let isOpen = window.covers(call.now, region: window.regions.first)
                return [
                    DataTable.Cell(
                        window.regions.isEmpty
                            ? call.text("items.everywhere") : window.regions.joined(separator: ", ")),
                    DataTable.Cell(window.from.map { call.format.dateTime($0) } ?? "–"),
                    DataTable.Cell(window.until.map { call.format.dateTime($0) } ?? "–"),
                    DataTable.Cell(call.text(isOpen ? "items.open" : "items.closed"), chip: isOpen ? "good" : ""),
                ]
            })
    }

    private static func variants(_ item: Item, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("items.variants"),
            columns: [
                .init(call.text("items.locale")), .init(call.text("items.name")),
                .init(call.text("items.description")),
            ],
            rows: item.variants.sorted { $0.key < $1.key }.map { locale, variant in
                [
                    DataTable.Cell(locale), DataTable.Cell(variant.name ?? "–"),
                    DataTable.Cell(String((variant.description ?? "–").prefix(300))),
                ]
            })
    }

    private static func artworks(_ item: Item, _ call: PageCall) -> DataTable {
        DataTable(
            call.text("items.artworks"),
            columns: [
                .init(call.text("items.id")), .init(call.text("items.tags")), .init(call.text("items.locale")),
                .init(call.text("items.url")),
            ],
            rows: item.artworks.map { artwork in
                let tags = artwork.tags.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                return [
                    DataTable.Cell(artwork.id),
                    DataTable.Cell(
                        tags.isEmpty
                            ? "–"
                            : tags.map { "\($0.key) \(call.format.number($0.value))" }.joined(separator: " · ")),
                    DataTable.Cell(artwork.locale ?? "–"), DataTable.Cell(artwork.url),
                ]
            })
    }

    private static func children(_ items: [StoredItem], _ call: PageCall) -> DataTable {
        DataTable(
            call.text("items.parts"),
            columns: [
                .init(call.text("items.name")), .init(call.text("items.kind")), .init(call.text("items.place")),
                .init(call.text("items.price"), isNumber: true),
            ],
            rows: items.map { stored in
                let item = stored.item
                let place = item.place.map { "\($0.season) – \($0.position)" }
                return [
                    DataTable.Cell(item.name, href: ItemPages.link(item.id, call)), DataTable.Cell(item.kind),
                    DataTable.Cell(place ?? "–"), DataTable.Cell(ItemPages.price(item.price, call)),
                ]
            })
    }

    // MARK: Taking out and back

    static func mark(_ call: PageCall, isDeleted: Bool) throws -> PageAnswer {
        let id = try call.pathParameter("id")
        let catalog = try call.workspace().catalog
        let stored = isDeleted ? try catalog.delete(id) : try catalog.restore(id)
        try ItemPages.note(call, isDeleted ? "item.deleted" : "item.restored", stored.item.id)
        return .redirect(
            ItemPages.link(stored.item.id, call),
            saying: call.text(isDeleted ? "items.wasDeleted" : "items.wasRestored", ["name": stored.item.name]))
    }
}
