import Analysis
import Audiences
import EventLog
import Foundation
import People
import Settings
import State
import Synchronization
import Testing

@testable import Engine

@Suite struct LiveWorkspaceTests {
    private static let hour: Int64 = 3_600_000

    /// A workspace in a folder of its own whose clock stands still until it is moved.
    private final class World {
        let data = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)").path
        let clock: Clock
        private(set) var live: LiveWorkspace

        final class Clock: Sendable {
            private let value = Atomic<Int64>(1_760_000_000_000)
            var now: Int64 { value.load(ordering: .relaxed) }
            func advance(_ milliseconds: Int64) { value.add(milliseconds, ordering: .relaxed) }
        }

        init() throws {
            clock = Clock()
            live = try World.open(data, clock)
        }

        private static func open(_ data: String, _ clock: Clock) throws -> LiveWorkspace {
            try LiveWorkspace.open(try Workspace(data: data), now: { clock.now })
        }

        func reopen(abandoning: Bool = false) throws {
            if abandoning {
                live.tail.close()
                live.log.abandon()
                try live.state.close()
            } else {
                try live.close()
            }
            live = try World.open(data, clock)
        }

        func event(_ person: String, _ name: String, _ properties: [(String, PropertyValue)] = []) -> Event {
            Event(
                person: person, name: name, time: clock.now,
                properties: properties.map { Event.Property($0.0, $0.1) }, messageID: UUID().uuidString)
        }

