package import Statistics

// What the API answers and the commands print, as JSON.

/// An estimate with the bounds that cover the truth as often as the question asks, 90 or 95 %.
package struct IntervalAnswer: Sendable, Hashable, Codable {
    package var estimate: Double
    package var low: Double
    package var high: Double

    package init(_ interval: Interval) {
        estimate = interval.estimate
        low = interval.low
        high = interval.high
    }
}

package struct NextEpisodeAnswer: Codable {
    package var after: Episode
    package var next: Episode?
    package var nextId: String?
    package var autoplay: Bool
    package var probability: IntervalAnswer?
    package var basis: Continuation.Basis?
    /// Of this episode: who finished it, and who of them went on.
    package var finished: Int?
    package var wentOn: Int?
    /// The person's odds against everybody's.
    package var personalOdds: Double?
    package var reason: Wording

    package init(_ next: NextEpisode) {
        after = next.after
        self.next = next.next
        nextId = next.nextID
        autoplay = next.plays
        probability = next.continuation.map { IntervalAnswer($0.probability) }
        basis = next.continuation?.basis
        finished = next.continuation?.episode.finished
        wentOn = next.continuation?.episode.wentOn
        personalOdds = next.continuation?.personal
        reason = next.reason
    }
}

package struct PrefetchAnswer: Codable {
    package struct Item: Codable {
        package var episode: Episode
        package var probability: Double
        package var bytes: Int
        package var reason: Wording
    }

    package var items: [Item]
    package var bytes: Int
    package var value: Double
    package var bound: Double
    package var isExact: Bool

    package init(_ list: PrefetchList) {
        items = list.items.map {
            Item(episode: $0.episode, probability: $0.probability, bytes: $0.bytes, reason: $0.source.reason)
        }
        bytes = list.bytes
        value = list.value
        bound = list.bound
        isExact = list.isExact
    }
}

package struct DownloadAnswer: Codable {
    package struct Item: Codable {
        package var episode: Episode
        package var probability: Double
        package var bytes: Int
        package var reason: Wording
        /// Why it may be played at all.
        package var because: Wording?
    }

    package var keep: [Item]
    package var fetch: [Item]
    package var delete: [Item]
    package var later: [Item]
    package var bytes: Int
    package var value: Double
    package var bound: Double
    package var isExact: Bool

    package init(_ plan: DownloadPlan) {
        func items(_ steps: [DownloadPlan.Step]) -> [Item] {
            steps.map {
                Item(
                    episode: $0.episode, probability: $0.probability, bytes: $0.bytes, reason: $0.reason.wording,
                    because: $0.source?.reason)
            }
        }
        keep = items(plan.keep)
        fetch = items(plan.fetch)
        delete = items(plan.delete)
        later = items(plan.later)
        bytes = plan.bytes
        value = plan.value
        bound = plan.bound
        isExact = plan.isExact
    }
}

package struct QualityAnswer: Codable {
    package var start: QualityRung
    package var ceiling: QualityRung
    package var sustainableKilobits: Double
    package var stallShare: IntervalAnswer?
    package var bytes: Double
    package var reason: Wording

    package init(_ advice: QualityAdvice) {
        start = advice.start
        ceiling = advice.ceiling
        sustainableKilobits = advice.sustainable
        stallShare = advice.stallShare.map(IntervalAnswer.init)
        bytes = advice.bytes
        reason = advice.reason.wording
    }
}

package struct SkipsAnswer: Codable {
    package struct Interval: Codable {
        package var from: Double
        package var to: Double
        package var persons: Int
        package var seeks: Int
        package var share: IntervalAnswer
    }

    package struct Season: Codable {
        package var item: String
        package var season: Int
        package var viewers: Int
        package var seeks: Int
        package var intervals: [Interval]
        package var reason: Wording
    }

    package var seasons: [Season]

    package init(_ skips: [SeasonSkips]) {
        seasons = skips.map { season in
            Season(
                item: season.item, season: season.season, viewers: season.viewers, seeks: season.seeks,
                intervals: season.intervals.map {
                    Interval(
                        from: $0.from, to: $0.to, persons: $0.persons, seeks: $0.seeks, share: IntervalAnswer($0.share))
                },
                reason: season.reason)
        }
    }
}
