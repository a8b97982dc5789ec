import EventLog

/// A filter's comparison, ready to run on single values. Always the positive form: the caller negates.
///
/// Values are compared as what the operand is: a number also equals a text that is wholly that number (`"3"`, `"3.0"`),
/// a text equals a number that reads as it, and `true` equals the text `true`. Dates compare with times and with texts
/// that are ISO dates.
struct ValueMatcher: Sendable {
    private enum Form: Sendable {
        case any
        case equals(Equality)
        case contains([FoldedText])
        case regex(TextPattern)
        /// Both included.
        case numbers(ClosedRange<Double>)
        case times(Range<Int64>)
    }

    private let form: Form
    private let zone: ZoneName

    /// - Throws: `TextPattern.Failure` for an invalid regular expression; `FilterTest`'s decoding has checked the rest.
    init(_ test: FilterTest, now: Int64, zone: ZoneName) throws {
        self.zone = zone
        switch test.op {
        case .isSet, .isNotSet: form = .any
        case .equals, .notEquals, .oneOf, .notOneOf: form = ValueMatcher.equality(test.values, now, zone)
        case .contains, .notContains: form = .contains(test.values.map { FoldedText($0.description) })
        case .regex, .notRegex: form = .regex(try TextPattern(test.values.first?.description ?? ""))
        case .greater: form = .numbers(test.number(0).nextUp ... .infinity)
        case .greaterOrEqual: form = .numbers(test.number(0) ... .infinity)
        case .less: form = .numbers(-.infinity...test.number(0).nextDown)
        case .lessOrEqual: form = .numbers(-.infinity...test.number(0))
        case .between: form = .numbers(test.number(0)...max(test.number(0), test.number(1)))
        case .dateBefore: form = .times(Int64.min..<test.date(0, now, zone).lowerBound)
        case .dateAfter: form = .times(test.date(0, now, zone).upperBound..<Int64.max)
        case .dateBetween:
            let first = test.date(0, now, zone).lowerBound
            form = .times(first..<max(first, test.date(1, now, zone).upperBound))
        }
    }

    private static func equality(_ values: [FilterValue], _ now: Int64, _ zone: ZoneName) -> Form {
        var equality = Equality()
        for value in values {
            equality.texts.insert(value.description)
            switch value {
            case .string(let text):
                if let number = NumberText.parse(text), NumberText.of(number) == text {
                    equality.numbers.insert(number)
                }
                if text == "true" || text == "false" { equality.booleans.insert(text == "true") }
                if let point = DayPoint(text), !point.isRelative, !point.isDay {
                    equality.times.insert(point.range(now: now, in: zone).lowerBound)
                }
            case .number(let number):
                equality.numbers.insert(number)
                equality.numbersInText.insert(number)
            case .boolean(let flag): equality.booleans.insert(flag)
            }
        }
        return .equals(equality)
    }
}

/// What the values of an equality filter are equal to, by type of value.
private struct Equality: Sendable {
    var texts: Set<String> = []
    var numbers: Set<Double> = []
    /// Numbers that texts are compared with as numbers.
    var numbersInText: Set<Double> = []
    var booleans: Set<Bool> = []
    var times: Set<Int64> = []
}

extension ValueMatcher {
    func matches(text: String) -> Bool {
        switch form {
        case .any: return true
        case .equals(let equality):
            if equality.texts.contains(text) { return true }
            guard !equality.numbersInText.isEmpty, let number = NumberText.parse(text) else { return false }
            return equality.numbersInText.contains(number)
        case .contains(let parts):
            let folded = FoldedText(text)
            return parts.contains(where: folded.contains)
        case .regex(let pattern): return pattern.isFound(in: text)
        case .numbers(let range): return NumberText.parse(text).map(range.contains) ?? false
        case .times(let range): return time(of: text).map(range.contains) ?? false
        }
    }

    func matches(number: Double) -> Bool {
        switch form {
        case .any: true
        case .equals(let equality): equality.numbers.contains(number)
        case .contains, .regex: matches(text: NumberText.of(number))
        case .numbers(let range): range.contains(number)
        case .times: false
        }
    }

    func matches(boolean: Bool) -> Bool {
        switch form {
        case .any: true
        case .equals(let equality): equality.booleans.contains(boolean)
        case .contains, .regex: matches(text: boolean ? "true" : "false")
        case .numbers, .times: false
        }
    }

    func matches(time: Int64) -> Bool {
        switch form {
        case .any: true
        case .equals(let equality): equality.times.contains(time)
        case .times(let range): range.contains(time)
        case .contains, .regex, .numbers: false
        }
    }

    func matches(_ value: PropertyValue) -> Bool {
        switch value {
        case .string(let text): matches(text: text)
        case .number(let number): matches(number: number)
        case .boolean(let flag): matches(boolean: flag)
        case .time(let time): matches(time: time)
        case .strings(let list): list.contains(where: matches(text:))
        case .numbers(let list): list.contains(where: matches(number:))
        case .booleans(let list): list.contains(where: matches(boolean:))
        case .times(let list): list.contains(where: matches(time:))
        }
    }

    /// Whether every value matches.
    var isAny: Bool { if case .any = form { true } else { false } }

    /// The numbers that match, when they form one interval.
    var numberInterval: ClosedRange<Double>? {
        switch form {
        case .any: -Double.infinity ... .infinity
        case .numbers(let range): range
        case .equals(let equality) where equality.numbers.count == 1: equality.numbers.first.map { $0...$0 }
        default: nil
        }
    }

    /// A text that is wholly an ISO date or time, in milliseconds; local ones in the query's zone.
    private func time(of text: String) -> Int64? {
        guard let point = DayPoint(text), !point.isRelative else { return nil }
        return point.range(now: 0, in: zone).lowerBound
    }
}

extension FilterTest {
    /// The number at an index; decoding has checked that it is one.
    fileprivate func number(_ index: Int) -> Double {
        if index < values.count, case .number(let number) = values[index] { number } else { .nan }
    }

    /// The times of the date at an index; decoding has checked that it is one.
    fileprivate func date(_ index: Int, _ now: Int64, _ zone: ZoneName) -> Range<Int64> {
        let text = index < values.count ? values[index].description : ""
        return DayPoint(text)?.range(now: now, in: zone) ?? 0..<0
    }
}
