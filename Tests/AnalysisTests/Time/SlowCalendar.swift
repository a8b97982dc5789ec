import Foundation

@testable import Analysis

/// Zones with the odd cases: half-hour offsets and changes, midnight gaps, a skipped day, both hemispheres, none at
/// all.
let testZones = [
    "UTC", "Asia/Seoul", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu",
    "Pacific/Apia", "America/Santiago", "Asia/Beirut", "America/Havana", "Africa/Casablanca", "Pacific/Chatham",
    "Asia/Tehran", "America/Sao_Paulo",
]

/// The period of a time by Foundation's calendar, one call for each time.
struct SlowCalendar {
    let calendar: Calendar
    let zone: TimeZone

    init(_ zone: TimeZone, _ weekStart: WeekStart) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        calendar.firstWeekday = weekStart == .sunday ? 1 : 2
        self.calendar = calendar
        self.zone = zone
    }

    static func date(_ milliseconds: Int64) -> Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    func day(_ time: Int64) -> String { label(calendar.dateComponents([.year, .month, .day], from: Self.date(time))) }

    private func label(_ parts: DateComponents) -> String {
        String(format: "%04d-%02d-%02d", parts.year!, parts.month!, parts.day!)
    }

    /// The label of the period that holds a time.
    func label(_ period: Period, _ time: Int64) -> String {
        let date = Self.date(time)
        switch period {
        case .hour:
            // The hour that the clocks show, told apart by the offset.
            let offset = zone.secondsFromGMT(for: date)
            let local = Int((Double(time) / 1000).rounded(.down)) + offset
            let hour = Int((Double(local) / 3600).rounded(.down))
            return "\(hour)@\(offset)"
        case .day: return day(time)
        case .week:
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            let back = (parts.weekday! - calendar.firstWeekday + 7) % 7
            let noon = calendar.date(
                from: DateComponents(year: parts.year, month: parts.month, day: parts.day, hour: 12))!
            // Dates are counted at noon in UTC, where none is skipped.
            var utc = calendar
            utc.timeZone = .gmt
            let plain = utc.date(from: calendar.dateComponents([.year, .month, .day], from: noon))!
            return label(
                utc.dateComponents([.year, .month, .day], from: utc.date(byAdding: .day, value: -back, to: plain)!))
        case .month:
            let parts = calendar.dateComponents([.year, .month], from: date)
            return String(format: "%04d-%02d-01", parts.year!, parts.month!)
        }
    }

    /// Days since 1970-01-01 of the local date.
    func dayNumber(_ time: Int64) -> Int {
        let date = Self.date(time)
        return Int(((date.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: date))) / 86_400).rounded(.down))
    }
}

func milliseconds(_ iso: String) -> Int64 {
    guard let date = try? Date(iso, strategy: .iso8601) else { preconditionFailure("not a time: \(iso)") }
    return Int64(date.timeIntervalSince1970 * 1000)
}
