import Access
import DemoWorld
import Engine
import EventLog
import Foundation
import Recommendations
import Testing

@testable import dangol

/// What is decided for the people of a demonstration, and what is kept of it.
struct DemoActionTests {
    private let scratch: Scratch
    private var path: String { scratch.folder.path + "/shop.actions.jsonl" }

    init() throws { scratch = try Scratch() }

    private func entry(_ sequence: UInt64, _ time: Int64) -> DemoActions.Entry {
        .init(sequence: sequence, deed: DatedAction(.help(topic: "guide"), to: "c-\(sequence)", at: time))
    }

    @Test func whatWasDoneIsThereAgainAndKnowsWhatIsOpen() throws {
        var actions = try DemoActions(path)
        #expect(actions.nextSequence == nil)
        try actions.add([entry(3, 10), entry(5, 20)])
        try actions.add([])
        try actions.add([entry(9, 20), entry(11, 30)])
        let again = try DemoActions(path)
        #expect(again.entries == actions.entries)
        #expect(again.nextSequence == 12)
        #expect(again.deeds(until: 20).done.map(\.person) == ["c-3", "c-5", "c-9"])
        #expect(again.deeds(until: 20).open.map(\.person) == ["c-11"])
    }

    @Test func aLineThatWasCutIsLeftOutAndTheNextOneIsWhole() throws {
        var actions = try DemoActions(path)
        try actions.add([entry(3, 10), entry(5, 20)])
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for cut in [1, 20, whole.count / 3] {
            try whole.dropLast(cut).write(to: URL(fileURLWithPath: path))
            var torn = try DemoActions(path)
            #expect(torn.entries == [entry(3, 10)])
            try torn.add([entry(7, 30)])
            #expect(try DemoActions(path).entries == [entry(3, 10), entry(7, 30)])
        }
        try Data("{}\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: Failure.self) { try DemoActions(path) }
    }

    @Test func aDecisionIsWhatItShows() {
        func event(_ properties: [String: PropertyValue]) -> Event {
            Event(
                person: "c-1", name: "Decision Made", time: 5, properties: properties.map { .init($0.key, $0.value) })
        }
        func action(_ properties: [String: PropertyValue]) -> WorldAction? {
            DemoDecisions.action(event(properties), at: 1_000)
        }
        #expect(action(["placement": .string("moment"), "chosen": .string("nothing")]) == nil)
        #expect(action(["placement": .string("moment"), "chosen": .string("guide")]) == .help(topic: "guide"))
        #expect(
            action(["placement": .string("moment"), "chosen": .string("coupon"), "context.cost": .number(3_000)])
                == .offer(.init(code: "MOMENT", amount: 3_000, expires: 1_000 + 7 * 86_400_000)))
        // As the engine writes them: a page, and a picture of an item.
        var decision = Decision(
            id: DecisionID(home: 1, time: 5, chance: 7), person: "c-1", placement: "home", kind: .home)
        #expect(decision.event.flatMap { DemoDecisions.action($0, at: 1_000) } == nil, "nothing is shown")
        decision.items = ["P1", "P2", "P3"].map {
            Decision.Item(item: $0, score: 1, source: "", reason: Reason(.popular))
        }
        decision.rows = [.init(id: "top", items: 0..<2), .init(id: "more", items: 2..<3)]
        #expect(
            decision.event.flatMap { DemoDecisions.action($0, at: 1_000) }
                == .recommendations(placement: "home", items: ["P1", "P2"]))
        var choice = event(["subject": .string("t1"), "chosen": .string("a2"), "placement": .string("art")])
        choice.properties.append(.init("decision_id", .string(decision.id.description)))
        #expect(DemoDecisions.action(choice, at: 1_000) == .artwork(item: "t1", artwork: "a2", position: 0))
        #expect(
            DemoDecisions.action(Event(person: "c-1", name: "Order Completed", time: 5), at: 1_000) == nil)
    }

    /// A coupon that is decided in the log reaches the person, and once only, whatever is restarted.
    @Test func whatIsDecidedReachesThePersonOnceAlsoAfterARestart() async throws {
        let folder = DemoFolder(scratch.folder.path + "/demo")
        try folder.begin()
        let day = KoreanCalendar.day
        let start = KoreanCalendar.midnight(20_000)
        let settings = WorldSettings(seed: 5, start: start, scale: 0.01)
        let moment = start + 30 * day
        let pace = Pace(moment, moment, speed: 1)
        func coupons(of person: String, _ live: LiveWorkspace) throws -> Int {
            try live.log.history(of: person).map(\.event).count {
                $0.name == "Coupon Issued" && $0["coupon"] == .string("MOMENT")
            }
        }

        var installation = try Installation.open(folder.path, makesDefault: false)
        var live = try installation.createWorkspace("shop", by: .commandLine)
        var world = World(Shop(settings))
        try await DemoSender(live).send(world.advance(to: moment), clock: pace.time)
        var living = try LivingWorld(world, installation, folder, since: moment)
        // Somebody who has just been there.
        let latest = try EventTail(log: live.log).latest(2_000).map(\.event.person)
        let customer = try #require(latest.last { $0.hasPrefix("c-") })
        try await live.log.append([
            Event(
                person: customer, name: "Decision Made", time: moment,
                properties: [
                    .init("placement", .string("moment")), .init("chosen", .string("coupon")),
                    .init("context.cost", .number(3_000)),
                ])
        ])
        try await living.advance(to: moment + 3_600_000, pace)
        #expect(try coupons(of: customer, live) == 1)
        #expect(try folder.actions(of: "shop").entries.map(\.deed.person) == [customer])
        try await living.advance(to: moment + 7_200_000, pace)
        #expect(try coupons(of: customer, live) == 1)
        let expected = world.advance(to: moment + 5 * day).count
        living.tail.close()
        try installation.close()

        // As after a kill: the record of where the world was is older than what was done, or as old.
        for recorded in [moment - 60_000, moment + 7_200_000] {
            installation = try Installation.open(folder.path, makesDefault: false)
            live = try installation.workspace("shop")
            world = World(Shop(settings))
            world.skip(to: recorded, through: try folder.actions(of: "shop").deeds(until: recorded).done)
            living = try LivingWorld(world, installation, folder, since: recorded)
            try await living.advance(to: moment + 7_200_000, pace)
            #expect(try coupons(of: customer, live) == 1, "not a second time")
            #expect(try folder.actions(of: "shop").entries.count == 1)
            #expect(world.advance(to: moment + 5 * day).count == expected, "they live on as they would have")
            living.tail.close()
            try installation.close()
        }
    }
}
