import EventLog
import Statistics

/// What the actions did: who got them beside who would have got them, were it not for the holdout.
///
/// A person counts once in a period, by the first decision for something in it, because that is how they were drawn.
/// All that the period's decision led to counts for it, also when somebody did not look at it.
package struct MomentResults: Sendable, Hashable {
    package struct Arm: Sendable, Hashable {
        package var people = 0
        /// Who bought within the hours of the settings.
        package var buyers = 0
        /// What they bought, in the workspace's currency.
        package var value = 0.0

        package init() {}
    }

    /// Of two shares, with the interval that covers the true one in 95 of 100 cases.
    package struct Difference: Sendable, Hashable {
        package var estimate: Double
        package var low: Double
        package var high: Double
    }

    package struct Group: Sendable, Hashable {
        /// Nil: all actions together.
        package var action: MomentAction?
        package var treated = Arm()
        package var held = Arm()
        /// Coupons that were given, and what they cost.
        package var coupons = 0
        package var cost = 0.0

        /// How much higher the share of buyers is with the action; nil while a group is empty.
        package var difference: Difference? {
            Proportion.difference(treated.buyers, of: treated.people, minus: held.buyers, of: held.people)
                .map { Difference(estimate: $0.estimate, low: $0.low, high: $0.high) }
        }

        /// Whether there is enough to conclude from: at least 50 people on either side and 10 buyers in all.
        package var isEnough: Bool {
            min(treated.people, held.people) >= 50 && treated.buyers + held.buyers >= 10
        }
    }

    /// All together first, then by action.
    package var groups: [Group]
    package var hours: Int
    /// Decisions whose hours are not over.
    package var open: Int
}

/// Collects decisions and purchases, a person at a time.
struct MomentResultFold: PersonFold, Sendable {
    private var columns: SessionColumns
    private let hours: Int64
    private let periodDays: Int
    private let now: Int64
    private(set) var all = MomentResults.Group()
    private(set) var byAction: [MomentAction: MomentResults.Group] = [:]
    private(set) var open = 0

    init(_ plan: SessionPlan, _ settings: IntentSettings, now: Int64) {
        columns = SessionColumns(plan)
        hours = Int64(settings.resultHours) * 3_600_000
        periodDays = settings.periodDays
        self.now = now
    }

    mutating func enter(_ block: ScanBlock) { columns.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        var purchases: [(time: Int64, value: Double)] = []
        var firsts: [MomentRecord] = []
        var seen: Set<Int64> = []
        for row in person.rows {
            if let decision = columns.decision(row) {
                count(decision)
                let period = Holdout.period(decision.time, days: periodDays)
                if decision.wanted != .nothing, seen.insert(period).inserted { firsts.append(decision) }
            } else if let event = columns.event(row), event.role == .purchase {
                purchases.append((event.time, event.value ?? 0))
            }
        }
        for decision in firsts {
            guard decision.time + hours <= now else {
                open += 1
                continue
            }
            let bought = purchases.filter { $0.time > decision.time && $0.time <= decision.time + hours }
            let value = bought.reduce(0) { $0 + $1.value }
            all.add(decision, bought: !bought.isEmpty, value: value)
            byAction[decision.wanted, default: MomentResults.Group(action: decision.wanted)]
                .add(decision, bought: !bought.isEmpty, value: value)
        }
    }

    /// Every coupon costs, not only the first of a period.
    private mutating func count(_ decision: MomentRecord) {
        guard decision.chosen == .coupon else { return }
        all.coupons += 1
        all.cost += decision.cost
        byAction[.coupon, default: MomentResults.Group(action: .coupon)].coupons += 1
        byAction[.coupon]?.cost += decision.cost
    }

    static func results(_ folds: [MomentResultFold], _ settings: IntentSettings) -> MomentResults {
        var all = MomentResults.Group()
        var byAction: [MomentAction: MomentResults.Group] = [:]
        for fold in folds {
            all.add(fold.all)
            for (action, group) in fold.byAction {
                byAction[action, default: MomentResults.Group(action: action)].add(group)
            }
        }
        return MomentResults(
            groups: [all] + MomentAction.allCases.compactMap { byAction[$0] }, hours: settings.resultHours,
            open: folds.reduce(0) { $0 + $1.open })
    }
}

extension MomentResults.Group {
    fileprivate mutating func add(_ decision: MomentRecord, bought: Bool, value: Double) {
        var arm = decision.isWithheld ? held : treated
        arm.people += 1
        arm.buyers += bought ? 1 : 0
        arm.value += value
        if decision.isWithheld { held = arm } else { treated = arm }
    }

    fileprivate mutating func add(_ other: MomentResults.Group) {
        for path in [\MomentResults.Group.treated, \MomentResults.Group.held] {
            self[keyPath: path].people += other[keyPath: path].people
            self[keyPath: path].buyers += other[keyPath: path].buyers
            self[keyPath: path].value += other[keyPath: path].value
        }
        coupons += other.coupons
        cost += other.cost
    }
}
