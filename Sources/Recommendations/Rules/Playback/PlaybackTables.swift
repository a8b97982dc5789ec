/// What everybody's playing says of each title, kept between requests.
struct PlaybackTables: Sendable {
    struct EpisodeCounts: Sendable, Hashable {
        /// Persons who began it, and who finished it.
        var started = 0
        var finished = 0
        var continued = ContinueCounts()
        /// The longest that was told, in seconds.
        var duration = 0.0
        var dropOff = DropOffCounts()

        mutating func add(_ other: EpisodeCounts) {
            started += other.started
            finished += other.finished
            continued.add(other.continued)
            duration = max(duration, other.duration)
            dropOff.add(other.dropOff)
        }
    }

    /// A title's sessions, and how many episodes they had.
    struct BingeCounts: Sendable, Hashable {
        /// By finished episodes of one session, from 1; the last is that many or more.
        static let most = 12
        var sessions = [Int](repeating: 0, count: most)

        mutating func add(episodes: Int) { sessions[min(episodes, Self.most) - 1] += 1 }
        mutating func add(_ other: BingeCounts) {
            for index in sessions.indices { sessions[index] += other.sessions[index] }
        }
    }

    struct SeasonKey: Sendable, Hashable {
        var title: Int32
        var season: Int32
    }

    struct SeasonCounts: Sendable {
        var viewers = 0
        var sample = JumpSample()
    }

    var titles: [String] = []
    var episodes: [EpisodeKey: EpisodeCounts] = [:]
    var seasons: [SeasonKey: SeasonCounts] = [:]
    /// By title, and of all.
    var binges: [Int32: BingeCounts] = [:]
    var allBinges = BingeCounts()
    /// Sessions by the days that they were on: episodes a person finished on a day, as `BingeCounts`.
    var days = BingeCounts()
    /// Persons by the title that they began, over the last `recentDays`.
    var recent: [Int32: Int] = [:]
    var recentPersons = 0
    var persons = 0
    /// What was left out because the table was full.
    var refused = 0

    // Of what follows from them.
    private(set) var numbers: [String: Int32] = [:]
    /// By title: its episodes in order.
    private(set) var order: [Int32: [EpisodeKey]] = [:]
    private(set) var continued: [Int32: ContinueCounts] = [:]
    private(set) var allContinued = ContinueCounts()

    /// An episode that is told of by fewer persons than this share of the title's is a mistake of a player.
    private static let knownShare = 0.002

    /// Sets what follows from the counts.
    mutating func finish() {
        numbers = Dictionary(uniqueKeysWithValues: titles.enumerated().map { ($1, Int32($0)) })
        order = Dictionary(grouping: episodes.keys, by: \.title).mapValues { keys in
            let most = keys.reduce(0) { max($0, episodes[$1]?.started ?? 0) }
            return keys.filter { Double(episodes[$0]?.started ?? 0) >= Self.knownShare * Double(most) }
                .sorted { $0.orderInTitle < $1.orderInTitle }
        }
        continued = [:]
        allContinued = ContinueCounts()
        for (key, counts) in episodes where successor(of: key) != nil {
            continued[key.title, default: ContinueCounts()].add(counts.continued)
            allContinued.add(counts.continued)
        }
        for key in Array(seasons.keys) { seasons[key]?.sample.trim() }
    }

    /// What comes next of the same title; nil after the last.
    ///
    /// - Complexity: O(log episodes of the title)
    func successor(of key: EpisodeKey) -> EpisodeKey? {
        guard let all = order[key.title] else { return nil }
        var (low, high) = (0, all.count)
        while low < high {
            let middle = (low + high) / 2
            if all[middle].orderInTitle <= key.orderInTitle { low = middle + 1 } else { high = middle }
        }
        return low < all.count ? all[low] : nil
    }

    func episode(_ key: EpisodeKey) -> Episode {
        Episode(item: titles[Int(key.title)], season: Int(key.season), number: Int(key.number))
    }

    func key(_ episode: Episode) -> EpisodeKey? {
        numbers[episode.item].map {
            EpisodeKey(title: $0, season: Int32(clamping: episode.season), number: Int32(clamping: episode.number))
        }
    }

    /// The chance of going on after an episode, as everybody does.
    func continuation(after key: EpisodeKey, person: [(wentOn: Bool, expected: Double)] = []) -> Continuation {
        Continuation.estimate(
            episode: successor(of: key) == nil ? ContinueCounts() : episodes[key]?.continued ?? ContinueCounts(),
            title: continued[key.title] ?? ContinueCounts(), all: allContinued, person: person)
    }
}
