import Foundation

/// The attributes of items as they are compared: each a name with a value. Numbers with many values become four ranges.
struct ItemAttributes {
    /// More different numbers than this are ranges.
    private static let numbersMax = 12
    private static let valueLengthMax = 100

    private var values: [Int: [String: Set<String>]] = [:]

    /// - Parameter labels: `name=value`, of an event.
    mutating func add(_ item: Int, _ labels: [String]) {
        for label in labels {
            guard let place = label.firstIndex(of: "=") else { continue }
            add(item, String(label[..<place]), String(label[label.index(after: place)...]))
        }
    }

    mutating func add(_ item: Int, _ candidate: CandidateItem) {
        for (name, list) in candidate.attributes {
            // What the catalogue says of an attribute counts, not what an event said.
            values[item, default: [:]][name] = []
            for value in list { add(item, name, value) }
        }
        for path in candidate.categories {
            add(item, "category", path.split(separator: "/").joined(separator: " > "))
        }
    }

    private mutating func add(_ item: Int, _ name: String, _ value: String) {
        guard !value.isEmpty, value.count <= Self.valueLengthMax else { return }
        values[item, default: [:]][name, default: []].insert(value)
    }

    /// - Returns: every attribute that two items or more have, in order, and those of each item.
    func numbered(itemCount: Int) -> (attributes: [(name: String, value: String)], ofItem: [[Int32]]) {
        let ranges = ranges()
        var byLabel: [String: [String: [Int]]] = [:]
        for (item, names) in values {
            for (name, list) in names {
                for value in list {
                    let shown = ranges[name].flatMap { cuts in Double(value).map { Self.range($0, cuts) } } ?? value
                    byLabel[name, default: [:]][shown, default: []].append(item)
                }
            }
        }
        var attributes: [(name: String, value: String)] = []
        var ofItem = [[Int32]](repeating: [], count: itemCount)
        for (name, list) in byLabel.sorted(by: { $0.key < $1.key }) {
            for (value, items) in list.sorted(by: { $0.key < $1.key }) {
                let different = Set(items)
                // What every item has tells none apart, and what one has is that item.
                guard different.count >= 2, different.count < max(itemCount, 3) else { continue }
                for item in different { ofItem[item].append(Int32(attributes.count)) }
                attributes.append((name, value))
            }
        }
        return (attributes, ofItem)
    }

    /// By name: where the quarters of its numbers end.
    private func ranges() -> [String: [Double]] {
        var numbers: [String: [Double]?] = [:]
        for names in values.values {
            for (name, list) in names {
                for value in list {
                    guard let number = Double(value), number.isFinite else {
                        numbers[name] = .some(nil)
                        continue
                    }
                    switch numbers[name] {
                    case .none: numbers[name] = [number]
                    case .some(.none): break
                    case .some(.some): numbers[name]??.append(number)
                    }
                }
            }
        }
        return numbers.compactMapValues { list in
            guard let list, Set(list).count > Self.numbersMax else { return nil }
            let sorted = list.sorted()
            return [0, sorted.count / 4, sorted.count / 2, sorted.count * 3 / 4, sorted.count - 1].map { sorted[$0] }
        }
    }

    private static func range(_ number: Double, _ cuts: [Double]) -> String {
        let place = (1...3).first { number < cuts[$0] } ?? 4
        func text(_ number: Double) -> String { ItemID.text((number * 100).rounded() / 100) }
        return "\(text(cuts[place - 1]))–\(text(cuts[place]))"
    }
}
