import EventLog
import Foundation
import Statistics
import Testing

@testable import Lifecycle

/// The shop of the demonstration, whose sessions end as its people decide: the model is asked about worlds that it has
/// not seen.
@Suite("Learning how sessions go on", .serialized)
struct TrainingTests {
    private static let days = 90
    private static let scale = 0.05

    private struct Trained: Sendable {
        var log: MemoryLog
        var folder: TemporaryFolder
        var service: IntentService
        var version: IntentVersion
    }

    private static let trained: Trained? = {
        let folder = TemporaryFolder()
        guard let events = try? shopEvents(seed: 5, days: days, scale: scale) else { return nil }
        let log = MemoryLog(events, now: start + Int64(days) * day)
        let service = try? IntentService(
            folder: folder.path, log: log, state: nil, idleMinutes: { 30 }, secondsFromUTC: { _ in 0 },
            shapes: { shapes(events) }, now: { log.now })
        guard let service, let version = try? service.train() else { return nil }
        return Trained(log: log, folder: folder, service: service, version: version)
    }()

    private func moments(seed: UInt64, rules: [SessionRule]) throws -> SessionMoments {
        let snapshot = try Snapshot.inMemory(try shopEvents(seed: seed, days: Self.days, scale: Self.scale))
        let plan = SessionPlan(rules, snapshot)
        let end = snapshot.timeRange?.upperBound ?? 0
        let folds = try snapshot.scan(plan.selection) {
            MomentFold(plan, gap: 30 * minute, end: end, sessionsMax: 50, share: 1)
        }.folds
        return SessionMoments(merging: folds.map(\.moments))
    }

    /// Of asking, which the shop's people do at random, little can be known beforehand.
    @Test(
        "in worlds of other seeds the probabilities hold, and say more than the base rate",
        arguments: [6, 7] as [UInt64])
    func otherWorlds(seed: UInt64) throws {
        let trained = try #require(Self.trained)
        let model = try #require(IntentModelStore(folder: trained.folder.path).load()?.model)
        let found = try IntentTrainer.measure(model, try moments(seed: seed, rules: trained.version.rules))
        let told = "seed \(seed)"
        #expect(found.moments > 5_000)
        #expect(found.logLoss < 0.85 * found.baseLogLoss, "\(told)")
        for (outcome, skill) in [("buys", 0.15), ("leaves", 0.5), ("leavesCart", 0.5), ("goesOn", 0.25)] {
            let reliability = try #require(found.outcomes[outcome])
            #expect(reliability.calibrationError < 0.04, "\(outcome) \(told)")
            #expect(reliability.logLoss < reliability.baseLogLoss, "\(outcome) \(told)")
            #expect(reliability.skill > skill, "\(outcome): \(reliability.skill), \(told)")
        }
        let asking = try #require(found.outcomes["asks"])
        #expect(
            asking.calibrationError < 0.015 && asking.logLoss < asking.baseLogLoss * 1.1,
            "\(told): \(asking.baseRate), \(asking.calibrationError), \(asking.logLoss), \(asking.baseLogLoss)")
        for state in ["hesitating", "comparing", "aboutToLeave"] {
            let reliability = try #require(found.states[state])
            #expect(reliability.calibrationError < 0.04, "\(state) \(told)")
            #expect(reliability.logLoss < reliability.baseLogLoss, "\(state) \(told)")
        }
    }

    @Test("the same log gives the same model on any number of threads")
    func deterministic() throws {
        let trained = try #require(Self.trained)
        let store = IntentModelStore(folder: trained.folder.path)
        let again = try trained.service.train(threads: 1)
        #expect(again.heldBack == nil)
        #expect(again.checksum == trained.version.checksum && again.number > trained.version.number)
        #expect(try store.model(again.number) == store.model(trained.version.number))
    }

    @Test("a damaged version is named, and the one before answers")
    func damage() throws {
        let trained = try #require(Self.trained)
        let folder = TemporaryFolder()
        let store = IntentModelStore(folder: folder.path)
        let model = IntentModelStore(folder: trained.folder.path).load()?.model
        let first = try store.save(try #require(model), trained.version)
        let second = try store.save(try #require(model), trained.version)
        try store.activate(second.number)
        #expect(store.load()?.version.number == second.number)
        let file = folder.path + "/00000\(second.number)/model.json"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        let found = try #require(store.load())
        #expect(found.version.number == first.number)
        #expect(found.damage.first?.contains("does not match its checksum") == true)
        #expect(throws: LifecycleError.self) { try store.activate(second.number) }
        #expect(throws: LifecycleError.self) { try store.activate(99) }
    }

    @Test("too little to learn from is said, and changes nothing")
    func tooLittle() throws {
        let folder = TemporaryFolder()
        let log = MemoryLog([event("View", at: start, item: "a")], now: start + day)
        let service = try service(log, folder)
        let error = #expect(throws: LifecycleError.self) { try service.train() }
        #expect(error?.code == .insufficient)
        #expect(IntentModelStore(folder: folder.path).numbers().isEmpty)
        let ended = #expect(throws: LifecycleError.self) { try service.train { _, _ in false } }
        #expect(ended?.code == .interrupted)
    }

    @Test("a session at the checkout is likelier to end in a purchase than one on the first page")
    func order() throws {
        let trained = try #require(Self.trained)
        let now = trained.log.now
        func person(_ id: String, _ events: [(String, [Event.Property])]) -> [Event] {
            events.enumerated().map { place, event in
                Event(
                    person: id, name: event.0, time: now - Int64(events.count - place) * 20_000, properties: event.1)
            }
        }
        let item: [Event.Property] = [.init("productId", .string("x")), .init("price", .number(10_000))]
        trained.log.add(
            person("new", [("Page Viewed", [])])
                + person(
                    "near",
                    [
                        ("Page Viewed", []), ("Product Viewed", item), ("Product Added", item), ("Cart Viewed", []),
                        ("Checkout Started", []), ("Shipping Entered", []), ("Payment Entered", []),
                    ]))
        let (new, near) = (try trained.service.reading(of: "new"), try trained.service.reading(of: "near"))
        let first = try #require(new?.outcomes?[.buys])
        let last = try #require(near?.outcomes?[.buys])
        #expect(first < 0.2 && last > 0.7, "\(first), \(last)")
        #expect(near?.state == .aboutToBuy)
        #expect(abs((near?.outcomes?.values.reduce(0, +) ?? 0) - 1) < 1e-9)
    }
}
