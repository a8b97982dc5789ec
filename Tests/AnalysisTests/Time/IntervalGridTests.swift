import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct IntervalGridTests {
    private func grid(
        _ period: Period, _ from: String, _ to: String, _ zone: String, _ weekStart: WeekStart = .monday
    ) throws -> IntervalGrid {
        let zone = try #require(TimeZone(identifier: zone))
        return try #require(
            IntervalGrid(period, over: milliseconds(from)..<milliseconds(to), in: zone, weekStart: weekStart))
    }

    private func hours(_ grid: IntervalGrid) -> [Double] {
        (0..<grid.count).map { Double(grid[$0].upperBound - grid[$0].lowerBound) / 3_600_000 }
    }

    @Test func daysHave23And25HoursWhenNewYorksClocksChange() throws {
        let spring = try grid(.day, "2024-03-09T05:00:00Z", "2024-03-12T04:00:00Z", "America/New_York")
        #expect(spring.labels == ["2024-03-09", "2024-03-10", "2024-03-11"])
        #expect(hours(spring) == [24, 23, 24])
        let autumn = try grid(.day, "2024-11-02T04:00:00Z", "2024-11-05T05:00:00Z", "America/New_York")
        #expect(hours(autumn) == [24, 25, 24])
    }

    @Test func theRepeatedHourIsTwoPeriods() throws {
        let grid = try grid(.hour, "2024-11-03T04:00:00Z", "2024-11-03T08:00:00Z", "America/New_York")
        #expect(
            grid.labels == [
                "2024-11-03T00:00:00-04:00", "2024-11-03T01:00:00-04:00", "2024-11-03T01:00:00-05:00",
                "2024-11-03T02:00:00-05:00",
            ])
    }

    @Test func hoursOfHalfHourZonesStartOnTheLocalHour() throws {
        let grid = try grid(.hour, "2024-06-10T00:00:00Z", "2024-06-10T02:00:00Z", "Asia/Kolkata")
        #expect(
            grid.labels == [
                "2024-06-10T05:00:00+05:30", "2024-06-10T06:00:00+05:30", "2024-06-10T07:00:00+05:30",
            ])
        #expect(hours(grid) == [0.5, 1, 0.5])
        #expect(grid.isPartial(0) && !grid.isPartial(1) && grid.isPartial(2))
    }

    @Test func aChangeOfHalfAnHourCutsAnHourShort() throws {
        // Lord Howe goes from 02:00 to 02:30 on 2024-10-06 (15:30 UTC the day before).
        let grid = try grid(.hour, "2024-10-05T14:30:00Z", "2024-10-05T17:00:00Z", "Australia/Lord_Howe")
        #expect(
            grid.labels == [
                "2024-10-06T01:00:00+10:30", "2024-10-06T02:30:00+11:00", "2024-10-06T03:00:00+11:00",
            ])
        #expect(hours(grid) == [1, 0.5, 1])
    }

    @Test func aDayWithoutMidnightStartsAtTheEndOfTheGap() throws {
        // Beirut's clocks go from 00:00 to 01:00 on 2024-03-31.
        let grid = try grid(.day, "2024-03-29T22:00:00Z", "2024-04-01T21:00:00Z", "Asia/Beirut")
        #expect(grid.labels == ["2024-03-30", "2024-03-31", "2024-04-01"])
        #expect(hours(grid) == [24, 23, 24])
    }

    @Test func aMidnightThatComesTwiceStartsTheDayTheFirstTime() throws {
        // Havana's clocks go from 01:00 back to 00:00 on 2024-11-03.
        let grid = try grid(.day, "2024-11-02T04:00:00Z", "2024-11-04T05:00:00Z", "America/Havana")
        #expect(grid.labels == ["2024-11-02", "2024-11-03"])
        #expect(hours(grid) == [24, 25])
    }

    @Test func theDayThatSamoaSkippedHasNoPeriod() throws {
        let grid = try grid(.day, "2011-12-29T10:00:00Z", "2012-01-01T10:00:00Z", "Pacific/Apia")
        #expect(grid.labels == ["2011-12-29", "2011-12-31", "2012-01-01"])
        #expect(hours(grid) == [24, 24, 24])
        #expect(grid.index(of: milliseconds("2011-12-30T09:59:59Z")) == 0)
        #expect(grid.index(of: milliseconds("2011-12-30T10:00:00Z")) == 1)
    }

    @Test func theMinutesThatStJohnsRepeatedBelongToTheNewDay() throws {
        // On 2010-11-07 at 00:01 the clocks went back to 23:01 of the day before.
        let clock = LocalClock(timeZone: try #require(TimeZone(identifier: "America/St_Johns")))
        let start = clock.start(of: CivilDate(year: 2010, month: 11, day: 7))
        #expect(start == milliseconds("2010-11-07T02:30:00Z"))
        #expect(clock.start(of: CivilDate(year: 2010, month: 11, day: 8)) - start == 25 * 3_600_000)
    }

    @Test func weeksAndMonthsAreCutToTheRangeAndKeepTheirNames() throws {
        let weeks = try grid(.week, "2024-06-11T15:00:00Z", "2024-06-20T15:00:00Z", "Asia/Seoul")
        #expect(weeks.labels == ["2024-06-10", "2024-06-17"])
        #expect(weeks.isPartial(0) && weeks.isPartial(1))
        #expect(weeks.index(of: milliseconds("2024-06-11T14:59:59Z")) == nil)
        #expect(weeks.index(of: milliseconds("2024-06-11T15:00:00Z")) == 0)
        #expect(weeks.index(of: milliseconds("2024-06-20T14:59:59Z")) == 1)
        #expect(weeks.index(of: milliseconds("2024-06-20T15:00:00Z")) == nil)
        let months = try grid(.month, "2023-12-31T15:00:00Z", "2024-03-31T15:00:00Z", "Asia/Seoul")
        #expect(months.labels == ["2024-01-01", "2024-02-01", "2024-03-01"])
        #expect(hours(months) == [744, 696, 744])
        #expect(!months.isPartial(0) && !months.isPartial(2))
    }

    @Test func gridsThatWouldBeTooLongAreRefused() throws {
        let range = milliseconds("1970-01-01T00:00:00Z")..<milliseconds("2199-12-31T00:00:00Z")
        #expect(IntervalGrid(.hour, over: range, in: .gmt) == nil)
        #expect(IntervalGrid(.day, over: range, in: .gmt)?.count == 84_005)
    }

    @Test func theRangeBeforeHasAsManyDaysOrMonths() throws {
        let days = try grid(.day, "2024-03-09T05:00:00Z", "2024-03-12T04:00:00Z", "America/New_York")
        #expect(days.precedingRange == milliseconds("2024-03-06T05:00:00Z")..<milliseconds("2024-03-09T05:00:00Z"))
        let months = try grid(.month, "2024-03-01T00:00:00Z", "2024-05-01T00:00:00Z", "UTC")
        #expect(months.precedingRange == milliseconds("2024-01-01T00:00:00Z")..<milliseconds("2024-03-01T00:00:00Z"))
        let hours = try grid(.hour, "2024-03-01T01:00:00Z", "2024-03-01T04:00:00Z", "UTC")
        #expect(hours.precedingRange == milliseconds("2024-02-29T22:00:00Z")..<milliseconds("2024-03-01T01:00:00Z"))
    }

    @Test func thePeriodBeforeIsWhole() throws {
        let week = try grid(.week, "2024-06-11T15:00:00Z", "2024-06-20T15:00:00Z", "Asia/Seoul")
        #expect(week.startingWhole.range.lowerBound == milliseconds("2024-06-09T15:00:00Z"))
        #expect(week.precedingStart == milliseconds("2024-06-02T15:00:00Z"))
        let month = try grid(.month, "2024-03-15T00:00:00Z", "2024-04-01T00:00:00Z", "UTC")
        #expect(month.precedingStart == milliseconds("2024-02-01T00:00:00Z"))
        let apia = try grid(.day, "2011-12-30T10:00:00Z", "2012-01-01T10:00:00Z", "Pacific/Apia")
        #expect(apia.precedingStart == milliseconds("2011-12-29T10:00:00Z"))
        let hour = try grid(.hour, "2024-10-05T15:30:00Z", "2024-10-05T17:00:00Z", "Australia/Lord_Howe")
        #expect(hour.precedingStart == milliseconds("2024-10-05T14:30:00Z"))
    }

    @Test(arguments: 0..<Seeds.count(60))
    func gridsAgreeWithFoundationsCalendarOnRandomTimes(seed: Int) throws {
        var dice = SeededRandom(seed)
        let zone = try #require(TimeZone(identifier: testZones[seed % testZones.count]))
        let weekStart: WeekStart = dice.chance(50) ? .sunday : .monday
        let calendar = SlowCalendar(zone, weekStart)
        for _ in 0..<8 {
            let period = dice.pick(Period.allCases)
            // From 2009 to 2031; whole days or any millisecond.
            let clock = LocalClock(timeZone: zone)
            var start = Int64(dice.roll(1_230_768_000...1_924_992_000)) * 1000
            var end =
                start + Int64(dice.roll(1...(period == .hour ? 90 : 300))) * 3_600_000 * (period == .hour ? 1 : 24)
            if dice.chance(70) {
                start = clock.start(of: clock.date(at: start))
                end = clock.start(of: clock.date(at: end).adding(days: 1))
            }
            let grid = try #require(IntervalGrid(period, over: start..<end, in: zone, weekStart: weekStart))
            let context = "seed \(seed) \(zone.identifier) \(period) \(weekStart) \(start)..<\(end)"
            var times: [Int64] = (0..<60).map { _ in Int64.random(in: start..<end, using: &dice) }
            times += (0..<grid.count).flatMap { [grid[$0].lowerBound, grid[$0].upperBound - 1] }.shuffled(using: &dice)
                .prefix(60)
            for time in times {
                let position = try #require(grid.index(of: time), "\(context) \(time)")
                #expect(grid[position].contains(time), "\(context) \(time)")
                #expect(
                    calendar.label(period, grid[position].lowerBound) == calendar.label(period, time),
                    "\(context) \(time)")
                if period != .hour {
                    #expect(grid.label(position) == calendar.label(period, time), "\(context) \(time)")
                }
                // The period before is another one, so that none is cut in two.
                if position > 0 {
                    #expect(
                        calendar.label(period, grid[position].lowerBound - 1) != calendar.label(period, time),
                        "\(context) \(time)")
                }
            }
            #expect(grid.index(of: start - 1) == nil && grid.index(of: end) == nil, "\(context)")
        }
    }

    @Test func indexesOfUnevenBoundariesAgreeWithALinearSearch() {
        for seed in 0..<Seeds.count(300) {
            var dice = SeededRandom(seed)
            var boundaries = [Int64(dice.roll(-1_000_000...1_000_000))]
            for _ in 0..<dice.roll(1...40) {
                boundaries.append(
                    boundaries.last! + Int64(dice.chance(10) ? 0 : dice.roll(1...dice.pick([3, 1_000, 1_000_000]))))
            }
            boundaries.append(boundaries.last! + 1)
            let index = BoundaryIndex(boundaries)
            for _ in 0..<200 {
                let time = Int64.random(in: boundaries.first! - 5...boundaries.last! + 5, using: &dice)
                let slow = (0..<index.count).first { boundaries[$0] <= time && time < boundaries[$0 + 1] } ?? -1
                #expect(index.position(of: time) == slow, "seed \(seed) time \(time) \(boundaries)")
            }
        }
    }
}
