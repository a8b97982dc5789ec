/// Reads whole events of a chunk, with every column.
final class ChunkReader {
    private let persons: PersonsView
    private let times: PackedIntegers
    private let sequences: PackedIntegers
    private let codes: CodesView
    private let names: [UInt16]
    private let messages: MessageIDView?
    private let columns: [(property: UInt16, view: ColumnView)]
    private let received: [ReceivedRun]
    private let tables: NameTables

    init(_ segment: Segment, _ chunk: Int, tables: NameTables) throws {
        persons = try segment.persons(chunk)
        times = try segment.times(chunk)
        sequences = try segment.sequences(chunk)
        codes = try segment.codes(chunk)
        names = segment.footer.chunks[chunk].codes.map(\.code)
        messages = try segment.messageIDs(chunk)
        columns = try segment.footer.chunks[chunk].sections.filter { $0.kind == .column }.map {
            ($0.property, try segment.column(chunk, $0))
        }.sorted { tables.properties[$0.property] < tables.properties[$1.property] }
        received = try segment.receivedRuns()
        self.tables = tables
    }

    /// - Parameter person: the entry of the row, when it is known.
    func event(_ row: Int, entry: Int? = nil) -> StoredEvent {
        let entry = entry ?? persons.entry(ofRow: row, from: 0)
        var properties: [Event.Property] = []
        for (property, view) in columns {
            let index = view.entry(at: UInt32(row))
            if index >= 0 { properties.append(Event.Property(tables.properties[property], view.value(index))) }
        }
        let sequence = UInt64(bitPattern: sequences[row])
        return StoredEvent(
            event: Event(
                person: persons.id(entry), name: tables.events[names[codes[row]]], time: times[row],
                properties: properties, messageID: messages?.string(at: UInt32(row))),
            sequence: sequence, receivedTime: receivedTime(sequence))
    }

    private func receivedTime(_ sequence: UInt64) -> Int64 {
        let after = received.partitioningIndex { $0.sequence > sequence }
        return after == 0 ? 0 : received[after - 1].time
    }
}
