/// Walks through the persons of a source who have a lead row, in the order of their homes.
struct LeadCursor {
    private let source: ScanSource
    private let homes: UnsafePointer<UInt64>
    private let moved: [Placement.Moved]
    private let end: Int
    /// The next of the part's own entries that has one, or their end.
    private var entry: Int
    /// Of the source, on its way through its own entries.
    private var place = 0
    /// The next of the part's moved entries that has one, or their count.
    private var movedEntry = 0
    /// The home of the next person; nil at the end.
    private(set) var home: UInt64?

    /// - Parameter entries: the part's own ones to walk through, up to its last or none; nil for all.
    init(_ source: ScanSource, entries: Range<Int>? = nil) {
        self.source = source
        homes = source.persons.homes
        moved = source.part.moved
        let entries = entries ?? source.part.entries
        end = entries.upperBound
        entry = entries.isEmpty ? end : source.nextEntry(from: entries.lowerBound, &place)
        find()
    }

    /// Moves on to a person with a greater home.
    @inline(__always)
    mutating func advance(past home: UInt64) {
        guard let present = self.home, present <= home else { return }
        while entry < end, homes[entry] <= home { entry = source.nextEntry(from: entry + 1, &place) }
        while movedEntry < moved.count, moved[movedEntry].home <= home { movedEntry += 1 }
        find()
    }

    @inline(__always)
    private mutating func find() {
        while movedEntry < moved.count, !source.hasLead(source.persons.rows(Int(moved[movedEntry].entry))) {
            movedEntry += 1
        }
        home = entry < end ? homes[entry] : nil
        if movedEntry < moved.count { home = min(home ?? .max, moved[movedEntry].home) }
    }
}

extension [LeadCursor] {
    /// The home of the next person of any source; nil at the end of all.
    @inline(__always)
    var home: UInt64? {
        var least: UInt64?
        for index in indices {
            if let home = self[index].home, home < least ?? .max { least = home }
        }
        return least
    }
}
