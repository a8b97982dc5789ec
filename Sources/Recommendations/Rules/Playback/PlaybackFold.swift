import EventLog
import Statistics

/// Bounds and windows of the tables of playback.
package struct PlaybackLimits: Sendable, Hashable {
    /// Different titles and ids of episodes.
    package var titlesMax = 200_000
    /// Different episodes; each takes about 400 bytes.
    package var episodesMax = 200_000
    /// Who starts the next episode within so many milliseconds went on.
    package var window: Int64 = 7 * 86_400_000
    /// Who did nothing with an episode for so long has left it.
    package var openFor: Int64 = 3 * 86_400_000
    /// What is begun within this time is chosen these days.
    package var recent: Int64 = 28 * 86_400_000
    /// A pause longer than this ends a session.
    package var sessionPause: Int64 = 45 * 60_000

    package init() {}
}

/// Counts what everybody played, in one scan.
struct PlaybackFold: PersonFold, Sendable {
    private var reader: PlayReader
    private var plays = PersonPlays()
    private let limits: PlaybackLimits
    private let now: Int64
    private(set) var tables = PlaybackTables()

    init(_ plan: PlaybackPlan, _ limits: PlaybackLimits, now: Int64) {
        reader = PlayReader(plan, titlesMax: limits.titlesMax)
        self.limits = limits
        self.now = now
    }

    var titles: Words { reader.titles }

    mutating func enter(_ block: ScanBlock) { reader.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        plays.removeAll()
        reader.read(person, into: &plays)
        guard !plays.plays.isEmpty else { return }
        tables.persons += 1
        countEpisodes()
        countSeeks(person.hash)
        countSessions()
    }

    private mutating func countEpisodes() {
        var seasons: Set<PlaybackTables.SeasonKey> = []
        var recent: Set<Int32> = []
        for play in plays.plays where !play.starts.isEmpty || play.completedTime != nil {
            guard tables.episodes[play.key] != nil || tables.episodes.count < limits.episodesMax else {
                tables.refused += 1
                continue
            }
            let continued = continuing(play)
            let openAfter = now - limits.openFor
            Self.change(&tables.episodes[play.key, default: PlaybackTables.EpisodeCounts()]) { counts in
                counts.started += 1
                counts.duration = max(counts.duration, play.duration)
                counts.dropOff.add(play, openAfter: openAfter)
                if play.completedTime != nil { counts.finished += 1 }
                if let continued {
                    counts.continued.finished += 1
                    if continued { counts.continued.wentOn += 1 }
                }
            }
            seasons.insert(PlaybackTables.SeasonKey(title: play.key.title, season: play.key.season))
            if let first = play.starts.first, first > now - limits.recent { recent.insert(play.key.title) }
        }
        for key in seasons { tables.seasons[key, default: PlaybackTables.SeasonCounts()].viewers += 1 }
        for title in recent { tables.recent[title, default: 0] += 1 }
        if !recent.isEmpty { tables.recentPersons += 1 }
    }

    /// Changes in place: a copy of the counts would copy their arrays.
    private static func change(
        _ counts: inout PlaybackTables.EpisodeCounts, _ body: (inout PlaybackTables.EpisodeCounts) -> Void
    ) { body(&counts) }

    /// Whether the person started the next episode within the window; nil when it is too early to say, or when it was
    /// not finished.
    private func continuing(_ play: EpisodePlay) -> Bool? {
        plays.continued(after: play, window: limits.window, now: now)
    }

    private mutating func countSeeks(_ person: UInt64) {
        for seek in plays.seeks where seek.to > seek.from {
            let key = PlaybackTables.SeasonKey(title: seek.key.title, season: seek.key.season)
            guard tables.seasons[key] != nil else { continue }
            let jump = SkipIntervals.Jump(
                from: Float(seek.from), to: Float(seek.to), person: UInt32(truncatingIfNeeded: person))
            let rank = SplitMix64.mix(person ^ UInt64(bitPattern: seek.time))
            tables.seasons[key]?.sample.add(jump, rank: rank)
        }
    }

