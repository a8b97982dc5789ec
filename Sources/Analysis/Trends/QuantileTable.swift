import EventLog

/// Exact quantiles of every cell and of every whole lane.
struct QuantileTable: Sendable {
    /// By lane, quantile (in the order asked for) and interval; nil where there are no numbers.
    private(set) var points: [[[Double?]]]
    /// By lane and quantile.
    private(set) var totals: [[Double?]]
    /// How many further scans it took.
    private(set) var scans = 0

    /// Ranks that one series of scans looks for at most: 32 MB of counters for each thread.
    static let searchBatch = 4_096

    /// - Parameters:
    ///   - quantiles: by lane those that are wanted, from 0 to 1.
    ///   - sinks: what the threads of a scan took in.
    ///   - threads: at most so many select; nil for as many as there are processors.
    ///   - rescan: scans again with sinks of the search, when the numbers were too many to keep.
    init(
        _ quantiles: [[Double]], intervals: Int, _ sinks: [QuantileSink], threads: Int? = nil,
        rescan: (QuantileSearch) throws -> [QuantileSink]
    ) rethrows {
        points = quantiles.map { Array(repeating: Array(repeating: nil, count: intervals), count: $0.count) }
        totals = quantiles.map { Array(repeating: nil, count: $0.count) }
        if sinks.contains(where: \.overflowed) {
            try search(quantiles, intervals, sinks, rescan)
        } else {
            select(quantiles, intervals, sinks, threads)
        }
    }

    private mutating func select(
        _ quantiles: [[Double]], _ intervals: Int, _ sinks: [QuantileSink], _ threads: Int?
    ) {
        let (numbers, starts) = QuantileSink.gather(sinks, cells: quantiles.count * intervals)
        let lanes = Parallel.map(quantiles.count, threads: threads) { lane -> (each: [[Double?]], all: [Double?]) in
            if quantiles[lane].isEmpty { return ([], []) }
            /// Those of some intervals together.
            func select(_ own: Range<Int>) -> [Double?] {
                let base = lane * intervals
                var chosen = Array(numbers[starts[base + own.lowerBound]..<starts[base + own.upperBound]])
                return quantiles[lane].map { ExactQuantile.select($0, from: &chosen) }
            }
            return (each: (0..<intervals).map { select($0..<$0 + 1) }, all: select(0..<intervals))
        }
        for (lane, found) in lanes.enumerated() where !quantiles[lane].isEmpty {
            for index in quantiles[lane].indices { points[lane][index] = found.each.map { $0[index] } }
            totals[lane] = found.all
        }
    }

    static func note(_ scans: Int) -> String {
        "there were too many numbers to keep in memory, so the quantiles took \(scans) more scans"
    }

    /// One quantile of one cell that is looked for.
    private struct Place {
        var lane: Int
        var quantile: Int
        /// Nil for the whole lane.
        var interval: Int?
        var fraction: Double
    }

    private mutating func search(
        _ quantiles: [[Double]], _ intervals: Int, _ sinks: [QuantileSink],
        _ rescan: (QuantileSearch) throws -> [QuantileSink]
    ) rethrows {
        let cellCount = quantiles.count * intervals
        var places: [Place] = []
        var ranks: [(cell: Int, rank: Int)] = []
        func want(_ lane: Int, _ interval: Int?, _ cell: Int, _ count: Int) {
            guard count > 0 else { return }
            for (index, quantile) in quantiles[lane].enumerated() {
                let place = ExactQuantile.ranks(quantile, of: count)
                places.append(Place(lane: lane, quantile: index, interval: interval, fraction: place.fraction))
                ranks += [(cell, place.lower), (cell, place.upper)]
            }
        }
        let counts = (0..<cellCount).map { cell in sinks.reduce(0) { $0 + $1.counts[cell] } }
        for cell in 0..<cellCount { want(cell / intervals, cell % intervals, cell, counts[cell]) }
        for lane in quantiles.indices {
            want(lane, nil, cellCount + lane, counts[lane * intervals..<(lane + 1) * intervals].reduce(0, +))
        }
        var found: [Double] = []
        while found.count < ranks.count {
            let batch = Array(ranks[found.count..<min(found.count + Self.searchBatch, ranks.count)])
            var search = QuantileSearch(batch, cells: cellCount + quantiles.count)
            while !search.isDone {
                search.narrow(try rescan(search).map(\.searchCounts))
                scans += 1
            }
            found += search.numbers
        }
        for (index, place) in places.enumerated() {
            let number = ExactQuantile.interpolate(found[2 * index], found[2 * index + 1], place.fraction)
            if let interval = place.interval {
                points[place.lane][place.quantile][interval] = number
            } else {
                totals[place.lane][place.quantile] = number
            }
        }
    }
}
