import Foundation

/// Events on their way into the log, as columns in the order of arrival.
///
/// A reader of some outside format fills one without building a Swift string: `begin`, then one `add` for each
/// property, then `end`; `discard` forgets the event that is being built. The batch checks every limit of
/// `Limits` and throws `EventLogError` naming what broke it; after a throw the caller discards the event.
///
/// A batch knows nothing of a log but its hash key: names and persons are numbered within the batch.
package struct EventBatch: Sendable {
    package internal(set) var persons: ByteInterner
    package internal(set) var names: ByteInterner
    package internal(set) var properties: ByteInterner

    package internal(set) var rowPersons: [UInt32] = []
    package internal(set) var rowNames: [UInt16] = []
    package internal(set) var rowTimes: [Int64] = []
    package internal(set) var columns: [StagedColumn] = []
    /// Message ids of the rows that have one; `messageEnds` are ends in `messageBytes`.
    package internal(set) var messageRows: [UInt32] = []
    package internal(set) var messageEnds: [Int] = []
    package internal(set) var messageBytes: [UInt8] = []
    /// The hash of each message id.
    var messageHashes: [UInt64] = []

    package let key: HashKey
    /// The names of the log that the batch is for, when it must not bring more than fit beside them.
    private let room: NameTables?
    /// How many names may still come that the log does not have.
    private var newNamesLeft = Int.max
    private var newPropertiesLeft = Int.max
    /// `property * 8 + type` to the index of its column plus one.
    private var columnIndex: [UInt32] = []
    /// Which property was last set on which row plus one, to refuse a property that comes twice.
    private var lastRow: [UInt32] = []
    /// Columns that the latest event has touched, for `discard`.
    private var touched: [UInt32] = []

    /// - Parameter room: the names of the log that the batch is for. Events that would bring more names than fit beside
    ///   them are then refused one by one; without it the log refuses the batch as a whole.
    package init(key: HashKey, room: NameTables? = nil) {
        self.key = key
        self.room = room
        persons = ByteInterner(key: key)
        names = ByteInterner(key: key)
        properties = ByteInterner(key: key)
        if let room {
            newNamesLeft = max(0, Limits.distinctEventNames - room.events.count)
            newPropertiesLeft = max(0, Limits.distinctPropertyNames - room.properties.count)
        }
    }

    package var count: Int { rowTimes.count }
    package var isEmpty: Bool { rowTimes.isEmpty }
    /// About how much memory the rows take, in bytes.
    package internal(set) var approximateBytes = 0
}

extension EventBatch {
    // MARK: Numbers of names

    /// The batch's number of an event name. Intern once and keep it when many events share a name.
    package mutating func name(_ bytes: UnsafeRawBufferPointer) throws -> UInt16 {
        if bytes.isEmpty { throw EventLogError(.invalidEvent, "the event name is empty") }
        if bytes.count > Limits.nameBytes {
            throw EventLogError.limit("an event name of \(bytes.count) bytes; at most \(Limits.nameBytes) are allowed")
        }
        let known = names.count
        if known >= Limits.distinctEventNames || newNamesLeft == 0 {
            if let number = names.number(of: bytes) { return UInt16(truncatingIfNeeded: number) }
            if known >= Limits.distinctEventNames {
                throw EventLogError.limit("more than \(Limits.distinctEventNames) different event names in one batch")
            }
            if let room, !room.events.has(bytes) {
                throw NameTables.tooMany(
                    "event names", Limits.distinctEventNames, String(decoding: bytes, as: UTF8.self))
            }
        }
        let number = names.intern(bytes)
        if number == known, let room, !room.events.has(bytes) { newNamesLeft -= 1 }
        return UInt16(truncatingIfNeeded: number)
    }

    package mutating func name(_ text: String) throws -> UInt16 {
        try text.withBytes { try name($0) }
    }

