import Foundation

/// How two people get along, how work appeals, and what somebody does who wants something: the true model that matching
/// policies try to learn.
enum Fit {
    /// How well a customer and a partner get along, from -1 to 1: both have a manner (talkative or quiet, exact or
    /// quick), and like their own.
    static func manner(_ customer: Customer, _ partner: Partner) -> Double {
        let one = customer.nature.style
        let other = partner.nature.style
        let lengths = (one * one).sum() * (other * other).sum()
        return lengths > 0 ? (one * other).sum() / lengths.squareRoot() : 0
    }

    /// What an order looks like to a partner.
    struct Job: Sendable {
        var service: HomeService
        var spot: Spot
        var start: Int64
        /// In won.
        var pay: Double
        /// How much the partner already likes the customer, and the other way round: 0 for strangers.
        var liking: Double
    }

    /// The share of the price that goes to the partner.
    static let payShare = 0.8

    /// The log odds of a partner accepting a job, but for whether they are free.
    static func wants(_ job: Job, _ partner: Partner) -> Double {
        let usual = Double(job.service.price) * payShare * partner.nature.payWish
        let pay = job.pay / max(usual, 1) - 1
        let distance = partner.nature.spot.kilometres(to: job.spot)
        let load = Double(partner.state.jobsThisWeek) / partner.nature.wantedPerWeek
        return 0.9 + 3.2 * pay - partner.nature.distanceAversion * distance + 0.9 * job.liking
            - 1.1 * max(0, load - 0.7) + 0.6 * (partner.state.morale - 0.5)
    }

    /// The probability of accepting: 0 for somebody who cannot.
    static func accepts(_ job: Job, _ partner: Partner) -> Double {
        partner.isFree(for: job) ? logistic(wants(job, partner)) : 0
    }

    /// How content a customer will be with a job, in stars before rounding, on average.
    static func stars(_ customer: Customer, _ partner: Partner) -> Double {
        4.1 + 0.45 * partner.nature.skill + 0.75 * manner(customer, partner)
    }

    /// How urgently something is wanted on a day: 0 far from its time, 1 at it. A cycle can be brought forward by a
    /// tenth or so, and somebody who is overdue will have it done soon, here or elsewhere.
    static func urgency(_ need: Customer.Need, day: Int) -> Double {
        let distance = Double(day - need.due) / max(need.cycle, 4)
        return distance < 0 ? exp(distance * 7) : exp(-distance * 2)
    }
}

extension Partner {
    /// Works on that day at that hour, does the trade, and has promised nothing else.
    func isFree(for job: Fit.Job) -> Bool {
        if state.hasLeft || !does(job.service.trade) { return false }
        let end = job.start + Int64(job.service.minutes) * KoreanCalendar.minute
        let weekday = KoreanCalendar.weekday(KoreanCalendar.day(of: job.start))
        let hour = KoreanCalendar.hour(of: job.start)
        if nature.weekdays & (1 << UInt8(weekday)) == 0 || hour < nature.from { return false }
        if hour + Double(job.service.minutes) / 60 > nature.until + 1 { return false }
        // Half an hour to get from one place to the next.
        let span = (job.start - 30 * KoreanCalendar.minute)..<(end + 30 * KoreanCalendar.minute)
        return !state.promised.contains { $0.overlaps(span) }
    }
}
