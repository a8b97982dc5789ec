/// Reads events of a chunk, with every column or those of a selection.
final class ChunkReader {
    private let persons: PersonsView
    private let times: PackedIntegers
    private let sequences: PackedIntegers
    private let codes: CodesView
    private let names: [UInt16]
    private let messages: MessageIDView?
    private let columns: [(name: String, column: ColumnView)]
    /// By the chunk's code of an event name: the columns to read. Nil for all.
    private let wanted: [[Int]]?
    private let received: [ReceivedRun]
    private let tables: NameTables

    init(_ segment: Segment, _ chunk: Int, tables: NameTables, selection: TailSelection? = nil) throws {
        persons = try segment.persons(chunk)
        times = try segment.times(chunk)
        sequences = try segment.sequences(chunk)
        codes = try segment.codes(chunk)
        let names = segment.footer.chunks[chunk].codes.map(\.code)
        self.names = names
        messages = selection?.messageIDs ?? true ? try segment.messageIDs(chunk) : nil
        columns = try segment.footer.chunks[chunk].sections.filter { $0.kind == .column }.map {
            (tables.properties[$0.property], try segment.column(chunk, $0))
        }.sorted { $0.name < $1.name }
        wanted = selection?.columns(columns, ofEvents: names.map { tables.events[$0] })
        received = try segment.receivedRuns()
        self.tables = tables
    }

    /// - Parameter person: the entry of the row, when it is known.
    func event(_ row: Int, entry: Int? = nil) -> StoredEvent {
        let entry = entry ?? persons.entry(ofRow: row, from: 0)
        let code = codes[row]
        var properties: [Event.Property] = []
        if let wanted {
            for index in wanted[code] { read(columns[index], row, into: &properties) }
        } else {
            for column in columns { read(column, row, into: &properties) }
        }
        let sequence = UInt64(bitPattern: sequences[row])
        return StoredEvent(
            event: Event(
                person: persons.id(entry), name: tables.events[names[code]], time: times[row],
                properties: properties, messageID: messages?.string(at: UInt32(row))),
            sequence: sequence, receivedTime: receivedTime(sequence))
    }

    @inline(__always)
    private func read(_ column: (name: String, column: ColumnView), _ row: Int, into properties: inout [Event.Property])
    {
        let index = column.column.entry(at: UInt32(row))
        if index >= 0 { properties.append(Event.Property(column.name, column.column.value(index))) }
    }

    private func receivedTime(_ sequence: UInt64) -> Int64 {
        let after = received.partitioningIndex { $0.sequence > sequence }
        return after == 0 ? 0 : received[after - 1].time
    }
}
