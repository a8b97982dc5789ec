package import Analysis
import EventLog
package import Insights
import People

extension LiveWorkspace {
    /// The events of the log, for guesses about which is which.
    package func eventGuess() throws -> EventGuess {
        EventGuess(try names.statistics().eventNames.map { ($0.name, $0.count) })
    }

    /// First questions about this business.
    package func starterQueries(zone: ZoneName, weekStart: WeekStart) throws -> StarterQueries {
        StarterQueries(
            try eventGuess(), lastEvent: try names.statistics().timeRange?.upperBound, now: now(), zone: zone,
            weekStart: weekStart)
    }

    /// The stages of the journey map: as somebody drew them, or else guessed.
    ///
    /// - Parameter names: of the seven stages, for the guess.
    package func journeyMap(names: [String] = LiveWorkspace.stageNames) throws -> JourneyMapDefinition {
        if let drawn = try insights.journeyMap() { return drawn }
        return JourneyMapDefinition(stages: try eventGuess().journey(names: names))
    }

    package static let stageNames = ["Enter", "Browse", "Sign up", "Act", "Buy", "Return", "Buy again"]
}

extension LiveWorkspace {
    /// Names of traits that fit a few letters, the most frequent first, as far as a sample of persons shows them.
    package func traitNames(_ text: String, limit: Int = 20) throws -> [NameDirectory.Entry] {
        var counts: [String: Int] = [:]
        for person in try people.sampleFacts(500).persons {
            for trait in person.traits.keys { counts[trait, default: 0] += 1 }
        }
        let names = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
        return NameSearch(text).search(names, limit: limit).map { NameDirectory.Entry(name: $0, count: 0) }
    }
}
