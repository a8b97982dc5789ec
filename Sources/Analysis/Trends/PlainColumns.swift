import EventLog

/// The columns of a block for plain queries: total events and different people by event name and time alone. Those
/// that count no people have `EventTotals`.
struct PlainColumns: Sendable {
    fileprivate let columns: SourceColumns
    /// By the chunk's own code: the series of the event name.
    fileprivate let masks: [UInt64]
    /// Series that count people rather than events.
    fileprivate let people: UInt64
    /// Whether all of the series do.
    fileprivate let countsPeopleOnly: Bool

    /// - Parameter masks: by the log's number of the event name.
    init(_ columns: SourceColumns, masks: [UInt64], people: UInt64) {
        self.columns = columns
        let masks = columns.names.map { masks[Int($0)] }
        self.masks = masks
        self.people = people
        countsPeopleOnly = masks.allSatisfy { $0 & ~people == 0 }
    }
}

/// The series that a person has events of in one interval.
private struct IntervalSeries {
    var mask: UInt64
    var interval: Int
}

extension TrendsCounters {
    /// Counts some persons. Their rows are in the order of time, so an interval's rows are together: where people are
    /// counted, one word gathers the series of an interval, and a row costs little more than its time.
    mutating func count(_ run: borrowing ColumnRun, _ plain: PlainColumns, _ index: BoundaryIndex) {
        let columns = plain.columns
        let longest = (0..<run.count).reduce(0) { max($0, run.rows(of: $1).count) }
        let intervals = intervals
        withUnsafeTemporaryAllocation(of: IntervalSeries.self, capacity: longest) { found in
            guard let found = found.baseAddress else { return }
            plain.masks.withUnsafeBufferPointer { masks in
                // A chunk has at least one name.
                guard let masks = masks.baseAddress else { return }
                index.withView { index in
                    for place in 0..<run.count {
                        let all = run.rows(of: place)
                        let rows = PersonRows(
                            rows: columns.wanted(all), times: run.times(of: place) - all.lowerBound, masks: masks,
                            index: index)
                        let end: UnsafeMutablePointer<IntervalSeries>
                        if plain.countsPeopleOnly, columns.planes.isEmpty, !columns.codes.wide {
                            end = rows.gather(columns.codes.base.assumingMemoryBound(to: UInt8.self), into: found)
                        } else {
                            end = rows.gather(columns, people: plain.people, into: found) { mask, interval in
                                forEachSeries(mask) { counts[$0 &* intervals &+ interval] &+= 1 }
                            }
                        }
                        countPerson(UnsafeBufferPointer(start: found, count: end - found))
                    }
                }
            }
        }
    }

    /// Counts one person, each interval of whom comes once.
    private mutating func countPerson(_ found: UnsafeBufferPointer<IntervalSeries>) {
        if bytes == nil {
            var person: UInt64 = 0
            for part in found {
                person |= part.mask
                forEachSeries(part.mask) { counts[$0 &* intervals &+ part.interval] &+= 1 }
            }
            return forEachSeries(person) { distinct[$0] &+= 1 }
        }
        if bytes?.beginPerson() == false {
            settleBytes()
            _ = bytes?.beginPerson()
        }
        let (words, whole) = (bytes?.words ?? 0, intervals)
        bytes?.withCells { cells in
            LaneBytes.spread.withUnsafeBufferPointer { spread in
                func add(_ mask: UInt64, _ interval: Int) {
                    let cells = cells + interval &* words
                    for word in 0..<words {
                        cells[word] &+= spread[Int(truncatingIfNeeded: mask &>> UInt64(8 &* word) & 255)]
                    }
                }
                var person: UInt64 = 0
                for part in found {
                    person |= part.mask
                    add(part.mask, part.interval)
                }
                add(person, whole)
            }
        }
    }

    /// Moves what is in bytes to the tables.
    mutating func settleBytes() { bytes?.move(to: &counts, &distinct) }
}

/// The rows of one person.
private struct PersonRows {
    let rows: Range<Int>
    /// By the row's number in the source.
    let times: UnsafePointer<Int64>
    /// By the chunk's own code.
    let masks: UnsafePointer<UInt64>
    let index: BoundaryIndex.View

    /// The usual case: every row is wanted, and no series counts events. A loop of its own, with little to keep at
    /// hand.
    ///
    /// - Returns: the end of what was found.
    @inline(never)
    func gather(
        _ codes: UnsafePointer<UInt8>, into start: UnsafeMutablePointer<IntervalSeries>
    ) -> UnsafeMutablePointer<IntervalSeries> {
        var found = start
        var row = rows.lowerBound
        let stop = rows.upperBound
        while row < stop {
            let interval = index.position(of: times[row])
            if interval < 0 {
                row &+= 1
                continue
            }
            let end = index.end(of: interval)
            var seen: UInt64 = 0
            repeat {
                seen |= masks[Int(codes[row])]
                row &+= 1
            } while row < stop && times[row] < end
            found.initialize(to: IntervalSeries(mask: seen, interval: interval))
            found += 1
        }
        return found
    }

    /// The same for any query.
    ///
    /// - Parameter countEvents: called with the series of events that a row counts in.
    @inline(__always)
    func gather(
        _ columns: SourceColumns, people: UInt64, into start: UnsafeMutablePointer<IntervalSeries>,
        _ countEvents: (UInt64, Int) -> Void
    ) -> UnsafeMutablePointer<IntervalSeries> {
        var found = start
        var interval = 0
        var end = Int64.min
        var seen: UInt64 = 0
        func note() {
            if seen == 0 { return }
            found.initialize(to: IntervalSeries(mask: seen, interval: interval))
            found += 1
            seen = 0
        }
        func count(_ row: Int) {
            let time = times[row]
            if time >= end {
                note()
                let next = index.position(of: time)
                // Of times outside the range each is asked about.
                guard next >= 0 else { return }
                interval = next
                end = index.end(of: next)
            }
            let mask = masks[columns.codes[row]]
            seen |= mask & people
            if mask & ~people != 0 { countEvents(mask & ~people, interval) }
        }
        if let matches = columns.planes.first {
            matches.forEach(in: rows, count)
        } else {
            for row in rows { count(row) }
        }
        note()
        return found
    }
}
