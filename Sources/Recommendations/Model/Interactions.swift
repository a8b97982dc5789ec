/// What persons did with items, person after person and in time order: columns of 20 bytes a row.
package struct Interactions: Sendable, Hashable {
    /// Canonical ids, sorted.
    package private(set) var persons: [String] = []
    /// By person: where its rows end.
    package private(set) var ends: [Int] = []
    /// Ids of items, sorted; rows hold indices.
    package private(set) var items: [String] = []
    package private(set) var itemNumbers: [UInt32] = []
    /// How much a row says for the item: above 0. A dismissal is below 0.
    package private(set) var strengths: [Float] = []
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package private(set) var times: [Int64] = []
    /// Where the row's event was and what segment its person was in, as numbers of `groups`; 0 is unknown.
    package private(set) var groups: [UInt16] = []
    package private(set) var groupNames: [String] = [""]

    package struct Row: Sendable, Hashable {
        package var item: String
        package var strength: Float
        package var time: Int64
        package var group: String

        package init(item: String, strength: Float, time: Int64, group: String = "") {
            self.item = item
            self.strength = strength
            self.time = time
            self.group = group
        }
    }

    package var count: Int { itemNumbers.count }

    package func rows(of person: Int) -> Range<Int> { (person == 0 ? 0 : ends[person - 1])..<ends[person] }

    /// Whether a row says at least so much for its item.
    package func counts(_ row: Int, from strength: Double) -> Bool {
        // What was computed as 4 / 5 must not miss 0.8.
        strengths[row] > 0 && Double(strengths[row]) >= strength - 1e-6
    }

    /// The newest time, or 0 when there is nothing.
    package var latest: Int64 { times.max() ?? 0 }

    package init() {}

    /// From the rows of each person, which are in time order. The same rows give the same result in whatever order the
    /// persons come.
    package init(_ histories: [(person: String, rows: [Row])]) {
        var draft = InteractionDraft()
        for (person, rows) in histories {
            for row in rows { draft.append(item: row.item, strength: row.strength, time: row.time, group: row.group) }
            draft.endPerson(person, keeping: .max)
        }
        self.init(merging: [draft])
    }

    /// Joins what several threads collected.
    init(merging drafts: [InteractionDraft]) {
        items = Set(drafts.lazy.flatMap(\.items.names)).sorted()
        groupNames = [""] + Self.largestGroups(drafts)
        let numbers = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, UInt32($0)) })
        let groupNumbers = Dictionary(uniqueKeysWithValues: groupNames.enumerated().map { ($1, UInt16($0)) })
        let itemMaps = drafts.map { $0.items.names.map { numbers[$0] ?? 0 } }
        let groupMaps = drafts.map { $0.groups.names.map { groupNumbers[$0] ?? 0 } }
        var places: [(person: String, draft: Int, rows: Range<Int>)] = []
        for (number, draft) in drafts.enumerated() {
            for (person, rows) in draft.persons { places.append((person, number, rows)) }
        }
        places.sort { $0.person < $1.person }
        let total = places.reduce(0) { $0 + $1.rows.count }
        itemNumbers.reserveCapacity(total)
        strengths.reserveCapacity(total)
        times.reserveCapacity(total)
        groups.reserveCapacity(total)
        for place in places {
            let draft = drafts[place.draft]
            for row in place.rows {
                itemNumbers.append(itemMaps[place.draft][Int(draft.itemNumbers[row])])
                strengths.append(draft.strengths[row])
                times.append(draft.times[row])
                groups.append(groupMaps[place.draft][Int(draft.groupNumbers[row])])
            }
            persons.append(place.person)
            ends.append(itemNumbers.count)
        }
    }

    /// Each group costs a row of scores, so the smallest are treated as unknown.
    private static let groupsMax = 256

    private static func largestGroups(_ drafts: [InteractionDraft]) -> [String] {
        var counts: [String: Int] = [:]
        for draft in drafts {
            var own = [Int](repeating: 0, count: draft.groups.names.count)
            for number in draft.groupNumbers { own[Int(number)] += 1 }
            for (name, count) in zip(draft.groups.names, own) { counts[name, default: 0] += count }
        }
        counts[""] = nil
        let order = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
        return order.prefix(groupsMax).map(\.key).sorted()
    }

    /// The same rows over more items.
    ///
    /// - Parameter all: ids, sorted, each of `items` among them.
    package func over(_ all: [String]) -> Interactions {
        guard all != items else { return self }
        let numbers = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, UInt32($0)) })
        let map = items.map { numbers[$0] ?? 0 }
        var result = self
        result.items = all
        result.itemNumbers = itemNumbers.map { map[Int($0)] }
        return result
    }

    /// The rows that `isKept` says yes to, with the same items; persons without any are left out.
    package func filtered(_ isKept: (_ person: Int, _ row: Int) -> Bool) -> Interactions {
        var result = Interactions()
        result.items = items
        result.groupNames = groupNames
        for person in persons.indices {
            let before = result.count
            for row in rows(of: person) where isKept(person, row) {
                result.itemNumbers.append(itemNumbers[row])
                result.strengths.append(strengths[row])
                result.times.append(times[row])
                result.groups.append(groups[row])
            }
            guard result.count > before else { continue }
            result.persons.append(persons[person])
            result.ends.append(result.count)
        }
        return result
    }
}

/// What one thread collects.
struct InteractionDraft: Sendable {
    private(set) var persons: [(person: String, rows: Range<Int>)] = []
    private(set) var items = Names()
    private(set) var groups = Names([""])
    private(set) var itemNumbers: [UInt32] = []
    private(set) var strengths: [Float] = []
    private(set) var times: [Int64] = []
    private(set) var groupNumbers: [UInt32] = []

    /// Strings with numbers in the order in which they came.
    struct Names: Sendable {
        private(set) var names: [String]
        private var numbers: [String: UInt32]

        init(_ names: [String] = []) {
            self.names = names
            numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt32($0)) })
        }

        mutating func number(of name: String) -> UInt32 {
            if let number = numbers[name] { return number }
            let number = UInt32(names.count)
            names.append(name)
            numbers[name] = number
            return number
        }
    }

    mutating func item(_ name: String) -> UInt32 { items.number(of: name) }
    mutating func group(_ name: String) -> UInt32 { groups.number(of: name) }

    mutating func append(item: UInt32, strength: Float, time: Int64, group: UInt32) {
        itemNumbers.append(item)
        strengths.append(strength)
        times.append(time)
        groupNumbers.append(group)
    }

    mutating func append(item: String, strength: Float, time: Int64, group: String) {
        append(item: self.item(item), strength: strength, time: time, group: self.group(group))
    }

    /// Closes the rows of a person and keeps the newest of them.
    mutating func endPerson(_ id: String, keeping limit: Int) {
        let start = persons.last?.rows.upperBound ?? 0
        let excess = itemNumbers.count - start - limit
        if excess > 0 {
            let surplus = start..<(start + excess)
            itemNumbers.removeSubrange(surplus)
            strengths.removeSubrange(surplus)
            times.removeSubrange(surplus)
            groupNumbers.removeSubrange(surplus)
        }
        if itemNumbers.count > start { persons.append((id, start..<itemNumbers.count)) }
    }
}
