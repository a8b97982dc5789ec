/// An event of one history, as the rules of a funnel see it.
package struct FunnelEvent: Sendable, Hashable {
    /// Milliseconds.
    package var time: Int64
    /// Bit `k` for each step (from 0), then one for each exclusion, that the event fits.
    package var mask: UInt64
    /// The number of its breakdown value.
    package var group: Int32
    /// The number of the value that is held constant; 0 is none.
    package var held: Int32
    /// The number of the value that makes it part of a unit; 0 is none.
    package var unit: Int32

    package init(time: Int64, mask: UInt64, group: Int32 = 0, held: Int32 = 0, unit: Int32 = 0) {
        self.time = time
        self.mask = mask
        self.group = group
        self.held = held
        self.unit = unit
    }
}

/// What counts as going through a funnel, apart from which events fit which step.
///
/// An *attempt* opens with an event of step 1 whose time lies in the entry range, and lasts for the window. It fills
/// each next step with the earliest event that fits, no event twice. Events of one instant may be taken in whichever
/// order leads further. An exclusion ends an attempt.
///
/// A history is judged by the attempts that get furthest. If one of those ends without an exclusion it counts: the one
/// that got there earliest, of several the one that opened last. Otherwise the history is out of the funnel altogether.
///
/// So an exclusion removes a person from the funnel entirely, step 1 included, if it came into every attempt that got
/// as far. Who has another one without it is counted by that: somebody who once asked for support between cart and
/// order and later ordered without is a conversion of the later time. PostHog's sources decide the same way: an
/// exclusion marks the attempts that stand before it, and an unmarked one that reaches the same step takes the place of
/// a marked best. The stricter reading, in which one such event removes all attempts, before and after, would let an
/// old detour hide every later order, and would make the answer depend on how far back the range reaches.
///
/// - Strict: an attempt ends with the first event that does not fill its next step. Within one instant, events that are
///   left over may stand before the attempt's first event or after its last.
/// - Unordered: any step opens an attempt, and any not yet filled one is next. After an exclusion only step 1 counts.
/// - Optional steps do not lead anywhere: they are filled afterwards from the events between the steps around them.
package struct FunnelShape: Sendable {
    struct Exclusion: Sendable {
        let bit: UInt64
        /// Positions among the steps that must be filled.
        let from: Int
        let to: Int
    }

    package let stepCount: Int
    package let order: FunnelOrder
    /// Milliseconds, inclusive.
    package let window: Int64
    /// The steps that must be filled: their numbers, ascending; the first is 0.
    let required: [Int]
    /// The bits of the required steps.
    let bits: [UInt64]
    /// For each required step, the optional ones between it and the next.
    let optionalAfter: [Range<Int>]
    let exclusions: [Exclusion]

    /// - Parameter exclusions: steps from 0, `from < to`, neither optional.
    package init(
        optional: [Bool], order: FunnelOrder, window: Int64, exclusions: [(from: Int, to: Int)] = []
    ) {
        precondition(optional.first == false, "decoding refuses a funnel without a required first step")
        stepCount = optional.count
        self.order = order
        self.window = window
        let required = optional.indices.filter { !optional[$0] }
        self.required = required
        bits = required.map { 1 << UInt64($0) }
        optionalAfter = required.indices.map { position in
            required[position] + 1..<(position + 1 < required.count ? required[position + 1] : optional.count)
        }
        self.exclusions = exclusions.enumerated().map { index, range in
            let from = required.firstIndex(of: range.from) ?? 0
            return Exclusion(
                bit: 1 << UInt64(optional.count + index), from: from, to: required.firstIndex(of: range.to) ?? from)
        }
    }

    /// The bits of all steps.
    var stepBits: UInt64 { (1 << UInt64(stepCount)) - 1 }
    /// The required step before one.
    func stepBefore(_ step: Int) -> Int { required.last { $0 < step } ?? 0 }
    var hasOptionalSteps: Bool { required.count < stepCount }
    /// The events that can open an attempt.
    var openingBits: UInt64 { order == .unordered ? stepBits : 1 }
}

/// How far one history got.
package struct FunnelOutcome: Sendable, Hashable {
    /// Stands for a step that is not filled.
    package static let unfilled = Int64.min

    /// The position of the last required step that an attempt without exclusion filled; -1 without such an attempt.
    package var depth = -1
    /// The same for attempts that an exclusion ended.
    package var excludedDepth = -1
    /// When each step was filled, in milliseconds. In an unordered funnel the k-th is when any k + 1 steps were.
    package var times: [Int64]

    package init(stepCount: Int) {
        times = [Int64](repeating: FunnelOutcome.unfilled, count: stepCount)
    }

    /// Whether the history counts in the funnel at all.
    package var counts: Bool { depth >= 0 && depth >= excludedDepth }

    package func reaches(_ step: Int) -> Bool { times[step] != FunnelOutcome.unfilled }

    mutating func clear() {
        depth = -1
        excludedDepth = -1
        for step in times.indices { times[step] = FunnelOutcome.unfilled }
    }

    /// Takes the outcome of another part of the same unit's events in, and keeps the better attempt.
    mutating func merge(_ other: FunnelOutcome, required: [Int]) {
        excludedDepth = max(excludedDepth, other.excludedDepth)
        guard other.depth >= 0 else { return }
        let isBetter: Bool
        if other.depth != depth {
            isBetter = other.depth > depth
        } else {
            let last = required[depth]
            isBetter = (other.times[last], times[0]) < (times[last], other.times[0])
        }
        if isBetter {
            depth = other.depth
            times = other.times
        }
    }
}
