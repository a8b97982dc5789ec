import Foundation
import Statistics

extension Cinema {
    /// Plays a title from where it was left, episode after episode, as long as there is time and pleasure.
    func watch(
        _ index: Int, _ member: Int, of household: inout Household, _ sitting: inout Sitting, _ events: inout EventSink
    ) {
        let title = catalogue.titles[index]
        var viewer = household.members[member]
        let day = KoreanCalendar.day(of: sitting.time)
        var progress =
            viewer.state.unfinished.first { $0.title == index }
            ?? Viewer.Progress(
                title: index, episode: 0, seconds: 0, day: day, appeal: appeal.title(index, for: viewer))
        viewer.state.unfinished.removeAll { $0.title == index }
        var isAutomatic = false
        var isOver = false
        while true {
            let end = play(title, &progress, viewer: viewer, isAutomatic: isAutomatic, &sitting, &events)
            progress.day = day
            if end == .givenUp {
                isOver = true
                break
            }
            if end == .outOfTime { break }
            if progress.episode + 1 >= title.episodeCount {
                isOver = true
                enjoyed(title, progress.appeal, &viewer)
                rate(title, progress.appeal, viewer: viewer, &sitting, &events)
                break
            }
            progress.episode += 1
            progress.seconds = 0
            let nextLength = Int(0.6 * Double(title.place(ofEpisode: progress.episode).season.episodeSeconds))
            let goesOn = appeal.continues(progress.appeal, viewer: viewer)
            if sitting.secondsLeft < nextLength || !sitting.random.chance(goesOn) { break }
            sitting.pass(seconds: sitting.random.uniform(3, 9))
            isAutomatic = true
        }
        sitting.bestAppeal = max(sitting.bestAppeal, progress.appeal)
        if isOver {
            viewer.state.done.insert(index)
        } else {
            viewer.state.unfinished.append(progress)
            // What was left long ago is forgotten.
            viewer.state.unfinished.removeAll { day - $0.day > 60 }
            if viewer.state.unfinished.count > 8 { viewer.state.unfinished.removeFirst() }
        }
        household.members[member] = viewer
    }

    private enum End { case finished, outOfTime, givenUp }

    /// Plays one film or episode.
    private func play(
        _ title: Title, _ progress: inout Viewer.Progress, viewer: Viewer, isAutomatic: Bool, _ sitting: inout Sitting,
        _ events: inout EventSink
    ) -> End {
        let place = title.place(ofEpisode: progress.episode)
        let duration = place.season.episodeSeconds
        var playback = Playback(title: labels.members[title.index], title.kind, place, duration: duration)
        playback.position = progress.seconds
        let isFresh = progress.seconds == 0
        events.track("Playback Started", sitting.sender, at: sitting.time) { event in
            playback.write(&event)
            event.set("device", sitting.screen.slug)
            event.set("network", sitting.network.slug)
            if sitting.screen == .phone { event.set("dataPlan", sitting.data.slug) }
            event.set("quality", sitting.quality.slug)
            event.set("subtitles", viewer.nature.subtitles || (title.country != .korea && !viewer.nature.dubbed))
            event.set("audioLanguage", viewer.nature.dubbed ? "ko" : title.country.language)
            event.set("autoplay", isAutomatic)
        }
        // How far it will get: to the end, to where it loses the viewer, or to bedtime.
        let chance = pow(appeal.finishes(progress.appeal), isFresh && progress.episode == 0 ? 1 : 0.45)
        let finishes = sitting.random.chance(chance)
        var goal = finishes ? duration : max(progress.seconds + 60, givingUp(title, duration, &sitting.random))
        goal = min(goal, duration)
        let isInterrupted = goal - progress.seconds > sitting.secondsLeft + 600
        if isInterrupted { goal = progress.seconds + max(120, sitting.secondsLeft) }
        run(&playback, to: goal, intro: isFresh ? place.season.intro : 0..<0, viewer: viewer, &sitting, &events)
        progress.seconds = goal
        let isDone = finishes && !isInterrupted
        if isDone {
            events.track("Playback Completed", sitting.sender, at: sitting.time, playback.writeSummary)
            return .finished
        }
        events.track("Playback Stopped", sitting.sender, at: sitting.time, playback.writeSummary)
        return isInterrupted ? .outOfTime : .givenUp
    }

    /// Where somebody gives up, in seconds: in the first minutes, at the dull spot, or anywhere.
    private func givingUp(_ title: Title, _ duration: Int, _ random: inout RandomSource) -> Int {
        let share: Double =
            switch random.index(below: 10) {
            case 0...3: random.beta(1.1, 9)
            case 4...7: title.dullSpot + random.normal(deviation: 0.03)
            default: random.uniform()
            }
        return Int(min(max(share, 0.01), 0.97) * Double(duration))
    }

