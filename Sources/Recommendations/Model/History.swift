import Foundation

/// What one person did, in the items of a model: each item once, the newest last.
package struct History: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var item: Int
        /// The largest strength that the person gave the item.
        package var strength: Float
        /// When they did so last.
        package var time: Int64

        package init(item: Int, strength: Float, time: Int64) {
            self.item = item
            self.strength = strength
            self.time = time
        }
    }

    /// Without what was dismissed.
    package private(set) var entries: [Entry] = []
    /// Every item that the person has had to do with, the dismissed ones too.
    package private(set) var seen: Set<Int> = []
    package private(set) var dismissed: Set<Int> = []
    /// Where the person was last, or what segment they were in: a number of the model's groups; 0 is unknown.
    package var group = 0

    package init() {}

    /// - Parameter rows: in time order; an item outside the model is nil and left out.
    package init(_ rows: some Sequence<(item: Int?, strength: Float, time: Int64)>) {
        var places: [Int: Int] = [:]
        var all: [Entry] = []
        for row in rows {
            guard let item = row.item else { continue }
            seen.insert(item)
            if row.strength <= 0 {
                dismissed.insert(item)
                if let place = places[item] { all[place].strength = 0 }
                continue
            }
            dismissed.remove(item)
            var entry = Entry(item: item, strength: row.strength, time: row.time)
            if let place = places[item] {
                entry.strength = max(entry.strength, all[place].strength)
                all[place].strength = 0
            }
            places[item] = all.count
            all.append(entry)
        }
        // An entry without strength was repeated later, or dismissed.
        entries = all.filter { $0.strength > 0 }
    }

    /// How much each entry counts when interest in it halves with every `halfLife` newer items: the newest counts
    /// whole. 0: all count alike.
    package func weights(halfLife: Double) -> [Float] {
        entries.indices.map { place in
            if halfLife == 0 { return entries[place].strength }
            return entries[place].strength * Float(exp2(-Double(entries.count - 1 - place) / halfLife))
        }
    }
}

extension Interactions {
    /// The history of each person in these items' own numbers.
    func histories() -> [History] {
        persons.indices.map { person in
            var history = History(
                rows(of: person).lazy.map {
                    (item: Int?(Int(itemNumbers[$0])), strength: strengths[$0], time: times[$0])
                })
            history.group = rows(of: person).last.map { Int(groups[$0]) } ?? 0
            return history
        }
    }
}
