import EventLog
import Foundation
import Synchronization

/// What has been spent on coupons in a day.
struct CouponSpending: Sendable, Hashable {
    var day: Int64
    var amount: Double
}

/// Locks by person, so that two requests about one person are one after the other.
final class PersonLocks: Sendable {
    private final class Lock: Sendable {
        let mutex = Mutex(())
    }

    private let locks = (0..<64).map { _ in Lock() }

    func withLock<Result>(_ person: String, _ body: () throws -> Result) rethrows -> Result {
        let lock = locks[Int(TextDigest.of(person) % UInt64(locks.count))]
        return try lock.mutex.withLock { _ in try body() }
    }
}

extension IntentService {
    /// What the moment calls for, without deciding: nothing is written and nothing spent.
    package func recommendation(
        _ reading: IntentReading, of person: String
    ) throws -> (action: MomentAction, reasons: [String]) {
        let settings = settings
        guard settings.isOn else { return (.nothing, ["off"]) }
        let plan = MomentPolicy.plan(reading, settings, try limits(settings, try look(at: person).decisions))
        return (plan.action, plan.reasons)
    }

    /// Decides what to do for somebody at this moment, and writes it to the log. Asked again in the same session about
    /// the same, it answers the same and writes nothing.
    ///
    /// - Parameter person: their canonical id, which also decides whether they are held out.
    /// - Throws: `EventLogError` when the decision cannot be written; then nothing was decided, and nothing spent.
    package func decide(for person: String) throws -> MomentDecision {
        if !mayProfile(person) { return none(nil, "no_profiling") }
        return try deciding.withLock(person) {
            let (sessions, decisions) = try look(at: person)
            let settings = settings
            let time = now()
            guard let reading = model().reader.reading(sessions, now: time) else {
                return none(nil, "no_session")
            }
            guard settings.isOn else { return none(reading, "off") }
            let earlier = decisions.filter { $0.time >= reading.session.start }
            var plan = MomentPolicy.plan(reading, settings, try limits(settings, decisions))
            if let known = repeated(plan, earlier, reading) { return known }
            guard plan.action != .nothing else { return none(reading, plan.reasons) }
            guard earlier.count(where: { $0.wanted != .nothing }) < settings.actionsPerSession else {
                return none(reading, plan.reasons + ["session_limit"])
            }
            let isHeld = Holdout.contains(person, at: time, share: settings.holdout, periodDays: settings.periodDays)
            if plan.action == .coupon, !isHeld, let coupon = settings.coupon,
                try !spend(coupon.cost, budget: coupon.budgetPerDay)
            {
                plan = MomentPolicy.Plan(action: .reassurance, reasons: plan.reasons + ["coupon_budget_spent"])
            }
            let cost = plan.action == .coupon && !isHeld ? settings.coupon?.cost ?? 0 : 0
            let id: String
            do {
                id = try decisionID(person, time)
                try log.record([
                    event(person, id, plan, reading, settings, isHeld: isHeld, cost: cost, time: time)
                ])
            } catch {
                if cost > 0 { giveBack(cost) }
                throw error
            }
            return MomentDecision(
                id: id, action: isHeld ? .nothing : plan.action, wanted: plan.action, holdout: settings.holdout,
                couponCode: plan.action == .coupon && !isHeld ? settings.coupon?.code : nil,
                reasons: plan.reasons + (isHeld ? [MomentRecord.holdoutRule] : []), isRepeated: false, reading: reading)
        }
    }

    private func none(_ reading: IntentReading?, _ reasons: [String]) -> MomentDecision {
        MomentDecision(action: .nothing, wanted: .nothing, reasons: reasons, isRepeated: false, reading: reading)
    }

    private func none(_ reading: IntentReading?, _ reason: String) -> MomentDecision { none(reading, [reason]) }

    /// What was decided in this session about the same.
    private func repeated(
        _ plan: MomentPolicy.Plan, _ earlier: [MomentRecord], _ reading: IntentReading
    ) -> MomentDecision? {
        // The coupon that a session has had keeps standing, though a second one would be over the limit.
        let isCoupon = plan.reasons.contains("leaves_cart") || plan.reasons.contains("hesitates_with_cart")
        let known = earlier.last { $0.wanted == plan.action || (isCoupon && $0.wanted == .coupon) }
        guard let known, plan.action != .nothing else { return nil }
        return MomentDecision(
            id: known.id, action: known.chosen, wanted: known.wanted, holdout: settings.holdout,
            couponCode: known.chosen == .coupon ? settings.coupon?.code : nil,
            reasons: plan.reasons + (known.isWithheld ? [MomentRecord.holdoutRule] : []), isRepeated: true,
            reading: reading)
    }

    private func limits(_ settings: IntentSettings, _ decisions: [MomentRecord]) throws -> MomentPolicy.Limits {
        guard let coupon = settings.coupon else { return MomentPolicy.Limits() }
        let since = now() - Int64(coupon.days) * 86_400_000
        return MomentPolicy.Limits(
            // Who was held out would have had theirs, so both sides meet the limit alike.
            couponsOfPerson: decisions.count { $0.wanted == .coupon && $0.time > since },
            spentToday: try spentToday())
    }

    // MARK: The budget