    /// Lets it play up to `goal`: with the opening titles skipped, with pauses, with stops of the line.
    private func run(
        _ playback: inout Playback, to goal: Int, intro: Range<Int>, viewer: Viewer, _ sitting: inout Sitting,
        _ events: inout EventSink
    ) {
        var stops: [(position: Int, isSkip: Bool)] = []
        let hours = Double(goal - playback.position) / 3600
        if !intro.isEmpty, intro.upperBound < goal, sitting.random.chance(viewer.nature.skipsIntros) {
            // Some seconds pass before the hand finds the button.
            let reaction = min(Int(sitting.random.gamma(shape: 2, scale: 2.5)), intro.count - 5)
            stops.append((intro.lowerBound + reaction, true))
        }
        for _ in 0..<min(5, sitting.random.poisson(mean: viewer.nature.pausesPerHour * hours)) {
            let share = sitting.random.uniform()
            let position = playback.position + Int(share * Double(goal - playback.position))
            if !intro.contains(position) { stops.append((position, false)) }
        }
        stops.sort { $0.position < $1.position }
        for stop in stops where stop.position >= playback.position {
            playback.advance(to: stop.position, &sitting)
            if stop.isSkip {
                // Not everybody lands exactly where the titles end.
                let landing = intro.upperBound + Int(sitting.random.normal(deviation: 1.5).rounded())
                events.track("Playback Seeked", sitting.sender, at: sitting.time) { event in
                    playback.write(&event)
                    event.set("to", landing)
                }
                playback.position = landing
            } else {
                let seconds = Int(sitting.random.logNormal(mean: 4, deviation: 1.1))
                events.track("Playback Paused", sitting.sender, at: sitting.time) { event in
                    playback.write(&event)
                    event.set("pauseSeconds", seconds)
                }
                playback.pauses += 1
                sitting.pass(seconds: Double(seconds))
            }
        }
        playback.advance(to: goal, &sitting)
        playback.stalls = sitting.random.poisson(mean: sitting.stallsPerHour * hours)
        for _ in 0..<playback.stalls { playback.stalledSeconds += sitting.random.gamma(shape: 1.5, scale: 5) }
        sitting.stalls += playback.stalls
        sitting.pass(seconds: playback.stalledSeconds)
        sitting.playedSeconds += playback.watchedSeconds
    }

    /// A good end makes one want more of the kind.
    private func enjoyed(_ title: Title, _ appeal: Double, _ viewer: inout Viewer) {
        viewer.state.taste[Taste.genres + title.genre.rawValue] += Float(0.04 * min(max(appeal, -1), 2))
    }

    private func rate(
        _ title: Title, _ worth: Double, viewer: Viewer, _ sitting: inout Sitting, _ events: inout EventSink
    ) {
        // The delighted and the annoyed speak more often.
        guard sitting.random.chance(viewer.nature.rates * (0.6 + 0.4 * min(2, abs(worth)))) else { return }
        sitting.pass(seconds: sitting.random.uniform(5, 25))
        let stars = appeal.stars(worth, viewer: viewer, noise: sitting.random.normal())
        events.track("Title Rated", sitting.sender, at: sitting.time) { event in
            event.add(labels.members[title.index])
            event.set("rating", stars)
        }
        sitting.reactions.append(
            WorldResponse.Reaction(.rated, time: sitting.time, item: title.id, value: Double(stars)))
    }
}

/// One film or episode as it plays.
struct Playback {
    private let title: JSONMembers
    private let isSeries: Bool
    private let season: Int
    private let episode: Int
    private let duration: Int
    /// Seconds from the start.
    var position = 0
    var watchedSeconds = 0
    var pauses = 0
    var stalls = 0
    var stalledSeconds = 0.0

    init(title: JSONMembers, _ kind: Title.Kind, _ place: (season: Title.Season, number: Int), duration: Int) {
        self.title = title
        isSeries = kind == .series
        season = place.season.number
        episode = place.number
        self.duration = duration
    }

    mutating func advance(to goal: Int, _ sitting: inout Sitting) {
        let seconds = max(0, goal - position)
        watchedSeconds += seconds
        sitting.secondsLeft -= seconds
        sitting.pass(seconds: Double(seconds))
        position = goal
    }

    func write(_ event: inout JSONMembers) {
        event.add(title)
        if isSeries {
            event.set("season", season)
            event.set("episode", episode)
        }
        event.set("position", position)
        event.set("duration", duration)
    }

    func writeSummary(_ event: inout JSONMembers) {
        write(&event)
        event.set("watchedSeconds", watchedSeconds)
        event.set("pauses", pauses)
        event.set("stalls", stalls)
        if stalls > 0 { event.set("stalledSeconds", stalledSeconds) }
    }
}