    /// The batch's number of a property name.
    package mutating func property(_ bytes: UnsafeRawBufferPointer) throws -> UInt16 {
        if bytes.isEmpty { throw EventLogError(.invalidEvent, "a property name is empty") }
        if bytes.count > Limits.nameBytes {
            throw EventLogError.limit(
                "a property name of \(bytes.count) bytes; at most \(Limits.nameBytes) are allowed")
        }
        if let composed = bytes.composed, properties.number(of: bytes) == nil { return try property(composed) }
        let known = properties.count
        if known >= Limits.distinctPropertyNames || newPropertiesLeft == 0 {
            if let number = properties.number(of: bytes) { return UInt16(truncatingIfNeeded: number) }
            if known >= Limits.distinctPropertyNames {
                throw EventLogError.limit(
                    "more than \(Limits.distinctPropertyNames) different property names in one batch")
            }
            if let room, !room.properties.has(bytes) {
                throw NameTables.tooMany(
                    "property names", Limits.distinctPropertyNames, String(decoding: bytes, as: UTF8.self))
            }
        }
        let number = properties.intern(bytes)
        if number == known {
            registerProperty()
            if let room, !room.properties.has(bytes) { newPropertiesLeft -= 1 }
        }
        return UInt16(truncatingIfNeeded: number)
    }

    package mutating func property(_ text: String) throws -> UInt16 {
        try text.withBytes { try property($0) }
    }

    // MARK: One event

    /// Starts an event. It counts once `end` is called.
    package mutating func begin(
        person: UnsafeRawBufferPointer, name: UInt16, time: Int64
    ) throws {
        precondition(rowPersons.count == rowTimes.count, "the event before was neither ended nor discarded")
        if person.isEmpty { throw EventLogError(.invalidEvent, "the person's id is empty") }
        if person.count > Limits.personIDBytes {
            throw EventLogError.limit(
                "a person's id of \(person.count) bytes; at most \(Limits.personIDBytes) are allowed")
        }
        if time < Limits.earliestTime || time > Limits.latestTime {
            throw EventLogError(
                .invalidEvent, "the time \(time) ms lies outside 1970-01-01 to 2199-12-31; is its unit milliseconds?")
        }
        touched.removeAll(keepingCapacity: true)
        rowPersons.append(persons.intern(person))
        rowNames.append(name)
        rowTimes.append(time)
    }

    package mutating func add(_ property: UInt16, string bytes: UnsafeRawBufferPointer) throws {
        if bytes.count > Limits.valueBytes {
            throw EventLogError.limit("a value of \(bytes.count) bytes; at most \(Limits.valueBytes) are allowed")
        }
        let column = try column(property, .string)
        columns[column].append(string: bytes)
    }

    package mutating func add(_ property: UInt16, number: Double) throws {
        if !number.isFinite { throw EventLogError(.invalidEvent, "a number is not finite") }
        let column = try column(property, .number)
        columns[column].numbers.append(number)
    }

    package mutating func add(_ property: UInt16, boolean: Bool) throws {
        let column = try column(property, .boolean)
        columns[column].booleans.append(boolean)
    }

    package mutating func add(_ property: UInt16, time: Int64) throws {
        let column = try column(property, .time)
        columns[column].times.append(time)
    }

    /// Whether the event that is being built has the property.
    @inline(__always)
    package func isSet(_ property: UInt16) -> Bool {
        lastRow[Int(property)] == UInt32(truncatingIfNeeded: rowTimes.count)
    }

    /// The type that the property has in the event that is being built.
    package func type(of property: UInt16) -> PropertyType? {
        guard isSet(property) else { return nil }
        let row = UInt32(truncatingIfNeeded: rowTimes.count) &- 1
        return PropertyType.allCases.first { type in
            let index = columnIndex[Int(property) &* 8 &+ Int(type.rawValue)]
            return index > 0 && columns[Int(index) &- 1].rows.last == row
        }
    }

    /// Completes the event.
    package mutating func end(messageID: UnsafeRawBufferPointer? = nil) throws {
        if let messageID, !messageID.isEmpty {
            if messageID.count > Limits.messageIDBytes {
                throw EventLogError.limit(
                    "a message id of \(messageID.count) bytes; at most \(Limits.messageIDBytes) are allowed")
            }
            messageRows.append(UInt32(rowTimes.count - 1))
            messageBytes.append(contentsOf: messageID)
            messageEnds.append(messageBytes.count)
            messageHashes.append(key.hash(messageID))
            approximateBytes += 20 + messageID.count
        }
        approximateBytes += 16 + touched.count * 14
    }

