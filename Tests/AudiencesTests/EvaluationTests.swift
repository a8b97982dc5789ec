import Analysis
import EventLog
import Foundation
import RandomCases
import Testing

@testable import Audiences

/// Everybody in a scan, one person alone, and a slow implementation give the same answers.
struct EvaluationTests {
    private struct Case {
        let world: RandomWorld
        let targets: [AudiencePlan.Target]
        let snapshot: Snapshot
        let plan: AudiencePlan

        init(_ seed: Int, segments: Int) throws {
            world = RandomWorld(seed)
            var random = RandomPredicate(seed)
            var targets: [AudiencePlan.Target] = []
            for id in 1...8 {
                targets.append(AudiencePlan.Target(id: Int64(id), name: "a\(id)", predicate: random.predicate()))
                random.audiences.append("a\(id)")
            }
            targets.append(AudiencePlan.Target(id: 9, name: "list", predicate: nil))
            targets.append(AudiencePlan.Target(id: 10, name: "of list", predicate: .audience("list")))
            self.targets = targets
            snapshot = try .inMemory(world.events, merges: world.merges, segmentCount: segments, chunkRows: 32)
            plan = try AudiencePlan(targets, zone: RandomWorld.zone)
        }

        func isStored(_ person: String, _ id: Int64) -> Bool { id == 9 && person.hasSuffix("1") }

        func slow(_ person: String, now: Int64) -> [String: Bool] {
            var slow = SlowAudience(
                person: world.people[person] ?? TestPerson(), events: world.history(of: person), now: now,
                zone: RandomWorld.zone)
            slow.members["list"] = isStored(person, 9)
            for target in plan.targets {
                if let predicate = target.predicate { slow.members[target.name] = slow.holds(predicate) }
            }
            return slow.members
        }

        func one(_ person: String, now: Int64) throws -> (members: [Bool], nextChange: Int64) {
            let evaluator = PersonEvaluator(
                try AudienceProgram(plan, snapshot), AudienceMoment(plan, now: now))
            let facts = try #require(world.people[person]).facts(person, plan.needs)
            try AudienceEvaluation.one(evaluator, snapshot, facts) { isStored(person, $0) }
            return (Array(evaluator.members), evaluator.nextChange)
        }
    }

    @Test(arguments: 0..<60)
    func aScanOnePersonAndTheDefinitionAgree(_ seed: Int) throws {
        let test = try Case(seed, segments: 1 + seed % 3)
        let ids = test.world.people.keys.sorted()
        let directory = PersonDirectory(
            ids.map { test.world.people[$0]?.facts($0, test.plan.needs) }.compactMap(\.self))
        let parts = try AudienceEvaluation.everybody(
            AudienceProgram(test.plan, test.snapshot), test.snapshot, directory, now: test.world.now, threads: 2
        ) { test.isStored(ids[$0], $1) }
        #expect(parts.flatMap(\.places).map { Int($0) }.sorted() == Array(ids.indices), "seed \(seed)")
        for part in parts {
            for (index, place) in part.places.enumerated() {
                let person = ids[Int(place)]
                let one = try test.one(person, now: test.world.now)
                let slow = test.slow(person, now: test.world.now)
                #expect(one.nextChange == part.nextChanges[index], "seed \(seed), \(person)")
                for (number, target) in test.plan.targets.enumerated() {
                    let text = target.predicate?.text ?? ""
                    #expect(part.isMember(index, number) == one.members[number], "seed \(seed), \(person): \(text)")
                    #expect(slow[target.name] == one.members[number], "seed \(seed), \(person): \(text)")
                }
            }
        }
    }

    /// Between now and the next change that is announced, nothing changes, however the time is chosen.
    @Test(arguments: 0..<40)
    func noAnswerChangesBeforeTheNextChange(_ seed: Int) throws {
        let test = try Case(seed &+ 1_000, segments: 1)
        var random = SeededRandom(seed)
        for person in test.world.people.keys.sorted().prefix(6) {
            var now = test.world.now
            for _ in 0..<12 {
                let (members, next) = try test.one(person, now: now)
                #expect(next > now, "seed \(seed)")
                let names = test.plan.targets.map(\.name)
                let end = min(next - 1, now + 500 * 86_400_000)
                for time in [end, Int64.random(in: now...end, using: &random)] {
                    let slow = test.slow(person, now: time)
                    let wrong = names.indices.filter { slow[names[$0]] != members[$0] }
                    #expect(
                        wrong.isEmpty,
                        """
                        seed \(seed), \(person), from \(now) to \(time): \
                        \(wrong.map { test.plan.targets[$0].predicate?.text ?? "" })
                        """)
                }
                if next == .max { break }
                now = next
            }
        }
    }

    @Test func conditionsThatAudiencesShareAreThereOnce() throws {
        let texts = [
            #"did "A" at least 2 times and trait x = 1"#, #"did "A" at least 2 times or did "A" in the last 3 days"#,
            #"trait x = 1 and did "A" where y = 1 and (did "A" where y = 1 in the last 3 days)"#,
        ]
        let targets = try texts.enumerated().map {
            AudiencePlan.Target(id: Int64($0), name: "\($0)", predicate: try AudiencePredicate(text: $1))
        }
        let plan = try AudiencePlan(targets, zone: .utc)
        #expect(plan.conditions.count == 5)
        #expect(plan.streams.count == 2)
        #expect(plan.eventNames == ["A"])
        #expect(plan.needs.traits == ["x"])
    }

    @Test func anAudienceComesAfterThoseThatItMentionsAndACircleIsAnError() throws {
        let a = AudiencePlan.Target(id: 1, name: "a", predicate: .audience("b"))
        let b = AudiencePlan.Target(id: 2, name: "b", predicate: .not(.audience("c")))
        let c = AudiencePlan.Target(id: 3, name: "c", predicate: .everyone)
        #expect(try AudiencePlan([a, b, c], zone: .utc).targets.map(\.name) == ["c", "b", "a"])
        #expect(try AudiencePlan([a, b, c], wanted: [2], zone: .utc).targets.map(\.name) == ["c", "b"])
        let circle = AudiencePlan.Target(id: 3, name: "c", predicate: .audience("a"))
        let error = #expect(throws: AudienceError.self) { try AudiencePlan([a, b, circle], zone: .utc) }
        #expect(error?.code == .cycle)
        #expect(error?.message.contains("'a' -> 'b' -> 'c' -> 'a'") == true)
    }

    @Test func aScanReadsOnlyFromTheEarliestWindowOn() throws {
        let now: Int64 = 1_711_845_000_000
        func earliest(_ text: String) throws -> Int64 {
            let plan = try AudiencePlan(
                [AudiencePlan.Target(id: 1, name: "a", predicate: AudiencePredicate(text: text))], zone: .utc)
            return AudienceMoment(plan, now: now).earliest
        }
        let day: Int64 = 86_400_000
        #expect(try earliest(#"did "A" in the last 3 days and did "B" in the last 5 days"#) == now - 5 * day)
        #expect(try earliest(#"did "A" in the last 3 days and did "B""#) == .min)
        #expect(try earliest(#"last did "A" in the last 3 days"#) == .min)
        #expect(try earliest(#"did "A" today in local time"#) <= now - 2 * day)
    }
}
