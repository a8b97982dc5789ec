package import EventLog

/// A value of a trait in JSON: a text, a number, true or false, or a list of one of these; null takes the trait away.
/// Text that is written as the API writes times is a time.
package struct TraitValue: Sendable, Hashable, Codable {
    package var value: PropertyValue?

    package init(_ value: PropertyValue?) { self.value = value }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = nil
        } else if let flag = try? container.decode(Bool.self) {
            value = .boolean(flag)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let text = try? container.decode(String.self) {
            value = Timestamp.milliseconds(text).map { .time($0) } ?? .string(text)
        } else if let list = try? container.decode([String].self) {
            let times = list.compactMap(Timestamp.milliseconds)
            value = times.count == list.count && !list.isEmpty ? .times(times) : .strings(list)
        } else if let list = try? container.decode([Double].self) {
            value = .numbers(list)
        } else {
            value = .booleans(try container.decode([Bool].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch value {
        case nil: try container.encodeNil()
        case .string(let text): try container.encode(text)
        case .number(let number):
            // Whole numbers without a point, which some readers take for fractions.
            if let whole = Int64(exactly: number) {
                try container.encode(whole)
            } else {
                try container.encode(number)
            }
        case .boolean(let flag): try container.encode(flag)
        case .time(let time): try container.encode(Timestamp.text(time))
        case .strings(let list): try container.encode(list)
        case .numbers(let list): try container.encode(list)
        case .booleans(let list): try container.encode(list)
        case .times(let list): try container.encode(list.map(Timestamp.text))
        }
    }
}
