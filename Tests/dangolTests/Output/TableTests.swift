import Reports
import Testing

@testable import dangol

struct TableTests {
    private let plain = Terminal(isTerminal: false, hasColor: false, width: nil)

    @Test func wideCharactersTakeTwoColumns() {
        #expect("Seoul".displayWidth == 5)
        #expect("서울".displayWidth == 4)
        // The same two syllables, decomposed into letters.
        #expect("\u{1109}\u{1165}\u{110B}\u{116E}\u{11AF}".displayWidth == 4)
        #expect("東京 Tōkyō".displayWidth == 10)
        #expect("ｱｲｳ".displayWidth == 3)
        #expect("👨‍👩‍👧".displayWidth == 2)
        #expect("e\u{301}".displayWidth == 1)
        #expect("".displayWidth == 0)
    }

    @Test func koreanNamesAlign() {
        let table = TextTable(
            [.text("city"), .number("people")],
            rows: [["서울특별시", "1,200"], ["Busan", "7"], ["제주", "34"]])
        #expect(
            table.lines(on: plain) == [
                "city        people",
                "서울특별시   1,200",
                "Busan            7",
                "제주            34",
            ])
        #expect(Set(table.lines(on: plain).map(\.displayWidth)) == [18])
    }

    @Test func longTextIsCutToTheTerminal() {
        let table = TextTable(
            [.text("a"), .text("b")], rows: [[TextTable.Cell(String(repeating: "가", count: 40)), "x"]])
        let lines = table.lines(on: Terminal(isTerminal: true, hasColor: false, width: 40))
        #expect(lines.allSatisfy { $0.displayWidth <= 40 })
        #expect(lines[1].contains("…"))
    }

    @Test func controlCharactersInDataDoNotReachTheTerminal() {
        let table = TextTable([.text("a")], rows: [["\u{1B}[2Jgone\u{202E}\n"]])
        #expect(table.lines(on: plain)[1] == "␛[2Jgone\u{FFFD}␊")
    }

    @Test func csvQuotesWhatItMustAndKeepsNumbersUnrounded() {
        var table = TextTable([.text("name"), .number("value")])
        table.add(["a, \"b\"", "1.3"], values: ["a, \"b\"", "1.25"])
        #expect(table.csv == "name,value\n\"a, \"\"b\"\"\",1.25\n")
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func countsAreGrouped(_ number: Int, _ text: String) {
        #expect(NumberFormat.count(number) == text)
    }

    @Test(arguments: [
        (0.0, "0 s"), (0.000_25, "250 µs"), (0.0042, "4.2 ms"), (0.25, "250 ms"), (7, "7 s"), (90, "1 min 30 s"),
        (3600, "1 h"), (90_000, "1 d 1 h"), (-60, "-1 min"), (Double.nan, "–"),
    ])
    func lengthsOfTimeAreWrittenInTwoUnits(_ seconds: Double, _ text: String) {
        #expect(NumberFormat.duration(seconds: seconds) == text)
    }

    @Test(arguments: [(0.0, "0.0 %"), (1, "100 %"), (0.9999, "100.0 %"), (2.0 / 3, "66.7 %"), (1.5, "150.0 %")])
    func sharesArePercentages(_ share: Double, _ text: String) {
        #expect(NumberFormat.percent(share) == text)
    }

    @Test func aProgressLineTellsRateAndRemainingTime() {
        let progress = Progress(
            "Importing", unit: "events", terminal: Terminal(isTerminal: true, hasColor: false, width: 120))
        let line = progress.line(share: 0.25, count: 500_000, seconds: 2)
        #expect(line == "Importing  ██████░░░░░░░░░░░░░░░░░░  25.0 %  500,000 events  250,000 events/s  6 s left")
        #expect(progress.line(share: nil, count: 10, seconds: 1) == "Importing  10 events  10 events/s")
    }
}