    /// Forgets the event that `begin` started, ended or not. Safe to call when there is none only directly after a
    /// failed `begin`.
    package mutating func discard(to count: Int) {
        guard rowTimes.count > count else { return }
        for index in touched { columns[Int(index)].dropRow(UInt32(count)) }
        touched.removeAll(keepingCapacity: true)
        if messageRows.last == UInt32(count) {
            messageRows.removeLast()
            messageEnds.removeLast()
            messageHashes.removeLast()
            messageBytes.removeLast(messageBytes.count - (messageEnds.last ?? 0))
        }
        rowPersons.removeLast(rowPersons.count - count)
        rowNames.removeLast(rowNames.count - count)
        rowTimes.removeLast(rowTimes.count - count)
        for index in lastRow.indices where lastRow[index] > UInt32(count) { lastRow[index] = 0 }
    }

    /// Adds a whole event, or nothing when it breaks a limit.
    package mutating func append(_ event: Event) throws {
        let before = count
        do {
            let name = try name(event.name)
            if event.properties.count > Limits.propertiesPerEvent {
                throw EventLogError.limit(
                    "\(event.properties.count) properties in one event; at most \(Limits.propertiesPerEvent) "
                        + "are allowed"
                )
            }
            try event.person.withBytes {
                try begin(person: $0, name: name, time: event.time)
            }
            for item in event.properties { try add(try property(item.name), item.value) }
            if let messageID = event.messageID {
                try messageID.withBytes { try end(messageID: $0) }
            } else {
                try end()
            }
        } catch {
            discard(to: before)
            throw error
        }
    }

    // MARK: Inside

    /// The index of the column of a property and type, made when it is new.
    mutating func columnIndex(of property: UInt16, _ type: PropertyType) -> Int {
        let slot = Int(property) &* 8 &+ Int(type.rawValue)
        if columnIndex[slot] == 0 {
            columns.append(StagedColumn(property: property, type: type, key: key))
            columnIndex[slot] = UInt32(columns.count)
        }
        return Int(columnIndex[slot]) &- 1
    }

    /// Takes over a property name of another batch.
    mutating func addProperty(_ other: ByteInterner, _ index: Int) -> UInt16 {
        let known = properties.count
        let number = properties.intern(other, index)
        if number == known { registerProperty() }
        return UInt16(number)
    }

    private mutating func registerProperty() {
        columnIndex.append(contentsOf: repeatElement(0, count: 8))
        lastRow.append(0)
    }

    /// The column of a property and type, made when it is new, with the current row entered.
    mutating func column(_ property: UInt16, _ type: PropertyType) throws -> Int {
        let row = UInt32(truncatingIfNeeded: rowTimes.count)
        if lastRow[Int(property)] == row {
            throw EventLogError(.invalidEvent, "the property '\(properties.string(Int(property)))' comes twice")
        }
        if touched.count >= Limits.propertiesPerEvent {
            throw EventLogError.limit("more than \(Limits.propertiesPerEvent) properties in one event")
        }
        lastRow[Int(property)] = row
        let index = columnIndex(of: property, type)
        columns[index].rows.append(row &- 1)
        touched.append(UInt32(index))
        return index
    }
}

extension StagedColumn {
    /// Takes back the last row, when it is `row`.
    fileprivate mutating func dropRow(_ row: UInt32) {
        guard rows.last == row else { return }
        rows.removeLast()
        let keep: Int
        if type.isList {
            // A list's end is written after its values, so a row without an end has no complete list.
            if ends.count > rows.count { ends.removeLast() }
            keep = Int(ends.last ?? 0)
        } else {
            keep = rows.count
        }
        if numbers.count > keep { numbers.removeLast(numbers.count - keep) }
        if times.count > keep { times.removeLast(times.count - keep) }
        if booleans.count > keep { booleans.removeLast(booleans.count - keep) }
        if codes.count > keep { codes.removeLast(codes.count - keep) }
    }
}

extension EventLogError {
    static func limit(_ message: String) -> EventLogError { EventLogError(.limitExceeded, message) }
}

extension String {
    /// The UTF-8 bytes, without a copy where the string is native.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        var text = self
        return try text.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
    }
}

extension UnsafeRawBufferPointer {
    /// The text with composed characters, when it is another one: a log has one number for both spellings of a name
    /// (see `NameTable`), so a batch may have no more, or a chunk would get two columns for one property.
    fileprivate var composed: String? {
        guard contains(where: { $0 >= 0x80 }) else { return nil }
        let text = String(decoding: self, as: UTF8.self)
        let composed = text.precomposedStringWithCanonicalMapping
        return composed.utf8.elementsEqual(text.utf8) ? nil : composed
    }
}
