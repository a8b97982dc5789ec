import DemoWorld
import EventLog
import Foundation
import Statistics
import Testing

@testable import Recommendations

/// The helpers against a simulated cinema, whose truth is known.
struct CinemaTests {
    private static let days: Int64 = 240

    /// A part of a year of four hundred households, lived once.
    private static let world = World(Cinema(WorldSettings(seed: 11, start: worldStart, scale: 0.35)))
    private static let events: [Event] = {
        let names: Set = ["Playback Started", "Playback Completed", "Playback Stopped", "Playback Seeked"]
        return (try? world.advance(to: worldStart + days * day).events(names)) ?? []
    }()
    private static func service(_ events: [Event], now: Int64) throws -> PlaybackService {
        let history = try FixedHistory(events)
        return PlaybackService(history: history, now: { now }, mapping: { playbackMapping })
    }
    private static let whole = Result { try service(events, now: worldStart + days * day) }

    @Test func theIntervalsFoundAreTheOpeningTitlesOfTheWorld() throws {
        let service = try Self.whole.get()
        var (found, missed) = (0, 0)
        for title in Self.world.business.catalogue.titles where title.kind == .series {
            guard let seasons = try? service.skips(title.id) else { continue }
            for season in seasons where season.viewers >= 50 {
                let truth = try #require(title.seasons.first { $0.number == season.season }).intro
                guard let interval = season.intervals.first else {
                    missed += 1
                    continue
                }
                found += 1
                #expect(season.intervals.count == 1, "\(title.id) season \(season.season): \(season.intervals)")
                #expect(abs(interval.to - Double(truth.upperBound)) <= 1.5, "\(title.id): \(interval), \(truth)")
                #expect(abs(interval.from - Double(truth.lowerBound)) <= 3, "\(title.id): \(interval), \(truth)")
            }
        }
        #expect(found >= 20 && missed * 10 <= found, "\(found) found, \(missed) missed")
        let film = try #require(Self.world.business.catalogue.titles.first { $0.kind == .film })
        if let seasons = try? service.skips(film.id) { #expect(seasons.allSatisfy { $0.intervals.isEmpty }) }
    }

    @Test func theChanceOfGoingOnIsCalibrated() throws {
        // The tables know the first part; what people did after it is what was to be foretold.
        let cut = worldStart + 160 * day
        let before = try Self.service(Self.events.filter { $0.time < cut }, now: cut)
        let known = try before.tables()
        var expected = 0.0
        var (count, wentOn, variance) = (0, 0, 0.0)
        for (person, events) in Dictionary(grouping: Self.events, by: \.person).sorted(by: { $0.key < $1.key }).prefix(
            300)
        {
            let later = events.filter { $0.time >= cut }
            let own = try before.plays(of: person, known)
            let record = before.record(own, known)
            for event in later where event.name == "Playback Completed" {
                guard case .string(let title)? = event["titleId"], case .number(let season)? = event["season"],
                    case .number(let number)? = event["episode"],
                    let key = known.tables.key(Episode(item: title, season: Int(season), number: Int(number))),
                    let next = known.tables.successor(of: key), event.time < worldStart + (Self.days - 7) * day
                else { continue }
                let chance = known.tables.continuation(after: key, person: record).probability.estimate
                let episode = known.tables.episode(next)
                let goes = later.contains { other in
                    other.name == "Playback Started" && other.time >= event.time && other.time <= event.time + 7 * day
                        && other["titleId"] == .string(title) && other["season"] == .number(Double(episode.season))
                        && other["episode"] == .number(Double(episode.number))
                }
                count += 1
                expected += chance
                variance += chance * (1 - chance)
                if goes { wentOn += 1 }
            }
        }
        #expect(count > 150)
        // Histories of one person are not independent, hence the factor.
        let distance = abs(Double(wentOn) - expected) / variance.squareRoot()
        #expect(distance < 6, "\(wentOn) of \(count) went on, \(expected) were expected")
        #expect(abs(Double(wentOn) - expected) / Double(count) < 0.06)
    }

    @Test func whereTitlesDragIsWhereMostLeave() throws {
        let tables = try Self.whole.get().tables().tables
        var (left, near, expected) = (0, 0, 0.0)
        for title in Self.world.business.catalogue.titles {
            guard let number = tables.numbers[title.id], let first = tables.order[number]?.first,
                let counts = tables.episodes[first], let curve = counts.dropOff.curve(), counts.duration > 0
            else { continue }
            let dull = title.dullSpot * counts.duration / 60
            // The first minutes are a look.
            let body = curve.minutes.filter { $0.minute >= 5 }
            let around = body.filter { abs(Double($0.minute) + 0.5 - dull) <= 3 }
            left += body.reduce(0) { $0 + $1.left }
            near += around.reduce(0) { $0 + $1.left }
            expected += Double(body.reduce(0) { $0 + $1.left }) * Double(around.count) / Double(max(1, body.count))
        }
        // Bedtime makes people leave anywhere, so it is a surplus: five deviations of chance.
        #expect(
            left > 200 && Double(near) > expected + 5 * expected.squareRoot(),
            "\(near) of \(left), \(expected) by chance")
    }
}
