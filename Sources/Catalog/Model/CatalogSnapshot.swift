/// Every item that is not deleted, at one moment: what decisions are made from. Immutable, shared by who holds it.
package final class CatalogSnapshot: Sendable {
    /// Ordered by id.
    package let items: [Item]
    /// When each came into the catalogue, parallel to `items`; milliseconds UTC.
    package let createdTimes: [Int64]
    /// Rises with every change of the catalogue.
    package let version: Int64
    private let places: [String: Int]
    private let childPlaces: [String: [Int]]

    /// - Parameter stored: of different ids, in any order.
    package init(_ stored: [StoredItem], version: Int64) {
        let sorted = stored.sorted { $0.item.id < $1.item.id }
        let ordered = sorted.map(\.item)
        items = ordered
        createdTimes = sorted.map(\.createdTime)
        self.version = version
        var places: [String: Int] = [:]
        places.reserveCapacity(ordered.count)
        var children: [String: [Int]] = [:]
        for (place, item) in ordered.enumerated() {
            places[item.id] = place
            if let parent = item.parent { children[parent, default: []].append(place) }
        }
        for parent in children.keys {
            children[parent]?.sort { ordered[$0].isBefore(ordered[$1]) }
        }
        self.places = places
        childPlaces = children
    }

    /// - Complexity: O(1)
    package subscript(id: String) -> Item? { places[id].map { items[$0] } }

    /// When an item came into the catalogue; nil when it is not there.
    ///
    /// - Complexity: O(1)
    package func createdTime(of id: String) -> Int64? { places[id].map { createdTimes[$0] } }

    /// What is part of an item, in its sequence.
    package func children(of id: String) -> [Item] { (childPlaces[id] ?? []).map { items[$0] } }

    /// What follows an item in the sequence of its parent; nil after the last.
    ///
    /// - Complexity: O(children of the parent)
    package func successor(of id: String) -> Item? {
        guard let item = self[id], let parent = item.parent else { return nil }
        let siblings = childPlaces[parent] ?? []
        guard let place = siblings.firstIndex(where: { items[$0].id == id }), place + 1 < siblings.count else {
            return nil
        }
        return items[siblings[place + 1]]
    }
}

extension Item {
    /// The order of siblings: those with a place first, then by id.
    fileprivate func isBefore(_ other: Item) -> Bool {
        switch (place, other.place) {
        case (let mine?, let others?) where mine != others: mine < others
        case (_?, nil): true
        case (nil, _?): false
        default: id < other.id
        }
    }
}
