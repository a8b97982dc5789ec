import Analysis
import EventLog
import Foundation
import RandomCases
import State
import Testing

@testable import Audiences

struct ServiceTests {
    private let hour: Int64 = 3_600_000
    private let day: Int64 = 86_400_000

    @Test func anEventBringsAPersonInAndTimeTakesThemOutAgain() throws {
        let test = try TestWorkspace()
        try test.create("Buyers", #"did "Order" in the last 2 days"#)
        #expect(try test.happens("u1", "Order").entered == 1)
        #expect(try test.members("Buyers") == ["u1"])
        #expect(try test.announced() == ["u1 entered Buyers"])
        #expect(try test.service.nextDue() == TestWorkspace.start + 2 * day + 1)
        test.clock.now += 2 * day
        #expect(try test.service.evaluateDue().persons == 0)
        test.clock.now += 1
        #expect(try test.service.evaluateDue().left == 1)
        #expect(try test.members("Buyers").isEmpty)
        #expect(try test.announced() == ["u1 entered Buyers", "u1 left Buyers"])
        #expect(try test.service.nextDue() == nil)
        #expect(try test.service.audience("Buyers").size == 0)
    }

    @Test func everyAnnouncementHasAKeyOfItsOwnThatIsTheSameWhenItIsDecidedAgain() throws {
        let test = try TestWorkspace()
        try test.create("Buyers", #"did "Order" in the last 2 days"#)
        _ = try test.happens("u1", "Order")
        _ = try test.happens("u1", "Order")
        test.clock.now += 3 * day
        try test.service.evaluateDue()
        _ = try test.happens("u1", "Order")
        let keys = try test.entries("events").map(\.key)
        #expect(keys.count == 3)
        #expect(Set(keys).count == 3)
        #expect(keys[0] == "audience/1/1/1")
        let event = try #require(try test.events().first)
        #expect(event.time == TestWorkspace.start)
        #expect(event.audienceID == 1)
    }

    @Test func anEventThatNoAudienceMentionsEvaluatesNobody() throws {
        let test = try TestWorkspace()
        try test.create("Buyers", #"did "Order""#)
        #expect(try test.happens("u1", "Page Viewed").persons == 0)
        #expect(try test.happens("u1", "Order").persons == 1)
        try test.create("Active", "did any event in the last 1 day")
        #expect(try test.happens("u1", "Page Viewed").persons == 1)
    }

    @Test func factsCountAsSoonAsTheyChange() throws {
        let test = try TestWorkspace()
        try test.create("Reachable in Seoul", #"trait city = "서울" and consents to push"#)
        test.people["u1"] = TestPerson(traits: ["city": .string("서울")])
        #expect(try test.service.evaluate([PersonChange("u1", factsChanged: true)]).entered == 0)
        test.people["u1"]?.consents.insert(ConsentQuestion("push"))
        #expect(try test.service.evaluate([PersonChange("u1", factsChanged: true)]).entered == 1)
        test.people["u1"]?.mayBeProfiled = false
        #expect(try test.service.evaluate([PersonChange("u1", factsChanged: true)]).left == 1)
    }

    @Test func aNewAudienceFindsThoseWhoAlreadyBelongToIt() throws {
        let people = TestPeople(["u1": TestPerson(), "u2": TestPerson(), "u3": TestPerson()])
        let events = ["u1", "u1", "u2"].map { Event(person: $0, name: "Order", time: TestWorkspace.start - 1) }
        let test = try TestWorkspace(people, TestHistory(events))
        let audience = try test.create("Twice", #"did "Order" at least 2 times"#)
        #expect(audience.size == 1)
        #expect(audience.version == 1)
        #expect(audience.evaluatedTime == TestWorkspace.start)
        #expect(try test.members("Twice") == ["u1"])
        try test.create("Never", #"did not "Order""#)
        #expect(try test.members("Never") == ["u3"])
        #expect(try test.service.list().map(\.name) == ["Twice", "Never"])
        #expect(try test.service.audiences(of: "u1").map(\.name) == ["Twice"])
    }

    @Test func aChangedDefinitionChangesItsMembersAndThoseOfAudiencesThatMentionIt() throws {
        let people = TestPeople(["u1": TestPerson(), "u2": TestPerson()])
        let events = ["u1", "u1", "u2"].map { Event(person: $0, name: "Order", time: TestWorkspace.start - 1) }
        let test = try TestWorkspace(people, TestHistory(events))
        try test.create("Buyers", #"did "Order" at least 2 times"#)
        try test.create("Others", #"not in audience "Buyers""#)
        #expect(try test.members("Others") == ["u2"])
        let changed = try test.service.update(
            "Buyers",
            to: AudienceDefinition("Buyers", description: "x", where: AudiencePredicate(text: #"did "Order""#)))
        #expect(changed.version == 2)
        #expect(try test.members("Buyers") == ["u1", "u2"])
        #expect(try test.members("Others").isEmpty)
        #expect(
            try test.service.versions("Buyers").map(\.predicate?.text) == [
                #"did "Order" at least 2 times"#, #"did "Order""#,
            ])
        // Applying the same once more changes nothing.
        #expect(try !test.service.apply(changed.definition))
        #expect(try test.service.audience("Buyers").version == 2)
    }

    @Test func definitionsThatCannotBeAreRefused() throws {
        let test = try TestWorkspace()
        try test.create("a", "everyone")
        try test.create("b", #"in audience "a""#)
        func code<Value>(_ body: () throws -> Value) -> AudienceError.Code? { refusal(body)?.code }
        #expect(code { try test.create("a", "everyone") } == .exists)
        #expect(code { try test.create("c", #"in audience "nobody""#) } == .invalid)
        #expect(code { try test.create("c", #"in audience "c""#) } == .cycle)
        let circle = AudienceDefinition("a", where: .audience("b"))
        #expect(code { try test.service.update("a", to: circle) } == .cycle)
        #expect(code { try test.service.update("a", to: AudienceDefinition("a", where: nil)) } == .invalid)
        #expect(code { try test.service.update("a", to: AudienceDefinition("z", where: .everyone)) } == .inUse)
        #expect(code { try test.service.update("b", to: AudienceDefinition("a", where: .everyone)) } == .exists)
        #expect(code { try test.service.update("b", to: circle, version: 7) } == .conflict)
        #expect(code { try test.service.delete("a") } == .inUse)
        #expect(code { try test.service.audience("A") } == .notFound)
        try test.service.delete("b")
        try test.service.delete("a")
        #expect(try test.service.list().isEmpty)
    }

    @Test func aListIsKeptByHand() throws {
        let people = TestPeople(["u1": TestPerson(), "u2": TestPerson(), "u3": TestPerson()])
        let test = try TestWorkspace(people, TestHistory([], merges: [Merge(alias: "old u2", person: "u2")]))
        test.history.append(Event(person: "old u2", name: "Order", time: TestWorkspace.start))
        try test.service.create(AudienceDefinition("Press", where: nil))
        try test.create("Not press", #"not in audience "Press""#)
        let (added, unknown) = try test.service.add(["u1", "old u2", "u2", "nobody"], to: "Press")
        #expect(added == 2)
        #expect(unknown == ["nobody"])
        #expect(try test.members("Press") == ["u1", "u2"])
        #expect(try test.members("Not press") == ["u3"])
        #expect(try test.service.remove(["u1", "u3"], from: "Press").removed == 1)
        #expect(try test.members("Not press") == ["u1", "u3"])
        #expect(throws: AudienceError.self) { try test.service.add(["u1"], to: "Not press") }
        // An evaluation of everybody leaves lists alone.
        try test.service.evaluateAll()
        #expect(try test.members("Press") == ["u2"])
    }

    @Test func whoGoesIntoAnotherPersonTakesTheMembershipsAlong() throws {
        let test = try TestWorkspace()
        try test.create("Buyers", #"did "Order""#)
        _ = try test.happens("anonymous", "Order")
        test.clock.now += hour
        _ = try test.happens("u1", "Page Viewed")
        try test.clearOutbox()
        test.history.merge("anonymous", into: "u1")
        test.people["anonymous"] = nil
        try test.service.absorb("anonymous", into: "u1")
        try test.service.evaluate([PersonChange("u1", factsChanged: true)])
        #expect(try test.members("Buyers") == ["u1"])
        #expect(try test.announced().isEmpty)
        #expect(
            try test.service.members("Buyers").members == [AudienceMember(person: "u1", since: TestWorkspace.start)])
        // Two members that become one are one.
        _ = try test.happens("u2", "Order")
        test.history.merge("u2", into: "u1")
        test.people["u2"] = nil
        try test.service.absorb("u2", into: "u1")
        #expect(try test.service.audience("Buyers").size == 1)
    }

    @Test func aDeletedPersonLeavesNothingBehindAndNoEvent() throws {
        let test = try TestWorkspace()
        let person = "somebody who will be forgotten"
        try test.create("Buyers", #"did "Order" in the last 9 days"#)
        _ = try test.happens(person, "Order")
        try test.clearOutbox()
        test.people[person] = nil
        try test.service.forget(person)
        #expect(try test.members("Buyers").isEmpty)
        #expect(try test.service.audience("Buyers").size == 0)
        #expect(try test.announced().isEmpty)
        #expect(try test.service.nextDue() == nil)
        // An evaluation that comes too late does not bring them back.
        #expect(try test.service.evaluate([PersonChange(person, events: ["Order"])]).entered == 0)
        try test.state.checkpoint()
        let bytes = try Data(contentsOf: test.folder.appendingPathComponent("state.sqlite"))
        #expect(bytes.count > 0)
        #expect(bytes.range(of: Data(person.utf8)) == nil)
    }

    @Test func anAudienceThatWasNotEvaluatedBeforeACrashIsEvaluatedAtTheNextStart() throws {
        let people = TestPeople(["u1": TestPerson()])
        let test = try TestWorkspace(people)
        struct Broken: PersonFactsSource {
            struct Failure: Error {}
            func forEachPerson(_ needs: FactNeeds, _ body: (PersonFacts) throws -> Void) throws { throw Failure() }
            func facts(of persons: [String], _ needs: FactNeeds) throws -> [PersonFacts] { throw Failure() }
            func sample(_ count: Int, _ needs: FactNeeds) throws -> (persons: [PersonFacts], total: Int) {
                throw Failure()
            }
        }
        let broken = try AudienceService(state: test.state, history: test.history, facts: Broken())
        #expect(throws: Broken.Failure.self) { try broken.create(AudienceDefinition("All", where: .everyone)) }
        let service = try test.reopened()
        #expect(try service.audience("All").evaluatedTime == nil)
        #expect(try service.evaluatePending().entered == 1)
        #expect(try service.evaluatePending().persons == 0)
    }

    /// Whatever happens in whatever order, the members are those that an evaluation of everybody would find.
    @Test(arguments: 0..<12)
    func stepByStepAndAllAtOnceLeadToTheSameMembers(_ seed: Int) throws {
        let world = RandomWorld(seed &+ 300, persons: 6)
        let test = try TestWorkspace()
        var random = RandomPredicate(seed)
        for number in 1...6 {
            try test.service.create(AudienceDefinition("a\(number)", where: random.predicate()))
            random.audiences.append("a\(number)")
        }
        for (index, id) in world.people.keys.sorted().enumerated() {
            test.people[id] = world.people[id]
            try test.service.evaluate([PersonChange(id, factsChanged: true)])
            if index == 2 { try test.service.create(AudienceDefinition("late", where: random.predicate())) }
        }
        for event in world.events {
            let person = world.merges.first { $0.alias == event.person }?.person ?? event.person
            test.history.append(
                Event(person: person, name: event.name, time: event.time, properties: event.properties))
            try test.service.evaluate([PersonChange(person, events: [event.name])])
        }
        for _ in 0..<8 {
            test.clock.now += Int64(random.random.roll(1...40)) * 12 * hour
            while try test.service.evaluateDue(limit: 2).persons > 0 {}
            let before = try test.service.list().map { try test.members($0.name) }
            let sizes = try test.service.list().map(\.size)
            #expect(sizes == before.map(\.count), "seed \(seed)")
            let report = try test.service.evaluateAll()
            #expect(report.entered == 0 && report.left == 0, "seed \(seed): \(report)")
            #expect(try test.service.list().map { try test.members($0.name) } == before, "seed \(seed)")
        }
        // Every coming and going was announced once.
        var inside: Set<String> = []
        for event in try test.events() {
            let place = "\(event.person) \(event.audience)"
            if event.name == Vocabulary.audienceEntered {
                #expect(inside.insert(place).inserted, "seed \(seed): \(place) entered twice")
            } else {
                #expect(inside.remove(place) != nil, "seed \(seed): \(place) left without having entered")
            }
        }
        let stored = try test.service.list().flatMap { audience in
            try test.members(audience.name).map { "\($0) \(audience.name)" }
        }
        #expect(inside == Set(stored), "seed \(seed)")
    }

    @Test func anEvaluationOfEverybodyDoesNotUndoWhatHappensMeanwhile() async throws {
        let test = try TestWorkspace(TestPeople(), TestHistory())
        try test.create("Buyers", #"did "Order""#)
        for number in 0..<50 { test.people["u\(number)"] = TestPerson() }
        let service = test.service
        let (history, clock) = (test.history, test.clock)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for _ in 0..<10 { _ = try? service.evaluateAll() } }
            group.addTask {
                for number in 0..<50 {
                    history.append(Event(person: "u\(number)", name: "Order", time: clock.now))
                    _ = try? service.evaluate([PersonChange("u\(number)", events: ["Order"])])
                }
            }
        }
        #expect(try test.members("Buyers").count == 50)
        #expect(try test.announced().count == 50)
    }
}
