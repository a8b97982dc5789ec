import Synchronization

/// Memory for the scores of one request. It is all zeros between requests, and only what was touched is cleared.
struct ServingScratch: Sendable {
    /// By linked model, then by item.
    var sums: [[Float]]
    /// By linked model, then by item: whether it is in `touched`.
    private var isTouched: [[Bool]]
    /// By linked model: the items that a link led to, each once.
    var touched: [[UInt32]]
    /// By item: whether it is among the candidates.
    var isCandidate: [Bool]
    var candidates: [UInt32]

    init(models: Int, items: Int) {
        sums = [[Float]](repeating: [Float](repeating: 0, count: items), count: models)
        isTouched = [[Bool]](repeating: [Bool](repeating: false, count: items), count: models)
        touched = [[UInt32]](repeating: [], count: models)
        isCandidate = [Bool](repeating: false, count: items)
        candidates = []
    }

    /// - Complexity: O(touched + candidates)
    mutating func clear() {
        for model in sums.indices {
            for item in touched[model] {
                sums[model][Int(item)] = 0
                isTouched[model][Int(item)] = false
            }
            touched[model].removeAll(keepingCapacity: true)
        }
        for item in candidates { isCandidate[Int(item)] = false }
        candidates.removeAll(keepingCapacity: true)
    }

    mutating func add(_ items: [UInt32]) {
        for item in items where !isCandidate[Int(item)] {
            isCandidate[Int(item)] = true
            candidates.append(item)
        }
    }

    /// Follows the links of a history, also from and to items that nobody has met yet.
    ///
    /// - Parameter isDirect: whether what is like an item is linked with it.
    mutating func follow(
        _ model: Int, _ links: ItemLinks, _ entries: ArraySlice<History.Entry>, _ weights: [Float],
        _ cold: ColdItems? = nil, isDirect: Bool = true
    ) {
        // Taken out while they change, so that each has one owner and the loop runs over plain memory.
        var own: [Float] = []
        var marks: [Bool] = []
        var list: [UInt32] = []
        swap(&own, &sums[model])
        swap(&marks, &isTouched[model])
        swap(&list, &touched[model])
        own.withUnsafeMutableBufferPointer { own in
            marks.withUnsafeMutableBufferPointer { marks in
                for (entry, weight) in zip(entries, weights) where entry.item < links.itemCount {
                    links.forEach(of: entry.item) { target, link in
                        if !marks[target] {
                            marks[target] = true
                            list.append(UInt32(target))
                        }
                        own[target] += weight * link
                    }
                }
            }
        }
        cold?.follow(links, entries, weights, isDirect: isDirect, sums: &own) { item in
            if !marks[item] {
                marks[item] = true
                list.append(UInt32(item))
            }
        }
        swap(&own, &sums[model])
        swap(&marks, &isTouched[model])
        swap(&list, &touched[model])
    }
}

extension ServingModel {
    /// Kept for the next request; more are let go of.
    private static let scratchesMax = 16

    func takeScratch() -> ServingScratch {
        scratches.withLock { $0.popLast() } ?? ServingScratch(models: linked.count, items: model.items.count)
    }

    /// Leaves an empty one in its place, so that the memory has one owner and is never copied.
    func give(back scratch: inout ServingScratch) {
        scratch.clear()
        var clean = ServingScratch(models: 0, items: 0)
        swap(&clean, &scratch)
        scratches.withLock { [clean] in if $0.count < Self.scratchesMax { $0.append(clean) } }
    }
}
