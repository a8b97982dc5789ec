/// Merges segments into one: the entries of a person come together under their home, deleted entries and events past
/// the retention age are left out, chunks that nothing happens to are copied as they are.
///
/// - Complexity: O(rows + values), holding about one block (a chunk of the largest segment and what belongs to it) in
///   memory.
struct SegmentMerger {
    let segments: [Segment]
    let identities: Identities
    /// Events before this time are left out.
    let minTime: Int64
    /// How many encode at once.
    var threads = 1
    /// Called with the rows done, after each block.
    var progress: (@Sendable (Int) -> Void)?

    /// - Returns: the footer's rows; 0 when nothing is left.
    func write(to writer: inout SegmentWriter) throws {
        let plan = try ScanPlan(segments, identities)
        for segment in segments {
            writer.addReceived(try segment.receivedRuns())
            writer.addMessageHashes(try segment.messageHashes())
        }
        var done = 0
        for index in plan.ranges.indices {
            let block = try plan.block(index)
            if let whole = unchanged(block) {
                try writer.copy(whole.chunk, of: whole.segment)
            } else {
                try merge(block, into: &writer)
            }
            done += block.parts.reduce(0) { sum, part in
                sum + Int(segments[part.segment].footer.chunks[part.chunk].rowCount)
            }
            progress?(min(done, segments.reduce(0) { $0 + $1.rowCount }))
        }
    }

    /// The block's only chunk, when it can be taken over as it is.
    private func unchanged(_ block: ScanPlan.Block) -> (segment: Segment, chunk: Int)? {
        guard block.parts.count == 1, let part = block.parts.first, part.absent.isEmpty, part.moved.isEmpty else {
            return nil
        }
        let segment = segments[part.segment]
        let directory = segment.footer.chunks[part.chunk]
        guard part.entries == 0..<Int(directory.personCount), directory.minTime >= minTime else { return nil }
        return (segment, part.chunk)
    }

    private func merge(_ block: ScanPlan.Block, into writer: inout SegmentWriter) throws {
        let sources = try block.parts.map { try MergeSource(segments[$0.segment], $0) }
        guard !sources.isEmpty else { return }
        var cursor = EntryCursor(block.parts, persons: sources.map(\.persons))
        var order = MergeOrder()
        while cursor.next() {
            try order.add(cursor.items, home: cursor.home, sources: sources, minTime: minTime)
        }
        for range in order.chunks(of: SegmentFormat.chunkRows) {
            try writer.write(chunk(order, range, sources))
        }
    }

    /// Encodes a chunk, one column after another on each thread, so that few dictionaries are open at a time.
    private func chunk(_ order: MergeOrder, _ entries: Range<Int>, _ sources: [MergeSource]) -> EncodedChunk {
        let rowCount = order.rowCount(entries)
        let runs = order.runs(entries)
        let keys = Set(sources.flatMap { $0.columns.keys }).sorted {
            ($0.property, $0.type.rawValue) < ($1.property, $1.type.rawValue)
        }
        let sections = Parallel.map(keys.count + 1, threads: threads) { index in
            if index == keys.count { return messages(runs, sources).encoded(rowCount: rowCount) }
            var column = MergedColumn(keys[index], sources, hashKey: identities.key)
            column.add(runs)
            return column.finished.section(rowCount: rowCount)
        }
        var chunk = frame(order, entries, sources).encoded()
        chunk.sections += ([sections[keys.count]] + sections[..<keys.count]).compactMap(\.self)
        return chunk
    }

    /// Everything but message ids and columns.
    private func frame(_ order: MergeOrder, _ entries: Range<Int>, _ sources: [MergeSource]) -> ChunkDraft {
        var draft = ChunkDraft()
        let start = entries.lowerBound == 0 ? 0 : order.entries[entries.lowerBound - 1].end
        for entry in order.entries[entries] {
            draft.homes.append(entry.home)
            draft.hashes.append(entry.hash)
            draft.rowEnds.append(UInt32(entry.end - start))
            draft.idBytes.append(contentsOf: sources[entry.source].persons.idBytes(entry.entry))
            draft.idEnds.append(Int64(draft.idBytes.count))
        }
        let rowCount = order.rowCount(entries)
        draft.times.reserveCapacity(rowCount)
        draft.codes.reserveCapacity(rowCount)
        draft.sequences.reserveCapacity(rowCount)
        let views = sources.map { (times: $0.times, sequences: $0.sequences, codes: $0.codes) }
        let names = sources.map(\.names)
        for run in order.runs(entries) {
            let view = views[run.source]
            names[run.source].withUnsafeBufferPointer { names in
                for row in run.rows {
                    draft.times.append(view.times[row])
                    draft.sequences.append(view.sequences[row])
                    draft.codes.append(names[view.codes[row]])
                }
            }
        }
        return draft
    }

    private func messages(_ runs: ArraySlice<MergeOrder.Run>, _ sources: [MergeSource]) -> BytesDraft {
        var draft = BytesDraft()
        let views = sources.map(\.messages)
        var position = 0
        for run in runs {
            views[run.source]?.append(run.rows, at: position, to: &draft)
            position += run.rows.count
        }
        return draft
    }
}

/// A chunk with all that a merge reads of it.
struct MergeSource: @unchecked Sendable {
    // Views of immutable, checksummed bytes that their segment keeps mapped.
    struct ColumnKey: Hashable {
        var property: UInt16
        var type: PropertyType
    }

    let persons: PersonsView
    let times: PackedIntegers
    let sequences: PackedIntegers
    let codes: CodesView
    let names: [UInt16]
    let messages: MessageIDView?
    let columns: [ColumnKey: ColumnView]

    init(_ segment: Segment, _ part: ScanPlan.Part) throws {
        persons = try segment.persons(part.chunk)
        times = try segment.times(part.chunk)
        sequences = try segment.sequences(part.chunk)
        codes = try segment.codes(part.chunk)
        names = segment.footer.chunks[part.chunk].codes.map(\.code)
        messages = try segment.messageIDs(part.chunk)
        var columns: [ColumnKey: ColumnView] = [:]
        for section in segment.footer.chunks[part.chunk].sections where section.kind == .column {
            let view = try segment.column(part.chunk, section)
            columns[ColumnKey(property: section.property, type: view.type)] = view
        }
        self.columns = columns
    }
}
