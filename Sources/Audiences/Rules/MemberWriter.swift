import Analysis
import EventLog
import Foundation

/// Members as lines of CSV or objects of JSON.
struct MemberWriter {
    private let format: AudienceService.ExportFormat
    private let traits: [String]
    /// Whether nothing has been written before the next line.
    private var isFirst: Bool

    init(_ format: AudienceService.ExportFormat, traits: [String], isFirst: Bool = true) {
        self.isFirst = isFirst
        self.format = format
        self.traits = traits
    }

    var header: Data {
        switch format {
        case .csv: Data((["person", "since"] + traits).map(Self.csv).joined(separator: ",").utf8) + Data("\n".utf8)
        case .json: Data("[".utf8)
        }
    }

    var footer: Data { format == .json ? Data("]".utf8) : Data() }

    mutating func line(_ member: AudienceMember, _ facts: PersonFacts?) -> Data {
        let values = traits.indices.map { index in facts.flatMap { $0.traits[index] } }
        let since = TimeText.iso(member.since)
        switch format {
        case .csv:
            let fields = [member.person, since] + values.map { $0.flatMap(Self.text) ?? "" }
            return Data((fields.map(Self.csv).joined(separator: ",") + "\n").utf8)
        case .json:
            var text = isFirst ? "" : ",\n"
            isFirst = false
            text += "{\"person\":\(Self.json(member.person)),\"since\":\"\(since)\""
            for (name, value) in zip(traits, values) {
                if let value { text += ",\(Self.json(name)):\(Self.json(value))" }
            }
            return Data((text + "}").utf8)
        }
    }

    /// A value as one field; several are joined by semicolons.
    static func text(_ value: PropertyValue) -> String? {
        switch value {
        case .string(let text): text
        case .number(let number): NumberText.of(number)
        case .boolean(let flag): "\(flag)"
        case .time(let time): TimeText.iso(time)
        case .strings(let list): list.joined(separator: ";")
        case .numbers(let list): list.map(NumberText.of).joined(separator: ";")
        case .booleans(let list): list.map { "\($0)" }.joined(separator: ";")
        case .times(let list): list.map(TimeText.iso).joined(separator: ";")
        }
    }

    private static func json(_ value: PropertyValue) -> String {
        switch value {
        case .string(let text): json(text)
        case .number, .boolean: text(value) ?? "null"
        case .time(let time): json(TimeText.iso(time))
        case .strings(let list): "[\(list.map(json).joined(separator: ","))]"
        case .numbers(let list): "[\(list.map(NumberText.of).joined(separator: ","))]"
        case .booleans(let list): "[\(list.map { "\($0)" }.joined(separator: ","))]"
        case .times(let list): "[\(list.map { json(TimeText.iso($0)) }.joined(separator: ","))]"
        }
    }

    static func json(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func csv(_ field: String) -> String {
        // A cell that begins with one of these is a formula to a spreadsheet.
        let isFormula = field.first.map { "=+-@".contains($0) } ?? false
        let text = isFormula && Double(field) == nil && !field.hasPrefix("+") ? "'" + field : field
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
