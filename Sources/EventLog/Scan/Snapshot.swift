import Dispatch
import Foundation
import Synchronization

/// An immutable view of the log at one moment. Taking one neither blocks nor is blocked by writers; it stays readable
/// while segments are compacted away underneath.
package struct Snapshot: Sendable {
    let tables: NameTables
    let segments: [Segment]
    let identities: Identities
    /// Events before this time are past the retention age.
    let minTime: Int64
    /// Where scans run; nil: on threads like any other.
    var scanThreads: YieldingThreads?

    /// Numbers of event names.
    package var eventNames: NameTable { tables.events }
    /// Numbers of property names.
    package var propertyNames: NameTable { tables.properties }

    /// The events in the snapshot, without what deletions and retention hide.
    ///
    /// - Complexity: O(chunks + deletions); with a retention age also O(rows of the chunks that it cuts).
    package var eventCount: Int {
        get throws { try segments.reduce(0) { try $0 + visibleRows(of: $1) } }
    }

    private func visibleRows(of segment: Segment) throws -> Int {
        let placement = identities.deletions.isEmpty ? nil : try segment.placement(for: identities)
        var count = 0
        for (number, chunk) in segment.footer.chunks.enumerated() where chunk.maxTime >= minTime {
            let deleted = try placement?.deletedRows(of: segment, number, identities) ?? []
            if chunk.minTime >= minTime {
                count += deleted.reduce(Int(chunk.rowCount)) { $0 - $1.count }
            } else {
                let times = try segment.times(number)
                count += (0..<Int(chunk.rowCount)).count { times[$0] >= minTime }
                for rows in deleted { count -= rows.count { times[$0] >= minTime } }
            }
        }
        return count
    }

    /// One above the sequence number of the last event; 0 without any. Merges have numbers beyond it.
    package var endSequence: UInt64 { segments.map { $0.footer.maxSequence + 1 }.max() ?? 0 }

    /// The times of the first and the last event in milliseconds, or nil for an empty log.
    package var timeRange: ClosedRange<Int64>? {
        guard let first = segments.map(\.footer.minTime).min(), let last = segments.map(\.footer.maxTime).max() else {
            return nil
        }
        return max(first, min(minTime, last))...last
    }

    /// The canonical id of a person: the one that an id was merged into, or the id itself.
    package func canonicalID(of id: String) -> String { identities.canonical(id) }

    /// All ids of the person that `id` belongs to, the canonical one first.
    package func identities(of id: String) -> [String] { identities.members(of: identities.canonical(id)) }

    /// The types that a property has been seen with, by number of values.
    package func types(ofProperty property: UInt16) -> [(type: PropertyType, chunks: Int)] {
        var counts: [PropertyType: Int] = [:]
        for segment in segments {
            for chunk in segment.footer.chunks {
                for section in chunk.sections where section.kind == .column && section.property == property {
                    if let type = PropertyType(rawValue: section.type) { counts[type, default: 0] += 1 }
                }
            }
        }
        return counts.map { ($0.key, $0.value) }.sorted {
            ($1.chunks, $0.type.rawValue) < ($0.chunks, $1.type.rawValue)
        }
    }
}

// MARK: - Scans

