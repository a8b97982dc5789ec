package import Statistics

/// A stretch that many jump over in every episode of a season: the opening titles, a recap, the credits.
package struct SkipInterval: Sendable, Hashable {
    /// Where it begins and ends, in seconds from the beginning of an episode.
    package var from: Double
    package var to: Double
    /// Different persons who jumped over it.
    package var persons: Int
    package var seeks: Int
    /// Of those who played an episode of the season, the share that jumped over it.
    package var share: Interval

    package init(from: Double, to: Double, persons: Int, seeks: Int, share: Interval) {
        self.from = from
        self.to = to
        self.persons = persons
        self.seeks = seeks
        self.share = share
    }
}

/// Finds where people jump to together.
///
/// Jumps over opening titles land where these end, give or take a second or two, and begin some seconds after they do,
/// when the hand has found the button. So the end is the median of where the cluster lands, the beginning an early
/// quantile of where it starts from.
enum SkipIntervals {
    struct Jump: Sendable, Hashable {
        var from: Float
        var to: Float
        var person: UInt32
    }

    /// Shorter ones are corrections, longer ones look for a scene. In seconds.
    static let lengths: ClosedRange<Float> = 8...300
    /// How far from the mode a landing belongs to it, in seconds.
    static let reach: Float = 5
    static let personsMin = 8
    static let intervalsMax = 3
    /// A cluster must be this unlikely among landings that are anywhere, at any place of the episode.
    static let chance = 1e-3

    /// - Parameters:
    ///   - jumps: of one season, in any order.
    ///   - viewers: how many persons played an episode of it.
    ///   - seconds: of an episode, over which landings would spread by chance; 0 is unknown.
    /// - Returns: in the order of time.
    /// - Complexity: O(jumps log jumps)
    static func find(_ jumps: [Jump], viewers: Int, seconds: Double) -> [SkipInterval] {
        var rest = jumps.filter { lengths.contains($0.to - $0.from) }
            .sorted { ($0.to, $0.from, $0.person) < ($1.to, $1.from, $1.person) }
        let span = max(Double(rest.last?.to ?? 0), seconds, 60)
        let total = rest.count
        var found: [SkipInterval] = []
        while found.count < intervalsMax, let cluster = densest(rest) {
            let members = rest[cluster]
            let persons = Set(members.map(\.person)).count
            // A person who jumps around alone must not make a cluster, so persons are what is counted.
            let expected = Double(total) * Double(2 * reach + 1) / span
            guard persons >= personsMin, Poisson.upperTail(persons, mean: expected) < chance * Double(reach) / span
            else { break }
            if let interval = interval(members, persons: persons, viewers: viewers) { found.append(interval) }
            rest.removeSubrange(cluster)
        }
        return apart(found).sorted { $0.from < $1.from }
    }

    /// The landings within `reach` of the place where most persons land.
    private static func densest(_ jumps: [Jump]) -> Range<Int>? {
        var best: (range: Range<Int>, persons: Int)?
        var start = 0
        var inside: [UInt32: Int] = [:]
        for end in jumps.indices {
            inside[jumps[end].person, default: 0] += 1
            while jumps[end].to - jumps[start].to > 2 * reach {
                let person = jumps[start].person
                inside[person] = inside[person].flatMap { $0 > 1 ? $0 - 1 : nil }
                start += 1
            }
            if inside.count > best?.persons ?? 0 { best = (start..<end + 1, inside.count) }
        }
        return best?.range
    }

    private static func interval(_ jumps: ArraySlice<Jump>, persons: Int, viewers: Int) -> SkipInterval? {
        let landings = jumps.map { Double($0.to) }
        let begins = jumps.map { Double($0.from) }.sorted()
        guard let to = Quantile.ofSorted(landings, 0.5), let from = Quantile.ofSorted(begins, 0.05), from < to,
            let share = Proportion.interval(
                successes: min(persons, max(viewers, persons)), trials: max(viewers, persons))
        else { return nil }
        return SkipInterval(from: from.rounded(.down), to: to, persons: persons, seeks: jumps.count, share: share)
    }

    /// Of intervals that overlap, the one with more persons.
    private static func apart(_ intervals: [SkipInterval]) -> [SkipInterval] {
        var kept: [SkipInterval] = []
        for interval in intervals.sorted(by: { $0.persons > $1.persons })
        where kept.allSatisfy({ interval.to <= $0.from || interval.from >= $0.to }) { kept.append(interval) }
        return kept
    }
}

/// The jumps of a season, at most `countMax` of them: those with the smallest hashes, so that the same are kept
/// whatever the order and the number of threads.
struct JumpSample: Sendable {
    static let countMax = 1_000

    private var entries: [(rank: UInt64, jump: SkipIntervals.Jump)] = []
    /// All that there were.
    private(set) var count = 0

    var jumps: [SkipIntervals.Jump] { entries.map(\.jump) }

    mutating func add(_ jump: SkipIntervals.Jump, rank: UInt64) {
        count += 1
        entries.append((rank, jump))
        if entries.count >= 2 * Self.countMax { trim() }
    }

    mutating func add(_ other: JumpSample) {
        count += other.count
        entries += other.entries
        trim()
    }

    mutating func trim() {
        entries.sort { $0.rank < $1.rank }
        if entries.count > Self.countMax { entries.removeLast(entries.count - Self.countMax) }
    }
}
