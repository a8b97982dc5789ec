import DemoWorld
import Foundation

/// A Saturday in March, at midnight in Seoul.
let worldStart = KoreanCalendar.midnight(KoreanCalendar.day(2025, 3, 1))

/// JSON as its receiver reads it.
enum JSON: Sendable, Hashable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case list([JSON])
    case object([String: JSON])

    /// - Throws: for what is no JSON.
    init(_ text: some Sequence<UInt8>) throws {
        self.init(try JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed))
    }

    private init(_ value: Any) {
        switch value {
        case let members as [String: Any]: self = .object(members.mapValues(JSON.init))
        case let list as [Any]: self = .list(list.map(JSON.init))
        case let text as String: self = .string(text)
        case let number as NSNumber:
            let isBoolean = String(cString: number.objCType) == "c"
            self = isBoolean ? .boolean(number.boolValue) : .number(number.doubleValue)
        default: self = .null
        }
    }

    subscript(name: String) -> JSON? { if case .object(let members) = self { members[name] } else { nil } }
    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var boolean: Bool? { if case .boolean(let boolean) = self { boolean } else { nil } }
    var list: [JSON]? { if case .list(let list) = self { list } else { nil } }
}

/// An event as its receiver reads it.
struct WireEvent: Sendable {
    var time: Int64
    var fields: JSON

    subscript(property: String) -> JSON? { fields["properties"]?[property] }
    func trait(_ name: String) -> JSON? { fields["traits"]?[name] }

    var type: String { fields["type"]?.string ?? "" }
    var name: String { fields["event"]?.string ?? type }
    var userID: String? { fields["userId"]?.string }
    var anonymousID: String? { fields["anonymousId"]?.string }
    var messageID: String { fields["messageId"]?.string ?? "" }
    /// The number of the person, by whichever id.
    var person: String { (userID ?? anonymousID ?? "").split(separator: "-").dropFirst().first.map(String.init) ?? "" }
}

extension WorldEvents {
    var lines: [String] {
        (0..<count).map { index in
            var text: [UInt8] = []
            append(index, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// - Parameter name: only events of this name, which saves the reading of all others.
    /// - Throws: for what is no JSON.
    func wireEvents(_ name: String = "") throws -> [WireEvent] {
        try lines.enumerated().compactMap { index, line in
            guard name.isEmpty || line.contains("\"event\":\"\(name)\"") else { return nil }
            return WireEvent(time: time(index), fields: try JSON(line.utf8))
        }
    }
}

extension World {
    /// The events of so many days from the beginning on.
    func live(days: Int, step: Int64 = 7 * KoreanCalendar.day, threads: Int = 2) -> [String] {
        let end = business.settings.start + Int64(days) * KoreanCalendar.day
        var lines: [String] = []
        while time < end { lines += advance(to: min(time + step, end), threads: threads).lines }
        return lines
    }

    func truthObjects() throws -> [JSON] {
        var text: [UInt8] = []
        truth { text += $0 }
        return try text.split(separator: UInt8(ascii: "\n")).map { try JSON($0) }
    }
}