extension Snapshot {
    /// Runs a fold over every person who has a matching row, on several threads, one fold each.
    ///
    /// - Parameter threads: at most this many; nil is the number of processors.
    /// - Returns: the folds, for the caller to combine, and what was read.
    /// - Throws: `EventLogError` with code `corrupt` when a part that had to be read does not match its checksum;
    ///   whatever the fold throws.
    /// - Complexity: O(rows of the persons / threads); columns that are not asked for are not read.
    package func scan<Fold: ScanFold & Sendable>(
        _ selection: Selection, threads: Int? = nil, makeFold: @Sendable () -> Fold
    ) throws -> (folds: [Fold], report: ScanReport) {
        let start = ContinuousClock.now
        let plan = try ScanPlan(segments, identities)
        let selection = ScanSelection(selection)
        let most = min(threads ?? ProcessInfo.processInfo.activeProcessorCount, plan.ranges.count)
        let threads = max(1, isShort(selection) ? 1 : most)
        let next = Atomic<Int>(0)
        let finished = Mutex<(folds: [(Int, Fold)], report: ScanReport, error: (any Error)?)>(([], ScanReport(), nil))

        @Sendable func work(_ thread: Int) {
            var fold = makeFold()
            var report = ScanReport()
            do {
                while true {
                    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard index < plan.ranges.count, finished.withLock({ $0.error == nil }) else { break }
                    try scan(try plan.block(index), selection, &fold, &report)
                }
                finished.withLock {
                    $0.folds.append((thread, fold))
                    $0.report.add(report)
                }
            } catch {
                finished.withLock { $0.error = $0.error ?? error }
            }
        }
        if threads == 1 {
            work(0)
        } else {
            if let scanThreads {
                scanThreads.run(threads, work)
            } else {
                DispatchQueue.concurrentPerform(iterations: threads, execute: work)
            }
        }
        return try finished.withLock { state in
            if let error = state.error { throw error }
            var report = state.report
            report.segments = segments.count
            report.threads = threads
            report.seconds = (ContinuousClock.now - start) / .seconds(1)
            return (state.folds.sorted { $0.0 < $1.0 }.map(\.1), report)
        }
    }

    /// Whether a scan takes less time than another thread needs to wake up, by what the footers say: some tens of
    /// microseconds for chunks and rows of rare names.
    private func isShort(_ selection: ScanSelection) -> Bool {
        guard let leads = selection.leads else { return false }
        var cost = 0
        for segment in segments {
            for chunk in segment.footer.chunks {
                // In twentieths of a microsecond: a chunk takes about two, a person one or less.
                cost += 40
                for code in chunk.codes where leads.contains(code.code) { cost += 10 * Int(code.count) }
                if cost > 4_000 { return false }
            }
        }
        return true
    }

    /// Runs a fold over one person's history; does nothing when the person has no matching row. Follows merges.
    ///
    /// - Complexity: O(segments log persons + rows of the person)
    package func visit<Fold: ScanFold>(person id: String, _ selection: Selection, _ fold: inout Fold) throws {
        var report = ScanReport()
        let canonical = identities.canonical(id)
        let block = try ScanPlan.block(home: identities.key.hash(canonical), segments, identities)
        var filter = OnePerson(canonical: canonical, fold: fold)
        try scan(block, ScanSelection(selection), &filter, &report)
        fold = filter.fold
    }

    /// The keyed hash under which the rows of a person lie, which tells nobody who it is: `visit(home:)`.
    package func home(of id: String) -> UInt64 { identities.key.hash(identities.canonical(id)) }

    /// Runs a fold over whoever's canonical id has this hash: one person, but for collisions, which are as rare as
    /// hashes of 64 bits make them.
    ///
    /// - Complexity: O(segments log persons + rows of the person)
    package func visit<Fold: ScanFold>(home: UInt64, _ selection: Selection, _ fold: inout Fold) throws {
        var report = ScanReport()
        let block = try ScanPlan.block(home: home, segments, identities)
        try scan(block, ScanSelection(selection), &fold, &report)
    }

    /// The events of one person in time order, under all of their ids.
    package func history(of id: String) throws -> [StoredEvent] {
        var fold = CollectEvents()
        try visit(person: id, Selection(), &fold)
        return fold.events
    }

