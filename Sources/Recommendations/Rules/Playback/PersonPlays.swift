import EventLog

/// What one person played, collected from their events.
struct PersonPlays: Sendable {
    /// In the order in which each was first met.
    private(set) var plays: [EpisodePlay] = []
    private(set) var seeks: [Seek] = []
    /// Completions in time order: which episode, and when.
    private(set) var completions: [(key: EpisodeKey, time: Int64)] = []
    private var places: [EpisodeKey: Int] = [:]

    static let seeksMax = 2_000

    mutating func removeAll() {
        plays.removeAll(keepingCapacity: true)
        seeks.removeAll(keepingCapacity: true)
        completions.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    subscript(key: EpisodeKey) -> EpisodePlay? { places[key].map { plays[$0] } }

    mutating func change(_ key: EpisodeKey, at time: Int64, _ body: (inout EpisodePlay) -> Void) {
        let place: Int
        if let known = places[key] {
            place = known
        } else {
            place = plays.count
            places[key] = place
            plays.append(EpisodePlay(key: key))
        }
        plays[place].lastTime = max(plays[place].lastTime, time)
        body(&plays[place])
    }

    mutating func completed(_ key: EpisodeKey, at time: Int64) { completions.append((key, time)) }

    mutating func add(_ seek: Seek) {
        if seeks.count < Self.seeksMax { seeks.append(seek) }
    }
}

/// Reads the events of persons by a mapping, for a scan or for one person.
struct PlayReader: Sendable {
    let plan: PlaybackPlan
    private var sources: [[RowColumn]] = []
    var titles: Words
    /// By number of a title's word: where an id of an episode belongs, when the catalogue says so.
    private var placed: [EpisodeKey?] = []

    init(_ plan: PlaybackPlan, titlesMax: Int) {
        self.plan = plan
        titles = Words(countMax: titlesMax)
    }

    mutating func enter(_ block: ScanBlock) {
        sources = (0..<block.sourceCount).map { source in
            plan.selection.properties.indices.map { RowColumn(block.column($0, source: source)) }
        }
    }

    /// - Complexity: O(rows)
    mutating func read(_ person: borrowing PersonView, into plays: inout PersonPlays) {
        for row in person.rows {
            guard let kind = plan.kinds[row.code] else { continue }
            let source = Int(row.source)
            guard let key = key(row, source) else { continue }
            func seconds(_ index: Int?) -> Double? {
                index.flatMap { sources[source][$0].number(at: row.row) }.map { max(0, $0 * plan.secondsPerUnit) }
            }
            let position = seconds(plan.position)
            if kind == .seeked {
                guard let from = seconds(plan.seekFrom) ?? position, let to = seconds(plan.seekTo) else { continue }
                plays.add(Seek(key: key, from: from, to: to, time: row.time))
                continue
            }
            if kind == .completed { plays.completed(key, at: row.time) }
            let duration = seconds(plan.duration)
            plays.change(key, at: row.time) { play in
                if let duration, duration > 0 { play.duration = duration }
                if kind == .started, play.starts.count < EpisodePlay.startsMax { play.starts.append(row.time) }
                if kind == .completed {
                    play.completedTime = play.completedTime ?? row.time
                    play.position = max(position ?? 0, play.duration)
                } else if let position {
                    play.position = position
                }
                play.furthest = max(play.furthest, play.position)
            }
        }
    }

    private mutating func key(_ row: Row, _ source: Int) -> EpisodeKey? {
        let word = sources[source][plan.item].word(at: row.row, &titles)
        guard word >= 0 else { return nil }
        if !plan.places.isEmpty {
            while placed.count <= Int(word) { placed.append(place(of: Int32(placed.count))) }
            if let key = placed[Int(word)] { return key.title >= 0 ? key : nil }
        }
        func whole(_ index: Int?) -> Int32 {
            guard let number = index.flatMap({ sources[source][$0].number(at: row.row) }) else { return 0 }
            return (0...100_000).contains(number) ? Int32(number) : 0
        }
        return EpisodeKey(title: word, season: whole(plan.season), number: whole(plan.episode))
    }

    private mutating func place(of word: Int32) -> EpisodeKey? {
        guard let place = plan.places[titles[word]] else { return nil }
        return EpisodeKey(
            title: titles.number(of: place.item), season: Int32(clamping: place.season),
            number: Int32(clamping: place.number))
    }
}

/// A mapping bound to a log's names.
struct PlaybackPlan: Sendable {
    enum Kind: Sendable { case started, completed, stopped, seeked }

    private(set) var selection: Selection
    private(set) var kinds: [UInt16: Kind] = [:]
    let item: Int
    let season: Int?
    let episode: Int?
    let position: Int?
    let duration: Int?
    let seekFrom: Int?
    let seekTo: Int?
    let secondsPerUnit: Double
    /// Ids of episodes that the catalogue places in a title.
    let places: [String: Episode]

    /// - Returns: nil when the log has none of the events, or no item.
    init?(_ mapping: PlaybackMapping, _ snapshot: Snapshot, places: [String: Episode] = [:]) {
        var properties = PropertyList(snapshot)
        guard let item = properties.index(of: mapping.item) else { return nil }
        self.item = item
        season = properties.index(of: mapping.season)
        episode = properties.index(of: mapping.episode)
        position = properties.index(of: mapping.position)
        duration = properties.index(of: mapping.duration)
        seekFrom = properties.index(of: mapping.seekFrom)
        seekTo = properties.index(of: mapping.seekTo)
        secondsPerUnit = mapping.secondsPerUnit
        self.places = places
        for (name, kind) in [
            (mapping.started, Kind.started), (mapping.completed, .completed), (mapping.stopped, .stopped),
            (mapping.seeked, .seeked),
        ] {
            if let name, let code = snapshot.eventNames.number(of: name) { kinds[code] = kind }
        }
        guard !kinds.isEmpty else { return nil }
        selection = Selection(events: Set(kinds.keys), properties: properties.numbers)
    }
}
