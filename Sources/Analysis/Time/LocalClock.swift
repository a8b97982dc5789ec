package import Foundation

/// What the clocks of a zone show, and when they first show it.
///
/// Built on the zone's offsets alone, so that every rule about days that are cut or repeated is stated here:
/// - A date begins at the first instant at which the clocks show it. Where midnight is skipped (Beirut, Santiago), that
///   is the end of the gap. Where midnight comes twice (Havana), it is the first. Where clocks fell back over midnight
///   just after it (St John's until 2011, at 00:01), the repeated minutes of the old date belong to the new date that
///   had begun.
/// - A date that a zone skipped (Pacific/Apia 2011-12-30) begins when the next one does, and is empty.
package struct LocalClock: Sendable {
    package let timeZone: TimeZone

    package init(timeZone: TimeZone) { self.timeZone = timeZone }

    /// Seconds east of Greenwich at an instant (seconds since 1970).
    package func offset(at instant: Int) -> Int {
        timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
    }

    /// The date that the clocks show at an instant (milliseconds since 1970).
    package func date(at milliseconds: Int64) -> CivilDate {
        let instant = Int(milliseconds).floorDivided(by: 1000)
        return CivilDate(dayNumber: (instant + offset(at: instant)).floorDivided(by: 86_400))
    }

    /// The first instant, in milliseconds since 1970, at which the clocks show `date` or a later one.
    ///
    /// - Complexity: two look-ups of the zone's offset; 18 more within a day of a change.
    package func start(of date: CivilDate) -> Int64 {
        let local = date.dayNumber * 86_400
        // No offset reaches 26 hours, and no zone changed twice within the two days around a midnight.
        let early = local - 26 * 3600
        let late = local + 26 * 3600
        let before = offset(at: early)
        let after = offset(at: late)
        if before == after { return Int64(local - before) * 1000 }
        let change = transition(after: early, by: late)
        let shownBefore = local - before
        return Int64(shownBefore < change ? shownBefore : max(local - after, change)) * 1000
    }

    /// The first instant (in seconds) after `low` and not after `high` with the offset of `high`, when exactly one
    /// change lies between.
    func transition(after low: Int, by high: Int) -> Int {
        let old = offset(at: low)
        var low = low
        var high = high
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == old { low = middle } else { high = middle }
        }
        return high
    }

    /// `2024-06-10T09:00:00+09:00`, the local time of an instant in milliseconds, to the second.
    package func label(at milliseconds: Int64) -> String {
        let instant = Int(milliseconds).floorDivided(by: 1000)
        let offset = offset(at: instant)
        let second = (instant + offset).modulo(86_400)
        let time = [second / 3600, second / 60 % 60, second % 60].map { padded($0, 2) }.joined(separator: ":")
        let minutes = Int(offset.magnitude) / 60
        let sign = offset < 0 ? "-" : "+"
        return "\(date(at: milliseconds).label)T\(time)\(sign)\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }
}
