import DemoWorld
import Foundation
import Testing

/// What holds for every business; shown with the shop.
struct WorldTests {
    private func world(_ scale: Double = 0.006, seed: UInt64 = 11) -> World<Shop> {
        World(Shop(WorldSettings(seed: seed, start: worldStart, scale: scale)))
    }

    @Test("The same events come whatever the steps and the threads")
    func determinism() {
        let whole = world().live(days: 40, step: 40 * KoreanCalendar.day, threads: 1)
        #expect(whole.count > 500)
        let weekly = world().live(days: 40, step: 7 * KoreanCalendar.day + 12_345, threads: 4)
        let often = world().live(days: 40, step: 5 * KoreanCalendar.hour + 1, threads: 2)
        expectSame(weekly, whole)
        expectSame(often, whole)
        let isAnother = world(seed: 12).live(days: 40) != whole
        #expect(isAnother)
    }

    @Test("A world that skips its history goes on as if it had lived through it")
    func skipping() {
        let one = world()
        _ = one.live(days: 30)
        let other = world()
        other.skip(to: worldStart + 30 * KoreanCalendar.day)
        #expect(other.time == one.time)
        expectSame(other.live(days: 40), one.live(days: 40))
    }

    @Test("A world that skips its history goes on with what was done to its people, as if it had lived through it")
    func skippingThroughActions() throws {
        func lived(_ actions: some Sequence<DatedAction>, until day: Int64, _ world: World<Shop>) -> [String] {
            var lines: [String] = []
            for action in actions {
                lines += world.advance(to: action.time).lines
                _ = world.apply(action.action, to: action.person, at: action.time)
            }
            return lines + world.advance(to: worldStart + day * KoreanCalendar.day).lines
        }
        let settings = WorldSettings(seed: 9, start: worldStart, scale: 0.02)
        let customers = Set(
            try World(Shop(settings)).advance(to: worldStart + 20 * KoreanCalendar.day).wireEvents().compactMap(
                \.userID))
        let actions = customers.sorted().prefix(60).enumerated().flatMap { index, person in
            let time = worldStart + 20 * KoreanCalendar.day + Int64(index) * 7_200_000
            let offer = WorldAction.Offer(code: "X", share: 0.2, expires: time + 3 * KoreanCalendar.day)
            return [
                DatedAction(
                    .message(.init(.push, topic: "news", items: ["P0001"], offer: offer)), to: person, at: time),
                DatedAction(.recommendations(placement: "home", items: ["P0002", "P0003"]), to: person, at: time),
            ]
        }
        #expect(actions.count > 40)
        // What is kept in a file is the same afterwards.
        let kept = try JSONDecoder().decode([DatedAction].self, from: JSONEncoder().encode(actions))
        #expect(kept == actions)
        let moment = worldStart + 22 * KoreanCalendar.day
        let done = kept.filter { $0.time <= moment }
        let open = kept.filter { $0.time > moment }
        #expect(done.count > 20 && open.count > 10)
        let one = World(Shop(settings))
        _ = lived(done, until: 22, one)
        let other = World(Shop(settings))
        other.skip(to: moment, through: done)
        #expect(other.time == one.time)
        let after = lived(open, until: 40, one)
        expectSame(lived(open, until: 40, other), after)
        // Without what was done they would have lived otherwise, so it matters.
        let forgetful = World(Shop(settings))
        forgetful.skip(to: moment)
        let isAnother = lived(open, until: 40, forgetful) != after
        #expect(isAnother)
    }

    /// Shows where two histories part, not the histories.
    private func expectSame(_ one: [String], _ other: [String], at place: SourceLocation = #_sourceLocation) {
        let first = zip(one, other).first { $0 != $1 }
        #expect(first?.0 == first?.1, sourceLocation: place)
        #expect(one.count == other.count, sourceLocation: place)
    }

    @Test("Every message has an id of its own, a UUID in small letters, and comes at its time")
    func messages() throws {
        let world = world()
        let end = worldStart + 30 * KoreanCalendar.day
        let events = try world.advance(to: end).wireEvents()
        #expect(Set(events.map(\.messageID)).count == events.count)
        for event in events {
            let id = event.messageID
            #expect(UUID(uuidString: id) != nil && id == id.lowercased())
            #expect(event.userID != nil || event.anonymousID != nil)
        }
        #expect(events.map(\.time) == events.map(\.time).sorted())
        #expect(events.allSatisfy { $0.time >= worldStart && $0.time < end })
    }

    @Test("Requests hold every event once, in order, and keep to their size")
    func requests() throws {
        let events = world().advance(to: worldStart + 10 * KoreanCalendar.day)
        var next = 0
        var ids: [String] = []
        while next < events.count {
            let batch = events.batch(from: next, bytesMax: 20_000) { $0 + 1_000 }
            #expect(batch.body.count <= 20_000 && batch.next > next)
            ids += try #require(try JSON(batch.body)["batch"]?.list).compactMap { $0["messageId"]?.string }
            next = batch.next
        }
        #expect(ids == (try events.wireEvents()).map(\.messageID))
    }

    @Test("Nobody knows what is done to somebody who is not of this world")
    func strangers() {
        let world = world()
        for id in ["", "x", "c-", "c-999999", "a-1-0-0", "partner-1", "c--1"] {
            #expect(world.apply(.compensation(amount: 1_000), to: id, at: worldStart) == WorldResponse())
        }
    }

    @Test("Text is written as JSON whatever it holds, numbers to four places")
    func text() throws {
        let members = JSONMembers { members in
            members.set("text", "그는 \"네\"라고\n\\했다\u{1}" as String)
            members.set("numbers", [0.5, -1.25, 3, 1e-9, .nan])
            members.set("time", time: worldStart)
            members.object("empty") { _ in }
            members.objects("list", [1, 2]) { $0.set("n", $1) }
        }
        let text = "{" + String(decoding: members.bytes.dropFirst(), as: UTF8.self) + "}"
        let object = try JSON(text.utf8)
        #expect(object["text"]?.string == "그는 \"네\"라고\n\\했다\u{1}")
        #expect(text.contains("\"numbers\":[0.5,-1.25,3,0,null]"))
        #expect(object["time"]?.string == "2025-02-28T15:00:00.000Z")
        #expect(object["empty"] == .object([:]))
        #expect(object["list"] == .list([.object(["n": .number(1)]), .object(["n": .number(2)])]))
    }
}
