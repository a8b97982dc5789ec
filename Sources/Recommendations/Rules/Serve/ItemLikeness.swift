/// How alike items are by what the catalogue says, with what they have as sorted numbers: `Diversity.likeness` without
/// building sets of texts for each pair.
struct ItemLikeness: Sendable {
    /// By item: the numbers of its categories and attributes, ascending.
    private let features: [[UInt32]]

    init(_ catalogue: [CandidateItem?]) {
        var numbers: [String: UInt32] = [:]
        func number(_ text: String) -> UInt32 {
            if let known = numbers[text] { return known }
            let number = UInt32(numbers.count)
            numbers[text] = number
            return number
        }
        features = catalogue.map { item in
            guard let item else { return [] }
            var own = Set(item.categories.map { number($0) })
            for (name, values) in item.attributes { for value in values { own.insert(number(name + "=" + value)) } }
            return own.sorted()
        }
    }

    /// The share of what either has that both have (Jaccard), from 0 to 1.
    ///
    /// - Complexity: O(features of both)
    func of(_ a: Int, _ b: Int) -> Double {
        let (first, second) = (features[a], features[b])
        var (i, j, shared) = (0, 0, 0)
        while i < first.count, j < second.count {
            if first[i] == second[j] {
                shared += 1
                i += 1
                j += 1
            } else if first[i] < second[j] {
                i += 1
            } else {
                j += 1
            }
        }
        let union = first.count + second.count - shared
        return union == 0 ? 0 : Double(shared) / Double(union)
    }
}
