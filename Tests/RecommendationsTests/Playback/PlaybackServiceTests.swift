import EventLog
import Foundation
import Statistics
import Synchronization
import Testing

@testable import Recommendations

struct PlaybackServiceTests {
    private let now = 100 * day

    /// Of 100 persons who finish the first of three episodes, 80 go on; of those, 20 finish the second and go on.
    private var series: [Event] {
        var events: [Event] = []
        for person in 0..<100 {
            events += finished("p\(person)", "show", 1, 1, at: 10 * day)
            guard person < 80 else { continue }
            events.append(played("p\(person)", "Playback Started", "show", 1, 2, at: 11 * day))
            guard person < 40 else { continue }
            events.append(
                played("p\(person)", "Playback Completed", "show", 1, 2, at: 11 * day + 40 * minute, position: 2_400))
            if person < 20 { events.append(played("p\(person)", "Playback Started", "show", 2, 1, at: 12 * day)) }
        }
        return events
    }

    @Test func theNextEpisodeComesWithTheShareOfThoseWhoWentOn() throws {
        let service = playbackService(series, now: now)
        let first = try service.next(for: nil, after: Episode(item: "show", season: 1, number: 1))
        #expect(first.next == Episode(item: "show", season: 1, number: 2))
        #expect(first.continuation?.episode == ContinueCounts(finished: 100, wentOn: 80))
        #expect(first.plays && first.reason.code == "likely_to_continue")
        let second = try service.next(for: nil, after: Episode(item: "show", season: 1, number: 2))
        #expect(second.next == Episode(item: "show", season: 2, number: 1))
        #expect(second.continuation?.episode == ContinueCounts(finished: 40, wentOn: 20))
        let last = try service.next(for: nil, after: Episode(item: "show", season: 2, number: 1))
        #expect(last.next == nil && last.reason.code == "last_episode" && !last.plays)
    }

    @Test func whoDidNothingYetAndTitlesThatNobodyKnowsAreErrorsThatSaySo() throws {
        let service = playbackService(series, now: now)
        #expect { try service.next(for: "nobody") } throws: { ($0 as? RecommendationError)?.code == .notFound }
        #expect { try service.skips("unknown") } throws: { ($0 as? RecommendationError)?.code == .notFound }
        let without = playbackService(series, now: now, mapping: nil)
        #expect { try without.next(for: "p1") } throws: { ($0 as? RecommendationError)?.code == .insufficient }
        let empty = playbackService([], now: now)
        #expect { try empty.next(for: "p1") } throws: { ($0 as? RecommendationError)?.code == .notFound }
    }

    @Test func whoFinishedTooLatelyToTellIsNotCounted() throws {
        var events = series
        for person in 0..<50 { events += finished("new\(person)", "show", 1, 1, at: now - 2 * day) }
        let service = playbackService(events, now: now)
        let first = try service.next(for: nil, after: Episode(item: "show", season: 1, number: 1))
        #expect(first.continuation?.episode.finished == 100)
    }

    @Test func theLastPlayedEpisodeOfAPersonIsGoneOnFrom() throws {
        let service = playbackService(series + finished("me", "show", 1, 1, at: now - day), now: now)
        let next = try service.next(for: "me")
        #expect(next.after.number == 1 && next.next?.number == 2)
    }