    private func scan<Fold: ScanFold>(
        _ block: ScanPlan.Block, _ selection: ScanSelection, _ fold: inout Fold, _ report: inout ScanReport
    ) throws {
        report.blocks += 1
        if let anchors = selection.anchors {
            // Decided from the footer alone: nothing of the block is read when no person in it can have an anchor.
            let possible = block.parts.contains { part in
                segments[part.segment].footer.chunks[part.chunk].codes.contains { anchors.contains($0.code) }
            }
            guard possible else {
                report.blocksSkipped += 1
                return
            }
        }
        // Whoever lies in the first source alone need not be looked for in the others, and can come by columns.
        let takesColumns = fold.columnUse != .none
        let isWhole = block.parts.count == 1 && block.parts[0].absent.isEmpty && block.parts[0].moved.isEmpty
        var sources: [ScanSource] = []
        for (place, part) in block.largestFirst.enumerated() {
            let segment = segments[part.segment]
            let persons = try segment.persons(part.chunk)
            let source = try ScanSource(
                segment, part, persons, selection, number: sources.count, minTime: minTime,
                columns: place > 0 || !takesColumns ? .nobody : isWhole ? .everybody : .some)
            if let source { sources.append(source) }
        }
        guard !sources.isEmpty else {
            report.blocksSkipped += 1
            return
        }
        guard sources.count <= Int(UInt16.max) else {
            throw EventLogError(.corrupt, "one person lies in more than \(UInt16.max) places; compact the log")
        }
        var columns: [PropertyColumns] = []
        for source in sources {
            for property in selection.properties {
                columns.append(try source.segment.columns(source.chunk, property: property))
            }
        }
        try fold.enter(
            ScanBlock(columns: columns, sourceCount: sources.count, propertyCount: selection.properties.count))
        if fold.narrowsAnchors {
            for (number, source) in sources.enumerated() { source.narrow(&fold, number: number) }
        }
        let scanner = BlockScanner(identities: identities, tables: tables, sources: sources)
        let (persons, rows) = try scanner.run(&fold)
        report.personsVisited += persons
        report.rowsMatched += rows
        for source in sources {
            report.rowsScanned += source.rowCount
            report.bytesRead += source.bytesRead
        }
    }
}

/// Lets only one person through: another may have the same hash.
private struct OnePerson<Fold: ScanFold>: ScanFold {
    let canonical: String
    var fold: Fold

    mutating func enter(_ block: ScanBlock) throws { try fold.enter(block) }

    mutating func visit(_ run: borrowing PersonRun) throws {
        for index in 0..<run.count where run.person(index).id == canonical {
            try run.withRun(of: index) { try fold.visit($0) }
        }
    }
}

private struct CollectEvents: PersonFold {
    var events: [StoredEvent] = []

    mutating func enter(_ block: ScanBlock) {}

    mutating func visit(_ person: borrowing PersonView) throws {
        events.reserveCapacity(events.count + person.rows.count)
        for row in person.rows { events.append(try person.event(row)) }
    }
}

// MARK: - Without a log

extension Snapshot {
    /// A snapshot of some events without a log, for tests and small tools. Deterministic.
    ///
    /// - Parameters:
    ///   - segmentCount: over how many segments the events are spread.
    ///   - latest: how many of the last events are in one more segment instead, as the latest of a running log are.
    package static func inMemory(
        _ events: [Event], merges: [Merge] = [], segmentCount: Int = 1, latest: Int = 0,
        chunkRows: Int = SegmentFormat.chunkRows
    ) throws -> Snapshot {
        let key = HashKey(k0: 0x0123_4567_89ab_cdef, k1: 0xfedc_ba98_7654_3210)
        var tables = NameTables()
        var segments: [Segment] = []
        for number in 0...segmentCount {
            var batch = EventBatch(key: key)
            var sequences: [Int64] = []
            for (sequence, event) in events.enumerated() {
                let isLatest = sequence >= events.count - latest
                guard (isLatest ? segmentCount : sequence % segmentCount) == number else { continue }
                try batch.append(event)
                sequences.append(Int64(sequence))
            }
            guard !batch.isEmpty else { continue }
            let map = try tables.map(batch)
            let sealer = BatchSealer(
                batch: batch, codes: map.codes, properties: map.properties, sequences: sequences)
            segments.append(try Segment.inMemory(sealer, name: "memory \(number)", received: [], chunkRows: chunkRows))
        }
        var identities = Identities(key: key)
        for merge in merges { _ = identities.merge(merge.alias, into: merge.person) }
        return Snapshot(tables: tables, segments: segments, identities: identities, minTime: .min)
    }
}

extension Segment {
    /// A segment that is kept in memory.
    static func inMemory(
        _ sealer: BatchSealer, name: String, received: [ReceivedRun], chunkRows: Int = SegmentFormat.chunkRows
    ) throws -> Segment {
        var bytes: [UInt8] = []
        var writer = try SegmentWriter { bytes.append(contentsOf: $0) }
        writer.addReceived(received)
        try sealer.write(to: &writer, chunkRows: chunkRows)
        _ = try writer.finish()
        return try Segment(MappedFile(copying: bytes), name: name, trusted: true)
    }
}
