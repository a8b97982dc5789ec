/// Members of a JSON object, written straight as text: `,"price":12900,"name":"모래시계"`. Each has its comma in front.
///
/// What does not change (a product, a device) is written once and copied into each event.
package struct JSONMembers: Sendable, Hashable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package init(_ fill: (inout JSONMembers) -> Void) { fill(&self) }

    @inline(__always)
    private mutating func key(_ key: StaticString) {
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    // MARK: Values

    /// Text of our own, which needs no escapes.
    package mutating func set(_ name: StaticString, _ value: StaticString) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
    }

    @_disfavoredOverload
    package mutating func set(_ name: StaticString, _ value: String) {
        key(name)
        bytes.append(jsonText: value)
    }

    package mutating func set(_ name: StaticString, _ value: Int) {
        key(name)
        bytes.append(decimal: value)
    }

    /// Rounded to 1/10,000.
    package mutating func set(_ name: StaticString, _ value: Double) {
        key(name)
        bytes.append(jsonNumber: value)
    }

    package mutating func set(_ name: StaticString, _ value: Bool) {
        key(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// A time (milliseconds UTC) as ISO 8601.
    package mutating func set(_ name: StaticString, time: Int64) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(isoTime: time)
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func set(_ name: StaticString, _ values: [String]) {
        key(name)
        bytes.append(list: values) { $0.append(jsonText: $1) }
    }

    package mutating func set(_ name: StaticString, _ values: [Double]) {
        key(name)
        bytes.append(list: values) { $0.append(jsonNumber: $1) }
    }

    /// Left out when there is none.
    package mutating func set(_ name: StaticString, optional value: String?) {
        if let value { set(name, value) }
    }

    // MARK: Nesting

    package mutating func object(_ name: StaticString, _ fill: (inout JSONMembers) -> Void) {
        key(name)
        body(fill)
    }

    /// An array of objects, such as the products of an order.
    package mutating func objects<Element>(
        _ name: StaticString, _ elements: some Sequence<Element>, _ fill: (inout JSONMembers, Element) -> Void
    ) {
        key(name)
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            body { fill(&$0, element) }
        }
        bytes.append(UInt8(ascii: "]"))
    }

    @inline(__always)
    package mutating func add(_ other: JSONMembers) { bytes.append(contentsOf: other.bytes) }

    @inline(__always)
    private mutating func body(_ fill: (inout JSONMembers) -> Void) {
        let brace = bytes.count
        fill(&self)
        // The first member's comma becomes the brace.
        if bytes.count == brace { bytes.append(UInt8(ascii: "{")) } else { bytes[brace] = UInt8(ascii: "{") }
        bytes.append(UInt8(ascii: "}"))
    }

    // MARK: For the sink

    mutating func copy(_ other: JSONMembers, _ range: Range<Int>) { bytes.append(contentsOf: other.bytes[range]) }

    mutating func setUUID(_ name: StaticString, _ high: UInt64, _ low: UInt64) {
        key(name)
        bytes.append(UInt8(ascii: "\""))
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { bytes.append(UInt8(ascii: "-")) }
            let word = index < 8 ? high : low
            bytes.append(hexadecimal: UInt8(truncatingIfNeeded: word &>> UInt64((7 - index & 7) * 8)))
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension [UInt8] {
    mutating func append(jsonText text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            // Almost always there is nothing to escape.
            if utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
                for byte in utf8 { append(escaped: byte) }
            } else {
                append(contentsOf: utf8)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case ..<0x20:
            append(contentsOf: "\\u00".utf8)
            append(hexadecimal: byte)
        default: append(byte)
        }
    }

    @inline(__always)
    mutating func append(hexadecimal byte: UInt8) {
        append(hexadecimalDigit: byte &>> 4)
        append(hexadecimalDigit: byte & 15)
    }

    @inline(__always)
    private mutating func append(hexadecimalDigit digit: UInt8) {
        append(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10)
    }

    mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = count
        repeat {
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    /// Rounded to 1/10,000; what is no finite number becomes null.
    mutating func append(jsonNumber value: Double) {
        guard value.isFinite, abs(value) < 1e14 else { return append(contentsOf: "null".utf8) }
        let scaled = Int((value * 10_000).rounded())
        if scaled < 0 { append(UInt8(ascii: "-")) }
        let magnitude = Int(scaled.magnitude)
        append(decimal: magnitude / 10_000)
        var fraction = magnitude % 10_000
        if fraction == 0 { return }
        append(UInt8(ascii: "."))
        var unit = 1_000
        while fraction > 0 {
            append(UInt8(ascii: "0") &+ UInt8(fraction / unit))
            fraction %= unit
            unit /= 10
        }
    }

    /// `2025-03-01T08:30:00.000Z`.
    mutating func append(isoTime time: Int64) {
        let days = Int((time / KoreanCalendar.day))
        let date = KoreanCalendar.date(days)
        let rest = Int(time % KoreanCalendar.day)
        append(digits: date.year, 4, then: "-")
        append(digits: date.month, 2, then: "-")
        append(digits: date.day, 2, then: "T")
        append(digits: rest / 3_600_000, 2, then: ":")
        append(digits: rest / 60_000 % 60, 2, then: ":")
        append(digits: rest / 1_000 % 60, 2, then: ".")
        append(digits: rest % 1_000, 3, then: "Z")
    }

    @inline(__always)
    private mutating func append(digits value: Int, _ width: Int, then end: Unicode.Scalar) {
        var divisor = width == 4 ? 1_000 : width == 3 ? 100 : 10
        while divisor > 0 {
            append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
        append(UInt8(truncatingIfNeeded: end.value))
    }

    mutating func append<Value>(list: [Value], _ write: (inout [UInt8], Value) -> Void) {
        append(UInt8(ascii: "["))
        for (index, element) in list.enumerated() {
            if index > 0 { append(UInt8(ascii: ",")) }
            write(&self, element)
        }
        append(UInt8(ascii: "]"))
    }
}