    @Test func candidatesGoOnWithWhatWasBegunAndLeaveOutWhatWasFinished() throws {
        var events = series + finished("me", "show", 1, 1, at: now - day)
        events += [
            played("me", "Playback Started", "film", at: now - 2 * day, duration: 6_000),
            played("me", "Playback Stopped", "film", at: now - 2 * day + minute, position: 2_000, duration: 6_000),
        ]
        for person in 0..<60 {
            events.append(played("q\(person)", "Playback Started", "hit", at: now - 3 * day, duration: 3_000))
        }
        let service = playbackService(events, now: now)
        let found = try service.candidates(for: "me")
        #expect(found.first?.episode == Episode(item: "show", season: 1, number: 2))
        #expect(found.contains { $0.episode.item == "film" && $0.source == .resume })
        #expect(found.contains { $0.episode.item == "hit" && $0.source == .popular })
        #expect(!found.contains { $0.episode == Episode(item: "show", season: 1, number: 1) })
        #expect(found.allSatisfy { (0...1).contains($0.probability) })
        let list = try service.prefetch(for: "me", bytesMax: 1_900_000_000)
        #expect(list.bytes <= 1_900_000_000 && list.isExact && list.items.count >= 2)
        var ahead = PlaybackService.Ahead()
        ahead.secondsMax = 30
        #expect(
            try service.prefetch(for: "me", bytesMax: 1_900_000_000, ahead).items.allSatisfy { $0.bytes <= 11_250_000 })
    }

    @Test func whatMayNotBeOfferedIsNoCandidate() throws {
        var gone = CandidateItem(id: "hit")
        gone.isAvailable = false
        let events = (0..<60).map { played("q\($0)", "Playback Started", "hit", at: now - 3 * day) }
        #expect(try playbackService(events, now: now).candidates(for: "me").map(\.episode.item) == ["hit"])
        #expect(try playbackService(events, items: [gone], now: now).candidates(for: "me").isEmpty)
    }

    @Test func episodesWithIdsOfTheirOwnAreFoundThroughTheCatalogue() throws {
        func item(_ number: Int) -> CandidateItem {
            var item = CandidateItem(id: "e\(number)")
            (item.parent, item.season, item.position) = ("show", 1, number)
            return item
        }
        var events: [Event] = []
        for person in 0..<30 {
            events += finished("p\(person)", "e1", 0, 0, at: 10 * day)
            if person < 15 { events.append(played("p\(person)", "Playback Started", "e2", at: 10 * day + 50 * minute)) }
        }
        var mapping = playbackMapping
        (mapping.season, mapping.episode) = (nil, nil)
        let service = playbackService(events, items: [item(1), item(2)], now: now, mapping: mapping)
        let next = try service.next(for: nil, after: Episode(item: "e1"))
        #expect(next.next == Episode(item: "show", season: 1, number: 2) && next.nextID == "e2")
        #expect(next.continuation?.episode == ContinueCounts(finished: 30, wentOn: 15))
    }

    @Test(arguments: [1, 2, 3])
    func tablesAreTheSameOnAnyNumberOfThreads(seed: UInt64) throws {
        var random = RandomSource(seed: seed)
        var events: [Event] = []
        for person in 0..<120 {
            for _ in 0..<12 {
                let (title, episode) = ("t\(random.index(below: 6))", 1 + random.index(below: 4))
                let time = Int64(random.uniform(0, 90) * Double(day))
                events += finished("p\(person)", title, 1, episode, at: time)
                events.append(
                    played(
                        "p\(person)", "Playback Seeked", title, 1, episode, at: time + minute,
                        position: random.uniform(0, 60), to: random.uniform(60, 200)))
            }
        }
        let snapshot = try GrowingHistory(events).snapshot()
        func tables(_ threads: Int) throws -> PlaybackTables {
            try snapshot.playback(playbackMapping, PlaybackLimits(), places: [:], now: now, threads: threads)
        }
        let (one, three) = (try tables(1), try tables(3))
        #expect(Set(one.titles) == Set(three.titles))
        for (key, counts) in one.episodes {
            let other = try #require(three.key(one.episode(key)))
            #expect(three.episodes[other] == counts)
            #expect(one.continuation(after: key) == three.continuation(after: other))
        }
        #expect(one.allBinges == three.allBinges && one.days == three.days)
        for (key, season) in one.seasons {
            let other = try #require(three.numbers[one.titles[Int(key.title)]])
            let same = try #require(three.seasons[.init(title: other, season: key.season)])
            #expect(Set(season.sample.jumps) == Set(same.sample.jumps) && season.viewers == same.viewers)
        }
    }

    @Test func aFullTableLeavesTheRestOutAndSaysHowMuch() throws {
        var limits = PlaybackLimits()
        limits.episodesMax = 5
        let events = (0..<20).flatMap { finished("p", "t\($0)", 1, 1, at: Int64($0) * day) }
        let tables = try GrowingHistory(events).snapshot()
            .playback(playbackMapping, limits, places: [:], now: now, threads: 1)
        #expect(tables.episodes.count == 5 && tables.refused == 15)
    }

    @Test func tablesAreMadeOnceAndAgainWhenTheyAreOld() throws {
        let clock = Mutex<Int64>(0)
        let made = Mutex(0)
        let refreshed = Refreshed<Int>(age: 100) { clock.withLock { $0 } }
        func value() throws -> Int {
            try refreshed.value {
                made.withLock {
                    $0 += 1
                    return $0
                }
            }
        }
        #expect(try (value(), value()) == (1, 1))
        clock.withLock { $0 = 99 }
        #expect(try value() == 1)
        clock.withLock { $0 = 100 }
        #expect(try value() == 2)
        #expect(try refreshed.value { throw RecommendationError(.io, "must not be asked") } == 2)
        clock.withLock { $0 = 300 }
        #expect(try refreshed.value { throw RecommendationError(.io, "broken") } == 2, "an old value is kept")
        refreshed.forget()
        #expect(throws: RecommendationError.self) { try refreshed.value { throw RecommendationError(.io, "broken") } }
        #expect(try value() == 3)
    }
}
