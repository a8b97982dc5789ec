/// Gives the events of one instant to consecutive steps, one event each, so that as many steps as possible follow one
/// another (augmenting paths; Kuhn 1955).
struct InstantMatching: Sendable {
    /// For each event of the instant, its step's position or -1.
    private var positionOf: [Int] = []
    private var visited: [Bool] = []

    /// Gives events to the steps at `first`, `first + 1` ... as far as it goes.
    ///
    /// - Parameter place: is called with the position of each step and the index of its event.
    /// - Returns: how many steps got one.
    /// - Complexity: O(steps^2 x events of the instant) at worst.
    mutating func run(
        from first: Int, _ bits: [UInt64], _ events: UnsafeBufferPointer<FunnelEvent>, _ instant: Range<Int>,
        place: (_ position: Int, _ index: Int) -> Void
    ) -> Int {
        reset(instant.count)
        var position = first
        while position < bits.count, position - first < instant.count {
            for index in 0..<instant.count { visited[index] = false }
            guard augment(position, bits, events, instant) else { break }
            position += 1
        }
        for (offset, position) in positionOf.prefix(instant.count).enumerated() where position >= 0 {
            place(position, instant.lowerBound + offset)
        }
        return position - first
    }

    private mutating func reset(_ count: Int) {
        if positionOf.count < count {
            positionOf = [Int](repeating: -1, count: count)
            visited = [Bool](repeating: false, count: count)
        }
        for index in 0..<count { positionOf[index] = -1 }
    }

    private mutating func augment(
        _ position: Int, _ bits: [UInt64], _ events: UnsafeBufferPointer<FunnelEvent>, _ instant: Range<Int>
    ) -> Bool {
        for offset in 0..<instant.count where events[instant.lowerBound + offset].mask & bits[position] != 0 {
            if visited[offset] { continue }
            visited[offset] = true
            let holder = positionOf[offset]
            if holder < 0 || augment(holder, bits, events, instant) {
                positionOf[offset] = position
                return true
            }
        }
        return false
    }
}
