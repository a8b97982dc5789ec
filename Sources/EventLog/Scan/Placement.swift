import Synchronization

/// Where a segment's entries stand under the present merges and deletions, where that differs from the file.
///
/// A segment sorts its entries by the person whom they belonged to when it was written. Merges and splits since then
/// move some entries to another person; deletions hide some. Everything else is as in the file.
struct Placement: Sendable {
    struct Moved: Sendable {
        /// The hash of the person the entry belongs to now.
        var home: UInt64
        var chunk: UInt32
        var entry: UInt32
    }

    /// Which state of the identities this is for.
    let version: UInt64
    /// Entries elsewhere or deleted, by chunk, ascending: not to be read where they lie.
    private(set) var absent: [UInt32: [UInt32]] = [:]
    /// Entries to be read elsewhere, by home.
    private(set) var moved: [Moved] = []

    var isEmpty: Bool { absent.isEmpty }

    /// - Complexity: O(merged ids + deletions), each with a look-up in the segment.
    init(_ segment: Segment, _ identities: Identities) throws {
        version = identities.version
        var seen: Set<UInt64> = []
        func place(_ chunk: Int, _ entry: Int, _ persons: PersonsView) {
            let place = UInt64(chunk) << 32 | UInt64(entry)
            guard seen.insert(place).inserted else { return }
            let hash = persons.hashes[entry]
            let isDeleted = identities.isDeleted(
                hash, persons.idBytes(entry), before: segment.footer.maxSequence)
            let home = identities.isMerged(hash) ? identities.home(of: persons.id(entry), hash: hash) : hash
            guard isDeleted || home != persons.homes[entry] else { return }
            absent[UInt32(chunk), default: []].append(UInt32(entry))
            if !isDeleted { moved.append(Moved(home: home, chunk: UInt32(chunk), entry: UInt32(entry))) }
        }
        for item in try segment.rehomed() {
            place(Int(item.chunk), Int(item.entry), try segment.persons(Int(item.chunk)))
        }
        for hash in identities.exceptional {
            for chunk in segment.chunks(holding: hash) {
                let persons = try segment.persons(chunk)
                var entry = persons.firstEntry(home: hash)
                while entry < persons.count, persons.homes[entry] == hash {
                    if persons.hashes[entry] == hash { place(chunk, entry, persons) }
                    entry += 1
                }
            }
        }
        for chunk in absent.keys { absent[chunk]?.sort() }
        moved.sort { $0.home < $1.home }
    }

    /// Entries whose home lies in a range.
    func moved(in homes: ClosedRange<UInt64>) -> ArraySlice<Moved> {
        let first = moved.partitioningIndex { $0.home >= homes.lowerBound }
        let end = moved.partitioningIndex { $0.home > homes.upperBound }
        return moved[first..<end]
    }
}

extension Segment {
    func placement(for identities: Identities) throws -> Placement {
        if let known = placement.withLock({ $0 }), known.version == identities.version { return known }
        let made = try Placement(self, identities)
        placement.withLock { $0 = made }
        return made
    }
}
