/// Walks through the persons of a block in the order of their homes, and gives all entries of each: the parts are
/// merged like sorted lists.
struct EntryCursor {
    /// An entry of one of the parts.
    struct Item {
        var part: Int
        var entry: Int
    }

    private struct Head {
        var entry: Int
        let end: Int
        var absent: ArraySlice<UInt32>
        var moved: ArraySlice<Placement.Moved>
    }

    private let persons: [PersonsView]
    private var heads: [Head]
    /// The entries of the person that `next` found.
    private(set) var items: [Item] = []
    private(set) var home: UInt64 = 0

    init(_ parts: [ScanPlan.Part], persons: [PersonsView]) {
        self.persons = persons
        heads = parts.map {
            Head(entry: $0.entries.lowerBound, end: $0.entries.upperBound, absent: $0.absent, moved: $0.moved[...])
        }
        for index in heads.indices { skipAbsent(&heads[index]) }
    }

    /// Moves to the next person; false at the end.
    mutating func next() -> Bool {
        items.removeAll(keepingCapacity: true)
        var least = UInt64.max
        var found = false
        for index in heads.indices {
            if heads[index].entry < heads[index].end {
                let home = persons[index].homes[heads[index].entry]
                if home <= least { (least, found) = (home, true) }
            }
            if let moved = heads[index].moved.first, moved.home <= least { (least, found) = (moved.home, true) }
        }
        guard found else { return false }
        home = least
        for index in heads.indices {
            while heads[index].entry < heads[index].end, persons[index].homes[heads[index].entry] == least {
                items.append(Item(part: index, entry: heads[index].entry))
                heads[index].entry += 1
                skipAbsent(&heads[index])
            }
            while let moved = heads[index].moved.first, moved.home == least {
                items.append(Item(part: index, entry: Int(moved.entry)))
                heads[index].moved.removeFirst()
            }
        }
        return true
    }

    private func skipAbsent(_ head: inout Head) {
        while let absent = head.absent.first, Int(absent) <= head.entry, head.entry < head.end {
            if Int(absent) == head.entry { head.entry += 1 }
            head.absent.removeFirst()
        }
    }
}
