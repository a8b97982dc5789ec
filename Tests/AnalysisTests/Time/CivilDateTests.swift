import Foundation
import Testing

@testable import Analysis

@Suite struct CivilDateTests {
    @Test func datesAndDayNumbersAgreeWithFoundationOverFourHundredYears() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for day in stride(from: -60_000, through: 90_000, by: 7) {
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            let date = CivilDate(dayNumber: day)
            #expect(date.components == (parts.year!, parts.month!, parts.day!))
            #expect(date.weekday == parts.weekday! - 1)
            #expect(CivilDate(year: parts.year!, month: parts.month!, day: parts.day!) == date)
        }
    }

    @Test func monthsBeyondTheYearCarryOver() {
        #expect(CivilDate(year: 2023, month: 13, day: 1).label == "2024-01-01")
        #expect(CivilDate(year: 2024, month: 0, day: 1).label == "2023-12-01")
        #expect(CivilDate(year: 2024, month: 1, day: 31).startOfMonth(adding: 1).label == "2024-02-01")
        #expect(CivilDate(year: 2024, month: 3, day: 15).startOfMonth(adding: -15).label == "2022-12-01")
    }

    @Test func weeksStartOnTheChosenDay() {
        let wednesday = CivilDate(year: 2024, month: 6, day: 12)
        #expect(wednesday.startOfWeek(.monday).label == "2024-06-10")
        #expect(wednesday.startOfWeek(.sunday).label == "2024-06-09")
        let sunday = CivilDate(year: 2024, month: 6, day: 9)
        #expect(sunday.startOfWeek(.monday).label == "2024-06-03")
        #expect(sunday.startOfWeek(.sunday).label == "2024-06-09")
    }
}