        deinit { try? FileManager.default.removeItem(atPath: data) }
    }

    private func names(_ world: World, of person: String) throws -> [String] {
        try world.live.log.history(of: person).map(\.event.name)
    }

    @Test func `An identified visitor is one person in profiles, histories and audiences`() async throws {
        let world = try World()
        try world.live.audiences.create(
            AudienceDefinition(
                "서울 구매자", where: AudiencePredicate(text: #"did "Order" at least 1 times and trait city = "서울""#)))
        try await world.live.log.append([
            world.event("anon-1", "Order", [("total", .number(10))]),
            world.event(
                "u1", Vocabulary.identified,
                [
                    (Vocabulary.anonymousID, .string("anon-1")), ("city", .string("서울")), ("name", .string("김단골")),
                ]),
        ])
        try world.live.catchUp()
        #expect(
            try names(world, of: "u1") == ["Order", Vocabulary.identified, Vocabulary.audienceEntered])
        let profile = try #require(try world.live.people.profile(of: "anon-1"))
        #expect(profile.traits["city"]?.value == .string("서울"))
        #expect(try world.live.audiences.audiences(of: "u1").map(\.name) == ["서울 구매자"])
        try world.live.close()
    }

    @Test func `Whoever drops out of a window leaves when time alone has passed`() async throws {
        let world = try World()
        try world.live.audiences.create(
            AudienceDefinition("active", where: AudiencePredicate(text: #"did "Visit" in the last 2 hours"#)))
        try await world.live.log.append([world.event("u1", "Visit")])
        try world.live.catchUp()
        #expect(try world.live.audiences.audiences(of: "u1").count == 1)
        world.clock.advance(Self.hour)
        try world.live.catchUp()
        #expect(try world.live.audiences.audiences(of: "u1").count == 1)
        world.clock.advance(Self.hour + 1)
        try world.live.catchUp()
        #expect(try world.live.audiences.audiences(of: "u1").isEmpty)
        #expect(
            try names(world, of: "u1") == ["Visit", Vocabulary.audienceEntered, Vocabulary.audienceLeft])
        try world.live.close()
    }

    @Test func `What a crash kept from being applied is applied at the next opening, once`() async throws {
        let world = try World()
        try world.live.audiences.create(
            AudienceDefinition("buyers", where: AudiencePredicate(text: #"did "Order" at least 2 times"#)))
        for round in 0..<4 {
            try await world.live.log.append((0..<50).map { world.event("u\($0)", "Order") })
            if round % 2 == 0 { try world.live.catchUp() }
            try world.reopen(abandoning: round > 1)
        }
        try world.live.catchUp()
        let entered = try world.live.log.tail(from: 0, limit: .max).filter {
            $0.event.name == Vocabulary.audienceEntered
        }
        #expect(entered.count == 50)
        #expect(try world.live.people.counts().persons == 50)
        #expect(try world.live.audiences.members("buyers").members.count == 50)
        try world.live.close()
    }

    @Test func `A deleted person is gone from everything and does not come back`() async throws {
        let world = try World()
        try world.live.audiences.create(
            AudienceDefinition("buyers", where: AudiencePredicate(text: #"did "Order""#)))
        try await world.live.log.append([
            world.event("gone@example.com", "Order", [("note", .string("비밀"))]), world.event("u2", "Order"),
        ])
        try world.live.catchUp()
        let receipt = try world.live.people.delete("gone@example.com")
        #expect(receipt.counts["events"] == 2)
        try world.live.catchUp()
        #expect(try world.live.people.profile(of: "gone@example.com") == nil)
        #expect(try world.live.audiences.members("buyers").members.map(\.person) == ["u2"])
        #expect(try names(world, of: "gone@example.com").isEmpty)
        #expect(world.live.people.isSuppressed("gone@example.com"))
        try world.live.close()
        // No file of the workspace holds the id or the note.
        let enumerator = try #require(FileManager.default.enumerator(atPath: world.data))
        var files = 0
        for case let path as String in enumerator {
            guard let content = FileManager.default.contents(atPath: world.data + "/" + path) else { continue }
            files += 1
            #expect(content.range(of: Data("gone@example.com".utf8)) == nil, "\(path)")
            #expect(content.range(of: Data("비밀".utf8)) == nil, "\(path)")
        }
        #expect(files > 2)
    }

    @Test func `Questions may look at the traits of the groups that a person belongs to`() async throws {
        let world = try World()
        let live = world.live
        for (person, company, seats) in [("u1", "에이스", 10.0), ("u2", "단골", 200), ("u3", "단골", 200), ("u3", "에이스", 10)] {
            try await live.log.append([
                world.event(
                    person, Vocabulary.groupJoined,
                    [
                        (Vocabulary.groupID, .string(company)), (Vocabulary.groupType, .string("company")),
                        ("seats", .number(seats)), ("name", .string(company)),
                    ]),
                world.event(person, "Order"),
            ])
        }
        try live.catchUp()
        func answer(_ query: String) throws -> String {
            let service = try QueryService(
                log: live.log, traits: live.people.traitTable(), now: world.clock.now + Self.hour)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return String(
                decoding: try encoder.encode(service.answer(Query(json: Data(query.utf8))).result), as: UTF8.self)
        }
        func people(_ filter: String) throws -> Int {
            let text = try answer(#"{"kind":"funnel","steps":[{"event":"Order","filters":\#(filter)}]}"#)
            let found = try #require(text.firstMatch(of: /"count":(\d+)/))
            return Int(found.1) ?? -1
        }
        #expect(try people(#"{"group":"company","trait":"seats","op":"gt","value":50}"#) == 2)
        #expect(try people(#"{"group":"*","trait":"seats","op":"lt","value":50}"#) == 2, "one of several is enough")
        #expect(try people(#"{"group":"household","trait":"seats","op":"is_set"}"#) == 0)
        #expect(try people(#"{"group":"company","trait":"name","value":"단골"}"#) == 2)
        let groups = try answer(
            #"{"kind":"trends","series":[{"event":"Order"}],"interval":"day","breakdown":{"group":"company","trait":"name"}}"#
        )
        #expect(groups.contains("단골") && groups.contains("에이스"), "\(groups)")
        try live.close()
    }

    @Test func `People computed anew in the background are what they were`() async throws {
        let world = try World()
        let live = world.live
        try live.audiences.create(AudienceDefinition("buyers", where: AudiencePredicate(text: #"did "Order""#)))
        for number in 0..<40 {
            try await live.log.append([
                world.event("anon-\(number)", "Visit"),
                world.event(
                    "u\(number % 10)", Vocabulary.identified,
                    [(Vocabulary.anonymousID, .string("anon-\(number)")), ("round", .number(Double(number)))]),
                world.event("u\(number % 10)", number % 3 == 0 ? "Order" : "Visit"),
            ])
        }
        try live.catchUp()
        func everything() throws -> [String] {
            try (0..<10).map { String(decoding: try live.personDocument("u\($0)", latest: nil), as: UTF8.self) }
        }
        let before = try everything()
        #expect(live.rebuild.state == .none)
        #expect(live.startRebuild().state == .running)
        while live.rebuild.state == .running { await Task.yield() }
        #expect(live.rebuild.state == .done && live.rebuild.reason == nil)
        #expect(live.rebuild.events >= 120 && live.rebuild.total >= 120)
        #expect(try everything() == before)
        // A server that ends does not wait for it.
        try world.reopen(abandoning: false)
        world.live.startRebuild()
        try world.live.close()
    }

    @Test func `To enter an audience is nothing that a person does, and wakes nobody who sleeps`() async throws {
        let world = try World()
        try world.live.audiences.create(
            AudienceDefinition(
                "asleep", where: AudiencePredicate(text: "did any event and did not any event in the last 60 days")))
        var visit = world.event("u1", "Visit")
        visit.time -= 61 * 24 * Self.hour
        try await world.live.log.append([visit])
        try world.live.catchUp()
        #expect(try names(world, of: "u1") == ["Visit", Vocabulary.audienceEntered])
        world.clock.advance(Self.hour)
        try await world.live.log.append([world.event("u2", "Visit")])
        try world.live.catchUp()
        #expect(try world.live.audiences.audiences(of: "u1").map(\.name) == ["asleep"])
        #expect(try names(world, of: "u1") == ["Visit", Vocabulary.audienceEntered])
        let query = try JSONDecoder().decode(
            Query.self,
            from: Data(
                #"{"kind":"trends","series":[{"event":"*"}],"interval":"month","from":"2025-01-01","to":"2025-12-31"}"#
                    .utf8))
        let answer = try AnalysisService().run(query, on: try world.live.log.snapshot(), now: world.clock.now)
        guard case .trends(let trends) = answer.result else { return }
        #expect(trends.series.first?.total == 2)
        try world.live.close()
    }

    @Test func `Days of audiences are those of the workspace's time zone, also after a restart`() async throws {
        let world = try World()
        try world.live.audiences.create(
            AudienceDefinition("today", where: AudiencePredicate(text: #"did "Visit" today"#)))
        var visit = world.event("u1", "Visit")
        // 2025-10-08T22:53:20Z, which is the day of now in Seoul and the day before in UTC.
        visit.time -= 10 * Self.hour
        try await world.live.log.append([visit])
        try world.live.catchUp()
        var change = SettingsChange()
        change.timeZone = "UTC"
        try world.live.change(change)
        #expect(try world.live.audiences.audiences(of: "u1").isEmpty)
        change.timeZone = "Asia/Seoul"
        try world.live.change(change)
        #expect(try world.live.audiences.audiences(of: "u1").map(\.name) == ["today"])
        #expect(try names(world, of: "u1") == ["Visit", Vocabulary.audienceEntered])
        change.timeZone = "KST"
        #expect(throws: SettingsError.self) { try world.live.change(change) }
        try world.reopen()
        #expect(world.live.settings.current.timeZone == "Asia/Seoul")
        #expect(world.live.people.timeZone.identifier == "Asia/Seoul")
        try world.live.close()
    }

    @Test func `Following ends with its task and sees what others append`() async throws {
        let world = try World()
        let live = world.live
        try live.audiences.create(AudienceDefinition("any", where: AudiencePredicate(text: #"did "Visit""#)))
        let following = Task { await live.follow { Issue.record("\($0)") } }
        let watch = live.log.follow(from: 0)
        try await live.log.append([world.event("u1", "Visit")])
        var seen: [String] = []
        while seen.count < 2 {
            let events = try watch.read(limit: 10)
            if events.isEmpty { await watch.wait() }
            seen += events.map(\.event.name)
        }
        #expect(seen == ["Visit", Vocabulary.audienceEntered])
        watch.close()
        following.cancel()
        await following.value
        try live.close()
    }
}
