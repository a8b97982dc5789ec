import Foundation
package import Statistics

/// How many of those who begin something are still there after each minute.
///
/// Who may still go on tells how far they got and no more (they are *censored*), so the share is estimated as Kaplan
/// and Meier do (1958). The bounds are Greenwood's on the scale of log(-log S), which stays within 0 and 1.
package struct DropOff: Sendable, Hashable {
    package struct Minute: Sendable, Hashable {
        /// From the beginning.
        package var minute: Int
        /// The share that watches on after it.
        package var watching: Interval
        /// Who were still there before it.
        package var atRisk: Int
        package var left: Int

        package init(minute: Int, watching: Interval, atRisk: Int, left: Int) {
            self.minute = minute
            self.watching = watching
            self.atRisk = atRisk
            self.left = left
        }
    }

    /// A stretch in which more leave than elsewhere.
    package struct Drop: Sendable, Hashable {
        package var minutes: Range<Int>
        package var left: Int
        /// How many would have left if it were like the rest.
        package var expected: Double

        package init(minutes: Range<Int>, left: Int, expected: Double) {
            self.minutes = minutes
            self.left = left
            self.expected = expected
        }
    }

    package var persons: Int
    package var minutes: [Minute]
    /// The share that sees the end.
    package var completion: Interval
    package var drops: [Drop]
}

/// Counts from which the curve of one episode is drawn.
struct DropOffCounts: Sendable, Hashable {
    /// Later minutes count as this one.
    static let minutesMax = 600

    /// By minute: who left in it for good.
    private(set) var left: [UInt32] = []
    /// By minute: who may still go on from it.
    private(set) var open: [UInt32] = []
    private(set) var completed = 0

    mutating func add(_ play: EpisodePlay, openAfter: Int64) {
        guard play.completedTime == nil else {
            completed += 1
            return
        }
        let minute = min(Self.minutesMax, Int(play.furthest / 60))
        if play.lastTime > openAfter {
            Self.increase(&open, minute)
        } else {
            Self.increase(&left, minute)
        }
    }

    private static func increase(_ counts: inout [UInt32], _ minute: Int) {
        while counts.count <= minute { counts.append(0) }
        counts[minute] += 1
    }

    mutating func add(_ other: DropOffCounts) {
        completed += other.completed
        func join(_ mine: inout [UInt32], _ theirs: [UInt32]) {
            while mine.count < theirs.count { mine.append(0) }
            for (minute, count) in theirs.enumerated() { mine[minute] += count }
        }
        join(&left, other.left)
        join(&open, other.open)
    }

    /// - Returns: nil when nobody began.
    /// - Complexity: O(minutes)
    func curve(confidence: Double = 0.95) -> DropOff? {
        let persons = completed + Int(left.reduce(0, +)) + Int(open.reduce(0, +))
        guard persons > 0 else { return nil }
        let z = Proportion.criticalValue(confidence)
        var atRisk = persons
        var (survival, variance) = (1.0, 0.0)
        var minutes: [DropOff.Minute] = []
        for minute in 0..<max(left.count, open.count) {
            let gone = minute < left.count ? Int(left[minute]) : 0
            let may = minute < open.count ? Int(open[minute]) : 0
            guard atRisk > 0 else { break }
            survival *= 1 - Double(gone) / Double(atRisk)
            if gone > 0, atRisk > gone { variance += Double(gone) / (Double(atRisk) * Double(atRisk - gone)) }
            minutes.append(
                DropOff.Minute(
                    minute: minute, watching: Self.bounds(survival, variance, z, persons), atRisk: atRisk, left: gone))
            atRisk -= gone + may
        }
        let end = minutes.last?.watching ?? Self.bounds(1, 0, z, persons)
        return DropOff(persons: persons, minutes: minutes, completion: end, drops: drops(minutes))
    }

    /// With nobody gone, or nobody left, the variance says nothing: Wilson's bounds of that many persons do.
    private static func bounds(_ survival: Double, _ variance: Double, _ z: Double, _ persons: Int) -> Interval {
        guard survival > 0, survival < 1 else {
            let n = Double(persons)
            let width = z * z / (n + z * z)
            return survival <= 0
                ? Interval(estimate: 0, low: 0, high: width) : Interval(estimate: 1, low: 1 - width, high: 1)
        }
        let logarithm = log(survival)
        let half = z * variance.squareRoot() / abs(logarithm)
        return Interval(
            estimate: survival, low: exp(logarithm * exp(half)), high: exp(logarithm * exp(-half)))
    }

    /// Stretches of three minutes in which significantly more leave than in the median minute: a Poisson tail below
    /// 0.001 over the number of stretches. The first two minutes are a look, and are left out.
    private func drops(_ minutes: [DropOff.Minute]) -> [DropOff.Drop] {
        let body = minutes.filter { $0.minute >= 2 && $0.atRisk >= 20 }
        guard body.count >= 6 else { return [] }
        // What is usual is taken from stretches of nine minutes: in most single minutes nobody may leave.
        var usual = stride(from: 0, to: body.count, by: 9).map { start -> Double in
            let part = body[start..<min(start + 9, body.count)]
            return Double(part.reduce(0) { $0 + $1.left }) / Double(part.reduce(0) { $0 + $1.atRisk })
        }
        let typical = max(Quantile.median(&usual) ?? 0, 1e-5)
        let width = 3
        var found: [DropOff.Drop] = []
        for start in 0...max(0, body.count - width) where start + width <= body.count {
            let part = body[start..<start + width]
            let left = part.reduce(0) { $0 + $1.left }
            let expected = typical * Double(part.reduce(0) { $0 + $1.atRisk })
            guard Double(left) > 2 * expected, Poisson.upperTail(left, mean: expected) < 0.001 / Double(body.count)
            else { continue }
            let range = body[start].minute..<body[start + width - 1].minute + 1
            found.append(DropOff.Drop(minutes: range, left: left, expected: expected))
        }
        return Self.strongest(found)
    }

    /// Of stretches that overlap, the one that most left in; in the order of time.
    private static func strongest(_ drops: [DropOff.Drop]) -> [DropOff.Drop] {
        var kept: [DropOff.Drop] = []
        for drop in drops.sorted(by: { ($1.left, $0.minutes.lowerBound) < ($0.left, $1.minutes.lowerBound) })
        where kept.allSatisfy({ !$0.minutes.overlaps(drop.minutes) }) { kept.append(drop) }
        return Array(kept.prefix(5)).sorted { $0.minutes.lowerBound < $1.minutes.lowerBound }
    }
}

enum Poisson {
    /// P(X ≥ count) for a mean above 0: through the incomplete gamma function (Abramowitz and Stegun, 26.4.21).
    static func upperTail(_ count: Int, mean: Double) -> Double {
        count <= 0 ? 1 : IncompleteGamma.lower(Double(count), mean)
    }
}
