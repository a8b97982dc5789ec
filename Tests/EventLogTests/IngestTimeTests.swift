import Foundation
import RandomCases
import Testing

@testable import EventLog

@Suite struct IngestTimeTests {
    private func read(_ text: String, _ format: TimeFormat, zone: String = "UTC") throws -> Int64? {
        var reader = try TimeReader(format, zone: zone)
        return Array(text.utf8).withUnsafeBytes { reader.read($0) }
    }

    @Test(arguments: [
        ("yyyyMMdd", "19970112", "1997-01-12T00:00:00Z"), ("yyyy-MM-dd", "2024-02-29", "2024-02-29T00:00:00Z"),
        ("yyyy-MM-dd HH:mm:ss", "2024-05-01 23:59:58", "2024-05-01T23:59:58Z"),
        ("d/M/yyyy H:mm", "1/12/2024 7:05", "2024-12-01T07:05:00Z"),
        ("MM/dd/yy hh:mm a", "05/01/24 12:30 AM", "2024-05-01T00:30:00Z"),
        ("MM/dd/yy h:mm a", "05/01/69 1:30 p.m.", "1969-05-01T13:30:00Z"),
        ("yyyy. M. d. a h:mm", "2024. 5. 1. 오후 3:04", "2024-05-01T15:04:00Z"),
        ("dd MMM yyyy", "07 Sept 2024", "2024-09-07T00:00:00Z"),
        ("EEE, d MMMM yyyy HH:mm:ss Z", "Wed, 1 May 2024 10:00:00 +0900", "2024-05-01T01:00:00Z"),
        ("yyyy-MM-dd'T'HH:mm:ssXXX", "2024-05-01T10:00:00-05:30", "2024-05-01T15:30:00Z"),
        ("yyyyDDD", "2024366", "2024-12-31T00:00:00Z"),
        ("yyyy''MM''dd", "2024'05'01", "2024-05-01T00:00:00Z"),
        ("%Y-%m-%d %H:%M:%S", "2024-05-01 10:20:30", "2024-05-01T10:20:30Z"),
        ("%d/%b/%Y:%H:%M:%S %z", "01/May/2024:10:20:30 +0200", "2024-05-01T08:20:30Z"),
        ("%F %T", "2024-05-01 10:20:30", "2024-05-01T10:20:30Z"), ("%Y%m%d", "20240501", "2024-05-01T00:00:00Z"),
        ("%m/%d/%y %I:%M %p", "5/1/24 1:05 PM", "2024-05-01T13:05:00Z"),
        ("%b %e %Y", "May  1 2024", "2024-05-01T00:00:00Z"), ("%s", "1714558830", "2024-05-01T10:20:30Z"),
        ("%j %Y", "60 2023", "2023-03-01T00:00:00Z"), ("%d%%%m%%%Y", "01%05%2024", "2024-05-01T00:00:00Z"),
    ])
    func patternsReadWhatTheySay(_ pattern: String, _ text: String, _ expected: String) throws {
        #expect(try read(text, TimeFormat(pattern)) == Ingest.time(expected))
    }

    @Test(arguments: [
        ("yyyy-MM-dd", "2023-02-29"), ("yyyy-MM-dd", "2024-5-01"), ("yyyy-MM-dd", "2024-05-01 "), ("yyyy-MM-dd", ""),
        ("yyyyMMdd", "20241301"),
        ("yyyy-MM-dd HH:mm", "2024-05-01 25:00"), ("yyyy-MM-dd HH:mm", "2024-05-01 10:60"),
        ("dd MMM yyyy", "01 Mai 2024"), ("yyyyDDD", "2023366"),
        ("MM/dd/yy hh:mm a", "05/01/24 13:30 AM"), ("iso8601", "2024-05-01T10"),
        ("iso8601", "2024-05-01T10:20:30+25:00"), ("iso8601", "2024-05-01T10:20:30Zz"),
        ("iso8601", "1714558830"), ("epoch", "2024-05-01"), ("epoch", "17e8"), ("epoch", ""), ("epoch-ms", "1.5x"),
        ("auto", "12345678"), ("auto", "yesterday"),
    ])
    func whatDoesNotFitIsNoTime(_ pattern: String, _ text: String) throws {
        #expect(try read(text, TimeFormat(pattern)) == nil)
    }