    private mutating func countSessions() {
        var sessions: [Int32: Int] = [:]
        var all = 0
        var ofDay: (day: Int64, episodes: Int) = (.min, 0)
        var last = Int64.min
        func duration(_ key: EpisodeKey) -> Int64 { Int64((plays[key]?.duration ?? 0) * 1_000) }
        func endDay(_ tables: inout PlaybackTables) {
            if ofDay.episodes > 0 { tables.days.add(episodes: ofDay.episodes) }
        }
        for completion in plays.completions where completion.key.number > 0 {
            // From the end of the one before to the beginning of this one.
            let begin = completion.time - duration(completion.key)
            if last != .min, begin - last > limits.sessionPause { end(&sessions, &all) }
            sessions[completion.key.title, default: 0] += 1
            all += 1
            last = completion.time
            let day = completion.time / 86_400_000
            if day != ofDay.day {
                endDay(&tables)
                ofDay = (day, 0)
            }
            ofDay.episodes += 1
        }
        end(&sessions, &all)
        endDay(&tables)
    }

    private mutating func end(_ sessions: inout [Int32: Int], _ all: inout Int) {
        guard all > 0 else { return }
        for (title, episodes) in sessions {
            tables.binges[title, default: PlaybackTables.BingeCounts()].add(episodes: episodes)
        }
        tables.allBinges.add(episodes: all)
        sessions.removeAll(keepingCapacity: true)
        all = 0
    }
}

extension PersonPlays {
    /// Whether the person started what follows an episode within a window after finishing it; nil when it is too early
    /// to say, or when it was not finished.
    func continued(after play: EpisodePlay, window: Int64, now: Int64) -> Bool? {
        guard let finished = play.completedTime, finished <= now - window else { return nil }
        return plays.contains { other in
            other.key.follows(play.key) && other.starts.contains { $0 >= finished && $0 <= finished + window }
        }
    }
}

extension PlaybackTables {
    /// Joins what several threads counted: each has numbers of its own for the titles.
    init(merging folds: [PlaybackFold]) {
        self.init()
        var words = Words(countMax: .max)
        for fold in folds {
            let new = fold.titles.names.map { words.number(of: $0) }
            func renamed(_ key: EpisodeKey) -> EpisodeKey {
                EpisodeKey(title: new[Int(key.title)], season: key.season, number: key.number)
            }
            for (key, counts) in fold.tables.episodes { episodes[renamed(key), default: EpisodeCounts()].add(counts) }
            for (key, counts) in fold.tables.seasons {
                let key = SeasonKey(title: new[Int(key.title)], season: key.season)
                seasons[key, default: SeasonCounts()].viewers += counts.viewers
                seasons[key]?.sample.add(counts.sample)
            }
            for (title, counts) in fold.tables.binges {
                binges[new[Int(title)], default: BingeCounts()].add(counts)
            }
            for (title, count) in fold.tables.recent { recent[new[Int(title)], default: 0] += count }
            allBinges.add(fold.tables.allBinges)
            days.add(fold.tables.days)
            recentPersons += fold.tables.recentPersons
            persons += fold.tables.persons
            refused += fold.tables.refused + fold.titles.refused
        }
        titles = words.names
        finish()
    }
}

extension Snapshot {
    /// - Complexity: O(rows of playback); memory is bounded by the limits.
    func playback(
        _ mapping: PlaybackMapping, _ limits: PlaybackLimits, places: [String: Episode], now: Int64,
        threads: Int? = nil
    ) throws -> PlaybackTables {
        guard let plan = PlaybackPlan(mapping, self, places: places) else { return PlaybackTables() }
        let end = end(now)
        let folds = try scan(plan.selection, threads: threads) { PlaybackFold(plan, limits, now: end) }.folds
        return PlaybackTables(merging: folds)
    }
}
