/// A part of a block, opened for one selection: which of its rows match, found before any person is looked at.
final class ScanSource {
    let segment: Segment
    let chunk: Int
    let part: ScanPlan.Part
    let persons: PersonsView
    private let decoder: RowDecoder
    private let tags: UnsafeMutablePointer<UInt64>
    /// The selection's members among the chunk's own codes; empty when all are.
    private let members: [Bool]
    /// The rows that the selection wants; nil when it wants all, or so few persons that asking row by row is less work.
    private let matches: RowBits?
    private let anchors: RowBits?
    /// For a fold that takes columns.
    let columns: SourceColumns?
    /// Bits that no other field holds.
    private let ownPlanes: [RowBits]
    private let lead: Lead
    /// The rows of the part's own entries, from a multiple of 64 on.
    private let ownRows: Range<Int>
    let bytesRead: Int

    /// The rows that make a person worth visiting: the anchors, or else whatever the selection wants.
    private enum Lead {
        case every
        case bits(RowBits)
        /// All of the chunk, ascending: rows of names so rare that the chunk lists them.
        case list([UInt32])
    }

    var rowCount: Int { ownRows.count }

    /// How many of some rows the selection wants; all of them when that is not known before they are read.
    func matchCount(in rows: Range<Int>) -> Int { matches?.count(in: rows) ?? rows.count }

    /// Who comes by columns, when the fold takes them.
    enum Columns {
        case nobody
        /// Who is in this source alone.
        case some
        /// All persons of the block but those with several entries.
        case everybody
    }

    /// - Returns: nil when no row of the part can match.
    init?(
        _ segment: Segment, _ part: ScanPlan.Part, _ persons: PersonsView, _ selection: ScanSelection, number: Int,
        minTime: Int64, columns use: Columns = .nobody
    ) throws {
        let directory = segment.footer.chunks[part.chunk]
        self.segment = segment
        self.part = part
        self.persons = persons
        chunk = part.chunk

        var times = selection.times ?? .min ..< .max
        if minTime > times.lowerBound { times = min(minTime, times.upperBound)..<times.upperBound }
        if directory.maxTime < times.lowerBound || directory.minTime >= times.upperBound { return nil }
        let isInside = directory.minTime >= times.lowerBound && directory.maxTime < times.upperBound

        let wanted = directory.codes.map { selection.events?.contains($0.code) ?? true }
        guard wanted.contains(true) else { return nil }
        let wantsAll = !wanted.contains(false)
        members = wantsAll ? [] : wanted
        if part.entries.isEmpty {
            ownRows = 0..<0
        } else {
            let start = persons.rows(part.entries.lowerBound).lowerBound & ~63
            ownRows = start..<persons.rows(part.entries.upperBound - 1).upperBound
        }
        let codes = try segment.codes(part.chunk)
        let packedTimes = try segment.times(part.chunk)

        let anchored = selection.anchors.map { anchors in directory.codes.map { anchors.contains($0.code) } }
        let leading = anchored ?? (wantsAll ? nil : wanted)
        let rare = try leading.flatMap { try ScanSource.rareRows(segment, part.chunk, $0) }
        let isRare = rare != nil
        let rows = ownRows
        let givesColumns = use != .nobody && !isRare
        // Where anchors lead and columns are read, only rows of the others are asked for.
        let asksFew = use == .everybody && anchored != nil
        let matches = wantsAll || isRare || asksFew ? nil : RowBits(rows, codes, members: wanted)
        let anchors = isRare ? nil : anchored.map { RowBits(rows, codes, members: $0) }
        self.matches = matches
        self.anchors = anchors
        lead = rare.map { .list($0) } ?? (anchors ?? matches).map { .bits($0) } ?? .every
        // The anchors are the first plane.
        let planes = givesColumns ? selection.planes.dropFirst(anchors == nil ? 0 : 1) : []
        let ownPlanes = planes.map { plane in
            RowBits(rows, codes, members: directory.codes.map { plane.contains($0.code) })
        }
        self.ownPlanes = ownPlanes
        columns =
            givesColumns
            ? SourceColumns(
                times: packedTimes, codes: codes, names: directory.codes.map(\.code),
                planes: (anchors.map { [$0] } ?? []) + ownPlanes, range: isInside ? nil : times,
                maxTime: directory.maxTime) : nil
        bytesRead = rare.map { $0.count * 5 } ?? directory.codeWidth * rows.count
        tags = .allocate(capacity: directory.codes.count)
        for (own, code) in directory.codes.enumerated() {
            (tags + own).initialize(to: RowDecoder.tag(code: code.code, source: UInt16(number)))
        }
        decoder = RowDecoder(times: packedTimes, codes: codes, tags: tags, range: isInside ? nil : times)
    }

