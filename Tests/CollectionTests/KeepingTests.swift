import EventLog
import Foundation
import State
import Testing

@testable import Collection

/// What is kept of wrong events, and who is not stored.
@Suite struct KeepingTests {
    private struct Gate: CollectionGate {
        let restrictsAnyone = true
        func admission(of id: String) -> Admission {
            switch id {
            case "gone": .suppressed
            case "shy": .refusesTracking
            default: .admitted
            }
        }
    }

    @Test func eventsOfPersonsWhoAreNotAdmittedAreCountedAndNotStored() async throws {
        let bench = try Bench(gate: Gate())
        let outcome = await bench.send(
            #"{"batch":[{"event":"a","userId":"gone"},{"event":"b","userId":"u","anonymousId":"gone"},{"event":"c","anonymousId":"shy"},{"event":"Consent Changed","userId":"shy","properties":{"purpose":"tracking","granted":true}},{"event":"d","userId":"u"}]}"#
        )
        #expect(outcome.status == 200)
        #expect(outcome.counts.suppressed == 2)
        #expect(outcome.counts.refused == 1)
        #expect(try bench.events().map(\.name) == ["Consent Changed", "d"])
        let posthog = await bench.send(#"{"event":"a","distinct_id":"gone"}"#, to: .posthog)
        let amplitude = await bench.send(#"{"events":[{"event_type":"a","user_id":"gone"}]}"#, to: .amplitude)
        #expect(posthog.status == 200 && amplitude.status == 200)
        #expect(bench.service.counts.suppressed == 4)
        #expect(try bench.events().count == 2)
    }

    private static let plan = TrackingPlan(events: [
        "Order Completed": .init(properties: [
            "total": .init(type: .number, required: true), "skus": .init(type: .list), "note": .init(type: .string),
        ]),
        "Sealed": .init(properties: ["a": .init()], others: false),
    ])

    private static let planned = #"""
        {"batch":[{"event":"Order Completed","userId":"u","properties":{"total":1,"skus":["a"],"more":1}},
        {"event":"Order Completed","userId":"u","properties":{"total":"1","note":true}},
        {"event":"Order Completed","userId":"u"},{"event":"Ordered","userId":"u"},
        {"type":"identify","userId":"u","traits":{"x":1}},
        {"event":"Sealed","userId":"u","anonymousId":"a","properties":{"a":1,"b":2},"context":{"os":{"name":"x"}}}]}
        """#

    @Test func violationsOfTheTrackingPlanAreCountedAndTheEventsStored() async throws {
        let bench = try Bench(settings: CollectionSettings(plan: Self.plan))
        let outcome = await bench.send(Self.planned)
        #expect(outcome.counts.stored == 6)
        #expect(outcome.counts.violations == 4)
        await bench.send(Self.planned)
        let violations = try bench.service.violations()
        let rows = violations.map {
            "\($0.violation.event)/\($0.violation.property)/\($0.violation.reason.rawValue) \($0.count)"
        }
        #expect(
            rows.sorted() == [
                "Order Completed/note/wrong_type 2", "Order Completed/total/missing_property 2",
                "Order Completed/total/wrong_type 2", "Ordered//unplanned_event 2", "Sealed/b/unplanned_property 2",
            ])
    }

    @Test func aStrictPlanMakesDeadLettersThatCanBeReplayed() async throws {
        var plan = Self.plan
        plan.strict = true
        let bench = try Bench(settings: CollectionSettings(plan: plan))
        let outcome = await bench.send(Self.planned)
        #expect(outcome.counts.stored == 2)
        #expect(outcome.counts.rejected == 4)
        let letters = try bench.service.deadLetters()
        #expect(letters.count == 4)
        #expect(
            letters.last?.reason
                == "the tracking plan gives 'note' another type; the tracking plan gives 'total' another type")

        plan.events["Ordered"] = TrackingPlan.Event()
        try bench.service.set(CollectionSettings(plan: plan))
        let result = try await bench.service.replay(letters.map(\.id))
        #expect(result.stored.count == 1)
        #expect(result.rejected.count == 3)
        #expect(try bench.service.deadLetterCount() == 3)
        let event = try #require(try bench.events().last)
        #expect(event.name == "Ordered")
        #expect(event.time == Bench.noon)
    }

    @Test func aReplayedEventKeepsItsCorrectedTime() async throws {
        var settings = CollectionSettings(plan: TrackingPlan(strict: true))
        let bench = try Bench(settings: settings)
        // The sender's clock is an hour ahead.
        await bench.send(
            #"{"sentAt":"2024-05-01T13:00:00Z","batch":[{"event":"a","userId":"u","timestamp":"2024-05-01T12:59:00Z"}]}"#
        )
        await bench.send(#"{"events":[{"event_type":"b","user_id":"u"}]}"#, to: .amplitude)
        await bench.send(#"{"event":"c","distinct_id":"u"}"#, to: .posthog)
        await bench.send(#"{"name":"d","userId":"u"}"#, to: .segment(.screen))
        settings.plan = nil
        try bench.service.set(settings)
        let letters = try bench.service.deadLetters().reversed().map(\.id)
        #expect(try await bench.service.replay(letters).stored == letters)
        #expect(try bench.events().map(\.name) == ["a", "b", "c", "Screen Viewed"])
        #expect(try bench.events()[0].time == Bench.noon - 60_000)
        await #expect(throws: CollectionError.self) { try await bench.service.replay([letters[0]]) }
    }

    @Test func theOldestDeadLettersMakeRoomAndAMinuteHasALimit() async throws {
        let bench = try Bench()
        let events = Array(repeating: "1", count: 700).joined(separator: ",")
        for _ in 0..<3 { await bench.send("{\"batch\":[\(events)]}") }
        #expect(try bench.service.deadLetterCount() == DeadLetter.perMinuteMax)
        #expect(bench.service.counts.rejected == 2_100)
        let store = CollectionStore(state: bench.state)
        var letter = try #require(try bench.service.deadLetters(limit: 1).first)
        let newest = letter.id
        letter.text = [UInt8](repeating: 0x20, count: 1 << 20)
        try store.add(Array(repeating: letter, count: 70))
        #expect(try store.deadLetterCount() == 64)
        #expect(try bench.service.deadLetters().allSatisfy { $0.id > newest })
        letter.text = []
        try store.add(Array(repeating: letter, count: DeadLetter.countMax + 5))
        #expect(try store.deadLetterCount() == DeadLetter.countMax)
    }

    @Test func settingsAreKept() throws {
        let bench = try Bench(settings: CollectionSettings(ip: .truncated, plan: Self.plan))
        let again = try CollectionService(log: bench.log, state: bench.state)
        #expect(again.settings == CollectionSettings(ip: .truncated, plan: Self.plan))
        #expect(throws: CollectionError.self) {
            try bench.service.set(CollectionSettings(plan: TrackingPlan(events: ["": .init()])))
        }
    }

    @Test func aPlanIsReadFromJSONWithDefaults() throws {
        let text =
            #"{"events":{"A":{"properties":{"x":{"type":"number","required":true},"y":{}}},"B":{}},"strict":true}"#
        let plan = try JSONDecoder().decode(TrackingPlan.self, from: Data(text.utf8))
        #expect(
            plan
                == TrackingPlan(
                    events: [
                        "A": .init(properties: ["x": .init(type: .number, required: true), "y": .init()]), "B": .init(),
                    ], strict: true))
    }

    /// Every event of a request went exactly one way.
    @Test func countsAddUpForAnyMixtureOfMessages() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = Mixer(seed)
        let parts = [
            #"{"event":"a","userId":"u","messageId":"1"}"#, #"{"event":"a","userId":"gone"}"#, #"{"userId":"u"}"#, "3",
            "{}",
            #"{"event":"b","anonymousId":"shy"}"#, #"{"type":"alias","userId":"u"}"#,
            #"{"event":"c","userId":"u","properties":{"a":{"b":1},"a.b":2}}"#,
            #"{"event":"d","userId":"u","properties":[1]}"#,
            #"{"event":"e","userId":"u","timestamp":"never"}"#, #"{"event":"f","userId":"u","context":7}"#,
            #"{"event":"g","userId":"u","properties":{"x":[{"y":1},{"z":[1,{"q":null}]}]}}"#,
        ]
        for _ in 0..<60 {
            let bench = try Bench(gate: Gate())
            let chosen = (0..<Int(random.next() % 12 + 1)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }
            let counts = await bench.send("{\"batch\":[\(chosen.joined(separator: ","))]}").counts
            let sum = counts.stored + counts.duplicates + counts.rejected + counts.suppressed + counts.refused
            #expect(sum == chosen.count, "seed \(seed): \(chosen)")
            #expect(try bench.events().count == counts.stored, "seed \(seed)")
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Mixer {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
