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
    private(set) var version: UInt64
    /// Entries elsewhere or deleted, by chunk, ascending: not to be read where they lie.
    private(set) var absent: [UInt32: [UInt32]] = [:]
    /// Entries to be read elsewhere, by home.
    private(set) var moved: [Moved] = []

    var isEmpty: Bool { absent.isEmpty }

    /// - Complexity: O(merged ids + deletions), each with a look-up in the segment.
    init(_ segment: Segment, _ identities: Identities) throws {
        version = identities.version
        let rehomed = try segment.rehomed()
        try place(identities.exceptional.union(rehomed.map(\.hash)), segment, identities)
    }

    /// Brings it up to a later state of the identities, in which some ids may have to be read elsewhere.
    ///
    /// - Parameter hashes: of these ids.
    /// - Complexity: O(hashes log entries), and memory moves for what is absent.
    mutating func update(_ segment: Segment, _ identities: Identities, changed hashes: [UInt64]) throws {
        version = identities.version
        try place(Set(hashes), segment, identities)
    }

    /// Looks anew at every entry of some ids.
    private mutating func place(_ hashes: Set<UInt64>, _ segment: Segment, _ identities: Identities) throws {
        var newlyMoved: [Moved] = []
        var newlyAbsent: [UInt32: [UInt32]] = [:]
        var stale: [UInt32: Set<UInt32>] = [:]
        for hash in hashes {
            for place in try segment.entries(hash: hash) {
                let persons = place.persons
                let (chunk, entry) = (UInt32(place.chunk), UInt32(place.entry))
                if absent[chunk]?.containsSorted(entry) ?? false { stale[chunk, default: []].insert(entry) }
                let isDeleted = identities.isDeleted(
                    hash, persons.idBytes(place.entry), before: segment.footer.maxSequence)
                let home =
                    identities.isMerged(hash) ? identities.home(of: persons.id(place.entry), hash: hash) : hash
                guard isDeleted || home != persons.homes[place.entry] else { continue }
                newlyAbsent[chunk, default: []].append(entry)
                if !isDeleted { newlyMoved.append(Moved(home: home, chunk: chunk, entry: entry)) }
            }
        }
        if !stale.isEmpty {
            moved.removeAll { stale[$0.chunk]?.contains($0.entry) ?? false }
            for (chunk, entries) in stale {
                absent[chunk]?.removeAll { entries.contains($0) }
                if absent[chunk]?.isEmpty ?? false { absent[chunk] = nil }
            }
        }
        for (chunk, entries) in newlyAbsent {
            absent[chunk, default: []].merge(entries.sorted()) { $0 < $1 }
        }
        moved.merge(newlyMoved.sorted { $0.home < $1.home }) { $0.home < $1.home }
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
        // Under the lock, so that it is changed where it lies, and worked out once for all who ask at the same time.
        try placement.withLock { known in
            if let known, known.version == identities.version { return known }
            let made: Placement
            if var present = known, let hashes = identities.changes(since: present.version) {
                known = nil
                try present.update(self, identities, changed: hashes)
                made = present
            } else {
                made = try Placement(self, identities)
            }
            known = made
            return made
        }
    }

    /// The entries of the ids with a hash, wherever they lie: each once.
    fileprivate func entries(hash: UInt64) throws -> [(chunk: Int, entry: Int, persons: PersonsView)] {
        var found: [(chunk: Int, entry: Int, persons: PersonsView)] = []
        for item in try rehomed(hash: hash) {
            found.append((Int(item.chunk), Int(item.entry), try persons(Int(item.chunk))))
        }
        for chunk in chunks(holding: hash) {
            let persons = try persons(chunk)
            var entry = persons.firstEntry(home: hash)
            while entry < persons.count, persons.homes[entry] == hash {
                if persons.hashes[entry] == hash { found.append((chunk, entry, persons)) }
                entry += 1
            }
        }
        return found
    }
}

extension Array {
    /// Puts the elements of another sorted array into this one, which is sorted too; of equals, its own come first.
    ///
    /// - Complexity: O(moved elements); O(`other`) when they belong at the end.
    fileprivate mutating func merge(_ other: [Element], by precedes: (Element, Element) -> Bool) {
        guard let first = other.first else { return }
        let start = partitioningIndex { precedes(first, $0) }
        let rest = Array(self[start...])
        removeSubrange(start...)
        reserveCapacity(start + rest.count + other.count)
        var next = 0
        for element in other {
            while next < rest.count, !precedes(element, rest[next]) {
                append(rest[next])
                next += 1
            }
            append(element)
        }
        append(contentsOf: rest[next...])
    }
}

extension Array where Element: Comparable {
    /// Whether an ascending array holds a value.
    fileprivate func containsSorted(_ value: Element) -> Bool {
        let place = partitioningIndex { $0 >= value }
        return place < count && self[place] == value
    }
}
