import Foundation
import Statistics

extension Cinema {
    /// Somebody who has never been here looks around, and subscribes.
    func arrive(_ household: inout Household, at time: Int64, _ events: inout EventSink) {
        var random = streams.of(household.index).source(.session)
        let owner = household.members[0]
        let screen: Screen = random.chance(0.7) ? .phone : .computer
        let source = household.source
        let context = owner.devices[screen.rawValue].context { context in
            guard let name = source.campaign else { return }
            context.object("campaign", Campaign(source: source.source, medium: source.medium, name: name).write)
        }
        let device = Cinema.deviceID(household, member: 0, screen)
        let stranger = Sender(userID: nil, anonymousID: device, context: context)
        var now = time
        for name in ["Landing", "Catalogue", "Plans"] as [StaticString] {
            events.page(name, stranger, at: now)
            now += Int64(random.uniform(8_000, 70_000))
        }
        let known = Sender(userID: owner.id, anonymousID: device, context: context)
        let plan = plan(for: household, &random)
        household.subscription = Household.Subscription(plan: plan, since: KoreanCalendar.day(of: now))
        household.subscriptions = 1
        introduce(0, of: &household, by: known, at: now, &events)
        events.track("Signed Up", known, at: now + 500) { event in
            event.set("method", random.chance(0.6) ? "kakao" : "email")
        }
        events.track("Subscription Started", known, at: now + 60_000) { event in
            event.set("plan", plan.slug)
            event.set("price", plan.price)
            event.set("currency", "KRW")
            event.set("isReturning", false)
        }
    }

    /// A household that had cancelled subscribes again.
    func subscribe(_ household: inout Household, at time: Int64, price: Int? = nil, _ events: inout EventSink) {
        var random = streams.of(household.index).source(.aftermath, household.subscriptions)
        let plan = plan(for: household, &random)
        let day = KoreanCalendar.day(of: time)
        household.subscription = Household.Subscription(plan: plan, since: day, price: price)
        household.subscriptions += 1
        for index in household.members.indices {
            household.members[index].state.satisfaction = max(0.55, household.members[index].state.satisfaction)
            household.members[index].state.trouble = 0
            household.members[index].state.lastSessionDay = day
        }
        events.track("Subscription Started", household.server, at: time) { event in
            event.set("plan", plan.slug)
            event.set("price", price ?? plan.price)
            event.set("currency", "KRW")
            event.set("isReturning", true)
        }
    }

    /// What pulls a household away at a bill, in log odds, by reason; and what they add up to.
    struct Leaving {
        /// By `CancelReason`.
        var pulls: [Double]
        var chance: Double
    }

    func leaving(_ household: Household, _ subscription: Household.Subscription, day: Int) -> Leaving {
        let owner = household.members[0]
        let hours = household.members.reduce(0) { $0 + $1.state.hoursSinceBill }
        let bill = Double(max(0, subscription.monthlyPrice - subscription.credit))
        let last = household.members.compactMap(\.state.lastSessionDay).max() ?? subscription.since
        let trouble = household.members.map(\.state.trouble).max() ?? 0
        let pulls = [
            0.8 * owner.nature.priceSensitivity * (bill / 10_000 - 1) - 0.05 * min(hours, 20),
            5.5 * (0.58 - household.satisfaction),
            day - last > 13 ? 1.1 : 0,
            1.3 * min(trouble, 2),
            0,
        ]
        return Leaving(pulls: pulls, chance: logistic(-2.7 + pulls.reduce(0, +)))
    }

    /// The monthly bill: stay, change the plan, or go.
    func bill(_ household: inout Household, at time: Int64, _ events: inout EventSink) {
        guard var subscription = household.subscription else { return }
        let day = KoreanCalendar.day(of: time)
        var random = streams.of(household.index).source(.aftermath, day, 1)
        let leaving = leaving(household, subscription, day: day)
        let owner = household.members[0]
        defer { for index in household.members.indices { household.members[index].state.hoursSinceBill = 0 } }
        if random.chance(leaving.chance) {
            cancel(subscription, of: &household, leaving, at: time, &random, &events)
            return
        }
        let price = max(0, subscription.monthlyPrice - subscription.credit)
        events.track("Subscription Renewed", household.server, at: time) { event in
            event.set("plan", subscription.plan.slug)
            event.set("total", price)
            event.set("credit", subscription.credit)
            event.set("currency", "KRW")
            event.set("month", (day - subscription.since) / 30)
        }
        subscription.credit = 0
        // One in fifty changes the plan: up when content, down when the price hurts.
        let wish = owner.nature.priceSensitivity - 0.4 - household.satisfaction
        if random.chance(0.02) {
            let other = Plan(rawValue: subscription.plan.rawValue + (wish > 0 ? -1 : 1))
            if let other {
                events.track("Subscription Changed", household.server, at: time + 3_600_000) { event in
                    event.set("previousPlan", subscription.plan.slug)
                    event.set("plan", other.slug)
                    event.set("price", other.price)
                }
                subscription.plan = other
            }
        }
        household.subscription = subscription
    }

    private func cancel(
        _ subscription: Household.Subscription, of household: inout Household, _ leaving: Leaving, at time: Int64,
        _ random: inout RandomSource, _ events: inout EventSink
    ) {
        // What pulls most is named most, but people do not always say what it was.
        let reason = random.choice(of: CancelReason.allCases, weights: leaving.pulls.map { exp(1.2 * $0) })
        events.track("Subscription Cancelled", household.server, at: time) { event in
            event.set("plan", subscription.plan.slug)
            event.set("reason", reason.slug)
            event.set("month", (KoreanCalendar.day(of: time) - subscription.since) / 30)
        }
        household.subscription = nil
    }
}
