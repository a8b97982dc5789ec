import EventLog
import Foundation
import People
import RandomCases
import State
import Testing

/// Measured in release builds, with `DANGOL_SPEED=1`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["DANGOL_SPEED"] != nil), .serialized)
struct SpeedTests {
    private func plain(_ count: Int, persons: Int, first: UInt64) -> [StoredEvent] {
        var random = SeededRandom(first)
        return (0..<count).map { number in
            let person = Int.random(in: 0..<persons, using: &random)
            let viewed = event(
                "0190a6e0-7c1c-7e4e-8d3f-\(100_000_000_000 + person)", "Product Viewed",
                at: Int64(first) + Int64(number),
                [
                    "sku": .string("sku-1"), "price": .number(100), "context.page.url": .string("https://shop.kr/a"),
                    "context.locale": .string("ko-KR"), "context.timezone": .string("Asia/Seoul"),
                    "context.library.name": .string("analytics.js"), "context.userAgent": .string("Mozilla/5.0"),
                    "category": .string("shoes"),
                ])
            return StoredEvent(event: viewed, sequence: first + UInt64(number), receivedTime: 0)
        }
    }

    @Test(arguments: [(20_000, 10_000), (100_000, 10_000), (100_000, 1_000)])
    func plainEventsKeepUpWithCollection(_ persons: Int, _ size: Int) throws {
        let bench = try Bench()
        var spent = Duration.zero
        var measured = 0
        let rounds = 1_000_000 / size
        for round in 0..<rounds {
            let events = plain(size, persons: persons, first: UInt64(round * size))
            let start = ContinuousClock.now
            try bench.state.write { db in
                _ = try bench.people.projection.apply(events, next: UInt64((round + 1) * size), in: db)
            }
            // The first half makes the persons.
            if round >= rounds / 2 {
                spent += ContinuousClock.now - start
                measured += size
            }
        }
        print("\(persons) persons, batches of \(size): \(Int(Double(measured) / (spent / .seconds(1)))) events/s")
    }

    @Test func newPersonsAndSignInsAreTheDearPart() throws {
        let bench = try Bench()
        var events: [StoredEvent] = []
        for number in 0..<20_000 {
            let device = "0190a6e0-7c1c-7e4e-8d3f-\(100_000_000_000 + number)"
            for own in [
                event(device, "Page Viewed"),
                event(
                    "user-\(number)", "Identified", ["anonymousId": .string(device), "name": .string("김철수 \(number)")]),
            ] {
                events.append(StoredEvent(event: own, sequence: UInt64(events.count), receivedTime: 0))
            }
        }
        let start = ContinuousClock.now
        for from in stride(from: 0, to: events.count, by: 5_000) {
            try bench.state.write { db in
                _ = try bench.people.projection.apply(
                    Array(events[from..<from + 5_000]), next: UInt64(from + 5_000), in: db)
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("sign-ins of new persons: \(Int(Double(events.count) / seconds)) events/s")
        var query = PeopleQuery()
        for text in ["철수", "철수 199", "김", "user-19999", "ze"] {
            query.text = text
            let start = ContinuousClock.now
            let found = try bench.people.search(query).persons.count
            print("search '\(text)': \(found) in \(ContinuousClock.now - start)")
        }
        let scan = ContinuousClock.now
        let values = try bench.people.traitTable().values(of: "name").count
        print("one trait of \(values) persons in \(ContinuousClock.now - scan)")
        let facts = ContinuousClock.now
        var count = 0
        try bench.people.forEachFacts { _ in count += 1 }
        print("facts of \(count) persons in \(ContinuousClock.now - facts)")
    }
}
