import CEventLog

/// One value of a parsed JSON document: a place in the flat list of its tokens.
///
/// Valid as long as the parser that made it parses nothing else and the parsed bytes are alive. Strings and keys are
/// bytes, so that reading an event builds no Swift string.
package struct JSONValue {
    @usableFromInline let tokens: JSONTokens
    package let index: Int

    @inlinable init(_ tokens: JSONTokens, _ index: Int) {
        self.tokens = tokens
        self.index = index
    }

    @inlinable package var kind: UInt8 { tokens[index].kind }
    @inlinable package var isObject: Bool { kind == UInt8(CEVENTLOG_JSON_OBJECT) }
    @inlinable package var isArray: Bool { kind == UInt8(CEVENTLOG_JSON_ARRAY) }
    @inlinable package var isString: Bool { kind == UInt8(CEVENTLOG_JSON_STRING) }
    @inlinable package var isNumber: Bool { kind == UInt8(CEVENTLOG_JSON_NUMBER) }
    @inlinable package var isTrue: Bool { kind == UInt8(CEVENTLOG_JSON_TRUE) }
    @inlinable package var isBoolean: Bool { isTrue || kind == UInt8(CEVENTLOG_JSON_FALSE) }
    @inlinable package var isNull: Bool { kind == UInt8(CEVENTLOG_JSON_NULL) }

    /// What errors call the value's kind.
    package var kindName: String { tokens[index].kindName }

    /// Of a string its unescaped UTF-8, of anything else its text in the document.
    @inlinable package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: tokens[index].text, count: Int(tokens[index].text_count))
    }

    /// The name of an object's member, unescaped; empty elsewhere.
    @inlinable package var key: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: tokens[index].key, count: Int(tokens[index].key_count))
    }

    /// Of a number the nearest double.
    @inlinable package var number: Double { tokens[index].number }

    /// `bytes` as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The instant that a string (ISO 8601, UTC when it names no zone, or digits) or a number (seconds to nanoseconds
    /// since 1970, told apart by size) means, in milliseconds UTC.
    package var time: Int64? {
        if isNumber { return EpochTime.milliseconds(number) }
        guard isString else { return nil }
        if let time = CivilTime(iso8601: bytes) { return time.milliseconds &- (time.offsetSeconds ?? 0) &* 1000 }
        return EpochTime.milliseconds(bytes)
    }

    /// The members of an object or the elements of an array, in order; none of anything else.
    @inlinable package var children: Children { Children(tokens, index) }

    /// The member with this name.
    ///
    /// - Complexity: O(members)
    package subscript(_ name: StaticString) -> JSONValue? {
        guard isObject else { return nil }
        for child in children where child.key.equals(name) { return child }
        return nil
    }

    /// The same, unless it is null or an empty string.
    package func present(_ name: StaticString) -> JSONValue? {
        guard let value = self[name], !value.isNull, !value.bytes.isEmpty else { return nil }
        return value
    }

    package struct Children: Sequence, IteratorProtocol {
        @usableFromInline let tokens: JSONTokens
        @usableFromInline var place: Int
        @usableFromInline let end: Int

        @inlinable init(_ tokens: JSONTokens, _ index: Int) {
            self.tokens = tokens
            place = index &+ 1
            end = Int(tokens[index].next)
        }

        @inlinable package mutating func next() -> JSONValue? {
            guard place < end else { return nil }
            defer { place = Int(tokens[place].next) }
            return JSONValue(tokens, place)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of an ASCII literal.
    @inlinable @inline(__always)
    package func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = text.utf8Start
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }

    @inlinable package init(_ text: StaticString) {
        self.init(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}
