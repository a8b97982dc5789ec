import Foundation
import Synchronization

/// What persons began, for pages that let them go on. Called from several threads.
package protocol StartedItems: Sendable {
    /// What a person began and may go on with, what they played last first. Answers from memory and the person's
    /// history, and never fails: nothing while that is not ready.
    func startedIfReady(by person: String) -> [Continuing.Started]

    /// Gets ready what `startedIfReady` needs; may take a scan.
    func prepare()
}

extension PlaybackService: StartedItems {
    /// Looked for again after so long where no event tells what is played.
    private static let pauseMilliseconds: Int64 = 60_000

    /// The titles played last that are looked at.
    private static let titlesMax = 50

    package func startedIfReady(by person: String) -> [Continuing.Started] {
        guard let known = present.value else { return [] }
        return (try? started(by: person, known)) ?? []
    }

    package func prepare() {
        guard present.isDue, failedTime.withLock({ now() - ($0 ?? .min / 2) >= Self.pauseMilliseconds }) else { return }
        do {
            _ = try tables()
            failedTime.withLock { $0 = nil }
        } catch {
            failedTime.withLock { $0 = now() }
        }
    }

    /// What a person began and may go on with: an episode that they left, or the one after the last that they finished.
    ///
    /// - Throws: `insufficient` when no events tell what is played.
    /// - Complexity: O(rows of the person), and a scan while there are no tables
    package func started(by person: String) throws -> [Continuing.Started] { try started(by: person, try tables()) }

    private func started(by person: String, _ known: Known) throws -> [Continuing.Started] {
        let titles = Dictionary(grouping: try plays(of: person, known), by: \OwnPlay.episode.item)
        func latest(_ title: String) -> Int64 { titles[title]?.map(\.play.lastTime).max() ?? .min }
        let order: [(title: String, time: Int64)] = titles.keys.map { ($0, latest($0)) }
            .sorted { $0.time != $1.time ? $0.time > $1.time : $0.title < $1.title }
        return try order.prefix(Self.titlesMax).compactMap { try begun($0.title, titles[$0.title] ?? [], known) }
    }

    /// Where a person may go on with a title; nil when they are through with it.
    private func begun(_ title: String, _ plays: [OwnPlay], _ known: Known) throws -> Continuing.Started? {
        let finished = Set(plays.filter { $0.play.completedTime != nil }.map(\.episode))
        let last = plays.max { ($0.play.lastTime, $0.episode) < ($1.play.lastTime, $1.episode) }
        guard let last else { return nil }
        var started = Continuing.Started(
            item: title, progress: last.play.progress, lastTime: last.play.lastTime, partsFinished: finished.count,
            season: last.episode.season, number: last.episode.number)
        guard finished.contains(last.episode) else { return started }
        guard let key = known.tables.key(last.episode), let next = try playable(successorsOf: key, known) else {
            return nil
        }
        // Who sees an old episode again has not lost their place.
        if finished.contains(next) { return nil }
        let own = plays.first { $0.episode == next }
        started.progress = own?.play.progress ?? 0
        (started.season, started.number) = (next.season, next.number)
        return started
    }
}
