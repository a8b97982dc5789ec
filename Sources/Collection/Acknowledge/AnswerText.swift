/// JSON of the few shapes that answers have.
enum AnswerText {
    /// A string with its quotes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// `{"field":[0,2]}`, by field.
    static func indexes(_ fields: [String: [Int]]) -> String {
        let members = fields.sorted { $0.key < $1.key }.map { field, indexes in
            "\(quoted(field)):[\(indexes.map(String.init).joined(separator: ","))]"
        }
        return "{\(members.joined(separator: ","))}"
    }
}
