/// Something that may be played next, with what it takes to have it on the device.
package struct PlayCandidate: Sendable, Hashable {
    /// Why it may be played.
    package enum Source: String, Sendable, Hashable, Codable, CaseIterable {
        /// It was begun and not finished.
        case resume
        /// It follows what was finished.
        case next
        /// Others begin it these days.
        case popular
        /// Whoever asks named it.
        case given
    }

    package var episode: Episode
    /// That it is played within the next days.
    package var probability: Double
    package var source: Source
    /// To keep it, in the quality that is asked for.
    package var bytes: Int

    package init(episode: Episode, probability: Double, source: Source, bytes: Int) {
        self.episode = episode
        self.probability = probability
        self.source = source
        self.bytes = bytes
    }
}

/// The most likely next items that fit into a number of bytes.
package struct PrefetchList: Sendable, Hashable {
    package var items: [PlayCandidate]
    package var bytes: Int
    /// The chance that what is played next is among them, if the chances of the candidates were of one choice.
    package var value: Double
    /// No list of that size is worth more.
    package var bound: Double
    package var isExact: Bool

    package static func choose(_ candidates: [PlayCandidate], bytesMax: Int) -> PrefetchList {
        let choice = Knapsack.best(
            candidates.map { Knapsack.Thing(value: $0.probability, bytes: $0.bytes, fetchBytes: $0.bytes) },
            bytesMax: bytesMax)
        let items = choice.chosen.map { candidates[$0] }
            .sorted { $0.probability != $1.probability ? $0.probability > $1.probability : $0.episode < $1.episode }
        return PrefetchList(
            items: items, bytes: items.reduce(0) { $0 + $1.bytes }, value: choice.value, bound: choice.bound,
            isExact: choice.isExact)
    }
}

/// What to keep on a device, what to fetch, and what to delete.
package struct DownloadPlan: Sendable, Hashable {
    /// What is on the device.
    package struct Stored: Sendable, Hashable {
        package var episode: Episode
        package var bytes: Int
        package var isWatched: Bool

        package init(episode: Episode, bytes: Int, isWatched: Bool = false) {
            self.episode = episode
            self.bytes = bytes
            self.isWatched = isWatched
        }
    }

    package struct Device: Sendable, Hashable {
        /// For all downloads together.
        package var bytesMax: Int
        /// On Wi-Fi, or a line that costs nothing by the byte.
        package var isUnmetered: Bool
        /// What may be fetched over a line that costs: 0 waits for Wi-Fi.
        package var meteredBytes: Int

        package init(bytesMax: Int, isUnmetered: Bool, meteredBytes: Int = 0) {
            self.bytesMax = bytesMax
            self.isUnmetered = isUnmetered
            self.meteredBytes = meteredBytes
        }
    }

    package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// It is likely to be played.
        case likely
        /// It was watched.
        case watched
        /// Something likelier takes its room.
        case unlikely
        /// It will be fetched on Wi-Fi.
        case waitsForWiFi = "waits_for_wifi"
        /// It is not likely enough for the room there is.
        case noSpace = "no_space"
    }

    package struct Step: Sendable, Hashable {
        package var episode: Episode
        package var bytes: Int
        package var probability: Double
        package var reason: Reason
        package var source: PlayCandidate.Source?
    }

    package var keep: [Step]
    package var fetch: [Step]
    package var delete: [Step]
    /// What is left for later.
    package var later: [Step]
    package var bytes: Int
    package var value: Double
    package var bound: Double
    package var isExact: Bool

    /// What is there is worth this much more than what would have to be fetched in its place, so that a plan does not
    /// change its mind with every day.
    private static let staying = 1.15
    /// Of what was watched: some watch it again.
    private static let again = 0.02

    /// - Parameters:
    ///   - candidates: what may be played, also what is stored; at most `Knapsack.thingsMax` with what is stored.
    package static func choose(
        _ candidates: [PlayCandidate], stored: [Stored], device: Device
    ) -> DownloadPlan {
        let known = Dictionary(candidates.map { ($0.episode, $0) }) { first, _ in first }
        let kept = stored.filter { !$0.isWatched }
        let isThere = Set(stored.map(\.episode))
        let new = candidates.filter { !isThere.contains($0.episode) }
        func chance(_ stored: Stored) -> Double { known[stored.episode]?.probability ?? again }
        let things =
            kept.map { Knapsack.Thing(value: chance($0) * staying, bytes: $0.bytes) }
            + new.map { Knapsack.Thing(value: $0.probability, bytes: $0.bytes, fetchBytes: $0.bytes) }
        let choice = Knapsack.best(things, bytesMax: device.bytesMax)
        let wanted = Set(choice.chosen)
        // What is wanted and must wait does not push anything out yet.
        let now =
            device.isUnmetered
            ? choice
            : Knapsack.best(things, bytesMax: device.bytesMax, fetchMax: max(0, device.meteredBytes))
        let chosen = Set(now.chosen)
        var plan = DownloadPlan(
            keep: [], fetch: [], delete: [], later: [], bytes: now.chosen.reduce(0) { $0 + things[$1].bytes },
            value: now.value, bound: now.bound, isExact: now.isExact)
        for item in stored where item.isWatched { plan.delete.append(step(item, again, .watched)) }
        for (place, item) in kept.enumerated() {
            if chosen.contains(place) {
                plan.keep.append(step(item, chance(item), .likely, known[item.episode]?.source))
            } else {
                plan.delete.append(step(item, chance(item), .unlikely))
            }
        }
        for (number, item) in new.enumerated() {
            let place = kept.count + number
            let step = { (reason: Reason) in
                Step(
                    episode: item.episode, bytes: item.bytes, probability: item.probability, reason: reason,
                    source: item.source)
            }
            if chosen.contains(place) {
                plan.fetch.append(step(.likely))
            } else {
                plan.later.append(step(wanted.contains(place) ? .waitsForWiFi : .noSpace))
            }
        }
        plan.sort()
        return plan
    }

    private static func step(
        _ item: Stored, _ probability: Double, _ reason: Reason, _ source: PlayCandidate.Source? = nil
    ) -> Step {
        Step(episode: item.episode, bytes: item.bytes, probability: probability, reason: reason, source: source)
    }

    private mutating func sort() {
        func likely(_ left: Step, _ right: Step) -> Bool {
            left.probability != right.probability
                ? left.probability > right.probability : left.episode < right.episode
        }
        keep.sort(by: likely)
        fetch.sort(by: likely)
        later.sort(by: likely)
        delete.sort { likely($1, $0) }
    }
}
