package import EventLog

/// Writes the events of a log out again, in the order in which they were stored; JSON Lines begin with the merges, so
/// that an import into an empty workspace gives the same persons.
package struct ExportService: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// JSON Lines in Segment's shape.
        case jsonLines = "jsonl"
        case csv
    }

    private let log: EventLog
    private static let page = 20_000

    package init(log: EventLog) {
        self.log = log
    }

    /// Hands the text over in pieces of whole lines.
    ///
    /// - Parameters:
    ///   - include: which events to write; nil is all of them.
    ///   - progress: gets the number of events that were looked at.
    ///   - shouldStop: asked between pieces.
    /// - Returns: how many events were written, which merges are not.
    /// - Throws: `EngineError` with `interrupted`; what `write` throws.
    /// - Complexity: O(events and merges of the log); memory for the merges and one piece of events.
    package func export(
        _ format: Format, include: ((StoredEvent) -> Bool)? = nil, progress: (Int) -> Void = { _ in },
        shouldStop: () -> Bool = { false }, write: ([UInt8]) throws -> Void
    ) throws -> Int {
        var encoder = try makeEncoder(format)
        if let header = encoder.header { try write(header) }
        let merges = try log.snapshot().merges
        for start in stride(from: 0, to: merges.count, by: ExportService.page) {
            try write(encoder.encode(merges[start..<min(start + ExportService.page, merges.count)]))
        }
        var next: UInt64 = 0
        var seen = 0
        var written = 0
        while true {
            if shouldStop() {
                throw EngineError(.interrupted, "stopped after \(written) events; the output ends there")
            }
            let events = try log.tail(from: next, limit: ExportService.page)
            guard let last = events.last else { return written }
            let chosen = include.map { events.filter($0) } ?? events
            try write(encoder.encode(chosen))
            written += chosen.count
            seen += events.count
            progress(seen)
            next = last.sequence + 1
        }
    }

    private func makeEncoder(_ format: Format) throws -> any EventEncoder {
        switch format {
        case .jsonLines: return JSONLinesEncoder()
        case .csv:
            let names = Set(try log.statistics.properties.map(\.name))
            return CSVEncoder(properties: names.sorted())
        }
    }
}

private protocol EventEncoder {
    var header: [UInt8]? { get }
    mutating func encode(_ merges: ArraySlice<Merge>) -> [UInt8]
    mutating func encode(_ events: [StoredEvent]) -> [UInt8]
}

private struct JSONLinesEncoder: EventEncoder {
    var header: [UInt8]? { nil }
    var line = JSONLine()

    mutating func encode(_ merges: ArraySlice<Merge>) -> [UInt8] {
        line.removeAll()
        for merge in merges { line.append(merge) }
        return line.bytes
    }

    mutating func encode(_ events: [StoredEvent]) -> [UInt8] {
        line.removeAll()
        for event in events { line.append(event.event) }
        return line.bytes
    }
}

/// Columns `person`, `event`, `time`, `messageId`, then one for each property; lists are JSON arrays.
private struct CSVEncoder: EventEncoder {
    let properties: [String]

    var header: [UInt8]? {
        var bytes: [UInt8] = []
        CSV.append(["person", "event", "time", "messageId"] + properties, to: &bytes)
        return bytes
    }

    /// A table of events has no row for what is no event.
    mutating func encode(_ merges: ArraySlice<Merge>) -> [UInt8] { [] }

    mutating func encode(_ events: [StoredEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        for stored in events {
            let event = stored.event
            let values = Dictionary(event.properties.map { ($0.name, $0.value) }) { first, _ in first }
            let fields = properties.map { values[$0].map(text) ?? "" }
            CSV.append(
                [event.person, event.name, Timestamp.text(event.time), event.messageID ?? ""] + fields, to: &bytes)
        }
        return bytes
    }

    private func text(_ value: PropertyValue) -> String {
        switch value {
        case .string(let text): return text
        case .time(let time): return Timestamp.text(time)
        default:
            var line = JSONLine()
            line.value(value)
            return String(decoding: line.bytes, as: UTF8.self)
        }
    }
}
