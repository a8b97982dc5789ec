import Analysis
import Charts

/// The language of a report.
package enum ReportLanguage: String, Sendable, Hashable {
    case english, korean

    /// The words of this language.
    package func callAsFunction(_ english: @autoclosure () -> String, _ korean: @autoclosure () -> String) -> String {
        self == .english ? english() : korean()
    }

    var chart: ChartLanguage { self == .english ? .english : .korean }
}

/// How a report is to be made.
package struct ReportSetting: Sendable {
    /// Something that happened, to be marked on time axes.
    package struct Annotation: Sendable, Hashable {
        /// A local day: `2024-06-10`.
        package var day: String
        package var text: String

        package init(day: String, text: String) {
            self.day = day
            self.text = text
        }
    }

    /// The fields of the object `people` that asks the same query who is behind a number: `[("step", "1"), ...]`.
    package typealias PeopleFields = [(name: String, value: String)]

    package var language: ReportLanguage
    /// The address of the people behind a number. Nil makes no links.
    package var link: (@Sendable (PeopleFields) -> String)?
    package var annotations: [Annotation]
    /// Whether it is read on a page beside other text: relative days are said in words, `the last 28 days` instead of
    /// `from -27d to 0d`, and a percent sign stands at its number.
    package var isForPages: Bool

    package init(
        language: ReportLanguage = .english, annotations: [Annotation] = [], isForPages: Bool = false,
        link: (@Sendable (PeopleFields) -> String)? = nil
    ) {
        self.language = language
        self.link = link
        self.annotations = annotations
        self.isForPages = isForPages
    }

    /// As commands print them.
    package static let plain = ReportSetting()

    /// The address of the people, made only when there are to be links.
    func link(_ people: @autoclosure () -> PeopleFields) -> String? { link.map { $0(people()) } }

    var lineAnnotations: [LineChart.Annotation] {
        annotations.map { LineChart.Annotation(time: LabelTime.milliseconds($0.day), text: $0.text) }
    }

    /// Annotations at the last label that does not begin after them.
    func barAnnotations(_ labels: [String]) -> [BarChart.Annotation] {
        let starts = labels.map(LabelTime.milliseconds)
        return annotations.compactMap { annotation in
            let time = LabelTime.milliseconds(annotation.day)
            guard let place = starts.lastIndex(where: { $0 <= time }) else { return nil }
            return BarChart.Annotation(category: place, text: annotation.text)
        }
    }
}

extension ChartSize {
    /// As wide as is asked for; the height stays.
    func wide(_ width: Double?) -> ChartSize { width.map { ChartSize(width: $0, height: height) } ?? self }
}

/// Words that several reports share, in the report's language.
struct ReportWords: Sendable {
    let say: ReportLanguage
    var isForPages = false

    init(say: ReportLanguage) { self.say = say }

    init(_ setting: ReportSetting) {
        say = setting.language
        isForPages = setting.isForPages
    }

    /// The events of a selector.
    func events(_ selector: EventSelector) -> String {
        selector.name ?? selector.events?.joined(separator: say(" or ", " 또는 ")) ?? say(selector.label, "모든 이벤트")
    }

    /// The same for a label that an answer repeats.
    func label(_ label: String, of selectors: [EventSelector]) -> String {
        selectors.first { $0.label == label }.map(events) ?? label
    }

    /// `people`, or `1 person`.
    func people(_ count: Int) -> String {
        say(count == 1 ? "1 person" : "\(NumberFormat.count(count)) people", "\(NumberFormat.count(count))명")
    }

    func percent(_ share: Double?) -> String {
        guard let share else { return "–" }
        let text = NumberFormat.percent(share)
        return say == .korean || isForPages ? text.replacing(" %", with: "%") : text
    }

    func seconds(_ seconds: Double?) -> String {
        guard let seconds else { return "" }
        return duration(NumberFormat.duration(seconds: seconds))
    }

    /// A length of time in this language: `3 d 4 h`, `3일 4시간`.
    func duration(_ text: String) -> String {
        guard say == .korean else { return text }
        let units = ["d": "일", "h": "시간", "min": "분", "s": "초", "ms": "밀리초", "µs": "마이크로초"]
        var parts: [String] = []
        for word in text.split(separator: " ") {
            if let unit = units[String(word)], let last = parts.popLast() {
                parts.append(last + unit)
            } else {
                parts.append(String(word))
            }
        }
        return parts.joined(separator: " ")
    }

    func span(_ span: TimeSpan) -> String {
        say("\(span)", duration(NumberFormat.duration(seconds: span.seconds)))
    }

    /// `week`, `주`.
    func interval(_ period: Period) -> String {
        switch period {
        case .hour: say("hour", "시간")
        case .day: say("day", "일")
        case .week: say("week", "주")
        case .month: say("month", "월")
        }
    }

    /// `By week`, `주별`.
    func by(_ period: Period) -> String {
        say("By \(period.rawValue)", period == .hour ? "시간별" : "\(interval(period))별")
    }

    /// `from 2024-05-01 to 2024-05-31, Asia/Seoul`; nothing for all days in UTC.
    func range(_ range: DateRange) -> String? {
        if isForPages, let from = range.from?.description, from.first == "-", from.last == "d",
            let days = Int(from.dropFirst().dropLast()), range.to.map({ $0.description == "0d" }) ?? true
        {
            return say(
                "the last \(days + 1) days, \(range.timeZone.identifier)",
                "최근 \(days + 1)일, \(range.timeZone.identifier)")
        }
        let days: String? =
            switch (range.from, range.to) {
            case (let from?, let to?): say("from \(from) to \(to)", "\(from) ~ \(to)")
            case (let from?, nil): say("from \(from) on", "\(from)부터")
            case (nil, let to?): say("up to \(to)", "\(to)까지")
            case (nil, nil): nil
            }
        let zone = range.timeZone.identifier == "UTC" ? nil : range.timeZone.identifier
        let parts = [days, zone].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// The value of a breakdown.
    func value(_ value: BreakdownValue) -> String {
        switch value {
        case .missing: say(value.description, "(값 없음)")
        case .other: say(value.description, "(기타)")
        default: value.description
        }
    }
}
