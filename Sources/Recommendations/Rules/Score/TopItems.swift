/// The best of many.
package enum TopItems {
    /// The numbers of the items with the highest scores that `isAllowed`, best first; among equals the smaller number.
    ///
    /// - Complexity: O(items + found × log count)
    package static func of(_ scores: [Float], _ count: Int, where isAllowed: (Int) -> Bool) -> [Int] {
        guard count > 0 else { return [] }
        // A heap whose root is the worst of those that are kept.
        var heap: [Int] = []
        func isWorse(_ a: Int, _ b: Int) -> Bool { scores[a] != scores[b] ? scores[a] < scores[b] : a > b }
        func sink(_ start: Int) {
            var place = start
            while true {
                var worst = place
                for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                    if isWorse(heap[child], heap[worst]) { worst = child }
                }
                if worst == place { return }
                heap.swapAt(place, worst)
                place = worst
            }
        }
        for item in scores.indices {
            if heap.count == count {
                guard isWorse(heap[0], item), isAllowed(item) else { continue }
                heap[0] = item
                sink(0)
            } else if isAllowed(item) {
                heap.append(item)
                if heap.count == count { for place in stride(from: count / 2, through: 0, by: -1) { sink(place) } }
            }
        }
        return heap.sorted { isWorse($1, $0) }
    }
}