    deinit {
        tags.deallocate()
        matches?.deallocate()
        anchors?.deallocate()
        for plane in ownPlanes { plane.deallocate() }
    }

    /// The rows of some names, ascending, when every one of them is rare; else nil.
    private static func rareRows(_ segment: Segment, _ chunk: Int, _ members: [Bool]) throws -> [UInt32]? {
        var rows: [UInt32] = []
        for (code, isMember) in members.enumerated() where isMember {
            guard let list = try segment.postings(chunk, code: code) else { return nil }
            rows += list
        }
        return rows.sorted()
    }

    // MARK: Persons

    /// Whether less than half of the part's own entries have a lead row, by a sample of them.
    var leadsAreSparse: Bool {
        switch lead {
        case .every: return false
        case .list: return true
        case .bits: break
        }
        let sample = stride(
            from: part.entries.lowerBound, to: part.entries.upperBound, by: max(1, part.entries.count / 64))
        return sample.reduce(0) { $0 + (hasLead(persons.rows($1)) ? 1 : -1) } < 0
    }

    /// The first of the part's entries from `entry` on that has a lead row, or the end of its entries.
    ///
    /// - Parameter place: 0 at first; the source's own afterwards. Entries must ascend.
    @inline(__always)
    func nextEntry(from entry: Int, _ place: inout Int) -> Int {
        let end = part.entries.upperBound
        guard entry < end else { return end }
        let start = persons.rows(entry).lowerBound
        switch lead {
        case .every:
            return entry
        case .bits(let bits):
            let row = bits.first(in: start..<ownRows.upperBound)
            // Often there is one in the entry itself.
            if row < persons.rows(entry).upperBound { return entry }
            return row == ownRows.upperBound ? end : persons.entry(ofRow: row, from: entry)
        case .list(let rows):
            while place < rows.count, Int(rows[place]) < start { place += 1 }
            guard place < rows.count, Int(rows[place]) < ownRows.upperBound else { return end }
            return persons.entry(ofRow: Int(rows[place]), from: entry)
        }
    }

    /// Whether any of the rows is a lead row; rows of entries from elsewhere in the chunk may be said to have one.
    func hasLead(_ rows: Range<Int>) -> Bool {
        switch lead {
        case .every:
            return true
        case .bits(let bits):
            return !bits.cover(rows) || bits.first(in: rows) < rows.upperBound
        case .list(let list):
            let next = list.partitioningIndex { Int($0) >= rows.lowerBound }
            return next < list.count && Int(list[next]) < rows.upperBound
        }
    }

    /// Adds the matching rows among `rows` to the present person of `buffer`.
    @inline(__always)
    func collect(_ rows: Range<Int>, into buffer: inout RunBuffer) {
        buffer.append(atMost: rows.count) { end in
            if members.isEmpty { return decoder.decode(rows, to: end) }
            if let matches, matches.cover(rows) { return decoder.decode(rows, matches, to: end) }
            return decoder.decode(rows, members, to: end)
        }
    }

    // MARK: Anchors

    /// Lets a fold drop anchors before any person is looked at.
    func narrow<Fold: ScanFold>(_ fold: inout Fold, number: Int) {
        guard let anchors else { return }
        fold.narrow(Anchors(source: number, bits: anchors, decoder: decoder))
    }
}
