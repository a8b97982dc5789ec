import EventLog
import Foundation

/// What the business's items are to its people: which attributes draw and keep whom, where people leave, what is wanted
/// and not there, and how large the audience of a new one would be.
package struct ContentService: Sendable {
    struct Known: Sendable {
        var tables: ContentTables
        /// What items are called.
        var titles: [String: String]
    }

    private let playback: PlaybackService
    private let shopping: ShoppingService
    private let members: @Sendable (String) throws -> [String]
    private let mapping: @Sendable () throws -> ContentMapping?
    private let limits: ContentLimits
    private let known: Refreshed<Known>

    /// - Parameters:
    ///   - members: the canonical ids of an audience's members, by its name.
    ///   - mapping: which events tell what draws and keeps; nil when none does.
    package init(
        playback: PlaybackService, shopping: ShoppingService, limits: ContentLimits = ContentLimits(),
        members: @escaping @Sendable (String) throws -> [String],
        mapping: @escaping @Sendable () throws -> ContentMapping?
    ) {
        self.playback = playback
        self.shopping = shopping
        self.members = members
        self.mapping = mapping
        self.limits = limits
        known = Refreshed(age: PlaybackService.ageMax, now: playback.now)
    }

    package func forget() { known.forget() }

    /// - Throws: `insufficient` when no events tell what is begun.
    private func tables() throws -> Known {
        try known.value {
            guard let mapping = try mapping() else {
                throw RecommendationError(
                    .insufficient,
                    "no event here tells what people begin and finish, or look at and buy. Say which are: "
                        + "PUT /v1/playback/mapping or PUT /v1/shopping/mapping")
            }
            var catalogue: [CandidateItem] = []
            try playback.items.forEachItem { catalogue.append($0) }
            let tables = try playback.history.snapshot()
                .content(mapping, limits, catalogue: catalogue, now: playback.now())
            let titles = Dictionary(
                catalogue.compactMap { item in item.title.map { (item.id, $0) } },
                uniquingKeysWith: { first, _ in first })
            return Known(tables: tables, titles: titles)
        }
    }

    private func isMember(_ known: Known, _ audience: String?) throws -> [Bool] {
        guard let audience else { return [Bool](repeating: true, count: known.tables.persons.count) }
        let keys = Set(try members(audience).map(ContentTables.key))
        return known.tables.persons.map(keys.contains)
    }

    /// Which attributes draw and keep an audience more than everybody else.
    ///
    /// - Parameter name: only attributes of this name.
    /// - Throws: `insufficient` for an audience that is too small to say.
    package func affinities(
        of audience: String, name: String? = nil
    ) throws -> (persons: Int, rows: [AttributeAffinity]) {
        let known = try tables()
        let result = try Affinity.measure(known.tables, members: try isMember(known, audience))
        return (result.persons, result.rows.filter { name == nil || $0.name == name })
    }

    /// How much each attribute is wanted against how much there is of it.
    package func demand(name: String? = nil) throws -> [AttributeDemand] {
        Demand.measure(try tables().tables).filter { name == nil || $0.name == name }
    }

    /// Searches that lead nowhere, the most frequent first. Empty where nothing is searched.
    package func unmetTerms(searchesMin: Int = 5, count: Int = 50) throws -> [UnmetTerm] {
        do {
            return Array(Demand.unmet(try shopping.tables().tables, searchesMin: searchesMin).prefix(count))
        } catch let error as RecommendationError where error.code == .insufficient {
            return []
        }
    }

    /// The audience that something with these attributes would have.
    ///
    /// - Parameter audience: only of these persons; nil is everybody.
    package func forecast(
        _ concept: [(name: String, value: String)], audience: String? = nil
    ) throws -> ConceptForecast {
        let known = try tables()
        return ConceptModel(known.tables, members: try isMember(known, audience)).forecast(concept)
    }

    /// The attributes that items have, for choosing from: by name, the values that most items have first.
    package func attributes(valuesMax: Int = 60) throws -> [(name: String, values: [(value: String, items: Int)])] {
        let tables = try tables().tables
        let counts = Affinity.itemCounts(tables)
        let byName = Dictionary(grouping: tables.attributes.indices) { tables.attributes[$0].name }
        return byName.sorted { $0.key < $1.key }.map { name, places in
            let values = places.map { (value: tables.attributes[$0].value, items: counts[$0]) }
                .sorted { ($1.items, $0.value) < ($0.items, $1.value) }
            return (name, Array(values.prefix(valuesMax)))
        }
    }

    package func title(of item: String) throws -> String { try tables().titles[item] ?? item }

    // MARK: Watching

    /// How many stay with an episode, minute by minute.
    package struct Curve: Sendable {
        package var episode: Episode
        package var title: String
        package var seconds: Double
        package var curve: DropOff
    }

    /// The curve of an episode: of the one named, or of the first of its title.
    ///
    /// - Throws: `notFound` when nobody played it.
    package func curve(_ item: String, season: Int? = nil, episode: Int? = nil) throws -> Curve {
        let known = try playback.tables()
        let place = known.places[item]
        let title = place?.item ?? item
        let wanted = (season: season ?? place?.season, number: episode ?? place?.number)
        guard let number = known.tables.numbers[title],
            let key = known.tables.order[number]?.first(where: {
                (wanted.season.map(Int32.init(clamping:)) ?? $0.season) == $0.season
                    && (wanted.number.map(Int32.init(clamping:)) ?? $0.number) == $0.number
            }), let counts = known.tables.episodes[key], let curve = counts.dropOff.curve()
        else {
            throw RecommendationError(.notFound, "nobody has played that episode of '\(title)' yet")
        }
        let name = try playback.items.items([title]).first?.title ?? title
        return Curve(episode: known.tables.episode(key), title: name, seconds: counts.duration, curve: curve)
    }

    /// A title with episodes, and how many in a row are watched.
    package struct Binge: Sendable {
        package var item: String
        package var title: String
        /// By finished episodes of one session, from 1; the last is that many or more.
        package var sessions: [Int]
        /// Of the sessions, those of three episodes or more.
        package var share: Double
        package var episodesPerSession: Double
    }

    /// Of everything, and of the titles that are watched in a row the most; the days of persons by episodes beside it.
    package func binges(count: Int = 20, sessionsMin: Int = 20) throws -> (all: Binge, days: Binge, titles: [Binge]) {
        let tables = try playback.tables().tables
        let titles = tables.binges.filter { $0.value.sessions.reduce(0, +) >= sessionsMin }
            .map { Self.binge(tables.titles[Int($0.key)], $0.value) }
            .sorted { ($1.share, $0.item) < ($0.share, $1.item) }.prefix(count)
        let names = Dictionary(
            try playback.items.items(titles.map(\.item)).compactMap { item in item.title.map { (item.id, $0) } },
            uniquingKeysWith: { first, _ in first })
        return (
            Self.binge("", tables.allBinges), Self.binge("", tables.days),
            titles.map { binge in
                var named = binge
                named.title = names[binge.item] ?? binge.item
                return named
            }
        )
    }

    private static func binge(_ item: String, _ counts: PlaybackTables.BingeCounts) -> Binge {
        let total = Double(max(1, counts.sessions.reduce(0, +)))
        let episodes = counts.sessions.enumerated().reduce(0) { $0 + ($1.offset + 1) * $1.element }
        return Binge(
            item: item, title: item, sessions: counts.sessions,
            share: Double(counts.sessions.dropFirst(2).reduce(0, +)) / total,
            episodesPerSession: Double(episodes) / total)
    }
}
