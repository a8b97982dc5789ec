import Audiences
import EventLog
import Foundation
import People
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
