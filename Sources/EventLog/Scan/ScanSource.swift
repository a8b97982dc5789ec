import CEventLog

/// A part of a block, opened for one selection: which of its rows match, found before any person is looked at.
final class ScanSource {
    let segment: Segment
    let chunk: Int
    let part: ScanPlan.Part
    let persons: PersonsView
    private let times: PackedIntegers
    private let codes: CodesView?
    /// The chunk's own codes to the log's numbers of event names.
    private let names: [UInt16]
    /// The selection's members among the chunk's own codes; empty when all are.
    private let members: [Bool]
    /// A bit for each row from `firstRow` on: whether the selection wants it. Nil when it wants all.
    private let matches: UnsafeMutablePointer<UInt64>?
    private let anchors: UnsafeMutablePointer<UInt64>?
    /// The first row that the bits speak of; a multiple of 64.
    private let firstRow: Int
    private let endRow: Int
    private let timeRange: Range<Int64>?
    /// Rows with an anchor, when they are so few that it pays to start from them.
    let anchorRows: [UInt32]?
    private let sourceNumber: UInt16
    let bytesRead: Int

    var rowCount: Int { endRow - firstRow }

    /// - Returns: nil when no row of the part can match.
    init?(
        _ segment: Segment, _ part: ScanPlan.Part, _ persons: PersonsView, _ selection: Selection, number: Int,
        minTime: Int64
    ) throws {
        let directory = segment.footer.chunks[part.chunk]
        self.segment = segment
        self.part = part
        self.persons = persons
        chunk = part.chunk
        sourceNumber = UInt16(number)
        names = directory.codes.map(\.code)

        var times = selection.times ?? .min ..< .max
        if minTime > times.lowerBound { times = min(minTime, times.upperBound)..<times.upperBound }
        if directory.maxTime < times.lowerBound || directory.minTime >= times.upperBound { return nil }
        timeRange = directory.minTime >= times.lowerBound && directory.maxTime < times.upperBound ? nil : times

        let wanted = directory.codes.map { selection.events?.contains($0.code) ?? true }
        guard wanted.contains(true) else { return nil }
        let wantsAll = !wanted.contains(false)
        members = wantsAll ? [] : wanted
        firstRow = part.entries.isEmpty ? 0 : persons.rows(part.entries.lowerBound).lowerBound & ~63
        endRow = part.entries.isEmpty ? 0 : persons.rows(part.entries.upperBound - 1).upperBound

        let anchored = selection.anchors.map { anchors in directory.codes.map { anchors.contains($0.code) } }
        let rare = try ScanSource.rareRows(segment, part.chunk, wantsAll ? nil : wanted)
        // The codes are needed for everything but rows found through the lists of rare names, which still need them
        // to tell two names apart.
        let codes = try segment.codes(part.chunk)
        self.codes = codes
        self.times = try segment.times(part.chunk)
        var read = directory.codeWidth * (endRow - firstRow)
        if wantsAll || endRow == firstRow {
            matches = nil
        } else {
            let bits = ScanSource.allocate(endRow - firstRow)
            if let rare {
                ScanSource.set(rare, in: bits, firstRow: firstRow, endRow: endRow)
                read = rare.count * 5
            } else {
                ScanSource.fill(bits, codes, firstRow..<endRow, members: wanted)
            }
            matches = bits
        }
        if let anchored, endRow > firstRow {
            let bits = ScanSource.allocate(endRow - firstRow)
            let rareAnchors = try ScanSource.rareRows(segment, part.chunk, anchored)
            if let rareAnchors {
                ScanSource.set(rareAnchors, in: bits, firstRow: firstRow, endRow: endRow)
            } else {
                ScanSource.fill(bits, codes, firstRow..<endRow, members: anchored)
            }
            anchors = bits
            anchorRows = rareAnchors
        } else {
            anchors = nil
            anchorRows = nil
        }
        bytesRead = read
    }

    deinit {
        matches?.deallocate()
        anchors?.deallocate()
    }

    // MARK: Rows of a person

    /// Whether any of the rows is an anchor.
    @inline(__always)
    func hasAnchor(_ rows: Range<Int>) -> Bool {
        guard let anchors, rows.lowerBound >= firstRow, rows.upperBound <= endRow else { return true }
        var word = (rows.lowerBound &- firstRow) &>> 6
        let last = (rows.upperBound &- 1 &- firstRow) &>> 6
        var mask = UInt64.max &<< UInt64(truncatingIfNeeded: (rows.lowerBound &- firstRow) & 63)
        let lastMask = UInt64.max &>> UInt64(truncatingIfNeeded: 63 &- ((rows.upperBound &- 1 &- firstRow) & 63))
        while true {
            if word == last { mask &= lastMask }
            if anchors[word] & mask != 0 { return true }
            if word == last { return false }
            mask = .max
            word &+= 1
        }
    }

