import EventLog
import Foundation
import Statistics
import Testing

@testable import Lifecycle

@Suite("Moments")
struct MomentTests {
    private let folder = TemporaryFolder()

    private func on(_ settings: inout IntentSettings) {
        settings.isOn = true
        settings.holdout = 0
        settings.coupon = IntentSettings.Coupon(code: "STAY5", cost: 3_000, budgetPerDay: 6_000)
    }

    /// Something in the cart, and then nothing for four minutes.
    private func hesitant(_ person: String, at time: Int64) -> [Event] {
        [
            event("View", person, at: time - 5 * minute, item: "a", category: "c", price: 10),
            event("Add", person, at: time - 4 * minute, item: "a"),
        ]
    }

    @Test("time alone changes what somebody is about, until the session is over")
    func time() throws {
        let log = MemoryLog([event("Add", at: start, item: "a")])
        let service = try service(log, folder)
        #expect(try service.reading(of: "u")?.state == .browsing)
        log.pass(70_000)
        #expect(try service.reading(of: "u")?.state == .hesitating)
        log.pass(4 * minute)
        #expect(try service.reading(of: "u")?.state == .aboutToLeave)
        log.pass(30 * minute)
        #expect(try service.reading(of: "u") == nil)
        #expect(try service.reading(of: "nobody") == nil)
    }

    @Test("an overview follows events and time, and forgets who has gone and who is deleted")
    func overview() throws {
        let log = MemoryLog(hesitant("a", at: start) + [event("View", "b", at: start, item: "x")])
        let service = try service(log, folder)
        // What went on when the program began is found in the log.
        let first = try service.overview()
        #expect(first.total == 2 && first.counts[.aboutToLeave] == 1 && first.counts[.browsing] == 1)
        log.add([event("Buy", "a", at: start + 1_000)])
        service.touch(["a": start + 1_000])
        log.pass(2_000)
        let second = try service.overview()
        #expect(second.counts[.aboutToLeave] == nil && second.total == 2)
        service.forget(["a"])
        log.pass(2_000)
        #expect(try service.overview().total == 1)
        log.pass(31 * minute)
        #expect(try service.overview().total == 0)
    }

    @Test("the people in memory are bounded, and the latest are among them")
    func bounded() {
        var sessions = LiveSessions(most: 100)
        for number in 0..<10_000 { sessions.touch("p\(number)", at: Int64(number)) }
        #expect(sessions.count <= 100)
        #expect(sessions["p9999"] != nil && sessions["p9970"] != nil && sessions["p1"] == nil)
        #expect(sessions.current(at: 10_000, gap: 10).count == 10)
    }

    @Test("a coupon is decided once in a session, logged with its chances, and stops at the budget of the day")
    func budget() throws {
        let people = (0..<4).map { "p\($0)" }
        let log = MemoryLog(people.flatMap { hesitant($0, at: start) })
        let service = try service(log, folder, on)
        let first = try service.decide(for: "p0")
        #expect(first.action == .coupon && first.couponCode == "STAY5" && first.id != nil)
        let again = try service.decide(for: "p0")
        #expect(again.isRepeated && again.id == first.id && again.action == .coupon && log.decisions.count == 1)
        #expect(try service.decide(for: "p1").action == .coupon)
        let third = try service.decide(for: "p2")
        #expect(third.action == .reassurance && third.reasons == ["leaves_cart", "coupon_budget_spent"])
        #expect(try service.spentToday() == 6_000)
        let decision = try #require(log.decisions.first)
        #expect(decision["placement"] == .string("moment") && decision["chosen"] == .string("coupon"))
        #expect(decision["probabilities"] == .numbers([0, 0, 0, 1]))
        #expect(decision["model_version"] == .string("none") && decision["fallback"] == .string("no_model"))
        // Another program that knows only the log has the same budget, and the next day has its own.
        let later = try another(log)
        #expect(try later.spentToday() == 6_000)
        log.pass(day)
        #expect(try later.spentToday() == 0)
    }

    private func another(_ log: MemoryLog) throws -> IntentService { try service(log, folder, on) }

    @Test("nobody gets more coupons than the settings say, and who buys anyway none")
    func limits() throws {
        let log = MemoryLog(hesitant("u", at: start))
        let service = try service(log, folder, on)
        #expect(try service.decide(for: "u").action == .coupon)
        log.pass(2 * day)
        log.add(hesitant("u", at: log.now))
        let second = try service.decide(for: "u")
        #expect(second.action == .reassurance && second.reasons.contains("coupon_limit_of_person"))
        log.pass(40 * day)
        log.add(hesitant("u", at: log.now))
        #expect(try service.decide(for: "u").action == .coupon)
    }

