/// Reads events of a chunk, with every column or those of a selection.
final class ChunkReader {
    private let persons: PersonsView
    private let times: PackedIntegers
    private let sequences: PackedIntegers
    private let codes: CodesView
    private let names: [UInt16]
    private let messages: MessageIDView?
    /// The columns by name of their property, and these names: apart, because what is large is not copied then.
    private let columns: [ColumnView]
    private let properties: [String]
    /// By the chunk's code of an event name: the columns to read. Nil for all.
    private let wanted: [[Int]]?
    private let received: [ReceivedRun]
    private let tables: NameTables
    /// The rows and the id of the person who was read last: rows of one person come one after another.
    private var last: (rows: Range<Int>, id: String)?

    init(_ segment: Segment, _ chunk: Int, tables: NameTables, selection: TailSelection? = nil) throws {
        persons = try segment.persons(chunk)
        times = try segment.times(chunk)
        sequences = try segment.sequences(chunk)
        codes = try segment.codes(chunk)
        let names = segment.footer.chunks[chunk].codes.map(\.code)
        self.names = names
        messages = selection?.messageIDs ?? true ? try segment.messageIDs(chunk) : nil
        let columns = try segment.footer.chunks[chunk].sections.filter { $0.kind == .column }.map {
            (name: tables.properties[$0.property], column: try segment.column(chunk, $0))
        }.sorted { $0.name < $1.name }
        properties = columns.map(\.name)
        self.columns = columns.map(\.column)
        wanted = selection?.columns(columns, ofEvents: names.map { tables.events[$0] })
        received = try segment.receivedRuns()
        self.tables = tables
    }

    /// - Parameter entry: the entry of the row, when it is known.
    func event(_ row: Int, entry: Int? = nil) -> StoredEvent {
        let code = codes[row]
        var found: [Event.Property] = []
        if let wanted {
            found.reserveCapacity(wanted[code].count)
            for index in wanted[code] { read(index, row, into: &found) }
        } else {
            found.reserveCapacity(columns.count)
            for index in columns.indices { read(index, row, into: &found) }
        }
        let sequence = UInt64(bitPattern: sequences[row])
        return StoredEvent(
            event: Event(
                person: person(of: row, entry), name: tables.events[names[code]], time: times[row],
                properties: found, messageID: messages?.string(at: UInt32(row))),
            sequence: sequence, receivedTime: receivedTime(sequence))
    }

    private func person(of row: Int, _ entry: Int?) -> String {
        if let last, last.rows.contains(row) { return last.id }
        let entry = entry ?? persons.entry(ofRow: row, from: 0)
        let id = persons.id(entry)
        last = (persons.rows(entry), id)
        return id
    }

    @inline(__always)
    private func read(_ column: Int, _ row: Int, into found: inout [Event.Property]) {
        let index = columns[column].entry(at: UInt32(row))
        if index >= 0 { found.append(Event.Property(properties[column], columns[column].value(index))) }
    }

    private func receivedTime(_ sequence: UInt64) -> Int64 {
        let after = received.partitioningIndex { $0.sequence > sequence }
        return after == 0 ? 0 : received[after - 1].time
    }
}