    /// Adds the matching rows among `rows` to `buffer`.
    @inline(__always)
    func collect(_ rows: Range<Int>, into buffer: inout RowBuffer) {
        buffer.reserve(rows.count)
        guard let codes else { return }
        guard let matches, rows.lowerBound >= firstRow, rows.upperBound <= endRow else {
            for row in rows {
                let own = codes[row]
                if !members.isEmpty, !members[own] { continue }
                add(row, own, to: &buffer)
            }
            return
        }
        names.withUnsafeBufferPointer { names in
            var word = (rows.lowerBound &- firstRow) &>> 6
            let last = (rows.upperBound &- 1 &- firstRow) &>> 6
            var bits = matches[word] & (UInt64.max &<< UInt64(truncatingIfNeeded: (rows.lowerBound &- firstRow) & 63))
            let lastMask = UInt64.max &>> UInt64(truncatingIfNeeded: 63 &- ((rows.upperBound &- 1 &- firstRow) & 63))
            while true {
                if word == last { bits &= lastMask }
                while bits != 0 {
                    let row = firstRow &+ word &<< 6 &+ bits.trailingZeroBitCount
                    bits &= bits &- 1
                    let time = times[row]
                    if let timeRange, !timeRange.contains(time) { continue }
                    buffer.append(
                        Row(
                            time: time, row: UInt32(truncatingIfNeeded: row), code: names[codes[row]],
                            source: sourceNumber))
                }
                if word == last { return }
                word &+= 1
                bits = matches[word]
            }
        }
    }

    @inline(__always)
    private func add(_ row: Int, _ own: Int, to buffer: inout RowBuffer) {
        let time = times[row]
        if let timeRange, !timeRange.contains(time) { return }
        buffer.append(
            Row(time: time, row: UInt32(truncatingIfNeeded: row), code: names[own], source: sourceNumber))
    }

    // MARK: Bits

    private static func allocate(_ rows: Int) -> UnsafeMutablePointer<UInt64> {
        let words = (rows + 63) / 64
        let bits = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
        bits.initialize(repeating: 0, count: words)
        return bits
    }

    private static func fill(
        _ bits: UnsafeMutablePointer<UInt64>, _ codes: CodesView, _ rows: Range<Int>, members: [Bool]
    ) {
        // The codes are padded to whole groups of 64, and `rows` begins at one.
        if codes.wide {
            var table = [UInt8](repeating: 0, count: 65_536)
            for (code, isMember) in members.enumerated() where isMember { table[code] = 1 }
            let base = (codes.base + rows.lowerBound * 2).assumingMemoryBound(to: UInt16.self)
            ceventlog_members16(base, rows.count, table, bits)
        } else {
            var table = [UInt8](repeating: 0, count: 256)
            for (code, isMember) in members.enumerated() where isMember { table[code] = 1 }
            let base = (codes.base + rows.lowerBound).assumingMemoryBound(to: UInt8.self)
            ceventlog_members8(base, rows.count, table, bits)
        }
    }

    private static func set(
        _ rows: [UInt32], in bits: UnsafeMutablePointer<UInt64>, firstRow: Int, endRow: Int
    ) {
        for row in rows where row >= firstRow && row < endRow {
            let offset = Int(row) - firstRow
            bits[offset >> 6] |= 1 << UInt64(offset & 63)
        }
    }

    /// The rows of some names, ascending, when every one of them is rare; else nil.
    private static func rareRows(_ segment: Segment, _ chunk: Int, _ members: [Bool]?) throws -> [UInt32]? {
        guard let members else { return nil }
        var rows: [UInt32] = []
        for (code, isMember) in members.enumerated() where isMember {
            guard let list = try segment.postings(chunk, code: code) else { return nil }
            rows += list
        }
        return rows.sorted()
    }
}

/// Rows of one person, reused from person to person.
struct RowBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Row>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 1024
        base = .allocate(capacity: capacity)
    }

    deinit { base.deallocate() }

    @inline(__always)
    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func reserve(_ more: Int) {
        if count &+ more > capacity { grow(count &+ more) }
    }

    private mutating func grow(_ needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutablePointer<Row>.allocate(capacity: larger)
        moved.moveInitialize(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    /// Space must have been reserved.
    @inline(__always)
    mutating func append(_ row: Row) {
        (base + count).initialize(to: row)
        count &+= 1
    }

    var rows: UnsafeBufferPointer<Row> { UnsafeBufferPointer(start: base, count: count) }

    var mutableRows: UnsafeMutableBufferPointer<Row> { UnsafeMutableBufferPointer(start: base, count: count) }
}
