/// A fixed length of time as queries write it: `90s`, `30m`, `12h`, `14d`, `2w`.
///
/// A day is 24 hours and a week 7 of them. Months and years have no fixed length and are refused.
package struct TimeSpan: Sendable, Hashable, Codable, CustomStringConvertible {
    package let milliseconds: Int64
    private let text: String

    package init(days: Int) {
        milliseconds = Int64(days) * 86_400_000
        text = "\(days)d"
    }

    package init(minutes: Int) {
        milliseconds = Int64(minutes) * 60_000
        text = "\(minutes)m"
    }

    /// Nil when the text is not a positive whole number and a unit of s, m, h, d or w, or more than 100 years.
    package init?(_ text: String) {
        guard let unit = text.last, let length = TimeSpan.units[unit], let count = Int64(text.dropLast()),
            text.first?.isASCII == true, text.first != "+", count > 0
        else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: length)
        guard !overflow, product <= TimeSpan.longest else { return nil }
        milliseconds = product
        self.text = text
    }

    private static let units: [Character: Int64] = [
        "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
    private static let longest: Int64 = 36_525 * 86_400_000

    package var description: String { text }
    package var seconds: Double { Double(milliseconds) / 1_000 }

    package static func == (left: TimeSpan, right: TimeSpan) -> Bool { left.milliseconds == right.milliseconds }
    package func hash(into hasher: inout Hasher) { hasher.combine(milliseconds) }

    package init(from decoder: any Decoder) throws {
        let text: String
        do {
            text = try decoder.singleValueContainer().decode(String.self)
        } catch is DecodingError {
            throw QueryError(.wrongType, at: decoder.codingPath, "must be a length of time in quotes, such as \"14d\"")
        }
        guard let span = TimeSpan(text) else {
            throw QueryError(
                .invalidValue, at: decoder.codingPath,
                "is '\(text)', but must be a positive whole number and one of s, m, h, d, w, such as \"30m\" or \"14d\", up to 100 years"
            )
        }
        self = span
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
