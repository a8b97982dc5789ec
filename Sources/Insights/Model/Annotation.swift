import Analysis

/// Something that happened on a day: a campaign, a release, an outage.
package struct Annotation: Sendable, Hashable {
    package var id: Int64
    package var definition: AnnotationDefinition
    package var owner: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdTime: Int64
}

/// `{"day": "2024-06-10", "text": "여름 세일 시작"}`
package struct AnnotationDefinition: Sendable, Hashable, Codable {
    /// A day of the workspace's calendar, `2024-06-10`.
    package var day: String
    package var text: String

    package static let textLength = 200

    init(day: String, text: String) {
        self.day = day
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "an annotation", allowed: ["day", "text"])
        let point: DayPoint = try fields.required("day")
        guard point.isDay, !point.isRelative else {
            throw fields.error(.invalidValue, "day", "must be a date such as 2024-06-10")
        }
        day = point.description
        text = try fields.text("text")?.trimmed ?? ""
        guard (1...Self.textLength).contains(text.count), !text.contains(where: \.isNewline) else {
            throw fields.error(.invalidValue, "text", "must be one line of 1 to \(Self.textLength) characters")
        }
    }
}
