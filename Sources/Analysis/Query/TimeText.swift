import EventLog
import Foundation

/// Times as ISO texts.
package enum TimeText {
    /// `2024-05-31T14:00:00.000Z`.
    package static func iso(_ milliseconds: Int64) -> String {
        Timestamp.text(milliseconds)
    }

    /// The local day, `2024-05-31`.
    package static func day(_ milliseconds: Int64, in zone: ZoneName) -> String {
        let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
        let parts = zone.calendar().dateComponents([.year, .month, .day], from: date)
        return pad(parts.year ?? 0, 4) + "-" + pad(parts.month ?? 0, 2) + "-" + pad(parts.day ?? 0, 2)
    }

    private static func pad(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
