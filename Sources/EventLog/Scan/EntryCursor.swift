/// Walks through the persons of a block in the order of their homes, and gives all entries of each: the parts are
/// merged like sorted lists.
///
/// - Complexity: O(parts) for each person.
struct EntryCursor {
    /// An entry of one of the parts.
    struct Item {
        var part: Int
        var entry: Int
    }

    /// Where a part stands. Holds no references: it is looked at for every person.
    private struct Head {
        /// The next home of the part; meaningless when it is not open.
        var home: UInt64 = 0
        var isOpen = true
        /// The next entry that is read where it lies.
        var entry: Int
        let end: Int
        /// The next of the part's absent and moved entries.
        var absent = 0
        var moved = 0
    }

    private let homes: [UnsafePointer<UInt64>]
    private let absent: [ArraySlice<UInt32>]
    private let moved: [[Placement.Moved]]
    private var heads: [Head]
    /// The entries of the person that `next` found.
    private(set) var items: [Item] = []
    private(set) var home: UInt64 = 0

    /// - Parameter persons: of each part; their segments must outlive the cursor.
    init(_ parts: [ScanPlan.Part], persons: [PersonsView]) {
        homes = persons.map(\.homes)
        absent = parts.map(\.absent)
        moved = parts.map(\.moved)
        heads = parts.map { Head(entry: $0.entries.lowerBound, end: $0.entries.upperBound) }
        for part in heads.indices { advance(part) }
    }

    /// Moves to the next person; false at the end.
    mutating func next() -> Bool {
        items.removeAll(keepingCapacity: true)
        var least = UInt64.max
        var found = false
        for head in heads where head.isOpen && head.home <= least {
            least = head.home
            found = true
        }
        guard found else { return false }
        home = least
        for part in heads.indices {
            while heads[part].isOpen, heads[part].home == least { take(part) }
        }
        return true
    }

    /// Passes over the persons whose home is less than `home`.
    ///
    /// - Complexity: O(parts log entries passed over)
    mutating func skip(to home: UInt64) {
        for part in heads.indices where heads[part].isOpen && heads[part].home < home {
            let (own, moved) = (homes[part], moved[part])
            heads[part].entry = (heads[part].entry..<heads[part].end).galloping { own[$0] >= home }
            heads[part].moved = (heads[part].moved..<moved.count).galloping { moved[$0].home >= home }
            advance(part)
        }
    }

    /// Takes the part's next entry, whichever way it is read.
    private mutating func take(_ part: Int) {
        let entry = heads[part].entry
        if entry < heads[part].end, homes[part][entry] == home {
            items.append(Item(part: part, entry: entry))
            heads[part].entry = entry + 1
        } else {
            items.append(Item(part: part, entry: Int(moved[part][heads[part].moved].entry)))
            heads[part].moved += 1
        }
        advance(part)
    }

    /// Passes over absent entries and finds the part's next home.
    private mutating func advance(_ part: Int) {
        var head = heads[part]
        let absent = absent[part]
        while head.absent < absent.count, head.entry < head.end {
            let next = Int(absent[absent.startIndex + head.absent])
            if next > head.entry { break }
            if next == head.entry { head.entry += 1 }
            head.absent += 1
        }
        let hasOwn = head.entry < head.end
        let hasMoved = head.moved < moved[part].count
        head.isOpen = hasOwn || hasMoved
        head.home = min(
            hasOwn ? homes[part][head.entry] : .max, hasMoved ? moved[part][head.moved].home : .max)
        heads[part] = head
    }
}
