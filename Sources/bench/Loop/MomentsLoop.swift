import DemoWorld
import Engine
import EventLog
import Foundation
import Lifecycle
import Synchronization

/// Moments of sessions: what the engine does for people who hesitate or leave, against doing nothing, in an invented
/// shop that answers.
///
/// Two worlds of one seed differ only in what is done to people. In one the engine learns from some weeks, then decides
/// every ten minutes for whoever is there; a guide and reassurance are help where the purchase stopped, a coupon is put
/// into the visitor's hands beside the cart. In the other nothing is done. The people for whom something was done are
/// compared with themselves in the other world.
struct MomentsLoop {
    struct Outcome {
        /// For whom something was done, and who were held out.
        var people = 0
        var held = 0
        /// Orders of those people in the days after, in each world.
        var orders = 0
        var ordersWithout = 0
        /// What they ordered, in KRW, coupons taken off.
        var value = 0.0
        var valueWithout = 0.0
        var coupons = 0
        /// The most that the coupons of one day were planned to cost, as a share of the day's budget.
        var budgetShareMax = 0.0
        /// As the product measures it, from the log alone: how many more of 100 buy, and the true number beside it.
        var measured: Double?
    }

    struct Plan {
        var scale = 0.5
        var historyDays = 42
        var days = 21
        var stepMinutes: Int64 = 10
        /// In KRW: what a coupon takes off, and what all of a day may cost.
        var couponAmount = 3_000
        var budgetPerDay = 30_000.0
        var holdout = 0.2
    }

    let plan = Plan()
    let seed: UInt64
    let folder: String

    func run() throws -> Outcome {
        let history = try LoopHistory(
            seed: seed, scale: plan.scale, days: plan.historyDays, folder: folder, Shop.init)
        defer { try? history.close() }
        let clock = Mutex(history.world.time)
        let intent = try IntentService(
            folder: folder + "/intent-\(seed)", log: history.log, state: nil, idleMinutes: { 30 },
            secondsFromUTC: { _ in 9 * 3_600 }, shapes: { [log = history.log] in try EventShape.read(log) },
            now: { clock.withLock { $0 } })
        defer { try? FileManager.default.removeItem(atPath: folder + "/intent-\(seed)") }
        try intent.change(settings)
        _ = try intent.train(threads: 1)
        let begin = history.world.time
        let done = try live(history, intent, clock)
        let without = World(
            Shop(WorldSettings(seed: seed, start: history.world.business.settings.start, scale: plan.scale)))
        without.skip(to: begin, threads: 1)
        var outcome = Outcome()
        outcome.people = done.people.count
        outcome.held = done.held.count
        outcome.coupons = done.coupons
        outcome.budgetShareMax = done.spent.values.max().map { $0 / plan.budgetPerDay } ?? 0
        let other = try Self.orders(without.advance(to: history.world.time, threads: 1), of: done.people)
        (outcome.orders, outcome.value) = (done.orders.count, done.orders.reduce(0, +))
        (outcome.ordersWithout, outcome.valueWithout) = (other.count, other.reduce(0, +))
        outcome.measured = try intent.results().groups.first?.difference?.estimate
        return outcome
    }

    private var settings: IntentSettings {
        var settings = IntentSettings()
        settings.isOn = true
        settings.holdout = plan.holdout
        settings.coupon = .init(
            code: "STAY", cost: Double(plan.couponAmount), budgetPerDay: plan.budgetPerDay, perPerson: 1, days: 14)
        return settings
    }

    private struct Done {
        /// For whom something was done, each since when; milliseconds.
        var people: [String: Int64] = [:]
        var held: Set<String> = []
        var coupons = 0
        /// By day.
        var spent: [Int: Double] = [:]
        var orders: [Double] = []
    }

    private func live(_ history: LoopHistory<Shop>, _ intent: IntentService, _ clock: borrowing Mutex<Int64>) throws
        -> Done
    {
        var done = Done()
        let tail = history.log.follow(from: history.log.nextSequence)
        defer { tail.close() }
        var present: [String: Int64] = [:]
        let end = history.world.time + Int64(plan.days) * KoreanCalendar.day
        while history.world.time < end {
            let time = history.world.time + plan.stepMinutes * 60_000
            try history.advance(to: time, isSmall: true)
            clock.withLock { $0 = time }
            for event in try Self.read(tail) {
                if event.name == "Order Completed", let since = done.people[event.person], event.time >= since {
                    done.orders.append(Self.value(event))
                }
                if intent.saysPresence(event, now: time) { present[event.person] = event.time }
            }
            present = present.filter { time - $0.value < 30 * 60_000 }
            for person in present.keys.sorted() { try decide(for: person, at: time, history, intent, &done) }
        }
        return done
    }

    private func decide(
        for person: String, at time: Int64, _ history: LoopHistory<Shop>, _ intent: IntentService, _ done: inout Done
    ) throws {
        let decision = try intent.decide(for: person)
        guard decision.id != nil, !decision.isRepeated else { return }
        if decision.wanted != .nothing, decision.action == .nothing {
            done.held.insert(person)
            return
        }
        guard decision.action != .nothing else { return }
        if done.people[person] == nil { done.people[person] = time }
        // What the visitor sees where they are: the world answers to help only where a purchase stopped.
        let stage =
            switch decision.reading?.session.lastRole {
            case .checkout, .coupon: "checkout"
            case .payment: "shipping"
            case .cart: "cart"
            default: "collecting"
            }
        if decision.action == .coupon {
            done.coupons += 1
            done.spent[KoreanCalendar.day(of: time), default: 0] += Double(plan.couponAmount)
            let offer = WorldAction.Offer(
                code: decision.couponCode ?? "STAY", amount: plan.couponAmount, expires: time + 2 * KoreanCalendar.day)
            _ = history.world.apply(
                .message(.init(.inApp, topic: "cart", offer: offer, id: decision.id ?? "")), to: person, at: time)
        } else {
            _ = history.world.apply(.help(topic: stage), to: person, at: time)
        }
    }

    private static func read(_ tail: TailReader) throws -> [Event] {
        var events: [Event] = []
        while true {
            let found = try tail.read(limit: 5_000)
            if found.isEmpty { return events }
            events += found.map(\.event)
        }
    }

    private static func value(_ event: Event) -> Double {
        if case .number(let total)? = event["total"] { total } else { 0 }
    }

    /// The values of the orders of some people, each since a time.
    private static func orders(_ events: WorldEvents, of people: [String: Int64]) throws -> [Double] {
        try (0..<events.count).compactMap { index in
            var line: [UInt8] = []
            events.append(index, to: &line)
            guard let object = try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any],
                object["event"] as? String == "Order Completed",
                let person = (object["userId"] ?? object["anonymousId"]) as? String, let since = people[person],
                events.time(index) >= since
            else { return nil }
            return ((object["properties"] as? [String: Any])?["total"] as? NSNumber)?.doubleValue ?? 0
        }
    }
}
