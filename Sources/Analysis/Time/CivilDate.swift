/// A date of the proleptic Gregorian calendar, without a time or a zone.
package struct CivilDate: Sendable, Hashable, Comparable {
    /// Days since 1970-01-01.
    package var dayNumber: Int

    package init(dayNumber: Int) { self.dayNumber = dayNumber }

    /// The date, by the era arithmetic of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2014).
    /// Months and days beyond their usual range carry over: month 13 is January of the next year.
    package init(year: Int, month: Int, day: Int) {
        let carried = year &* 12 &+ month &- 1
        let month = carried.modulo(12)
        // Years start in March, so that the leap day comes last.
        let marchYear = (carried - month) / 12 - (month < 2 ? 1 : 0)
        let era = (marchYear - marchYear.modulo(400)) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * ((month + 10) % 12) + 2) / 5 + day - 1
        dayNumber = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    package var components: (year: Int, month: Int, day: Int) {
        let shifted = dayNumber + 719_468
        let dayOfEra = shifted.modulo(146_097)
        let era = (shifted - dayOfEra) / 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// 0 is Sunday, 6 is Saturday.
    package var weekday: Int { (dayNumber + 4).modulo(7) }

    package static func < (left: CivilDate, right: CivilDate) -> Bool { left.dayNumber < right.dayNumber }

    package func adding(days: Int) -> CivilDate { CivilDate(dayNumber: dayNumber + days) }

    /// The first day of the month that lies `months` after this date's month.
    package func startOfMonth(adding months: Int = 0) -> CivilDate {
        let parts = components
        return CivilDate(year: parts.year, month: parts.month + months, day: 1)
    }

    package func startOfWeek(_ weekStart: WeekStart) -> CivilDate {
        let first = weekStart == .sunday ? 0 : 1
        return CivilDate(dayNumber: dayNumber - (weekday - first).modulo(7))
    }

    /// `2024-06-10`
    package var label: String {
        let parts = components
        guard 0...9999 ~= parts.year else {
            return "\(padded(parts.year, 4))-\(padded(parts.month, 2))-\(padded(parts.day, 2))"
        }
        // As bytes, because an answer has hundreds.
        return String(unsafeUninitializedCapacity: 10) { text in
            var left = parts.year * 10_000 + parts.month * 100 + parts.day
            for place in (0..<10).reversed() {
                let isDash = place == 4 || place == 7
                text[place] = isDash ? UInt8(ascii: "-") : UInt8(ascii: "0") + UInt8(left % 10)
                if !isDash { left /= 10 }
            }
            return 10
        }
    }
}

/// The day on which weeks start.
package enum WeekStart: String, Codable, Sendable, CaseIterable {
    case sunday, monday
}

func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number.magnitude)
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int {
    /// The remainder that is never negative.
    func modulo(_ divisor: Int) -> Int {
        let remainder = self % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    /// The quotient rounded down.
    func floorDivided(by divisor: Int) -> Int { (self - modulo(divisor)) / divisor }
}
