/// Sorting by hashes: a radix sort from the front, because uniform hashes spread evenly at once.
///
/// Stable: equal hashes stay in their order. The worst input (all equal, or differing in the last bits only) takes six
/// passes.
enum HashSort {
    /// Below this, moving single elements is faster than counting.
    private static let insertionCount = 24
    /// More streams than this at once overflow the processor's first cache.
    private static let passBits = 11

    /// - Complexity: O(count) in time for uniform hashes, and as much memory again.
    static func sort<Element: BitwiseCopyable>(_ items: inout [Element], by hash: (Element) -> UInt64) {
        guard items.count > 1 else { return }
        var counts = [Int](repeating: 0, count: 1 << passBits)
        withUnsafeTemporaryAllocation(of: Element.self, capacity: items.count) { spare in
            items.withUnsafeMutableBufferPointer { sort($0[...], spare, 64, &counts, hash) }
        }
    }

    /// - Parameter unsorted: low bits in which the items may differ.
    private static func sort<Element: BitwiseCopyable>(
        _ items: Slice<UnsafeMutableBufferPointer<Element>>, _ spare: UnsafeMutableBufferPointer<Element>,
        _ unsorted: Int, _ counts: inout [Int], _ hash: (Element) -> UInt64
    ) {
        let range = items.startIndex..<items.endIndex
        let items = items.base
        if range.count <= insertionCount {
            insert(items, range, hash)
            return
        }
        guard unsorted > 0 else { return }
        // About eight items to a bucket, so that one pass leaves little to do.
        let wanted = max(1, Int.bitWidth - range.count.leadingZeroBitCount - 3)
        let bits = min(passBits, unsorted, wanted)
        let shift = UInt64(unsorted - bits)
        let mask = (1 << bits) - 1
        for bucket in 0...mask { counts[bucket] = 0 }
        for index in range { counts[Int(truncatingIfNeeded: hash(items[index]) &>> shift) & mask] &+= 1 }
        var next = range.lowerBound
        for bucket in 0...mask {
            let count = counts[bucket]
            counts[bucket] = next
            next &+= count
        }
        for index in range {
            let item = items[index]
            let bucket = Int(truncatingIfNeeded: hash(item) &>> shift) & mask
            (spare.baseAddress.unsafelyUnwrapped + counts[bucket]).initialize(to: item)
            counts[bucket] &+= 1
        }
        for index in range { items[index] = spare[index] }
        var start = range.lowerBound
        while start < range.upperBound {
            // The counts are in use again below, so a bucket's end is found by looking.
            let bucket = hash(items[start]) &>> shift
            var end = start &+ 1
            while end < range.upperBound, hash(items[end]) &>> shift == bucket { end &+= 1 }
            if end &- start > 1 { sort(items[start..<end], spare, Int(shift), &counts, hash) }
            start = end
        }
    }

    private static func insert<Element: BitwiseCopyable>(
        _ items: UnsafeMutableBufferPointer<Element>, _ range: Range<Int>, _ hash: (Element) -> UInt64
    ) {
        for index in range.dropFirst() {
            let item = items[index]
            let own = hash(item)
            var place = index
            while place > range.lowerBound, hash(items[place &- 1]) > own {
                items[place] = items[place &- 1]
                place &-= 1
            }
            items[place] = item
        }
    }
}