    @Test("a decision that cannot be written is none, and costs nothing")
    func full() throws {
        let log = MemoryLog(hesitant("u", at: start))
        let service = try service(log, folder, on)
        log.failFromNowOn(true)
        #expect(throws: MemoryLog.Full.self) { try service.decide(for: "u") }
        #expect(try service.spentToday() == 0)
        log.failFromNowOn(false)
        #expect(try service.decide(for: "u").action == .coupon)
    }

    @Test("without a session, or while actions are off, nothing is decided")
    func nothing() throws {
        let log = MemoryLog(hesitant("u", at: start))
        let off = try service(log, folder)
        #expect(try off.decide(for: "u").reasons == ["off"])
        #expect(try off.decide(for: "nobody").reasons == ["no_session"])
        #expect(log.decisions.isEmpty)
    }

    @Test("the share that is held out is as wanted, the same for a period, and drawn anew after it")
    func holdout() {
        func held(_ time: Int64) -> Set<Int> {
            Set((0..<20_000).filter { Holdout.contains("p\($0)", at: time, share: 0.1, periodDays: 28) })
        }
        let first = held(28 * day * 700)
        #expect((1_850...2_150).contains(first.count))
        #expect(held(28 * day * 701 - 1) == first)
        let next = held(28 * day * 701)
        // A tenth of a tenth is held out twice.
        #expect((150...260).contains(first.intersection(next).count))
        #expect(!Holdout.contains("u", at: 0, share: 0, periodDays: 1))
    }

    @Test("results count the first decision of a period, and tell a true effect from none")
    func results() throws {
        let log = MemoryLog()
        var random = RandomSource(seed: 11)
        // Whoever gets the guide buys with 0.4, whoever is held out with 0.25.
        for number in 0..<3_000 {
            let isHeld = random.chance(0.3)
            let time = start + Int64(number) * minute
            log.add([decision("p\(number)", at: time, isHeld ? "nothing" : "guide", wanted: "guide", isHeld: isHeld)])
            // A second one in the period changes nothing.
            log.add([decision("p\(number)", at: time + hour, "coupon", wanted: "coupon", isHeld: false, cost: 10)])
            if random.chance(isHeld ? 0.25 : 0.4) {
                log.add([event("Buy", "p\(number)", at: time + 2 * hour, value: 100)])
            }
            log.add([event("Buy", "p\(number)", at: time + 3 * day, value: 1)])
        }
        log.set(start + 10 * day)
        let service = try service(log, folder)
        let results = try service.results()
        let all = try #require(results.groups.first)
        #expect(all.treated.people + all.held.people == 3_000 && all.isEnough)
        let difference = try #require(all.difference)
        #expect(difference.low > 0 && abs(difference.estimate - 0.15) < 0.05, "\(all)")
        #expect(all.coupons == 3_000 && all.cost == 30_000)
        #expect(results.groups.contains { $0.action == .guide && $0.treated.people == all.treated.people })
        #expect(abs(all.treated.value - Double(all.treated.buyers) * 100) < 1e-9)
        log.set(start + 2 * hour)
        #expect(try service.results().open == 3_000)
    }

    private func decision(
        _ person: String, at time: Int64, _ chosen: String, wanted: String, isHeld: Bool, cost: Double? = nil
    ) -> Event {
        var properties: [Event.Property] = [
            .init("decision_id", .string("\(person)-\(time)")), .init("placement", .string("moment")),
            .init("chosen", .string(chosen)), .init("context.wanted", .string(wanted)),
        ]
        if isHeld { properties.append(.init("rules", .strings(["holdout"]))) }
        if let cost { properties.append(.init("context.cost", .number(cost))) }
        return Event(person: person, name: Vocabulary.decisionMade, time: time, properties: properties)
    }

    @Test("settings that make no sense are refused by the field")
    func settings() {
        let changes: [(String, (inout IntentSettings) -> Void)] = [
            ("holdout", { $0.holdout = 0.95 }), ("periodDays", { $0.periodDays = 0 }),
            ("coupon.cost", { $0.coupon = .init(code: "X", cost: -1, budgetPerDay: 1) }),
            ("coupon.code", { $0.coupon = .init(code: "", cost: 1, budgetPerDay: 1) }),
            ("rules", { $0.rules = [SessionRule("A", .view), SessionRule("A", .add)] }),
            ("resultHours", { $0.resultHours = 100_000 }), ("actionsPerSession", { $0.actionsPerSession = 0 }),
        ]
        for (field, change) in changes {
            var settings = IntentSettings()
            change(&settings)
            let error = #expect(throws: LifecycleError.self) { _ = try settings.checked() }
            #expect(error?.field == field && error?.code == .invalid)
        }
    }

    @Test("settings read as they were written, and strictly")
    func settingsJSON() throws {
        var settings = IntentSettings()
        settings.rules = rules
        on(&settings)
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(IntentSettings.self, from: data) == settings)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(IntentSettings.self, from: Data(#"{"holdOut": 0.1}"#.utf8))
        }
    }
}
