import EventLog

/// The rows of the present person by stream: places in the person's rows, ascending. Reused from person to person.
struct StreamBuffers: ~Copyable {
    private let places: UnsafeMutableBufferPointer<UnsafeMutablePointer<Int32>>
    private let counts: UnsafeMutableBufferPointer<Int>
    private let capacities: UnsafeMutableBufferPointer<Int>
    let streamCount: Int

    init(_ streamCount: Int) {
        self.streamCount = streamCount
        places = .allocate(capacity: streamCount)
        counts = .allocate(capacity: streamCount)
        capacities = .allocate(capacity: streamCount)
        for stream in 0..<streamCount {
            places.initializeElement(at: stream, to: .allocate(capacity: 16))
            counts.initializeElement(at: stream, to: 0)
            capacities.initializeElement(at: stream, to: 16)
        }
    }

    deinit {
        for stream in places { stream.deallocate() }
        places.deallocate()
        counts.deallocate()
        capacities.deallocate()
    }

    func removeAll() { counts.update(repeating: 0) }

    @inline(__always)
    func append(_ place: Int, to stream: Int) {
        let count = counts[stream]
        if count == capacities[stream] { grow(stream) }
        places[stream][count] = Int32(truncatingIfNeeded: place)
        counts[stream] = count &+ 1
    }

    @inline(never)
    private func grow(_ stream: Int) {
        let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacities[stream] * 2)
        larger.update(from: places[stream], count: counts[stream])
        places[stream].deallocate()
        places[stream] = larger
        capacities[stream] *= 2
    }

    @inline(__always)
    subscript(stream: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(start: places[stream], count: counts[stream])
    }
}

/// Rows of one stream of the present person, in time order.
struct StreamView {
    let places: UnsafeBufferPointer<Int32>
    let rows: UnsafeBufferPointer<Row>

    @inline(__always) var count: Int { places.count }

    @inline(__always)
    func time(_ index: Int) -> Int64 { rows[Int(places[index])].time }

    /// The first index whose time is at least `time`.
    ///
    /// - Complexity: O(1) when all are earlier or later, else O(log count)
    @inline(__always)
    func firstIndex(from time: Int64) -> Int {
        let count = places.count
        if count == 0 || self.time(0) >= time { return 0 }
        if self.time(count &- 1) < time { return count }
        var low = 0
        var high = count
        while low < high {
            let middle = (low &+ high) &>> 1
            if self.time(middle) < time { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    @inline(__always)
    func indices(in window: ResolvedWindow) -> Range<Int> {
        let low = firstIndex(from: window.lower)
        return low..<max(low, firstIndex(from: window.upper))
    }

    /// The earliest moment at which another row enters or the first of `range` leaves.
    @inline(__always)
    func nextChange(_ range: Range<Int>, _ window: ResolvedWindow) -> Int64 {
        var next = Int64.max
        if !range.isEmpty, let moment = window.leaving(time(range.lowerBound)) { next = moment }
        if range.upperBound < count, let moment = window.entering(time(range.upperBound)) { next = min(next, moment) }
        return next
    }
}
