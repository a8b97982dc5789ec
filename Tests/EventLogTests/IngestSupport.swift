import Foundation

@testable import EventLog

/// What an import gave, put together from its stretches.
struct Imported {
    var events: [Event] = []
    var rejections: [Rejection] = []
    var marks: [SourceMark] = []
    var progress = ImportProgress()

    /// The events that a reason for surprise would be: none were expected to be refused.
    var reasons: [String] { rejections.map(\.reason) }
}

enum Ingest {
    static let key = HashKey(k0: 0x0123_4567_89ab_cdef, k1: 0xfedc_ba98_7654_3210)

    /// Imports bytes in pieces of `chunk`, with the marks of earlier imports.
    static func run(
        _ bytes: [UInt8], _ options: ImportOptions, chunk: Int = .max, known: [SourceMark] = []
    ) throws -> Imported {
        let session = try ImportSession(
            MemorySource(bytes, chunk: chunk), name: "test.txt", options: options, key: key,
            marks: { place in known.filter { $0.from == place } })
        var result = Imported()
        while let stretch = try session.next() {
            result.events += stretch.batch.eventsInOrder
            result.rejections += stretch.rejections
            result.marks.append(stretch.mark)
        }
        result.progress = session.progress
        return result
    }

    static func json(_ text: String, chunk: Int = .max) throws -> Imported {
        try run(Array(text.utf8), ImportOptions(.jsonLines), chunk: chunk)
    }

    static func csv(_ text: String, _ options: DelimitedOptions, chunk: Int = .max) throws -> Imported {
        try run(Array(text.utf8), ImportOptions(.delimited(options)), chunk: chunk)
    }

    /// The first difference between two lists of events, or nil.
    static func difference(_ got: [Event], _ expected: [Event]) -> String? {
        if got.count != expected.count { return "\(got.count) events instead of \(expected.count)" }
        for (index, pair) in zip(got, expected).enumerated() where pair.0 != pair.1 {
            return "event \(index) is \(pair.0) instead of \(pair.1)"
        }
        return nil
    }

    /// The milliseconds of a UTC time such as `2024-05-01T10:20:30Z`, by Foundation.
    static func time(_ text: String) throws -> Int64 {
        Int64((try Date(text, strategy: .iso8601)).timeIntervalSince1970 * 1000)
    }
}

extension EventBatch {
    /// The rows as events, decoded the obvious way. Properties are sorted by name.
    var eventsInOrder: [Event] {
        var properties = [[Event.Property]](repeating: [], count: count)
        for column in columns {
            let name = self.properties.string(Int(column.property))
            for (entry, row) in column.rows.enumerated() {
                properties[Int(row)].append(Event.Property(name, column.value(entry)))
            }
        }
        var messages: [UInt32: String] = [:]
        var start = 0
        for (row, end) in zip(messageRows, messageEnds) {
            messages[row] = String(decoding: messageBytes[start..<end], as: UTF8.self)
            start = end
        }
        return (0..<count).map { row in
            Event(
                person: persons.string(Int(rowPersons[row])), name: names.string(Int(rowNames[row])),
                time: rowTimes[row],
                properties: properties[row].sorted { $0.name < $1.name }, messageID: messages[UInt32(row)])
        }
    }
}

extension StagedColumn {
    fileprivate func value(_ entry: Int) -> PropertyValue {
        let values = type.isList ? Int(entry == 0 ? 0 : ends[entry - 1])..<Int(ends[entry]) : entry..<(entry + 1)
        switch type {
        case .string: return .string(dictionary.string(Int(codes[entry])))
        case .number: return .number(numbers[entry])
        case .boolean: return .boolean(booleans[entry])
        case .time: return .time(times[entry])
        case .strings: return .strings(values.map { dictionary.string(Int(codes[$0])) })
        case .numbers: return .numbers(Array(numbers[values]))
        case .booleans: return .booleans(Array(booleans[values]))
        case .times: return .times(Array(times[values]))
        }
    }
}

/// Writes gzip files in the simplest form: stored blocks (RFC 1951, 3.2.4; RFC 1952).
enum Gzip {
    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        var rest = bytes[...]
        repeat {
            let block = rest.prefix(65_535)
            rest = rest.dropFirst(65_535)
            let count = UInt16(block.count)
            out.append(rest.isEmpty ? 1 : 0)
            out += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
            out += block
        } while !rest.isEmpty
        for word in [crc(bytes), UInt32(bytes.count)] {
            for shift in [0, 8, 16, 24] { out.append(UInt8(word >> shift & 255)) }
        }
        return out
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
