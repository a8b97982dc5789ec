package import Foundation

/// An IANA time zone, such as `Asia/Seoul`.
package struct ZoneName: Sendable, Hashable, Codable {
    package let identifier: String
    package let zone: TimeZone

    package static let utc = ZoneName(identifier: "UTC", zone: .gmt)

    private init(identifier: String, zone: TimeZone) {
        self.identifier = identifier
        self.zone = zone
    }

    /// Nil when the database has no zone of this name. Abbreviations such as `KST` and offsets are refused: they mean
    /// different things in different places, or ignore daylight-saving changes.
    package init?(_ identifier: String) {
        if identifier == "UTC" || identifier == "Etc/UTC" {
            self.init(identifier: identifier, zone: .gmt)
            return
        }
        guard identifier.contains("/"), let zone = TimeZone(identifier: identifier) else { return nil }
        self.init(identifier: identifier, zone: zone)
    }

    /// The Gregorian calendar in this zone. `firstWeekday` is 1 for Sunday, 2 for Monday.
    package func calendar(firstWeekday: Int = 2) -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        calendar.firstWeekday = firstWeekday
        calendar.minimumDaysInFirstWeek = 4
        return calendar
    }

    package init(from decoder: any Decoder) throws {
        let name: String
        do {
            name = try decoder.singleValueContainer().decode(String.self)
        } catch is DecodingError {
            throw QueryError(
                .wrongType, at: decoder.codingPath, "must be the name of a time zone, such as \"Asia/Seoul\"")
        }
        guard let zone = ZoneName(name) else {
            throw QueryError(
                .invalidValue, at: decoder.codingPath,
                "'\(name)' is not an IANA time zone\(ZoneName.hint(for: name)); names look like Asia/Seoul or UTC")
        }
        self = zone
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(identifier)
    }

    /// A city alone ("Seoul") finds its zone, anything else the nearest spelling.
    private static func hint(for name: String) -> String {
        let known = TimeZone.knownTimeZoneIdentifiers
        let city = name.replacing(" ", with: "_").lowercased()
        if let match = known.first(where: { $0.lowercased().hasSuffix("/" + city) }) {
            return " (did you mean '\(match)'?)"
        }
        return NearestName.hint(for: name, among: known + ["UTC"])
    }
}
