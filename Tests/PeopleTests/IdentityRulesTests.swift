import EventLog
import People
import Testing

struct IdentityRulesTests {
    struct Case: Sendable {
        var alias: IdentityRules.Side
        var person: IdentityRules.Side
        var cause: MergeRecord.Cause
        var apart = false
        var decision: IdentityRules.Decision
    }

    private static func side(_ person: Int64, user: Bool = false, ids: Int = 1) -> IdentityRules.Side {
        IdentityRules.Side(person: person, isIdentified: user, ids: ids)
    }

    private static let cases: [Case] = [
        Case(alias: side(1), person: side(2, user: true), cause: .identified, decision: .join),
        Case(alias: side(1), person: side(2), cause: .aliased, decision: .join),
        Case(alias: side(1), person: side(1), cause: .identified, decision: .same),
        Case(alias: side(1, user: true), person: side(1, user: true), cause: .merged, decision: .same),
        Case(
            alias: side(1, user: true), person: side(2, user: true), cause: .identified,
            decision: .refuse(.alreadyIdentified)),
        Case(alias: side(1, user: true), person: side(2), cause: .aliased, decision: .refuse(.alreadyIdentified)),
        Case(alias: side(1, user: true), person: side(2, user: true), cause: .merged, decision: .join),
        Case(alias: side(1), person: side(2), cause: .identified, apart: true, decision: .refuse(.keptApart)),
        Case(alias: side(1), person: side(2), cause: .merged, apart: true, decision: .join),
        Case(alias: side(1), person: side(2, ids: 999), cause: .identified, decision: .join),
        Case(alias: side(1), person: side(2, ids: 1_000), cause: .identified, decision: .refuse(.tooManyIDs)),
        Case(alias: side(1, ids: 600), person: side(2, ids: 600), cause: .merged, decision: .join),
    ]

    @Test(arguments: cases)
    func aMergeIsDecidedByTheTable(_ one: Case) {
        let decision = IdentityRules.decide(
            alias: one.alias, person: one.person, cause: one.cause, areApart: one.apart)
        #expect(decision == one.decision)
    }

    @Test(arguments: [
        ("0190a6e0-7c1c-7e4e-8d3f-2b1a0c9d8e7f", true), ("0190A6E07C1C7E4E8D3F2B1A0C9D8E7F", true),
        ("8f14e45f-ceea-467f-a0e6-1c2d3e4f5a6bR", true), ("user-1", false), ("kim@example.com", false),
        ("12345", false),
        ("cafe", false),
    ])
    func idsThatLibrariesMakeUpAreKnown(_ id: String, _ isGenerated: Bool) {
        #expect(IdentityRules.looksGenerated(id) == isGenerated)
    }

    @Test(arguments: ["NULL", "guest", "[object Object]", "0", "-1", "  ", "", "00000000-0000-0000-0000-000000000000"])
    func idsThatStandForNobodyAreBlocked(_ id: String) {
        #expect(BlockedIDs.contains(id))
        #expect(!BlockedIDs.contains(id + "x-real"))
    }
}

/// What happens to persons, event by event.
struct IdentityTests {
    private func profile(_ bench: Bench, _ id: String) throws -> Profile {
        try #require(try bench.people.profile(of: id))
    }

    @Test func theFirstUserOnADeviceGetsItsHistoryAndTheSecondKeepsTheirOwn() throws {
        let bench = try Bench()
        bench.log.add([
            event("device", "Page Viewed"),
            event("kim", "Identified", ["anonymousId": .string("device"), "name": .string("김철수")]),
            event("lee", "Identified", ["anonymousId": .string("device"), "name": .string("이영희")]),
            event("lee", "Order Completed", ["anonymousId": .string("device")]),
            event("device", "Page Viewed"),
        ])
        let changes = try bench.catchUp()
        let kim = try profile(bench, "kim")
        #expect(kim.identities.map(\.id) == ["device", "kim"])
        #expect(kim.visit.events == 3)
        #expect(kim.name == "김철수")
        let lee = try profile(bench, "lee")
        #expect(lee.identities.map(\.id) == ["lee"])
        #expect(lee.visit.events == 2)
        #expect(try profile(bench, "device").key == kim.key)
        let warning = try #require(try bench.people.warnings().first)
        #expect(warning.kind == .alreadyIdentified && warning.count == 2)
        #expect(changes.merged == [.init(person: "device", into: "kim")])
        #expect(try bench.people.pendingLogChanges().map(\.alias) == ["device"])
    }

