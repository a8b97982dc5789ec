import Foundation
import Statistics

extension PlaybackService {
    /// How candidates are found, and how large they are.
    package struct Ahead: Sendable {
        /// Of the stream that would be fetched, in kilobits a second.
        package var kilobits = 3_000.0
        /// Only the beginning of each, in seconds; nil is the whole.
        package var secondsMax: Double?
        /// What whoever asks knows better: its chance, its bytes, or that it is a candidate at all.
        package var given: [Given] = []
        /// How many episodes ahead of each series.
        package var episodesMax = 5
        package var countMax = 60

        package init() {}

        package struct Given: Sendable, Hashable {
            package var episode: Episode
            package var probability: Double?
            package var bytes: Int?

            package init(episode: Episode, probability: Double? = nil, bytes: Int? = nil) {
                self.episode = episode
                self.probability = probability
                self.bytes = bytes
            }
        }
    }

    /// After so many days without it half have lost interest: as in `Continuing`.
    private static let halfLifeDays = 10.0
    /// Of an episode whose length nobody told, in seconds.
    private static let usualSeconds = 2_700.0
    /// What is popular these days is begun within a week of these four.
    private static let weeksOfRecent = 4.0

    /// What a person may play within the next days, the most likely first.
    ///
    /// - Complexity: O(rows of the person + titles of the last weeks)
    package func candidates(for person: String?, _ ahead: Ahead = Ahead()) throws -> [PlayCandidate] {
        let known = try tables()
        let own = try person.map { try plays(of: $0, known) } ?? []
        var chances: [Episode: (probability: Double, source: PlayCandidate.Source)] = [:]
        func offer(_ episode: Episode, _ probability: Double, _ source: PlayCandidate.Source) {
            if probability > chances[episode]?.probability ?? 0 { chances[episode] = (probability, source) }
        }
        let record = record(own, known)
        for (_, plays) in Dictionary(grouping: own, by: \.episode.item) {
            goOn(plays, known, record, ahead.episodesMax, offer)
        }
        let touched = Set(own.map(\.episode.item))
        for (title, probability) in popular(known) where !touched.contains(title.item) {
            offer(title, probability, .popular)
        }
        var bytes: [Episode: Int] = [:]
        for given in ahead.given {
            let episode = known.places[given.episode.item] ?? given.episode
            bytes[episode] = given.bytes
            if let probability = given.probability { chances[episode] = (probability, .given) }
            if chances[episode] == nil { chances[episode] = (0, .given) }
        }
        let offered = try available(chances.keys.sorted(), known)
        let all = offered.compactMap { episode -> PlayCandidate? in
            guard let chance = chances[episode] else { return nil }
            return PlayCandidate(
                episode: episode, probability: chance.probability, source: chance.source,
                bytes: bytes[episode] ?? size(episode, known, ahead))
        }
        return Array(
            all.sorted { $0.probability != $1.probability ? $0.probability > $1.probability : $0.episode < $1.episode }
                .prefix(ahead.countMax))
    }

    /// What a person began, and the episodes after it.
    private func goOn(
        _ plays: [OwnPlay], _ known: Known, _ record: [(wentOn: Bool, expected: Double)], _ episodesMax: Int,
        _ offer: (Episode, Double, PlayCandidate.Source) -> Void
    ) {
        guard let last = plays.max(by: { $0.play.lastTime < $1.play.lastTime }),
            var key = known.tables.key(last.episode)
        else { return }
        let finished = Set(plays.filter { $0.play.completedTime != nil }.map(\.episode))
        let days = max(0, Double(now() - last.play.lastTime)) / TrainScores.millisecondsPerDay
        var chance = exp2(-days / Self.halfLifeDays)
        if !finished.contains(last.episode) {
            let started = Continuing.Started(
                item: last.episode.item, progress: last.play.progress, lastTime: last.play.lastTime,
                partsFinished: finished.count)
            guard Continuing.open.contains(started.progress) || started.partsFinished > 0 else { return }
            chance = Continuing.chance(started, now: now())
            offer(last.episode, chance, .resume)
        }
        for _ in 0..<episodesMax {
            guard let next = known.tables.successor(of: key) else { return }
            chance *= known.tables.continuation(after: key, person: record).probability.estimate
            key = next
            let episode = known.tables.episode(next)
            if !finished.contains(episode) { offer(episode, chance, .next) }
        }
    }

