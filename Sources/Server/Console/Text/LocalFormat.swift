import Charts
import Engine
import EventLog
package import Foundation

/// Numbers, money, dates and times as one reader writes them, in one time zone.
///
/// Written here and not by the platform's formatters, because a page writes hundreds of them and these take
/// microseconds.
package struct LocalFormat: Sendable {
    package let language: Language
    package let timeZone: TimeZone
    /// ISO 4217.
    package let currency: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let now: Int64

    package init(language: Language, timeZone: TimeZone, currency: String, now: Int64) {
        self.language = language
        self.timeZone = timeZone
        self.currency = currency
        self.now = now
    }

    // MARK: Numbers

    /// `12,345`
    package func number(_ value: Int) -> String { NumberFormat.number.exact(Double(value)) }

    /// `12,345.67`
    package func number(_ value: Double, decimals: Int = 2) -> String {
        NumberFormat.number.exact(value, decimals: decimals)
    }

    /// `12.3K`; in Korean by ten thousands, as people there count: `1.2만`.
    package func short(_ value: Double) -> String { NumberFormat.number.short(value, language.chart) }

    /// 0.25 is `25.0%`.
    package func percent(_ share: Double, decimals: Int = 1) -> String {
        share.isFinite ? NumberFormat.percent.exact(share, decimals: decimals) : "–"
    }

    /// `+12.5%`, for a change by a share.
    package func change(_ share: Double) -> String {
        guard share.isFinite else { return "–" }
        return (share > 0 ? "+" : "") + percent(share).replacing("-", with: "−")
    }

    /// In the workspace's currency: `₩12,000`.
    package func money(_ value: Double) -> String {
        NumberFormat.currency(currencySign).exact(value, decimals: currencyDecimals)
    }

    package var currencySign: String {
        switch currency {
        case "KRW": "₩"
        case "USD": "$"
        case "EUR": "€"
        case "GBP": "£"
        case "JPY", "CNY": "¥"
        default: currency + " "
        }
    }

    private var currencyDecimals: Int { ["KRW", "JPY", "VND"].contains(currency) ? 0 : 2 }

    /// Seconds as `2 min 5 s`; in Korean `2분 5초`.
    package func duration(seconds: Double) -> String { NumberFormat.duration.short(seconds, language.chart) }

    // MARK: Dates

    /// `Jun 3, 2024` or `2024년 6월 3일`; the year is left out when it is this one.
    package func date(_ time: Int64, withYear: Bool? = nil) -> String { calendarDay(local(time), withYear: withYear) }

    /// The same for a time of the local clock, as charts and days are counted.
    package func calendarDay(_ local: Int64, withYear: Bool? = nil) -> String {
        let day = civil(local)
        let shows = withYear ?? (day.year != civil(self.local(now)).year)
        switch language {
        case .korean: return (shows ? "\(day.year)년 " : "") + "\(day.month)월 \(day.day)일"
        case .english: return "\(LocalFormat.months[day.month - 1]) \(day.day)" + (shows ? ", \(day.year)" : "")
        }
    }

    /// `Jun 3, 3:05 PM` or `6월 3일 오후 3:05`.
    package func dateTime(_ time: Int64, seconds: Bool = false) -> String {
        date(time) + (language == .english ? ", " : " ") + clock(time, seconds: seconds)
    }

    /// `3:05 PM` or `오후 3:05`.
    package func clock(_ time: Int64, seconds: Bool = false) -> String {
        let inDay = secondsOfDay(time)
        let (hour, minute) = (inDay / 3600, inDay / 60 % 60)
        let digits = "\((hour + 11) % 12 + 1):\(two(minute))" + (seconds ? ":" + two(inDay % 60) : "")
        switch language {
        case .korean: return (hour < 12 ? "오전 " : "오후 ") + digits
        case .english: return digits + (hour < 12 ? " AM" : " PM")
        }
    }

    /// For machines, as `datetime` wants it: `2024-06-03T06:05:00.000Z`.
    package func machine(_ time: Int64) -> String { Timestamp.text(time) }

    /// `2024-06-03`, the local day.
    package func day(_ time: Int64) -> String { Timestamp.day(local(time)) }

    /// `5 minutes ago`, `in 2 hours`, beyond a week the date.
    package func relative(_ time: Int64) -> String {
        let seconds = (now - time) / 1000
        let amount = abs(seconds)
        let past = seconds >= 0
        if amount < 10 { return language == .korean ? "방금" : "just now" }
        let units: [(Int64, String, String)] = [(60, "second", "초"), (3600, "minute", "분"), (86_400, "hour", "시간")]
        var unit: Int64 = 1
        for (limit, english, korean) in units {
            if amount < limit { return phrase(amount / unit, english, korean, past) }
            unit = limit
        }
        if amount < 7 * 86_400 { return phrase(amount / 86_400, "day", "일", past) }
        return date(time)
    }

    private func phrase(_ count: Int64, _ english: String, _ korean: String, _ past: Bool) -> String {
        switch language {
        case .korean: return "\(count)\(korean) " + (past ? "전" : "후")
        case .english:
            let words = "\(count) \(english)\(count == 1 ? "" : "s")"
            return past ? words + " ago" : "in " + words
        }
    }

    /// A moment for `<time>`: relative, with the exact one beside it.
    package func moment(_ time: Int64) -> PageValue {
        [
            "relative": .text(relative(time)), "exact": .text(dateTime(time, seconds: true)),
            "machine": .text(machine(time)),
        ]
    }

    // MARK: Calendar

    /// Milliseconds of the local clock as if it were UTC, as charts count them.
    package func local(_ time: Int64) -> Int64 {
        time + Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1000))) * 1000
    }

    private func civil(_ local: Int64) -> (year: Int, month: Int, day: Int) {
        let text = Timestamp.day(local).split(separator: "-").compactMap { Int($0) }
        return text.count == 3 ? (text[0], text[1], text[2]) : (1970, 1, 1)
    }

    private func secondsOfDay(_ time: Int64) -> Int {
        let inDay = local(time) % 86_400_000
        return Int(inDay < 0 ? inDay + 86_400_000 : inDay) / 1000
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
