import Testing

@testable import DemoWorld

struct KoreanCalendarTests {
    @Test("A local day begins at three in the afternoon UTC of the day before")
    func midnight() {
        // 2025-03-01T00:00:00+09:00
        let day = KoreanCalendar.day(2025, 3, 1)
        #expect(KoreanCalendar.midnight(day) == 1_740_754_800_000)
        #expect(KoreanCalendar.day(of: 1_740_754_800_000) == day)
        #expect(KoreanCalendar.day(of: 1_740_754_799_999) == day - 1)
        #expect(KoreanCalendar.weekday(day) == 5)
    }

    @Test("Every date of forty years comes back from its number")
    func dates() {
        for day in KoreanCalendar.day(2000, 1, 1)..<KoreanCalendar.day(2040, 1, 1) {
            let date = KoreanCalendar.date(day)
            #expect(KoreanCalendar.day(date.year, date.month, date.day) == day)
        }
    }

    @Test("Chuseok of 2025 was on Monday 6 October")
    func feasts() {
        let chuseok = KoreanCalendar.day(2025, 10, 6)
        #expect(KoreanCalendar.daysAfterChuseok(chuseok) == 0)
        #expect(KoreanCalendar.daysAfterChuseok(chuseok - 8) == -8)
        #expect(KoreanCalendar.weekday(chuseok) == 0)
        #expect(KoreanCalendar.isHoliday(chuseok + 1))
    }
}
