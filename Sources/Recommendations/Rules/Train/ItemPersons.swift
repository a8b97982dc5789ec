/// Which persons had to do with each item, and at which place of their histories: histories turned by item.
struct ItemPersons: Sendable {
    /// By item: where its visits end.
    private(set) var ends: [Int]
    private(set) var persons: [Int32]
    private(set) var places: [Int32]

    /// - Complexity: O(entries)
    init(_ histories: [History], itemCount: Int) {
        var counts = [Int](repeating: 0, count: itemCount + 1)
        for history in histories { for entry in history.entries { counts[entry.item + 1] += 1 } }
        for item in 0..<itemCount { counts[item + 1] += counts[item] }
        ends = Array(counts.dropFirst())
        persons = [Int32](repeating: 0, count: ends.last ?? 0)
        places = persons
        var next = counts
        for (person, history) in histories.enumerated() {
            for (place, entry) in history.entries.enumerated() {
                persons[next[entry.item]] = Int32(person)
                places[next[entry.item]] = Int32(place)
                next[entry.item] += 1
            }
        }
    }

    func visits(of item: Int) -> Range<Int> { (item == 0 ? 0 : ends[item - 1])..<ends[item] }

    /// How many persons had to do with each item.
    var counts: [Int] { ends.indices.map { visits(of: $0).count } }

    /// The items that most persons had to do with, ascending by number.
    func mostVisited(_ limit: Int) -> [Int] {
        let counts = counts
        let order = ends.indices.filter { counts[$0] > 0 }.sorted {
            counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1
        }
        return order.prefix(limit).sorted()
    }
}
