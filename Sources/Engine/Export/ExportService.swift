package import EventLog

/// Writes the events of a log out again, in the order in which they were stored. What ids are one person follows from
/// events, merges and splits by hand included, so an import into an empty workspace gives the same persons.
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
    /// - Returns: how many events were written.
    /// - Throws: `EngineError` with `interrupted`; what `write` throws.
    /// - Complexity: O(events of the log); memory for one piece of events.
    package func export(
        _ format: Format, include: (@Sendable (StoredEvent) -> Bool)? = nil, progress: (Int) -> Void = { _ in },
        shouldStop: () -> Bool = { false }, write: ([UInt8]) throws -> Void
    ) throws -> Int {
        var pages = try pages(format, include: include)
        while true {
            if shouldStop() {
                throw EngineError(.interrupted, "stopped after \(pages.written) events; the output ends there")
            }
            guard let text = try pages.next() else { return pages.written }
            try write(text)
            progress(pages.seen)
        }
    }

    /// Which events to write: those of these names; nil, for all of them, when there are no names.
    package static func filter(_ names: Set<String>) -> (@Sendable (StoredEvent) -> Bool)? {
        if names.isEmpty { return nil }
        return { names.contains($0.event.name) }
    }

    /// The same for a caller who fetches the pieces when there is room for them.
    package func pages(_ format: Format, include: (@Sendable (StoredEvent) -> Bool)? = nil) throws -> Pages {
        let encoder: any EventEncoder
        switch format {
        case .jsonLines: encoder = JSONLinesEncoder()
        case .csv: encoder = CSVEncoder(properties: Set(try log.statistics.properties.map(\.name)).sorted())
        }
        return Pages(log: log, include: include, encoder: encoder)
    }

    /// An export that is under way.
    package struct Pages: Sendable {
        /// Events that were looked at, and written.
        package private(set) var seen = 0
        package private(set) var written = 0
        private let log: EventLog
        private let include: (@Sendable (StoredEvent) -> Bool)?
        private var encoder: any EventEncoder
        private var position: UInt64 = 0
        private var hasBegun = false

        fileprivate init(log: EventLog, include: (@Sendable (StoredEvent) -> Bool)?, encoder: any EventEncoder) {
            self.log = log
            self.include = include
            self.encoder = encoder
        }

        /// Whole lines; nil at the end.
        ///
        /// - Complexity: O(events of a page)
        package mutating func next() throws -> [UInt8]? {
            if !hasBegun {
                hasBegun = true
                if let header = encoder.header { return header }
            }
            let events = try log.tail(from: position, limit: ExportService.page)
            guard let last = events.last else { return nil }
            let chosen = include.map { events.filter($0) } ?? events
            seen += events.count
            written += chosen.count
            position = last.sequence + 1
            return encoder.encode(chosen)
        }
    }
}

private protocol EventEncoder: Sendable {
    var header: [UInt8]? { get }
    mutating func encode(_ events: [StoredEvent]) -> [UInt8]
}

private struct JSONLinesEncoder: EventEncoder {
    var header: [UInt8]? { nil }
    var line = JSONLine()

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