    @Test func anAliasOfTwoUsersIsRefusedAndByHandItIsDone() async throws {
        let bench = try Bench()
        bench.log.add([
            event("kim", "Identified", ["city": .string("서울"), "age": .number(30)]),
            event("kim@work", "Identified", at: 900, ["city": .string("부산"), "team": .string("A")]),
            event("kim", "Aliased", ["previousId": .string("kim@work")]),
        ])
        try bench.catchUp()
        #expect(try bench.people.counts().persons == 2)
        let old = try profile(bench, "kim@work").key
        try await bench.people.merge("kim@work", into: "kim", by: "anna")
        try bench.catchUp()
        let kim = try profile(bench, old)
        #expect(kim.canonicalID == "kim")
        #expect(kim["city"] == .string("서울"))
        #expect(kim["team"] == .string("A"))
        #expect(kim.visit.createdTime == 900)
        #expect(kim.merges.map(\.cause) == [.merged])

        try await bench.people.split("kim@work", by: "anna")
        try bench.catchUp()
        #expect(try profile(bench, "kim@work")["city"] == .string("부산"))
        #expect(try profile(bench, "kim")["team"] == nil)
        #expect(try profile(bench, "kim").merges.first?.splitTime == Bench.now)
        await #expect(throws: PeopleError.self) { try await bench.people.split("kim@work", by: "anna") }
    }

    @Test func aMergeThatWasUndoneIsNotRepeatedByEvents() throws {
        let bench = try Bench()
        let login = event("kim", "Identified", ["anonymousId": .string("device")])
        bench.log.add([
            event("device", "Page Viewed"), login, event("kim", "Person Split", ["previousId": .string("device")]),
            login,
        ])
        try bench.catchUp()
        #expect(try bench.people.counts().persons == 2)
        #expect(try bench.people.warnings().map(\.kind) == [.keptApart])
        #expect(try profile(bench, "device").visit.events == 1)
        bench.log.add([event("kim", "Person Merged", ["previousId": .string("device")])])
        try bench.catchUp()
        #expect(try bench.people.counts().persons == 1)
    }

    @Test func aSenderThatForgetsToSignPeopleOutMakesNoGiantPerson() throws {
        let bench = try Bench()
        bench.log.add(
            (0..<1_100).map { event("kim", "Identified", ["anonymousId": .string("device-\($0)")]) })
        try bench.catchUp()
        #expect(try profile(bench, "kim").identities.count == 1_000)
        #expect(try bench.people.warnings(limit: 500).filter { $0.kind == .tooManyIDs }.count == 101)
    }

    @Test func keysTellNothingAndStayTheSameAfterARebuild() throws {
        let bench = try Bench()
        bench.log.add([event("kim@example.com", "Page Viewed")])
        try bench.catchUp()
        let key = try profile(bench, "kim@example.com").key
        #expect(key.count == 18 && key.hasPrefix("p_") && !key.contains("kim"))
        try bench.rebuild()
        #expect(try profile(bench, key).canonicalID == "kim@example.com")
    }

    @Test func theFirstTouchIsOfTheEarliestEventWheneverItComes() throws {
        let bench = try Bench()
        bench.log.add([
            event("a", "Page Viewed", at: 50, ["context.campaign.source": .string("naver")]),
            event("a", "Page Viewed", at: 20, ["utm_source": .string("kakao"), "referrer": .string("https://k.kr")]),
            event("a", "Page Viewed", at: 90, ["utm_source": .string("google")]),
        ])
        try bench.catchUp(limit: 1)
        let visit = try profile(bench, "a").visit
        #expect(visit.firstTouch.source == "kakao")
        #expect(visit.firstTouch.referrer == "https://k.kr")
        #expect((visit.firstTime, visit.lastTime, visit.events) == (20, 90, 3))
    }

    @Test func anOlderEventDoesNotOverwriteANewerOne() throws {
        let bench = try Bench()
        bench.log.add([
            event("a", "X", at: 50, ["$set.city": .string("서울"), "$add.points": .number(5)]),
            event("a", "X", at: 40, ["$set.city": .string("부산"), "$add.points": .number(2)]),
            event("a", "X", at: 30, ["$unset": .strings(["city"])]),
            event("a", "X", at: 60, ["$set.points": .number(1)]),
            event("a", "X", at: 55, ["$add.points": .number(100)]),
        ])
        try bench.catchUp(limit: 2)
        #expect(try profile(bench, "a")["city"] == .string("서울"))
        #expect(try profile(bench, "a")["points"] == .number(1))
    }
}
