/// How many people go through a series of steps, and where they stop.
///
/// A person is judged by their best attempt: see `FunnelShape` for what counts as one.
package struct FunnelQuery: Sendable, Hashable, Codable {
    package enum Reference: String, Sendable, CaseIterable, Codable {
        /// Rates relate to the people of step 1.
        case total
        /// Rates relate to the people of the step before.
        case previous
    }

    package var steps: [FunnelStep]
    /// Default: ordered.
    package var order: FunnelOrder
    /// From step 1 to the last, inclusive. Default: 14 days.
    package var window: TimeSpan
    package var exclusions: [FunnelExclusion]
    /// The days on which step 1 may happen; later steps may follow within the window.
    package var from: DayPoint?
    package var to: DayPoint?
    package var timeZone: ZoneName
    /// Hold for every event of the funnel, exclusions too.
    package var filters: [Filter]
    /// Default: total.
    package var reference: Reference
    package var breakdown: FunnelBreakdown?
    package var trend: FunnelTrend?
    package var timeToConvert: FunnelTimeToConvert?
    /// A property whose value the events of an attempt must share. Events without it fill no step.
    package var holdConstant: String?
    /// Whose history a funnel is about. Default: person.
    package var aggregateBy: FunnelUnit
    package var people: FunnelPeople?

    private static let fields =
        [
            "kind", "steps", "order", "window", "exclusions", "filters", "reference", "breakdown", "trend",
            "timeToConvert", "holdConstant", "aggregateBy", "people",
        ] + DateRange.fields

    package init(
        _ steps: [FunnelStep], order: FunnelOrder = .ordered, window: TimeSpan = TimeSpan(days: 14),
        exclusions: [FunnelExclusion] = [], range: DateRange = DateRange(), filters: [Filter] = []
    ) {
        self.steps = steps
        self.order = order
        self.window = window
        self.exclusions = exclusions
        from = range.from
        to = range.to
        timeZone = range.timeZone
        self.filters = filters
        reference = .total
        aggregateBy = .person
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a funnel", allowed: FunnelQuery.fields)
        guard let steps = try fields.list("steps", of: FunnelStep.self, counts: 1...QueryLimits.funnelSteps) else {
            throw fields.error(
                .missingField, "steps", "must be given: a list of steps, such as {\"event\": \"Sign Up\"}")
        }
        let range = try DateRange(fields)
        self.init(
            steps, order: try fields.choice("order", default: .ordered),
            window: try fields.optional("window") ?? TimeSpan(days: 14),
            exclusions: try fields.list("exclusions", counts: 0...QueryLimits.selectors - QueryLimits.funnelSteps)
                ?? [],
            range: range, filters: try Filter.list(fields, "filters"))
        reference = try fields.choice("reference", default: .total)
        breakdown = try fields.optional("breakdown")
        trend = try fields.optional("trend")
        timeToConvert = try fields.optional("timeToConvert")
        holdConstant = try fields.text("holdConstant")
        aggregateBy = try fields.optional("aggregateBy") ?? .person
        people = try fields.optional("people")
        try checkSteps(fields)
        try checkExclusions(fields)
        try checkStepNumbers(fields)
    }

    package var range: DateRange { DateRange(from: from, to: to, timeZone: timeZone) }

    private func checkSteps(_ fields: Fields) throws {
        if steps[0].optional {
            throw fields.error(.conflict, "steps[0].optional", "step 1 opens the funnel and cannot be optional")
        }
        if order != .ordered, let index = steps.firstIndex(where: \.optional) {
            throw fields.error(
                .conflict, "steps[\(index)].optional", "steps can be optional only when the order is ordered")
        }
    }

    private func checkExclusions(_ fields: Fields) throws {
        for (index, exclusion) in exclusions.enumerated() {
            let place = "exclusions[\(index)]"
            guard steps.indices.contains(exclusion.fromStep) else {
                throw fields.error(
                    .invalidValue, "\(place).fromStep",
                    "is \(exclusion.fromStep), but must be from 0 to \(max(0, steps.count - 2)): steps count from 0")
            }
            guard exclusion.toStep > exclusion.fromStep else {
                throw fields.error(
                    .invalidValue, "\(place).toStep",
                    "is \(exclusion.toStep), but must be greater than fromStep, which is \(exclusion.fromStep)")
            }
            guard exclusion.toStep < steps.count else {
                throw fields.error(
                    .invalidValue, "\(place).toStep",
                    "is \(exclusion.toStep), but the last step is \(steps.count - 1): steps count from 0")
            }
            for (name, step) in [("fromStep", exclusion.fromStep), ("toStep", exclusion.toStep)]
            where steps[step].optional {
                throw fields.error(
                    .conflict, "\(place).\(name)",
                    "is step \(step), which is optional; exclusions lie between steps that are not")
            }
        }
    }

    private func checkStepNumbers(_ fields: Fields) throws {
        let last = steps.count - 1
        if case .step(let step)? = breakdown?.attribution {
            guard step <= last else {
                throw fields.error(
                    .invalidValue, "breakdown.step", "is \(step), but the last step is \(last): steps count from 0")
            }
            if order == .unordered, step > 0 {
                throw fields.error(
                    .conflict, "breakdown.step",
                    "is \(step), but the steps of an unordered funnel have no order: only step 0 can be attributed to")
            }
        }
        if let timeToConvert {
            let to = timeToConvert.toStep ?? last
            guard timeToConvert.fromStep < to, to <= last else {
                throw fields.error(
                    .invalidValue, "timeToConvert", "must lead from an earlier to a later step, from 0 to \(last)")
            }
        }
        if let people {
            guard people.step <= last else {
                throw fields.error(
                    .invalidValue, "people.step", "is \(people.step), but the last step is \(last): steps count from 0")
            }
            if people.outcome == .dropped, people.step == 0 {
                throw fields.error(.conflict, "people.outcome", "nobody drops before step 0")
            }
        }
    }
}

package enum FunnelOrder: String, Sendable, CaseIterable, Codable {
    /// Each step follows the one before; other events may happen between them.
    case ordered
    /// Each step follows the one before with no other event of any name between them.
    case strict
    /// The steps happen in any order; step k of the answer counts people with any k of them.
    case unordered
}
