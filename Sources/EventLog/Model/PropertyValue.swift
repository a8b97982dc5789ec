/// The type of a property column. A property name may have columns of several types, when
/// different events carry different kinds of value under the same name.
///
/// The raw values are part of the disk format.
package enum PropertyType: UInt8, Sendable, CaseIterable, Codable {
    case string = 0
    case number = 1
    case boolean = 2
    case time = 3
    case strings = 4
    case numbers = 5
    case booleans = 6
    case times = 7

    /// Whether an event holds any number of values in this column, in order.
    @inlinable package var isList: Bool { rawValue >= 4 }

    /// The type of one element: `strings` holds `string` elements.
    @inlinable package var element: PropertyType { PropertyType(rawValue: rawValue & 3) ?? self }

    /// The name that the schema shows: `string`, `string[]`, and so on.
    package var label: String {
        let names = ["string", "number", "boolean", "time"]
        return names[Int(rawValue & 3)] + (isList ? "[]" : "")
    }
}

/// One value of a property of an event.
///
/// Times are milliseconds since 1970-01-01T00:00:00Z. Numbers are finite IEEE doubles.
public enum PropertyValue: Sendable, Hashable {
    case string(String)
    case number(Double)
    case boolean(Bool)
    case time(Int64)
    case strings([String])
    case numbers([Double])
    case booleans([Bool])
    case times([Int64])

    package var type: PropertyType {
        switch self {
        case .string: .string
        case .number: .number
        case .boolean: .boolean
        case .time: .time
        case .strings: .strings
        case .numbers: .numbers
        case .booleans: .booleans
        case .times: .times
        }
    }
}
