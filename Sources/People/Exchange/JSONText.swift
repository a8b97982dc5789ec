package import EventLog
import Foundation

/// JSON that is written, with members in the order in which they are given.
package indirect enum JSONText: Sendable, Hashable, CustomStringConvertible {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONText])
    case object([(String, JSONText)])

    package var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    package func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .boolean(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        // What is not finite has no JSON; events do not hold it.
        case .number(let number): text += number.isFinite ? PropertyValue.digits(number) : "null"
        case .string(let string): JSONText.quote(string, into: &text)
        case .array(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                item.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, (name, value)) in members.enumerated() {
                if index > 0 { text += "," }
                JSONText.quote(name, into: &text)
                text += ":"
                value.write(to: &text)
            }
            text += "}"
        }
    }

    private static func quote(_ string: String, into text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{0}"..."\u{1f}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    package static func == (a: JSONText, b: JSONText) -> Bool { a.description == b.description }
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    static func optional(_ text: String?) -> JSONText { text.map(JSONText.string) ?? .null }

    /// An instant as ISO 8601 with milliseconds, UTC.
    package static func time(_ milliseconds: Int64) -> JSONText {
        .string(Timestamp.text(milliseconds))
    }

    package init(_ value: PropertyValue?) {
        switch value {
        case nil: self = .null
        case .string(let text): self = .string(text)
        case .number(let number): self = .number(number)
        case .boolean(let flag): self = .boolean(flag)
        case .time(let time): self = .time(time)
        case .strings(let list): self = .array(list.map(JSONText.string))
        case .numbers(let list): self = .array(list.map(JSONText.number))
        case .booleans(let list): self = .array(list.map(JSONText.boolean))
        case .times(let list): self = .array(list.map(JSONText.time))
        }
    }
}
