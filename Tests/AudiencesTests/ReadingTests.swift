import Analysis
import EventLog
import Foundation
import RandomCases
import State
import Testing

@testable import Audiences

/// Explanations, previews, sizes, overlaps and exports.
struct ReadingTests {
    private let hour: Int64 = 3_600_000
    private let day: Int64 = 86_400_000

    private func shop() throws -> TestWorkspace {
        let people = TestPeople([
            "u1": TestPerson(
                traits: [
                    "city": .string("서울"), "email": .string(" Kim.Dan@Gmail.com "), "phone": .string("010-1234-5678"),
                ],
                consents: [ConsentQuestion("ads")]),
            "u2": TestPerson(traits: ["city": .string("부산"), "email": .string("lee@example.com")]),
            "u3": TestPerson(traits: ["name": .string("=1+1, \"x\"")], consents: [ConsentQuestion("ads")]),
        ])
        var events: [Event] = []
        for (person, total) in [("u1", 30_000.0), ("u1", 40_000), ("u2", 50_000)] {
            events.append(
                Event(
                    person: person, name: "Order", time: TestWorkspace.start - hour,
                    properties: [.init("total", .number(total))]))
        }
        return try TestWorkspace(people, TestHistory(events))
    }

    @Test func anExplanationShowsTheValueOfEachPart() throws {
        let test = try shop()
        try test.create("Seoul", #"trait city = "서울""#)
        try test.create(
            "VIP",
            #"did "Order" at least 2 times and did "Order" with sum of total >= 100000 or in audience "Seoul" and not consents to push"#
        )
        let explanation = try test.service.explain("VIP", person: "u1")
        #expect(explanation.isMember)
        #expect(explanation.since == TestWorkspace.start)
        #expect(explanation.holds == true)
        let root = try #require(explanation.predicate)
        #expect(root.kind == "or")
        #expect(root.found.en == "1 of 2 conditions hold")
        #expect(root.found.ko == "조건 2개 중 1개 충족")
        let first = try #require(root.parts.first)
        #expect(!first.holds)
        #expect(first.parts.map(\.holds) == [true, false])
        #expect(first.parts[0].text == #"did "Order" at least 2 times"#)
        #expect(first.parts[0].found.en == "2 times (needed: at least 2 times)")
        #expect(first.parts[0].found.ko == "2번 (기준: 2번 이상)")
        #expect(first.parts[1].found.en == "sum of total: 70000 (needed: at least 100000)")
        #expect(first.parts[1].found.ko == "total 합계: 70000 (기준: 100000 이상)")
        let second = root.parts[1]
        #expect(second.parts[0].found.ko == "그 오디언스에 속함")
        #expect(second.parts[0].parts.first?.found.en == "is \"서울\"")
        #expect(second.parts[1].kind == "not")
        #expect(second.parts[1].found.ko == "동의하지 않음")
        #expect(try test.service.explain("VIP", person: "u3").predicate?.holds == false)
        #expect(throws: AudienceError.self) { try test.service.explain("VIP", person: "nobody") }
    }

    @Test func anExplanationSaysWhenTimeAloneChangesTheAnswer() throws {
        let test = try shop()
        try test.create("Recent", #"last did "Order" in the last 2 days"#)
        let explanation = try test.service.explain("Recent", person: "u1")
        #expect(explanation.nextChange == TestWorkspace.start - hour + 2 * day + 1)
        #expect(explanation.predicate?.found.en == "last time: 2024-03-31T08:30:00+09:00")
        #expect(try test.service.explain("Recent", person: "u3").predicate?.found.ko == "한 적 없음")
    }

    /// The parts of an explanation never contradict the evaluation.
    @Test(arguments: 0..<15)
    func anExplanationAgreesWithTheMembership(_ seed: Int) throws {
        let world = RandomWorld(seed &+ 50, persons: 5)
        let test = try TestWorkspace(TestPeople(world.people), TestHistory(world.events, merges: world.merges))
        test.clock.now = world.now
        var random = RandomPredicate(seed)
        for number in 1...5 {
            try test.service.create(AudienceDefinition("a\(number)", where: random.predicate()))
            random.audiences.append("a\(number)")
        }
        for audience in try test.service.list() {
            for person in test.people.ids {
                let explanation = try test.service.explain(audience.name, person: person)
                #expect(explanation.isMember == explanation.holds, "seed \(seed)")
                if explanation.mayBeProfiled {
                    #expect(explanation.predicate?.holds == explanation.holds, "seed \(seed): \(audience.definition)")
                }
            }
        }
    }

    @Test func aPreviewCountsWithoutKeepingAnything() throws {
        let test = try shop()
        let preview = try test.service.preview(AudiencePredicate(text: #"did "Order""#))
        #expect(preview.size == 2)
        #expect(preview.isExact)
        #expect(preview.sample == ["u1", "u2"])
        #expect(preview.persons == 3)
        #expect(try test.service.preview(AudiencePredicate(text: #"did not "Order""#), exactly: true).sample == ["u3"])
        #expect(try test.service.list().isEmpty)
        #expect(throws: AudienceError.self) { try test.service.preview(.audience("nobody")) }
    }

    @Test func aPreviewOfManyIsAnEstimateWithAnIntervalThatHoldsTheTruth() throws {
        let test = try TestWorkspace()
        var random = SeededRandom(4)
        var truth = 0
        for number in 0..<10_000 {
            let isMember = random.chance(30)
            truth += isMember ? 1 : 0
            test.people["u\(number)"] = TestPerson(roles: isMember ? ["partner"] : [])
        }
        let preview = try test.service.preview(AudiencePredicate(text: "role is partner"))
        #expect(!preview.isExact)
        #expect(preview.low...preview.high ~= truth)
        #expect(abs(preview.size - truth) < 500)
        #expect(preview.sample.count == 10)
    }

    @Test func sizesOverTimeCarryOnThroughQuietHours() throws {
        let test = try TestWorkspace()
        try test.create("Buyers", #"did "Order" in the last 5 hours"#)
        let start = TestWorkspace.start
        _ = try test.happens("u1", "Order")
        _ = try test.happens("u2", "Order")
        test.clock.now += 3 * hour
        _ = try test.happens("u3", "Order")
        test.clock.now += 3 * hour
        try test.service.evaluateDue()
        let sizes = try test.service.sizes("Buyers", by: .hour, from: start - hour, to: start + 7 * hour)
        #expect(sizes.map(\.size) == [0, 2, 2, 2, 3, 3, 3, 1, 1])
        #expect(sizes.map(\.entered) == [0, 2, 0, 0, 1, 0, 0, 0, 0])
        #expect(sizes.map(\.left) == [0, 0, 0, 0, 0, 0, 0, 2, 0])
        // 2024-03-31 09:30 in Seoul: everything happened on one day of the workspace.
        let days = try test.service.sizes("Buyers", by: .day, from: start - day, to: start + day)
        #expect(days.map(\.size) == [0, 1, 1])
        #expect(days.map(\.left) == [0, 2, 0])
        // A series that starts later knows what it starts with.
        #expect(
            try test.service.sizes("Buyers", by: .hour, from: start + 2 * hour, to: start + 3 * hour).first?.size == 2)
        #expect(throws: AudienceError.self) { try test.service.sizes("Buyers", by: .hour, from: 0, to: start) }
    }

    @Test func anOverlapCountsEveryCombination() throws {
        let test = try TestWorkspace()
        for (person, traits) in [("u1", "ab"), ("u2", "a"), ("u3", "abc"), ("u4", ""), ("u5", "ab")] {
            test.people[person] = TestPerson(traits: ["t": .string(traits)])
        }
        for name in ["a", "b", "c"] { try test.create(name, "trait t contains \"\(name)\"") }
        let overlap = try test.service.overlap(["a", "b", "c"])
        #expect(overlap.sizes == ["a": 4, "b": 3, "c": 1])
        #expect(overlap.inAll == 1)
        #expect(overlap.inAny == 4)
        #expect(overlap.regions.map(\.audiences) == [["a", "b"], ["a"], ["a", "b", "c"]])
        #expect(overlap.regions.map(\.persons) == [2, 1, 1])
        #expect(throws: AudienceError.self) { try test.service.overlap(["a", "a"]) }
        #expect(throws: AudienceError.self) { try test.service.overlap(["a"]) }
    }

    @Test func membersComeInPages() throws {
        let test = try TestWorkspace()
        for number in 0..<25 { test.people["u\(number)"] = TestPerson() }
        try test.create("All", "everyone")
        var seen: [String] = []
        var cursor: String?
        repeat {
            let page = try test.service.members("All", after: cursor, limit: 10)
            #expect(page.members.count <= 10)
            seen += page.members.map(\.person)
            cursor = page.next
        } while cursor != nil
        #expect(seen.count == 25)
        #expect(Set(seen).count == 25)
        #expect(throws: AudienceError.self) { try test.service.members("All", after: "x") }
    }

    private func export(_ body: ((Data) throws -> Void) throws -> Void) rethrows -> String {
        var text = Data()
        try body { text.append($0) }
        return String(decoding: text, as: UTF8.self)
    }

    @Test func membersAreWrittenAsTextAndObjects() throws {
        let test = try shop()
        try test.create("All", "everyone")
        let csv = try export { try test.service.export("All", as: .csv, traits: ["city", "name"], write: $0) }
        #expect(
            csv == """
                person,since,city,name
                u1,2024-03-31T00:30:00.000Z,서울,
                u2,2024-03-31T00:30:00.000Z,부산,
                u3,2024-03-31T00:30:00.000Z,,"'=1+1, ""x\"""

                """)
        let json = try export { try test.service.export("All", as: .json, traits: ["name"], write: $0) }
        let objects = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: String]])
        #expect(objects.map { $0["person"] } == ["u1", "u2", "u3"])
        #expect(objects[2]["name"] == "=1+1, \"x\"")
    }

