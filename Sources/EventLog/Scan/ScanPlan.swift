/// A scan cut into blocks: ranges of person hashes that can be read independently of each other.
struct ScanPlan {
    /// A chunk of a segment, and which of its entries belong to a block.
    struct Part {
        var segment: Int
        var chunk: Int
        /// Entries whose home lies in the block; empty when the chunk only holds moved entries for it.
        var entries: Range<Int>
        /// Entries of the range that are not to be read here, ascending.
        var absent: ArraySlice<UInt32>
        /// Entries from anywhere in the chunk whose person lies in the block, by home.
        var moved: [Placement.Moved]
    }

    struct Block {
        var homes: ClosedRange<UInt64>
        var parts: [Part]

        /// The parts with the one first that holds the most entries.
        var largestFirst: [Part] {
            var largest = 0
            for part in parts.indices where parts[part].entries.count > parts[largest].entries.count { largest = part }
            if largest == 0 { return parts }
            var sorted = parts
            sorted.swapAt(0, largest)
            return sorted
        }
    }

    /// Ranges of hashes, in order, covering all.
    let ranges: [ClosedRange<UInt64>]
    private let segments: [Segment]
    private let placements: [Placement]

    /// Cuts where the largest segment's chunks begin.
    init(_ segments: [Segment], _ identities: Identities) throws {
        self.segments = segments
        placements = try segments.map { try $0.placement(for: identities) }
        let largest = segments.max { $0.rowCount < $1.rowCount }
        var starts: [UInt64] = [0]
        for chunk in largest?.footer.chunks.dropFirst() ?? [] where chunk.firstHome > starts[starts.count - 1] {
            starts.append(chunk.firstHome)
        }
        var ranges: [ClosedRange<UInt64>] = []
        for (index, start) in starts.enumerated() {
            ranges.append(start...(index + 1 < starts.count ? starts[index + 1] - 1 : .max))
        }
        self.ranges = segments.isEmpty ? [] : ranges
    }

    func block(_ index: Int) throws -> Block {
        let homes = ranges[index]
        var parts: [Part] = []
        for (number, segment) in segments.enumerated() {
            let placement = placements[number]
            var moved: [UInt32: [Placement.Moved]] = [:]
            if !placement.isEmpty { moved = Dictionary(grouping: placement.moved(in: homes), by: \.chunk) }
            let chunks = segment.footer.chunks
            var chunk = chunks.partitioningIndex { $0.lastHome >= homes.lowerBound }
            while chunk < chunks.count, chunks[chunk].firstHome <= homes.upperBound {
                let entries = try entries(of: chunk, in: segment, homes: homes)
                let here = moved.removeValue(forKey: UInt32(chunk)) ?? []
                if !entries.isEmpty || !here.isEmpty {
                    parts.append(
                        Part(
                            segment: number, chunk: chunk, entries: entries,
                            absent: absent(placement, chunk, entries), moved: here))
                }
                chunk += 1
            }
            for (chunk, entries) in moved.sorted(by: { $0.key < $1.key }) {
                parts.append(Part(segment: number, chunk: Int(chunk), entries: 0..<0, absent: [], moved: entries))
            }
        }
        return Block(homes: homes, parts: parts)
    }

    /// The parts that hold one person: the block of a single hash.
    static func block(home: UInt64, _ segments: [Segment], _ identities: Identities) throws -> Block {
        let placements = try segments.map { try $0.placement(for: identities) }
        return try ScanPlan(ranges: [home...home], segments: segments, placements: placements).block(0)
    }

    private init(ranges: [ClosedRange<UInt64>], segments: [Segment], placements: [Placement]) {
        self.ranges = ranges
        self.segments = segments
        self.placements = placements
    }

    private func entries(of chunk: Int, in segment: Segment, homes: ClosedRange<UInt64>) throws -> Range<Int> {
        let directory = segment.footer.chunks[chunk]
        if directory.firstHome >= homes.lowerBound, directory.lastHome <= homes.upperBound {
            return 0..<Int(directory.personCount)
        }
        let persons = try segment.persons(chunk)
        let start = persons.firstEntry(home: homes.lowerBound)
        let end = homes.upperBound == .max ? persons.count : persons.firstEntry(home: homes.upperBound + 1)
        return start..<max(start, end)
    }

    private func absent(_ placement: Placement, _ chunk: Int, _ entries: Range<Int>) -> ArraySlice<UInt32> {
        guard let all = placement.absent[UInt32(chunk)] else { return [] }
        let first = all.partitioningIndex { Int($0) >= entries.lowerBound }
        let end = all.partitioningIndex { Int($0) >= entries.upperBound }
        return all[first..<end]
    }
}
