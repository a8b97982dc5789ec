/// Events of a world in the order of time, as messages that wait to be sent.
package struct WorldEvents: Sendable {
    private var texts: [[UInt8]]
    private var entries: [(entry: EventSink.Entry, text: Int32)]

    init(text: [UInt8], entries: [EventSink.Entry]) {
        texts = [text]
        self.entries = entries.map { ($0, 0) }
    }

    /// Joins what the parts of a world gave, each of which is in order.
    init(merging parts: [WorldEvents]) {
        texts = []
        entries = []
        entries.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts where !part.isEmpty {
            let base = Int32(texts.count)
            texts += part.texts
            entries += part.entries.map { ($0.entry, $0.text + base) }
        }
        entries.sort { EventSink.Entry.isEarlier($0.entry, $1.entry) }
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    /// Of an event, in milliseconds UTC.
    package func time(_ index: Int) -> Int64 { entries[index].entry.time }

    /// The body of a request to `/v1/batch` with the events from `first` on, as many as fit.
    ///
    /// - Parameters:
    ///   - bytesMax: of the body.
    ///   - clock: what a time of the world is by the clock of who receives it.
    /// - Returns: the body, and the first event that is not in it.
    package func batch(
        from first: Int, bytesMax: Int, clock: (Int64) -> Int64 = { $0 }
    ) -> (body: [UInt8], next: Int) {
        var body = Array("{\"batch\":[".utf8)
        body.reserveCapacity(bytesMax)
        var next = first
        while next < count {
            let (entry, _) = entries[next]
            // One at least, and room for what is put around it.
            if next > first, body.count + entry.end - entry.start + 64 > bytesMax { break }
            if next > first { body.append(UInt8(ascii: ",")) }
            append(next, to: &body, clock)
            next += 1
        }
        body.append(contentsOf: "]}".utf8)
        return (body, next)
    }

    /// One event as a line of JSON, without the end of the line.
    package func append(_ index: Int, to text: inout [UInt8], _ clock: (Int64) -> Int64 = { $0 }) {
        let (entry, part) = entries[index]
        text.append(contentsOf: "{\"timestamp\":\"".utf8)
        text.append(isoTime: clock(entry.time))
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: texts[Int(part)][entry.start..<entry.end])
        text.append(UInt8(ascii: "}"))
    }
}