    @Test func aHashedExportLeavesOutThoseWhoDoNotAllowItOrHaveNoAddress() throws {
        let test = try shop()
        try test.create("All", "everyone")
        var report = HashedExportReport()
        let text = try export {
            report = try test.service.exportHashed("All", for: .google, consent: ConsentQuestion("ads"), write: $0)
        }
        #expect(report.persons == 3)
        #expect(report.written == 1)
        #expect(report.refused == 1)
        #expect(report.withoutAddress == 1)
        let expected = "\(AdPlatform.hash("kimdan@gmail.com")),\(AdPlatform.hash("+821012345678"))"
        #expect(text == "Email,Phone\n\(expected)\n")
    }

    @Test func aWebhookGetsEveryMemberOnceEvenWhenItIsAskedForTwice() throws {
        let test = try TestWorkspace()
        for number in 0..<1_200 { test.people["u\(number)"] = TestPerson() }
        try test.create("All", "everyone")
        for _ in 0..<2 {
            #expect(try test.service.send("All", to: "https://example.com/hook", request: "r1") == 3)
        }
        let calls = try test.entries("webhook").map { try JSONDecoder().decode(WebhookCall.self, from: $0.payload) }
        #expect(calls.count == 3)
        struct Body: Decodable {
            struct Member: Decodable { var person: String }
            var audience: String
            var part: Int
            var last: Bool
            var members: [Member]
        }
        let bodies = try calls.map { try JSONDecoder().decode(Body.self, from: Data($0.body.utf8)) }
        #expect(bodies.map(\.part) == [0, 1, 2])
        #expect(bodies.map(\.last) == [false, false, true])
        #expect(Set(bodies.flatMap { $0.members.map(\.person) }).count == 1_200)
        #expect(throws: AudienceError.self) { try test.service.send("All", to: "file:///etc", request: "r2") }
    }
}
