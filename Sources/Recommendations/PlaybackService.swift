import EventLog
import Foundation
import Statistics

/// What to play next, what to have ready, and what may be skipped, each with its reason.
///
/// What everybody's histories say is kept in tables that one scan makes and that are at most `ageMax` old; a person's
/// own history is read as it is now.
///
/// ```swift
/// let next = try service.next(for: "viewer-7", after: Episode(item: "title-12", season: 1, number: 3))
/// ```
package struct PlaybackService: Sendable {
    /// Tables are made anew after this time, in milliseconds.
    package static let ageMax: Int64 = 15 * 60_000

    /// What the tables were made of.
    struct Known: Sendable {
        var mapping: PlaybackMapping
        var tables: PlaybackTables
        /// Ids of episodes that the catalogue places in a title.
        var places: [String: Episode]
        /// The ids of episodes that have ids of their own.
        var ids: [Episode: String]
    }

    let history: any InteractionHistory
    let items: any ItemSource
    let now: @Sendable () -> Int64
    let limits: PlaybackLimits
    private let mapping: @Sendable () throws -> PlaybackMapping?
    private let known: Refreshed<Known>
    /// When the tables could not be made, in milliseconds.
    let failedTime = Shared<Int64?>(nil)

    /// - Parameter mapping: which events tell what is played; nil when none does. Called when tables are made.
    package init(
        history: any InteractionHistory, items: any ItemSource = NoItems(), limits: PlaybackLimits = PlaybackLimits(),
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime,
        mapping: @escaping @Sendable () throws -> PlaybackMapping?
    ) {
        self.history = history
        self.items = items
        self.limits = limits
        self.now = now
        self.mapping = mapping
        known = Refreshed(age: Self.ageMax, now: now)
    }

    /// Makes the tables anew with the next question, as after the mapping was changed.
    package func forget() {
        known.forget()
        failedTime.withLock { $0 = nil }
    }

    /// The tables as they are, without waiting.
    var present: (value: Known?, isDue: Bool) { known.present() }

    /// - Throws: `insufficient` when no events tell what is played.
    func tables() throws -> Known {
        try known.value {
            guard let mapping = try mapping() else {
                throw RecommendationError(
                    .insufficient,
                    "no event here tells what is played: there is none such as 'Playback Started' with a property for "
                        + "the title. Say which are: PUT /v1/playback/mapping")
            }
            var places: [String: Episode] = [:]
            try items.forEachItem { item in
                guard let parent = item.parent, let position = item.position else { return }
                places[item.id] = Episode(item: parent, season: item.season ?? 0, number: position)
            }
            let tables = try history.snapshot().playback(mapping, limits, places: places, now: now())
            return Known(
                mapping: mapping, tables: tables, places: places,
                ids: Dictionary(places.map { ($1, $0) }) { min($0, $1) })
        }
    }

    /// What one person played, as it is now.
    func plays(of person: String, _ known: Known) throws -> [OwnPlay] {
        let snapshot = try history.view(of: person)
        guard let plan = PlaybackPlan(known.mapping, snapshot, places: known.places) else { return [] }
        var fold = OwnPlaysFold(plan)
        try snapshot.visit(person: person, plan.selection, &fold)
        return fold.plays.plays.map { play in
            let name = fold.titles[play.key.title]
            return OwnPlay(
                episode: Episode(item: name, season: Int(play.key.season), number: Int(play.key.number)), play: play,
                continued: fold.plays.continued(after: play, window: limits.window, now: now()))
        }
    }
}

/// What a person did with an episode.
struct OwnPlay: Sendable {
    var episode: Episode
    var play: EpisodePlay
    /// Whether they went on after it; nil when that is not known.
    var continued: Bool?
}

/// One person's plays.
private struct OwnPlaysFold: PersonFold {
    private var reader: PlayReader
    private(set) var plays = PersonPlays()

    init(_ plan: PlaybackPlan) { reader = PlayReader(plan, titlesMax: 100_000) }

    var titles: Words { reader.titles }
    mutating func enter(_ block: ScanBlock) { reader.enter(block) }
    mutating func visit(_ person: borrowing PersonView) { reader.read(person, into: &plays) }
}

// MARK: - The next episode

/// What follows an episode, and whether it should begin by itself.
package struct NextEpisode: Sendable, Hashable {
    package var after: Episode
    /// nil after the last episode that there is.
    package var next: Episode?
    /// The id of the next one where episodes have ids of their own.
    package var nextID: String?
    package var continuation: Continuation?
    package var plays: Bool
    package var reason: Wording
}

extension PlaybackService {
    /// Whether the next episode should begin by itself is asked of the estimate.
    package static let autoplayFrom = 0.5

