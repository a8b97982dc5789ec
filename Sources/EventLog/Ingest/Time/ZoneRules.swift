import Foundation

/// Turns local dates and times of one IANA time zone into instants.
///
/// A local time that a change of the clocks skips is read with the distance from UTC before the change, so that it
/// moves forward by the length of the gap (02:30 becomes 03:30). A local time that comes twice is the earlier of the
/// two instants. Both as in Java's `ZonedDateTime.ofLocal` and Python's `fold=0`.
package struct ZoneRules: Sendable {
    package let identifier: String
    private let zone: TimeZone
    private let isUTC: Bool
    /// The distance from UTC in milliseconds for local days on and around which it does not change; `Int64.min` for
    /// days with a change, `Int64.max` for days that have not been asked for. Indexed by day since 1970.
    private var offsets: [Int64] = []

    /// - Throws: `ImportError` with code `mapping` when there is no such zone.
    package init(identifier: String) throws {
        guard let zone = Self.zone(identifier) else {
            throw ImportError(
                .mapping,
                "the time zone '\(identifier)' is unknown; use a name such as Asia/Seoul, America/New_York or UTC")
        }
        self.identifier = identifier
        self.zone = zone
        isUTC = ["UTC", "Etc/UTC", "Z", "GMT", "Etc/GMT"].contains(identifier)
    }

    private static func zone(_ identifier: String) -> TimeZone? {
        if identifier == "Z" { return TimeZone(secondsFromGMT: 0) }
        // Abbreviations such as EST are refused: most of them name several zones.
        let known =
            identifier == "UTC" || identifier == "GMT" || identifier.contains("/")
            || TimeZone.knownTimeZoneIdentifiers.contains(identifier)
        return known ? TimeZone(identifier: identifier) : nil
    }

    /// The instant of a local time, both in milliseconds since 1970-01-01T00:00:00.
    ///
    /// - Complexity: O(1) after the first time of a day, except on days of a change and their neighbours.
    package mutating func instant(local: Int64) -> Int64 {
        if isUTC { return local }
        let day = local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000
        guard day >= 0, day < 100_000 else { return slowInstant(local: local) }
        let index = Int(day)
        if index >= offsets.count {
            offsets.append(contentsOf: repeatElement(Int64.max, count: index + 64 - offsets.count))
        }
        if offsets[index] == Int64.max { offsets[index] = constantOffset(day: day) ?? Int64.min }
        let offset = offsets[index]
        return offset == Int64.min ? slowInstant(local: local) : local - offset
    }

    /// The distance from UTC when it is the same from the day before to the day after, in any zone's reckoning.
    private func constantOffset(day: Int64) -> Int64? {
        let start = (day - 1) * 86_400_000
        let first = offset(at: start)
        for hour in stride(from: Int64(6), through: 72, by: 6) where offset(at: start + hour * 3_600_000) != first {
            return nil
        }
        return first
    }

    private func slowInstant(local: Int64) -> Int64 {
        // No distance from UTC exceeds a day, so these two are before and after any change near the local time.
        let before = offset(at: local - 86_400_000)
        let after = offset(at: local + 86_400_000)
        let candidates = [local - before, local - after].sorted()
        for instant in candidates where instant + offset(at: instant) == local { return instant }
        return local - before
    }

    /// The distance from UTC at an instant, in milliseconds.
    func offset(at instant: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))) * 1000
    }
}
