import Analysis

/// Which events tell what is played, and by which properties.
///
/// ```yaml
/// started: Playback Started
/// completed: Playback Completed
/// item: titleId
/// season: season
/// episode: episode
/// ```
package struct PlaybackMapping: Sendable, Hashable, Codable {
    /// Somebody began to play, or went on.
    package var started: String
    /// It was played to its end.
    package var completed: String
    /// It was left before its end.
    package var stopped: String?
    /// Somebody jumped from one place to another.
    package var seeked: String?
    /// The title, or the episode where episodes have ids of their own that the catalogue places.
    package var item: String
    package var season: String?
    package var episode: String?
    /// Where in it, from its beginning.
    package var position: String?
    /// How long it is.
    package var duration: String?
    /// Where a jump began; the position when there is no such property.
    package var seekFrom: String?
    package var seekTo: String?
    /// Of positions and durations: 0.001 when they are milliseconds.
    package var secondsPerUnit: Double
    /// Properties of the events that describe the item, such as `genre`, beside what the catalogue says.
    package var attributes: [String]

    package init(
        started: String, completed: String, stopped: String? = nil, seeked: String? = nil, item: String,
        season: String? = nil, episode: String? = nil, position: String? = nil, duration: String? = nil,
        seekFrom: String? = nil, seekTo: String? = nil, secondsPerUnit: Double = 1, attributes: [String] = []
    ) {
        self.started = started
        self.completed = completed
        self.stopped = stopped
        self.seeked = seeked
        self.item = item
        self.season = season
        self.episode = episode
        self.position = position
        self.duration = duration
        self.seekFrom = seekFrom
        self.seekTo = seekTo
        self.secondsPerUnit = secondsPerUnit
        self.attributes = attributes
    }

    /// - Throws: `QueryError` naming the field.
    package init(from decoder: any Decoder) throws {
        let fields = try Fields(
            decoder, of: "a mapping of playback",
            allowed: [
                "started", "completed", "stopped", "seeked", "item", "season", "episode", "position", "duration",
                "seekFrom", "seekTo", "secondsPerUnit", "attributes",
            ])
        self.init(
            started: try fields.required("started"), completed: try fields.required("completed"),
            stopped: try fields.text("stopped"), seeked: try fields.text("seeked"), item: try fields.required("item"),
            season: try fields.text("season"), episode: try fields.text("episode"),
            position: try fields.text("position"), duration: try fields.text("duration"),
            seekFrom: try fields.text("seekFrom"), seekTo: try fields.text("seekTo"),
            secondsPerUnit: try fields.number("secondsPerUnit", above: 0, default: 1),
            attributes: try fields.list("attributes", counts: 0...20) ?? [])
    }
}
