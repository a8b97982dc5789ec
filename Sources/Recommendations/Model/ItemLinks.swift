import Statistics

/// Weighted links from items to items. EASE, neighbours, sequences and content are all that, and all are asked in the
/// same way: from what a person has done, along the links.
package struct ItemLinks: Sendable, Hashable {
    /// By item: where its links end.
    package private(set) var ends: [Int]
    /// The items that links lead to, each item's ascending.
    package private(set) var targets: [UInt32]
    package private(set) var weights: [Float]

    package var itemCount: Int { ends.count }

    init(ends: [Int], targets: [UInt32], weights: [Float]) {
        self.ends = ends
        self.targets = targets
        self.weights = weights
    }

    /// Links that are found item by item, on several threads.
    ///
    /// - Parameters:
    ///   - keep: the strongest links of each item that are kept; among equals those to the smaller numbers.
    ///   - links: writes the weight of the link to each item into the row, which is all zeros before; 0 is no link.
    package init(
        itemCount: Int, keep: Int, threads: Int, links: @Sendable (_ item: Int, _ row: inout [Float]) -> Void
    ) {
        let parts = max(1, min(threads * 8, itemCount))
        let found = Collected<[(targets: [UInt32], weights: [Float])]>(count: parts)
        Workers.run(parts, threads: threads) { part in
            var row = [Float](repeating: 0, count: itemCount)
            var selection = StrongestLinks(keep: keep)
            var result: [(targets: [UInt32], weights: [Float])] = []
            for item in itemCount * part / parts..<itemCount * (part + 1) / parts {
                links(item, &row)
                row[item] = 0
                result.append(selection.take(&row))
            }
            found.set(part, result)
        }
        ends = []
        targets = []
        weights = []
        for part in found.all {
            for own in part {
                targets += own.targets
                weights += own.weights
                ends.append(targets.count)
            }
        }
    }

    package func range(of item: Int) -> Range<Int> { (item == 0 ? 0 : ends[item - 1])..<ends[item] }

    /// Adds what a history says along the links.
    ///
    /// - Complexity: O(entries × links of an item)
    package func score(_ history: History, weights entryWeights: [Float], into scores: inout [Float]) {
        for (entry, weight) in zip(history.entries, entryWeights) where entry.item < itemCount {
            for link in range(of: entry.item) { scores[Int(targets[link])] += weight * weights[link] }
        }
    }

    /// Each link of an item.
    @inline(__always)
    func forEach(of item: Int, _ body: (_ target: Int, _ weight: Float) -> Void) {
        let range = range(of: item)
        targets.withUnsafeBufferPointer { targets in
            weights.withUnsafeBufferPointer { weights in
                for link in range { body(Int(targets[link]), weights[link]) }
            }
        }
    }

    /// The weight of one link; 0 when there is none.
    ///
    /// - Complexity: O(log links of the item)
    package func weight(from item: Int, to target: Int) -> Float {
        guard item < itemCount else { return 0 }
        var range = range(of: item)
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if targets[middle] == UInt32(target) { return weights[middle] }
            range = targets[middle] < UInt32(target) ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return 0
    }
}

/// Picks the strongest of a row and leaves the row all zeros.
private struct StrongestLinks {
    let keep: Int
    private var found: [(target: UInt32, weight: Float)] = []
    private var sizes: [Float] = []

    init(keep: Int) { self.keep = keep }

    mutating func take(_ row: inout [Float]) -> (targets: [UInt32], weights: [Float]) {
        found.removeAll(keepingCapacity: true)
        for target in row.indices where row[target] != 0 {
            found.append((UInt32(target), row[target]))
            row[target] = 0
        }
        if found.count > keep {
            sizes.removeAll(keepingCapacity: true)
            for link in found { sizes.append(abs(link.weight)) }
            let least = largest(keep)
            // Of those as strong as the weakest, the first ones fill the rest.
            var room = keep - found.count { abs($0.weight) > least }
            found.removeAll { link in
                if abs(link.weight) != least { return abs(link.weight) < least }
                room -= 1
                return room < 0
            }
        }
        return (found.map(\.target), found.map(\.weight))
    }

    /// The `rank`-th largest of `sizes`, whose order is lost (Hoare's selection).
    private mutating func largest(_ rank: Int) -> Float {
        var low = 0
        var high = sizes.count - 1
        while low < high {
            let pivot = sizes[(low + high) / 2]
            var left = low
            var right = high
            while left <= right {
                while sizes[left] > pivot { left += 1 }
                while sizes[right] < pivot { right -= 1 }
                if left <= right {
                    sizes.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if rank - 1 <= right { high = right } else if rank - 1 >= left { low = left } else { break }
        }
        return sizes[rank - 1]
    }
}
