import Foundation
import Testing

@testable import Charts

@Suite("Numbers, dates, labels and colours")
struct TextTests {
    @Test(
        "exact numbers have thousands separators and no needless decimals",
        arguments: [
            (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567.891, "1,234,567.89"), (-1_234.5, "−1,234.5"),
            (0.005, "0.01"), (-0.001, "0"),
            (123_456_789_012, "123,456,789,012"), (.nan, "–"), (.infinity, "–"),
        ] as [(Double, String)])
    func exact(value: Double, text: String) {
        #expect(NumberFormat.number.exact(value) == text)
    }

    @Test(
        "short numbers",
        arguments: [
            (950, "950"), (9_999, "9,999"), (12_345, "12.3K"), (123_456, "123K"), (999_950, "1M"), (1_500_000, "1.5M"),
            (2e9, "2B"), (-45_000, "−45K"), (0.25, "0.25"),
        ] as [(Double, String)])
    func short(value: Double, text: String) {
        #expect(NumberFormat.number.short(value) == text)
    }

    @Test("percentages, money and durations")
    func formats() {
        #expect(NumberFormat.percent.exact(0.66667) == "66.7%")
        #expect(NumberFormat.percent.exact(1) == "100.0%")
        #expect(NumberFormat.percent.short(0.031) == "3.1%")
        #expect(NumberFormat.currency("₩").exact(-182_400) == "−₩182,400")
        #expect(NumberFormat.currency("₩").short(182_400_000) == "₩182M")
        #expect(
            [0.0042, 0.3, 4.25, 59.6, 90, 3_600, 7_384, 187_200, 40_000_000].map { NumberFormat.duration.exact($0) }
                == ["4.2 ms", "300 ms", "4.3 s", "1 min", "1 min 30 s", "1 h", "2 h 3 min", "2 d 4 h", "462 d"])
    }

    @Test("labels of an axis share unit and decimals")
    func axis() {
        #expect(NumberFormat.number.axis([0, 500_000, 1_000_000]) == ["0", "0.5M", "1.0M"])
        #expect(NumberFormat.number.axis([0, 2_500, 5_000]) == ["0", "2,500", "5,000"])
        #expect(NumberFormat.percent.axis([0, 0.025, 0.05]) == ["0.0%", "2.5%", "5.0%"])
        #expect(NumberFormat.currency("₩").axis([-20_000, 0, 20_000]) == ["−₩20K", "₩0", "₩20K"])
    }

    @Test("numbers in paths are short and never in scientific notation")
    func pathNumbers() {
        #expect(
            [0.0, -0.001, 1.5, -2.256, 100, 0.05, 1e-9].map(SVGWriter.number) == [
                "0", "0", "1.5", "-2.26", "100", "0.05", "0",
            ])
        #expect(SVGWriter.number(.nan) == "0" && SVGWriter.number(.infinity) == "0" && SVGWriter.number(1e300) == "0")
    }

    @Test("ticks are round, rising and cover the range", arguments: 0..<400)
    func ticks(seed: Int) throws {
        let magnitude = pow(10, (Samples.noise(seed) * 30 - 15).rounded())
        let low = (Samples.noise(seed + 1_000) - 0.4) * magnitude
        let high = low + Samples.noise(seed + 2_000) * magnitude
        let ticks = NiceTicks(covering: low, high, count: 2 + seed % 8).values
        try #require(ticks.count >= 2 && ticks.count <= 25)
        let step = ticks[1] - ticks[0]
        #expect(ticks[0] <= low + step * 1e-6 && (ticks.last ?? 0) >= high - step * 1e-6)
        for (a, b) in zip(ticks, ticks.dropFirst()) { #expect(abs(b - a - step) < step * 1e-6) }
        let lead = step / pow(10, log10(step * 1.0001).rounded(.down))
        #expect([1, 2, 2.5, 5].contains { abs($0 - lead) < 1e-3 }, "step \(step)")
    }

    @Test("ticks for counts are whole numbers, and a single value still gets an axis")
    func wholeTicks() {
        #expect(NiceTicks(covering: 0, 3, count: 6, whole: true).values == [0, 1, 2, 3])
        #expect(NiceTicks(covering: 0, 0, whole: true).values == [0, 1])
        #expect(NiceTicks(covering: 0.1, 0.3, count: 2).values.contains(0.3))
        #expect(NiceTicks(covering: .nan, .infinity).values.count >= 2)
    }

    @Test("ticks of durations are round in minutes, hours and days")
    func durationTicks() {
        func labels(_ high: Double, _ count: Int) -> [String] {
            let ticks = NumberFormat.duration.ticks(covering: 0, high, count: count).values
            return NumberFormat.duration.axis(ticks)
        }
        #expect(labels(50, 5) == ["0 s", "10 s", "20 s", "30 s", "40 s", "50 s"])
        #expect(labels(3_500, 4) == ["0 s", "15 min", "30 min", "45 min", "1 h"])
        #expect(labels(36_000, 5) == ["0 s", "2 h", "4 h", "6 h", "8 h", "10 h"])
        #expect(labels(86_400 * 14, 3) == ["0 s", "5 d", "10 d", "15 d"])
        #expect(labels(0.4, 4) == ["0 s", "100 ms", "200 ms", "300 ms", "400 ms"])
    }

    @Test("days and their numbers convert both ways, through leap years")
    func civilDates() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0)!
        for number in stride(from: -150_000, through: 90_000, by: 37) {
            let date = CivilDate(dayNumber: number)
            #expect(date.dayNumber == number)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            if number > -135_000 {
                #expect(parts.year == date.year && parts.month == date.month && parts.day == date.day)
                #expect(parts.weekday.map { ($0 + 5) % 7 } == date.weekday)
            }
        }
    }

    @Test("time labels fall on round moments of a fitting step")
    func timeTicks() {
        func labels(_ days: Double, _ language: ChartLanguage = .english, from: Int64 = Samples.start) -> [String] {
            TimeTicks(from: from, to: from + Int64(days * 86_400_000), points: [], most: 8, language: language).ticks
                .map(\.label)
        }
        #expect(labels(1) == ["Apr 1", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "Apr 2"])
        #expect(labels(6) == ["Apr 1", "Apr 2", "Apr 3", "Apr 4", "Apr 5", "Apr 6", "Apr 7"])
        #expect(labels(40) == ["Apr 1", "Apr 8", "Apr 15", "Apr 22", "Apr 29", "May 6"])
        #expect(labels(200) == ["Apr 2024", "May", "Jun", "Jul", "Aug", "Sep", "Oct"])
        #expect(labels(200, .korean).first == "2024년 4월")
        #expect(labels(1_500) == ["2025", "2026", "2027", "2028"])
        #expect(labels(0) == ["Apr 1"])
    }

    @Test("weekly data are labelled at their own weeks, whatever day these begin on")
    func weeklyTicks() {
        let sundays = (0..<5).map { Samples.start - Samples.day + Int64($0) * 7 * Samples.day }
        let ticks = TimeTicks(from: sundays[0], to: sundays[4], points: sundays, most: 8, language: .english)
        #expect(ticks.ticks.map(\.label) == ["Mar 31", "Apr 7", "Apr 14", "Apr 21", "Apr 28"])
    }

    @Test("Korean text is as wide as its squares, and cutting keeps it inside")
    func widths() {
        #expect(abs(TextMeasure.width("단골 손님", size: 10) - 42.8) < 0.01)
        for text in ["Order Completed", "주문을 완료했습니다", "👩‍👩‍👧 가족", Samples.long] {
            for room in stride(from: 15.0, through: 200, by: 7) {
                let cut = TextMeasure.fit(text, into: room, size: 11)
                #expect(TextMeasure.width(cut, size: 11) <= max(room, 32))
                #expect(cut == text || cut.hasSuffix("…"))
            }
        }
        #expect(
            TextMeasure.wrap("Product Added To Cart", into: 90, lines: 2, size: 12) == ["Product Added", "To Cart"])
        #expect(TextMeasure.wrap("장바구니에상품을담았어요", into: 80, lines: 2, size: 12) == ["장바구니에상", "품을담았어요"])
        #expect(TextMeasure.wrap("", into: 80, lines: 2, size: 12).isEmpty)
    }

    @Test("text is readable and marks are visible in both themes")
    func contrast() {
        for theme in [\Paint.light, \Paint.dark] {
            let surface = Paint.surface[keyPath: theme]
            for paint in [Paint.ink, .muted, .loss] {
                #expect(paint[keyPath: theme].contrast(to: surface) >= 4.5, "\(paint)")
            }
            for number in 0...8 {
                #expect(Paint.series(number)[keyPath: theme].contrast(to: surface) >= 3, "series \(number)")
            }
            for percent in 0...100 {
                let opacity = CohortTable.opacity(Double(percent) / 100)
                let cell = Paint.series(0)[keyPath: theme].over(surface, opacity: opacity)
                let text = Paint.series(0).text(atOpacity: opacity)[keyPath: theme]
                #expect(text.contrast(to: cell) >= 4.5, "\(percent) %: \(text.contrast(to: cell))")
            }
        }
        #expect(abs(Colour(0xffffff).contrast(to: Colour(0x000000)) - 21) < 1e-9)
        // WCAG's own example of the limit: #767676 on white is 4.54.
        #expect(abs(Colour(0x767676).contrast(to: Colour(0xffffff)) - 4.54) < 0.005)
    }

    @Test("the logarithm of axes agrees with the C library")
    func logarithm() {
        for exponent in stride(from: -290.0, through: 290, by: 0.37) {
            let value = pow(10, exponent)
            #expect(abs(CommonLogarithm.of(value) - exponent) < 1e-11)
        }
    }
}
