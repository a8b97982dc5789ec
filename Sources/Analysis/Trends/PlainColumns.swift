import EventLog

/// The columns of a block for plain queries: total events and different people by event name and time alone.
struct PlainColumns: Sendable {
    fileprivate let columns: SourceColumns
    /// By the chunk's own code: the series of the event name.
    fileprivate let masks: [UInt64]
    /// Series that count people rather than events.
    fileprivate let people: UInt64

    /// - Parameter masks: by the log's number of the event name.
    init(_ columns: SourceColumns, masks: [UInt64], people: UInt64) {
        self.columns = columns
        self.masks = columns.names.map { masks[Int($0)] }
        self.people = people
    }
}

extension TrendsCounters {
    /// Counts some persons. Their rows are in the order of time, so an interval's rows are together: where people are
    /// counted, one word gathers the series of an interval, and a row costs little more than its time.
    mutating func count(_ run: borrowing ColumnRun, _ plain: PlainColumns, _ index: BoundaryIndex) {
        index.withView { index in
            plain.masks.withUnsafeBufferPointer { masks in
                // A chunk has at least one name.
                guard let masks = masks.baseAddress else { return }
                for place in 0..<run.count {
                    if bytes?.beginPerson() == false {
                        settleBytes()
                        _ = bytes?.beginPerson()
                    }
                    count(run, place, plain, masks, index)
                }
            }
        }
    }

    /// One person.
    @inline(__always)
    private mutating func count(
        _ run: borrowing ColumnRun, _ place: Int, _ plain: PlainColumns, _ masks: UnsafePointer<UInt64>,
        _ index: BoundaryIndex.View
    ) {
        let columns = plain.columns
        let all = run.rows(of: place)
        let rows = columns.wanted(all)
        let times = run.times(of: place) - all.lowerBound
        let intervals = intervals
        let words = bytes?.words ?? 0
        let person = counts.withUnsafeMutableBufferPointer { counts in
            let lanes = ColumnLanes(
                times: times, masks: masks, people: plain.people, index: index, codes: columns.codes,
                matches: columns.planes.first)
            func total(_ mask: UInt64, _ interval: Int) {
                forEachSeries(mask) { counts[$0 &* intervals &+ interval] &+= 1 }
            }
            if bytes == nil { return lanes.count(rows, people: total, total: total) }
            return bytes?.withCounts { bytes in
                LaneBytes.spread.withUnsafeBufferPointer { spread in
                    lanes.count(
                        rows,
                        people: { mask, interval in
                            let cells = bytes + interval &* words
                            for word in 0..<words {
                                cells[word] &+= spread[Int(mask &>> UInt64(8 &* word) & 255)]
                            }
                        }, total: total)
                }
            } ?? 0
        }
        forEachSeries(person) { distinct[$0] &+= 1 }
    }

    /// Moves what is in bytes to the counts.
    mutating func settleBytes() {
        bytes?.drain { lane, interval, count in counts[lane &* intervals &+ interval] &+= count }
    }
}

/// Calls `body` with each series of a mask.
@inline(__always)
private func forEachSeries(_ mask: UInt64, _ body: (Int) -> Void) {
    var open = mask
    while open != 0 {
        body(open.trailingZeroBitCount)
        open &= open &- 1
    }
}

/// What the loop over the rows of one person reads.
private struct ColumnLanes {
    let times: UnsafePointer<Int64>
    let masks: UnsafePointer<UInt64>
    let people: UInt64
    let index: BoundaryIndex.View
    let codes: CodesView
    /// The rows of the names that are wanted; nil for all.
    let matches: RowBits?

    /// - Parameters:
    ///   - countPeople: called with the series of people that have rows in an interval, once for each interval.
    ///   - countEvents: called with the series of events of each row.
    /// - Returns: the series of people that have rows in any interval.
    @inline(__always)
    func count(
        _ rows: Range<Int>, people countPeople: (UInt64, Int) -> Void, total countEvents: (UInt64, Int) -> Void
    ) -> UInt64 {
        let (times, masks, people, index) = (times, masks, people, index)
        let totals = ~people
        var interval = 0
        var end = Int64.min
        var (seen, person): (UInt64, UInt64) = (0, 0)
        func count(_ row: Int, _ code: Int) {
            let time = times[row]
            if time >= end {
                countPeople(seen, interval)
                person |= seen
                seen = 0
                let next = index.position(of: time)
                // Of times outside the range each is asked about.
                guard next >= 0 else { return }
                interval = next
                end = index.end(of: next)
            }
            let mask = masks[code]
            seen |= mask & people
            if mask & totals != 0 { countEvents(mask & totals, interval) }
        }
        if codes.wide {
            let codes = codes.base.assumingMemoryBound(to: UInt16.self)
            forEach(rows) { count($0, Int(codes[$0])) }
        } else {
            let codes = codes.base.assumingMemoryBound(to: UInt8.self)
            forEach(rows) { count($0, Int(codes[$0])) }
        }
        countPeople(seen, interval)
        return person | seen
    }

    @inline(__always)
    private func forEach(_ rows: Range<Int>, _ body: (Int) -> Void) {
        if let matches { return matches.forEach(in: rows, body) }
        for row in rows { body(row) }
    }
}