    private func day(_ time: Int64) -> Int64 {
        let local = time + Int64(secondsFromUTC(time)) * 1_000
        return local >= 0 ? local / 86_400_000 : (local - 86_399_999) / 86_400_000
    }

    /// What the coupons of this day of the workspace cost, in its currency.
    package func spentToday() throws -> Double {
        let today = day(now())
        return try spending.withLock { try amount(&$0, today) }
    }

    /// The log knows it; after the first look it is counted along.
    private func amount(_ spending: inout CouponSpending?, _ today: Int64) throws -> Double {
        if let known = spending, known.day == today { return known.amount }
        let time = now()
        let snapshot = try log.snapshot()
        let plan = SessionPlan([], snapshot, takesDecisions: true)
        var amount = 0.0
        if plan.decisions != nil {
            var selection = plan.selection
            // Days of 23 and 25 hours are sorted out by the day of each decision.
            selection.times = time - 26 * 3_600_000..<time + 86_400_000
            let folds = try snapshot.scan(selection) { SpendingFold(plan) }.folds
            amount = folds.reduce(0) { sum, fold in
                fold.found.reduce(sum) { day($1.time) == today ? $0 + $1.cost : $0 }
            }
        }
        spending = CouponSpending(day: today, amount: amount)
        return amount
    }

    /// - Returns: false when it would go beyond the budget.
    private func spend(_ cost: Double, budget: Double) throws -> Bool {
        let today = day(now())
        return try spending.withLock { spending in
            let amount = try amount(&spending, today)
            guard amount + cost <= budget else { return false }
            spending = CouponSpending(day: today, amount: amount + cost)
            return true
        }
    }

    private func giveBack(_ cost: Double) { spending.withLock { $0?.amount -= cost } }

    // MARK: The event

    private func event(
        _ person: String, _ id: String, _ plan: MomentPolicy.Plan, _ reading: IntentReading,
        _ settings: IntentSettings, isHeld: Bool, cost: Double, time: Int64
    ) -> Event {
        let chosen = isHeld ? MomentAction.nothing : plan.action
        let chances = MomentAction.chances(wanted: plan.action, holdout: settings.holdout)
        let rules = isHeld ? [MomentRecord.holdoutRule] : []
        var properties: [Event.Property] = [
            .init(MomentRecord.idName, .string(id)),
            .init(MomentRecord.placementName, .string(MomentRecord.placement)),
            .init("kind", .string(MomentRecord.placement)), .init("policy", .string(MomentRecord.policy)),
            .init("policy_version", .number(MomentRecord.policyVersion)),
            .init("model", .string("intent")),
            .init("model_version", .string(reading.version.map(String.init) ?? "none")),
            .init("reasons", .strings(plan.reasons)),
            .init("choice_reason", .string((plan.reasons + rules).joined(separator: ","))),
            .init("candidates", .number(Double(MomentAction.allCases.count))),
            .init("exploring", .boolean(false)),
            .init("actions", .strings(MomentAction.allCases.map(\.rawValue))),
            .init("probabilities", .numbers(chances)),
            .init(MomentRecord.chosenName, .string(chosen.rawValue)),
            .init(MomentRecord.wantedName, .string(plan.action.rawValue)),
            .init("context.state", .string(reading.state.rawValue)),
            .init("context.cartItems", .number(Double(reading.session.cartItems))),
            .init("context.idleSeconds", .number(reading.session.idleSeconds)),
        ]
        if !rules.isEmpty { properties.append(.init(MomentRecord.rulesName, .strings(rules))) }
        if cost > 0 { properties.append(.init(MomentRecord.costName, .number(cost))) }
        for (outcome, chance) in (reading.outcomes ?? [:]).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            properties.append(.init("context.p.\(outcome.rawValue)", .number((chance * 10_000).rounded() / 10_000)))
        }
        if reading.version == nil { properties.append(.init("fallback", .string("no_model"))) }
        return Event(person: person, name: MomentRecord.event, time: time, properties: properties, messageID: id)
    }

    // MARK: What came of it

    /// Conversion with the actions and without, from the decisions in the log.
    ///
    /// - Complexity: O(decisions and purchases), a scan.
    package func results() throws -> MomentResults {
        let snapshot = try log.snapshot()
        let purchases = try rules().filter { $0.role == .purchase }
        let plan = SessionPlan(purchases, snapshot, takesDecisions: true)
        let (settings, time) = (settings, now())
        guard let decisions = plan.decisions else {
            return MomentResultFold.results([MomentResultFold(plan, settings, now: time)], settings)
        }
        var selection = plan.selection
        selection.anchors = [decisions.code]
        let folds = try snapshot.scan(selection) { MomentResultFold(plan, settings, now: time) }.folds
        return MomentResultFold.results(folds, settings)
    }
}

/// What coupons cost, and when.
private struct SpendingFold: PersonFold, Sendable {
    private var columns: SessionColumns
    private(set) var found: [(time: Int64, cost: Double)] = []

    init(_ plan: SessionPlan) { columns = SessionColumns(plan) }

    mutating func enter(_ block: ScanBlock) { columns.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        for row in person.rows {
            if let decision = columns.decision(row), decision.cost > 0 { found.append((decision.time, decision.cost)) }
        }
    }
}