    /// What follows an episode: the one named, or the one that the person played last.
    ///
    /// - Throws: `notFound` when the person played nothing, or nobody ever played the episode.
    package func next(
        for person: String?, after episode: Episode? = nil, autoplayFrom: Double = autoplayFrom
    ) throws -> NextEpisode {
        let known = try tables()
        let own = try person.map { try plays(of: $0, known) } ?? []
        let asked = episode.map { known.places[$0.item] ?? $0 }
        guard let after = asked ?? own.max(by: { $0.play.lastTime < $1.play.lastTime })?.episode else {
            throw RecommendationError(
                .notFound, "'\(person ?? "")' has played nothing yet: name the episode that was played")
        }
        guard let key = known.tables.key(after) else {
            throw RecommendationError(.notFound, "nobody has played '\(after.item)' yet, so nothing is known of it")
        }
        guard let next = try playable(successorsOf: key, known) else {
            return NextEpisode(
                after: after, next: nil, nextID: nil, continuation: nil, plays: false,
                reason: Wording("last_episode", en: "it is the last episode there is", ko: "마지막 회입니다"))
        }
        let continuation = known.tables.continuation(after: key, person: record(own, known))
        let goesOn = continuation.probability.estimate >= autoplayFrom
        return NextEpisode(
            after: after, next: next, nextID: known.ids[next], continuation: continuation, plays: goesOn,
            reason: Self.reason(continuation, plays: goesOn))
    }

    /// The first of the following episodes that may be offered now.
    func playable(successorsOf key: EpisodeKey, _ known: Known) throws -> Episode? {
        var key = known.tables.successor(of: key)
        while let found = key {
            let episode = known.tables.episode(found)
            guard let id = known.ids[episode] else { return episode }
            guard let item = try items.items([id]).first, !item.mayBeOffered(at: now(), in: nil) else { return episode }
            key = known.tables.successor(of: found)
        }
        return nil
    }

    /// What the person did after what they finished, and what was expected of them.
    func record(_ own: [OwnPlay], _ known: Known) -> [(wentOn: Bool, expected: Double)] {
        own.sorted { $0.play.lastTime > $1.play.lastTime }.lazy.compactMap { play in
            guard let wentOn = play.continued, let key = known.tables.key(play.episode),
                known.tables.successor(of: key) != nil
            else { return nil }
            return (wentOn, known.tables.continuation(after: key).probability.estimate)
        }
        .prefix(50).map { $0 }
    }

    private static func reason(_ continuation: Continuation, plays: Bool) -> Wording {
        let share = Wording.percent(continuation.probability.estimate)
        let code = plays ? "likely_to_continue" : "unlikely_to_continue"
        return switch continuation.basis {
        case .episode:
            Wording(
                code, en: "\(share) of those who finish this episode go on with the next within a week",
                ko: "이 회를 끝까지 본 사람의 \(share)가 일주일 안에 다음 회를 봅니다")
        case .title:
            Wording(
                code, en: "\(share) go on after an episode of this title",
                ko: "이 작품은 한 회를 보고 나서 \(share)가 다음 회를 봅니다")
        case .all, .nothing:
            Wording(
                code, en: "too few have finished it to say; of all titles \(share) go on",
                ko: "아직 끝까지 본 사람이 적어 전체 작품의 평균(\(share))으로 봅니다")
        }
    }
}

// MARK: - Intervals to skip

/// What may be skipped in the episodes of a season.
package struct SeasonSkips: Sendable, Hashable {
    package var item: String
    package var season: Int
    package var viewers: Int
    package var seeks: Int
    package var intervals: [SkipInterval]
    package var reason: Wording
}

extension PlaybackService {
    /// The stretches that many skip, for each season of a title.
    ///
    /// - Parameter item: a title, or the id of one of its episodes.
    /// - Throws: `notFound` when nobody played it.
    package func skips(_ item: String, season: Int? = nil) throws -> [SeasonSkips] {
        let known = try tables()
        let title = known.places[item]?.item ?? item
        guard let number = known.tables.numbers[title], let keys = known.tables.order[number] else {
            throw RecommendationError(.notFound, "nobody has played '\(title)' yet, so nothing is known of it")
        }
        let seasons = Set(keys.map(\.season)).sorted().filter { season == nil || Int($0) == season }
        return seasons.map { season in
            let counts =
                known.tables.seasons[PlaybackTables.SeasonKey(title: number, season: season)]
                ?? PlaybackTables.SeasonCounts()
            let seconds = keys.filter { $0.season == season }.map { known.tables.episodes[$0]?.duration ?? 0 }.max()
            let found = SkipIntervals.find(
                counts.sample.jumps, viewers: counts.viewers, seconds: seconds ?? 0)
            return SeasonSkips(
                item: title, season: Int(season), viewers: counts.viewers, seeks: counts.sample.count,
                intervals: found, reason: Self.reason(found, viewers: counts.viewers))
        }
    }

    private static func reason(_ found: [SkipInterval], viewers: Int) -> Wording {
        guard let first = found.max(by: { $0.persons < $1.persons }) else {
            return Wording(
                "too_few_seeks", en: "not enough people jump over the same stretch to be sure",
                ko: "같은 구간을 건너뛴 사람이 적어 아직 알 수 없습니다")
        }
        let stretch = "\(Wording.clock(first.from))–\(Wording.clock(first.to))"
        return Wording(
            "many_skip_it",
            en: "\(first.persons) of \(viewers) viewers of the season jumped over \(stretch)",
            ko: "이 시즌을 본 \(viewers)명 가운데 \(first.persons)명이 \(stretch) 구간을 건너뛰었습니다")
    }
}
