package import EventLog

/// Writes JSON text straight into bytes: events one a line, without a tree in between.
package struct JSONLine: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// One event in the shape of Segment's track call, which `dangol import` reads back as the same event.
    package mutating func append(_ event: Event) {
        raw(#"{"type":"track","#)
        if let id = event.messageID {
            raw(#""messageId":"#)
            string(id)
            raw(",")
        }
        raw(#""userId":"#)
        string(event.person)
        raw(#","event":"#)
        string(event.name)
        raw(#","timestamp":""#)
        raw(Timestamp.text(event.time))
        raw(#"","properties":{"#)
        for (index, property) in event.properties.enumerated() {
            if index > 0 { raw(",") }
            string(property.name)
            raw(":")
            value(property.value)
        }
        raw("}}\n")
    }

    /// An object with these members, and a line feed.
    package mutating func append(members: [(name: String, value: PropertyValue)]) {
        raw("{")
        for (index, member) in members.enumerated() {
            if index > 0 { raw(",") }
            string(member.name)
            raw(":")
            value(member.value)
        }
        raw("}\n")
    }

    package mutating func value(_ value: PropertyValue) {
        switch value {
        case .string(let text): string(text)
        case .number(let number): self.number(number)
        case .boolean(let boolean): raw(boolean ? "true" : "false")
        case .time(let time): quoted(Timestamp.text(time))
        case .strings(let list): array(list) { $0.string($1) }
        case .numbers(let list): array(list) { $0.number($1) }
        case .booleans(let list): array(list) { $0.raw($1 ? "true" : "false") }
        case .times(let list): array(list) { $0.quoted(Timestamp.text($1)) }
        }
    }

    private mutating func array<Element>(_ list: [Element], _ each: (inout JSONLine, Element) -> Void) {
        raw("[")
        for (index, element) in list.enumerated() {
            if index > 0 { raw(",") }
            each(&self, element)
        }
        raw("]")
    }

    /// The shortest text that reads back as the same number; whole numbers without a point.
    private mutating func number(_ number: Double) {
        if number == number.rounded(), abs(number) < 9_007_199_254_740_992, !(number == 0 && number.sign == .minus) {
            raw(String(Int64(number)))
        } else {
            raw("\(number)")
        }
    }

    private mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        raw(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string with the escapes that RFC 8259 demands, and no others.
    private mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw(#"\""#)
            case UInt8(ascii: "\\"): raw(#"\\"#)
            case 0x0A: raw(#"\n"#)
            case 0x0D: raw(#"\r"#)
            case 0x09: raw(#"\t"#)
            case 0..<0x20:
                raw(#"\u00"#)
                bytes.append(UInt8(ascii: byte < 0x10 ? "0" : "1"))
                bytes.append(Array("0123456789abcdef".utf8)[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