    /// The first episodes of what is begun these days, with the chance that somebody begins it within a week.
    private func popular(_ known: Known) -> [(Episode, Double)] {
        let persons = Double(max(1, known.tables.recentPersons))
        return known.tables.recent.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(30).compactMap {
            title, count in
            guard let first = known.tables.order[title]?.first else { return nil }
            let inFourWeeks = min(0.999, Double(count) / persons)
            return (known.tables.episode(first), 1 - pow(1 - inFourWeeks, 1 / Self.weeksOfRecent))
        }
    }

    private func available(_ episodes: [Episode], _ known: Known) throws -> [Episode] {
        let ids = episodes.map { known.ids[$0] ?? $0.item }
        let found = Dictionary(try items.items(Array(Set(ids))).map { ($0.id, $0) }) { first, _ in first }
        return zip(episodes, ids).filter { found[$0.1]?.mayBeOffered(at: now(), in: nil) ?? true }.map(\.0)
    }

    private func size(_ episode: Episode, _ known: Known, _ ahead: Ahead) -> Int {
        let told = known.tables.key(episode).flatMap { known.tables.episodes[$0]?.duration } ?? 0
        let seconds = told > 0 ? told : Self.usualSeconds
        return Int(min(seconds, ahead.secondsMax ?? .infinity) * ahead.kilobits * 1_000 / 8)
    }

    /// The most likely next items that fit into a number of bytes.
    package func prefetch(for person: String?, bytesMax: Int, _ ahead: Ahead = Ahead()) throws -> PrefetchList {
        PrefetchList.choose(try candidates(for: person, ahead), bytesMax: bytesMax)
    }

    /// What to keep on a device, what to fetch, and what to delete.
    ///
    /// - Parameter stored: what is on the device; what the person has finished counts as watched.
    package func downloads(
        for person: String?, stored: [DownloadPlan.Stored], device: DownloadPlan.Device, _ ahead: Ahead = Ahead()
    ) throws -> DownloadPlan {
        let known = try tables()
        let finished = Set(
            try person.map { try plays(of: $0, known) }?.filter { $0.play.completedTime != nil }.map(\.episode) ?? [])
        let placed = stored.map { item in
            let episode = known.places[item.episode.item] ?? item.episode
            return DownloadPlan.Stored(
                episode: episode, bytes: item.bytes, isWatched: item.isWatched || finished.contains(episode))
        }
        return DownloadPlan.choose(try candidates(for: person, ahead), stored: placed, device: device)
    }
}

extension PlayCandidate.Source {
    package var reason: Wording {
        switch self {
        case .resume: Wording(rawValue, en: "begun and not finished", ko: "보다가 만 작품입니다")
        case .next: Wording(rawValue, en: "follows what was finished", ko: "끝까지 본 회의 다음 회입니다")
        case .popular: Wording(rawValue, en: "many begin it these days", ko: "요즘 많이 보기 시작하는 작품입니다")
        case .given: Wording(rawValue, en: "named by whoever asked", ko: "요청에서 지정한 작품입니다")
        }
    }
}

extension DownloadPlan.Reason {
    package var wording: Wording {
        switch self {
        case .likely: Wording(rawValue, en: "likely to be played soon", ko: "곧 볼 가능성이 높습니다")
        case .watched: Wording(rawValue, en: "it was watched to the end", ko: "이미 끝까지 보았습니다")
        case .unlikely: Wording(rawValue, en: "something likelier needs its room", ko: "볼 가능성이 더 높은 작품에 공간이 필요합니다")
        case .waitsForWiFi: Wording(rawValue, en: "will be fetched on Wi-Fi", ko: "와이파이에 연결되면 내려받습니다")
        case .noSpace: Wording(rawValue, en: "not likely enough for the room there is", ko: "남은 공간에 비해 볼 가능성이 낮습니다")
        }
    }
}

extension QualityAdvice.Reason {
    package var wording: Wording {
        switch self {
        case .best: Wording(rawValue, en: "nothing stands against the best quality", ko: "최고 화질로 보아도 문제가 없습니다")
        case .screen: Wording(rawValue, en: "the screen shows no more", ko: "화면 해상도에 맞춘 화질입니다")
        case .throughput: Wording(rawValue, en: "the line carries no more for long", ko: "네트워크 속도에 맞춘 화질입니다")
        case .dataPlan: Wording(rawValue, en: "more would use up the data plan", ko: "남은 데이터를 아끼는 화질입니다")
        case .lowest:
            Wording(
                rawValue, en: "the line is slow: even the lowest quality may stall", ko: "네트워크가 느려 가장 낮은 화질도 끊길 수 있습니다")
        }
    }
}
