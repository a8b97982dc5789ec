import EventLog
import Foundation
import Recommendations
import Statistics

let minute: Int64 = 60_000

let playbackMapping = PlaybackMapping(
    started: "Playback Started", completed: "Playback Completed", stopped: "Playback Stopped",
    seeked: "Playback Seeked", item: "titleId", season: "season", episode: "episode", position: "position",
    duration: "duration", seekFrom: nil, seekTo: "to")

/// An event of playing an episode of `title`.
func played(
    _ person: String, _ name: String, _ title: String, _ season: Int? = nil, _ episode: Int? = nil, at time: Int64,
    position: Double = 0, duration: Double = 2_400, to: Double? = nil
) -> Event {
    var properties: [Event.Property] = [
        .init("titleId", .string(title)), .init("position", .number(position)), .init("duration", .number(duration)),
    ]
    if let season { properties.append(.init("season", .number(Double(season)))) }
    if let episode { properties.append(.init("episode", .number(Double(episode)))) }
    if let to { properties.append(.init("to", .number(to))) }
    return Event(person: person, name: name, time: time, properties: properties)
}

/// A person who plays an episode to its end.
func finished(_ person: String, _ title: String, _ season: Int, _ episode: Int, at time: Int64) -> [Event] {
    [
        played(person, "Playback Started", title, season, episode, at: time),
        played(person, "Playback Completed", title, season, episode, at: time + 40 * minute, position: 2_400),
    ]
}

func playbackService(
    _ events: [Event], items: [CandidateItem] = [], now: Int64, mapping: PlaybackMapping? = playbackMapping
) -> PlaybackService {
    // The log goes on until now.
    PlaybackService(
        history: GrowingHistory(events + [Event(person: "clock", name: "Waved", time: now)]),
        items: FixedItems(all: items), now: { now }, mapping: { mapping })
}
