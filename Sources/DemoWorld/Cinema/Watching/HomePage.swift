import Foundation
import Statistics
import Synchronization

/// The page that a viewer sees first: rows of titles, each with a picture.
struct HomePage: Sendable {
    struct Tile: Sendable, Hashable {
        var title: Int
        /// Index into the title's artworks.
        var artwork: Int
        /// With which probability the business chose this picture.
        var propensity: Double
    }

    struct Row: Sendable, Hashable {
        var kind: String
        var tiles: [Tile]
    }

    var rows: [Row]

    /// How much of the attention that a row gets is left at each place of it.
    static let alongRow = 0.86

    /// The probability that a viewer takes something from the page. They look at the first row, and go on to each next
    /// one with the probability `depth` if they have not taken anything; within a row each tile is looked at with a
    /// probability that falls along it, and taken with its own. The best order is therefore the one that falls with the
    /// probability to take: the chance that nothing is taken, the product of (1 - attention * take), is submodular in
    /// both, so exchanging two tiles that stand the wrong way round never makes it larger.
    ///
    /// - Parameter take: the probability that a tile that is looked at is taken.
    func chance(depth: Double, take: (Tile) -> Double) -> Double {
        var reached = 1.0
        var chance = 0.0
        for row in rows {
            var nothing = 1.0
            var attention = 1.0
            for tile in row.tiles {
                nothing *= 1 - attention * take(tile)
                attention *= HomePage.alongRow
            }
            chance += reached * (1 - nothing)
            reached *= nothing * depth
        }
        return chance
    }
}

/// How the business fills the page by itself: what most people watch, what is new, a genre, and what somebody has
/// begun. It knows nothing of tastes.
struct StandardPage: Sendable {
    let catalogue: CinemaCatalogue
    let streams: RandomStreams
    let rowLength = 6

    /// How much a title is talked about on a day: what it is known for, a wave after its release, and a fashion that
    /// comes and goes within weeks. Of titles that are not out yet it is nothing.
    func buzz(_ title: Int, worldDay: Int) -> Double {
        let release = catalogue.titles[title].releaseDay
        if release > worldDay { return -.infinity }
        let age = Double(worldDay - release)
        let wave = release > 0 ? 2.2 * exp(-age / 21) : 0
        let fashion = streams.of(title).uniform(.setting, worldDay / 14) - 0.5
        return Double(catalogue.fame[title]) + wave + 1.2 * fashion
    }

    /// - Parameter worldDay: counted from the first day of the history.
    func page(for viewer: Viewer, worldDay: Int, lists: DayLists, _ random: inout RandomSource) -> HomePage {
        var page = HomePage(rows: [])
        var shown = TitleSet()
        func add(_ kind: String, _ titles: some Sequence<Int>) {
            var tiles: [HomePage.Tile] = []
            for title in titles where tiles.count < rowLength && !shown.contains(title) {
                shown.insert(title)
                tiles.append(tile(title, &random))
            }
            if !tiles.isEmpty { page.rows.append(HomePage.Row(kind: kind, tiles: tiles)) }
        }
        add("continue_watching", viewer.state.unfinished.reversed().lazy.map(\.title))
        add("top_10", lists.top)
        add("new_releases", lists.newest)
        // Two genres a day for everybody, from a random place on, so that also lesser-known titles are seen.
        for kind in 0..<2 {
            let genre = random.index(below: Genre.allCases.count)
            let titles = lists.byGenre[genre]
            if titles.isEmpty { continue }
            let start = random.index(below: titles.count)
            add(kind == 0 ? "genre" : "genre_more", titles[start...] + titles[..<start])
        }
        return page
    }

    /// Mostly the first picture; three times in ten another, by lot.
    func tile(_ title: Int, _ random: inout RandomSource) -> HomePage.Tile {
        let count = catalogue.titles[title].artworks.count
        if count < 2 || random.chance(0.7) { return HomePage.Tile(title: title, artwork: 0, propensity: 0.7) }
        let artwork = 1 + random.index(below: count - 1)
        return HomePage.Tile(title: title, artwork: artwork, propensity: 0.3 / Double(count - 1))
    }

    /// What the rows of a day are taken from.
    struct DayLists: Sendable {
        var top: [Int]
        var newest: [Int]
        var byGenre: [[Int]]
    }

    /// - Complexity: O(titles * log(titles)), too much for every session: see `WeekLists`.
    func lists(worldDay: Int) -> DayLists {
        let buzz = catalogue.titles.indices.map { self.buzz($0, worldDay: worldDay) }
        let released = catalogue.titles.indices.filter { buzz[$0] > -.infinity }
        let ranked = released.sorted { (buzz[$0], $1) > (buzz[$1], $0) }
        let newest = released.sorted {
            (catalogue.titles[$0].releaseDay, $1) > (catalogue.titles[$1].releaseDay, $0)
        }
        return DayLists(
            top: Array(ranked.prefix(10)), newest: Array(newest.prefix(10)),
            byGenre: Genre.allCases.map { genre in ranked.filter { catalogue.titles[$0].genre == genre } })
    }
}

/// What the rows are taken from in each week, made when somebody first looks.
final class WeekLists: Sendable {
    private let page: StandardPage
    private let weeks = Mutex<[Int: StandardPage.DayLists]>([:])

    init(page: StandardPage) { self.page = page }

    func week(_ week: Int) -> StandardPage.DayLists {
        weeks.withLock { weeks in
            if let known = weeks[week] { return known }
            let made = page.lists(worldDay: week * 7 + 3)
            weeks[week] = made
            return made
        }
    }
}
