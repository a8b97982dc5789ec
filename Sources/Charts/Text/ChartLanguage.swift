/// The words that charts write themselves.
package enum ChartLanguage: Sendable, Hashable {
    case english, korean

    var noData: String { self == .english ? "No data for this period" : "이 기간에는 데이터가 없습니다" }
    var dropped: String { self == .english ? "dropped off" : "이탈" }
    var people: String { self == .english ? "People" : "인원" }
    var cohort: String { self == .english ? "Cohort" : "코호트" }
    var average: String { self == .english ? "Average" : "평균" }
    var total: String { self == .english ? "Total" : "합계" }
    var other: String { self == .english ? "Other" : "기타" }

    var median: String { self == .english ? "median" : "중앙값" }

    /// 67% `of step 1`, `1단계 대비` 67%.
    func ofStep(_ rate: String, _ step: Int) -> String {
        self == .english ? "\(rate) of step \(step)" : "\(step)단계 대비 \(rate)"
    }

    /// `2 d 4 h`, `2일 4시간`.
    func duration(_ seconds: Double) -> String {
        let text = NumberFormat.duration(seconds)
        if self == .english { return text }
        let units = ["d": "일", "h": "시간", "min": "분", "s": "초", "ms": "밀리초"]
        return text.split(separator: " ").reduce(into: "") { result, word in
            result += units[String(word)] ?? (result.isEmpty ? String(word) : " " + word)
        }
    }

    func month(_ month: Int) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return self == .english ? names[month - 1] : "\(month)월"
    }

    func day(_ date: CivilDate) -> String {
        self == .english ? "\(month(date.month)) \(date.day)" : "\(date.month)월 \(date.day)일"
    }

    func year(_ year: Int) -> String { self == .english ? "\(year)" : "\(year)년" }

    func monthAndYear(_ date: CivilDate) -> String {
        self == .english ? "\(month(date.month)) \(date.year)" : "\(date.year)년 \(date.month)월"
    }

    func fullDay(_ date: CivilDate) -> String {
        self == .english ? "\(day(date)), \(date.year)" : "\(date.year)년 \(day(date))"
    }
}
