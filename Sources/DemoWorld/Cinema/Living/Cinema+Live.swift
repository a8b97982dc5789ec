import Foundation
import Statistics

extension Cinema {
    package func live(_ household: inout Household, until: Int64, _ events: inout EventSink) {
        while true {
            while household.agenda.done < household.agenda.occasions.count {
                let occasion = household.agenda.occasions[household.agenda.done]
                if occasion.time >= until { return }
                household.agenda.done += 1
                experience(occasion.what, at: occasion.time, &household, &events)
            }
            if KoreanCalendar.midnight(household.agenda.nextDay) >= until { return }
            beginDay(household.agenda.nextDay, &household)
            household.agenda.nextDay += 1
        }
    }

    private func experience(
        _ occasion: Household.Agenda.Occasion, at time: Int64, _ household: inout Household, _ events: inout EventSink
    ) {
        switch occasion {
        case .arrival: arrive(&household, at: time, &events)
        case .comeback:
            if household.subscription == nil { subscribe(&household, at: time, &events) }
        case .bill: bill(&household, at: time, &events)
        case .session(let member, let number):
            // Somebody who still watches, or whose account was closed in the morning, does not begin.
            if household.subscription == nil || household.members[member].state.busyUntil > time { return }
            session(member, number, of: &household, at: time, &events)
        }
    }

    /// Lets a night pass and decides who will come today, and when.
    private func beginDay(_ day: Int, _ household: inout Household) {
        for index in household.members.indices { sleep(&household.members[index], before: day) }
        var random = streams.of(household.index).source(.day, day)
        var occasions: [(time: Int64, what: Household.Agenda.Occasion)] = []
        let midnight = KoreanCalendar.midnight(day)
        func at(_ hour: Double) -> Int64 { midnight + Int64(hour * Double(KoreanCalendar.hour)) }
        if let subscription = household.subscription {
            if day > subscription.since, (day - subscription.since) % 30 == 0 {
                occasions.append((at(random.uniform(7, 10)), .bill))
            }
            for index in household.members.indices {
                for (number, hour) in sessionHours(household.members[index], on: day).enumerated() {
                    occasions.append((at(hour), .session(member: index, number: number)))
                }
            }
        } else if household.subscriptions == 0 {
            if day == household.joins { occasions.append((at(random.uniform(11, 22)), .arrival)) }
        } else if random.chance(comebackChance(of: household)) {
            occasions.append((at(random.uniform(11, 23)), .comeback))
        }
        // Members draw their hours by themselves; ties do not happen but would fall to the first.
        occasions.sort { $0.time < $1.time }
        household.agenda.occasions = occasions
        household.agenda.done = 0
    }

    private func sleep(_ viewer: inout Viewer, before day: Int) {
        viewer.state.trouble *= 0.985
        viewer.state.messageLoad *= 0.85
        viewer.state.sessionsToday = 0
        guard day % 7 == 0 else { return }
        // Tastes wander off and are drawn back to where they belong (Ornstein and Uhlenbeck, by weeks): after a year
        // the distance has a deviation of about 0.3.
        var random = streams.of(viewer.index).source(.other, day)
        var step = Taste.Vector.zero
        for index in 0..<Taste.quality { step[index] = Float(random.normal(deviation: 0.1)) }
        viewer.state.taste += 0.05 * (viewer.nature.taste - viewer.state.taste) + step
    }

    /// The local hours at which a viewer sits down on a day.
    private func sessionHours(_ viewer: Viewer, on day: Int) -> [Double] {
        var random = streams.of(viewer.index).source(.day, day)
        let nature = viewer.nature
        var rate = nature.sessionsPerDay * (0.35 + viewer.state.satisfaction)
        if KoreanCalendar.isHoliday(day) { rate *= nature.weekendFactor }
        // Longer evenings in winter: 12 % more in January, 12 % less in July.
        rate *= 1 + 0.12 * cos(2 * .pi * (KoreanCalendar.seasonOfYear(day) - 0.04))
        // Who has begun something good wants to know how it goes on.
        if let begun = viewer.state.unfinished.last, begun.appeal > 0.5 { rate *= 1.35 }
        let count = min(random.poisson(mean: rate), 4)
        return (0..<count).map { _ in
            let hour =
                random.chance(nature.daytimeShare)
                ? random.choice(
                    of: [8.2, 12.4, 15.5], weights: KoreanCalendar.isHoliday(day) ? [1, 3, 4] : [4, 4, 1])
                    + random.normal(deviation: 0.8) : random.normal(mean: nature.eveningHour, deviation: 1.3)
            return min(max(hour, 0), 23.95)
        }
    }

    /// The probability of coming back on a day without being asked.
    private func comebackChance(of household: Household) -> Double {
        0.0018 * exp(2 * (household.members[0].state.satisfaction - 0.5))
    }
}