    @Test(
        arguments: [
            ("epoch", "1714558830", 1_714_558_830_000), ("epoch", "1714558830.5", 1_714_558_830_500),
            ("epoch", "-1", -1000), ("epoch-ms", "1714558830123", 1_714_558_830_123),
            ("epoch-us", "1714558830123456", 1_714_558_830_123), ("auto", "1714558830", 1_714_558_830_000),
            ("auto", "1714558830123", 1_714_558_830_123),
            ("auto", "2024-05-01T10:20:30Z", 1_714_558_830_000), ("auto", "20240501", 1_714_521_600_000),
            ("iso8601", "2016-12-31T23:59:60Z", 1_483_228_800_000), ("iso8601", "2024-05-01T24:00Z", 1_714_608_000_000),
        ] as [(String, String, Int64)])
    func numbersAndIsoTimesAreRead(_ format: String, _ text: String, _ expected: Int64) throws {
        #expect(try read(text, TimeFormat(format)) == expected)
    }

    @Test(arguments: [
        "yyyy-MM", "MM-dd", "yyyy-MM-dd 'open", "yyyy-MM-dd Q", "%Y-%m", "%Y-%m-%d %", "%Y-%m-%d %Q", "",
        "yyyy-MM-dd hh:mm", "yyyy-MM-dd HH:mm a", "dates",
    ])
    func anImpossiblePatternIsExplained(_ pattern: String) throws {
        let error = #expect(throws: ImportError.self) { try TimePattern(pattern) }
        #expect(error?.code == .mapping)
        #expect(error?.message.contains("the time format '\(pattern)'") == true)
    }

    @Test(arguments: ["Mars/Olympus", "", "EST5", "Asia/", "서울", "+09:00"])
    func anUnknownZoneIsExplained(_ zone: String) throws {
        let error = #expect(throws: ImportError.self) { try ZoneRules(identifier: zone) }
        #expect(error?.code == .mapping)
        #expect(error?.message.contains("'\(zone)'") == true)
    }

    @Test func aTimeInAGapMovesForwardAndADoubledTimeIsTheEarlier() throws {
        var newYork = try ZoneRules(identifier: "America/New_York")
        let gap = try Ingest.time("2024-03-10T02:30:00Z")
        #expect(try newYork.instant(local: gap) == Ingest.time("2024-03-10T07:30:00Z"))
        let twice = try Ingest.time("2024-11-03T01:30:00Z")
        #expect(try newYork.instant(local: twice) == Ingest.time("2024-11-03T05:30:00Z"))
        var apia = try ZoneRules(identifier: "Pacific/Apia")
        #expect(try apia.instant(local: Ingest.time("2011-12-30T12:00:00Z")) == Ingest.time("2011-12-30T22:00:00Z"))
        #expect(try apia.instant(local: Ingest.time("2011-12-31T12:00:00Z")) == Ingest.time("2011-12-30T22:00:00Z"))
    }

    /// Instants that Foundation writes as local time are read back, in zones with changes of all kinds. A local time
    /// that comes twice may be the other of its two instants, then the earlier.
    @Test(arguments: [
        "America/New_York", "Europe/London", "Asia/Seoul", "Australia/Lord_Howe", "America/Sao_Paulo",
        "Africa/Casablanca",
        "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Asia/Tehran", "Antarctica/Troll", "UTC",
    ])
    func localTimesAgreeWithFoundation(_ identifier: String) throws {
        let seed: UInt64 = 11
        var random = SeededRandom(seed)
        let zone = try #require(TimeZone(identifier: identifier))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        var rules = try ZoneRules(identifier: identifier)
        var instants = (0..<1500).map { _ in Int64.random(in: 0..<2_500_000_000, using: &random) }
        var transition = Date(timeIntervalSince1970: 0)
        while let next = zone.nextDaylightSavingTimeTransition(after: transition),
            next.timeIntervalSince1970 < 2_000_000_000
        {
            for _ in 0..<8 {
                instants.append(Int64(next.timeIntervalSince1970) + Int64.random(in: -10_000...10_000, using: &random))
            }
            transition = next
        }
        for instant in instants {
            let date = Date(timeIntervalSince1970: Double(instant))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
            let text = String(
                format: "%04d-%02d-%02d %02d:%02d:%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
                parts.hour ?? 0,
                parts.minute ?? 0, parts.second ?? 0)
            let civil = try #require(Array(text.utf8).withUnsafeBytes { CivilTime(iso8601: $0) })
            let read = rules.instant(local: civil.milliseconds)
            if read == instant * 1000 { continue }
            #expect(read < instant * 1000, "\(text) in \(identifier), seed \(seed)")
            #expect(read + rules.offset(at: read) == civil.milliseconds, "\(text) in \(identifier), seed \(seed)")
        }
    }

    @Test func everyDayOfFourHundredYearsAgreesWithFoundation() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: Int64(0), to: 146_097, by: 7) {
            let parts = calendar.dateComponents(
                [.year, .month, .day], from: Date(timeIntervalSince1970: Double(day) * 86_400))
            #expect(
                CivilTime.days(year: Int64(parts.year ?? 0), month: Int64(parts.month ?? 0), day: Int64(parts.day ?? 0))
                    == day)
        }
    }
}
