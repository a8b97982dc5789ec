import EventLog
import Foundation
import People
import State
import Testing

struct DeletionTests {
    private struct Counting: PersonEraser {
        func erase(ids: [String]) throws -> [String: Int] { ["memberships": ids.count] }
    }

    @Test func aDeletedPersonIsInNoTableAndNoFileAndDoesNotComeBack() throws {
        let bench = try Bench(erasers: [Counting()])
        let secret = "정말비밀이름"
        bench.log.add([
            event("device-7", "Page Viewed"),
            event(
                "kim-7@example.com", "Identified",
                [
                    "anonymousId": .string("device-7"), "name": .string(secret), "email": .string("kim-7@example.com"),
                    "note": .string("zanzibar"),
                ]),
            event("kim-7@example.com", "Group Joined", ["groupId": .string("acme"), "plan": .string("free")]),
            event("lee", "Group Joined", at: 500, ["groupId": .string("acme"), "plan": .string("pro")]),
            event("lee", "Identified", ["anonymousId": .string("device-7")]),
        ])
        try bench.catchUp()
        #expect(try bench.people.groupTraits(of: GroupID(type: "company", id: "acme")) == ["plan": .string("free")])
        let receipt = try bench.people.delete("device-7")
        #expect(
            receipt.counts == [
                "ids": 2, "events": 3, "traits": 3, "consents": 0, "devices": 0, "groups": 1, "memberships": 2,
            ])
        #expect(receipt.digest.count == 64 && receipt.finishedTime == Bench.now && !receipt.needsRebuild)
        #expect(try bench.people.receipts() == [receipt])
        #expect(try bench.people.groupTraits(of: GroupID(type: "company", id: "acme")) == ["plan": .string("pro")])
        #expect(bench.people.gate.verdict(id: "kim-7@example.com") == .suppressed)
        #expect(try !bench.people.mayTrack("device-7"))

        // What slips through is not applied, and nobody is joined to a deleted id.
        bench.log.add([
            event("kim-7@example.com", "Page Viewed"),
            event("lee", "Page Viewed", ["anonymousId": .string("device-7")]),
        ])
        let changes = try bench.catchUp()
        #expect(changes.suppressedEvents == 1)
        #expect(try bench.people.counts().persons == 1)
        #expect(throws: PeopleError.self) { try bench.people.delete("kim-7@example.com") }

        try bench.state.checkpoint()
        for name in try FileManager.default.contentsOfDirectory(atPath: bench.path) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.path + "/" + name))
            for word in [secret, "kim-7", "device-7", "zanzibar"] {
                #expect(bytes.range(of: Data(word.utf8)) == nil, "'\(word)' is in \(name)")
            }
        }
    }

    @Test func aDeletionThatWasInterruptedIsCarriedToItsEnd() throws {
        struct Failing: Error {}
        final class Unwilling: PersonEraser {
            func erase(ids: [String]) throws -> [String: Int] { throw Failing() }
        }
        let bench = try Bench(erasers: [Unwilling()])
        bench.log.add([event("kim", "Page Viewed"), event("lee", "Page Viewed")])
        try bench.catchUp()
        #expect(throws: Failing.self) { try bench.people.delete("kim") }
        let begun = try #require(try bench.people.receipts().first)
        #expect(begun.finishedTime == nil)
        // A new process finds what is left to do.
        let next = try PeopleService(state: bench.state, log: bench.log, now: { Bench.now })
        #expect(next.isSuppressed("kim"))
        try next.resumeDeletions()
        #expect(try next.receipt(begun.id)?.finishedTime == Bench.now)
        #expect(bench.log.all.map(\.event.person) == ["lee"])
    }

    @Test func somebodyWhoComesBackOfTheirOwnWillIsLetIn() throws {
        let bench = try Bench()
        bench.log.add([event("kim", "Page Viewed")])
        try bench.catchUp()
        _ = try bench.people.delete("kim")
        bench.log.add([event("kim", "Page Viewed")])
        try bench.catchUp()
        #expect(try bench.people.release("kim", nextSequence: bench.log.next))
        #expect(try !bench.people.release("kim", nextSequence: bench.log.next))
        bench.log.add([event("kim", "Page Viewed")])
        try bench.catchUp()
        #expect(try bench.people.profile(of: "kim")?.visit.events == 1)
        let dump = try bench.dump()
        try bench.rebuild()
        #expect(try bench.dump() == dump)
    }

    @Test func idsThatWereNeverSeenCanBeSuppressed() throws {
        let bench = try Bench()
        try bench.people.suppress(["spam"])
        bench.log.add([event("spam", "Page Viewed"), event("kim", "Page Viewed")])
        try bench.catchUp()
        #expect(try bench.people.counts().persons == 1)
        #expect(throws: PeopleError.self) { try bench.people.suppress(["kim"]) }
    }
}
