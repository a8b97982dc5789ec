import Foundation
import Statistics

extension Cinema {
    /// Goes down a page until something is taken or the interest ends.
    func browse(
        _ page: HomePage, _ member: Int, of household: inout Household, _ sitting: inout Sitting,
        _ events: inout EventSink, firstRow: Int = 0
    ) {
        for (index, row) in page.rows.enumerated() {
            if index > 0, !sitting.random.chance(sitting.screen.depth) { return }
            show(row, index: firstRow + index, sitting, &events)
            var attention = 1.0
            for (position, tile) in row.tiles.enumerated() {
                let isSeen = sitting.random.chance(attention)
                attention *= HomePage.alongRow
                if !isSeen { continue }
                sitting.pass(seconds: sitting.random.uniform(1, 5))
                let artwork = catalogue.titles[tile.title].artworks[tile.artwork]
                let opens = opens(tile, viewer: household.members[member], day: KoreanCalendar.day(of: sitting.begin))
                if !sitting.random.chance(opens) { continue }
                let from = Origin(row: row.kind, position: position, artwork: artwork.id)
                if open(tile.title, artwork: artwork, from: from, member, of: &household, &sitting, &events) { return }
            }
            sitting.pass(seconds: 3)
        }
    }

    /// What was begun is taken up again more readily than its picture would make one, if it was liked, and less with
    /// every day that passes.
    func opens(_ tile: HomePage.Tile, viewer: Viewer, day: Int) -> Double {
        if let begun = viewer.state.unfinished.first(where: { $0.title == tile.title }) {
            return logistic(-3 + 0.75 * begun.appeal - 0.06 * Double(min(day - begun.day, 60)))
        }
        return appeal.opens(tile.title, with: catalogue.titles[tile.title].artworks[tile.artwork], viewer: viewer)
    }

    /// Whether, once opened, it plays. Who takes up again what they began does not think long.
    func plays(_ title: Int, after artwork: Artwork?, viewer: Viewer) -> Double {
        if viewer.state.unfinished.contains(where: { $0.title == title }) { return 0.93 }
        return appeal.plays(title, after: artwork, viewer: viewer)
    }

    private func show(_ row: HomePage.Row, index: Int, _ sitting: Sitting, _ events: inout EventSink) {
        events.track("Artwork Shown", sitting.sender, at: sitting.time) { event in
            event.set("row", row.kind)
            event.set("rowIndex", index + 1)
            event.objects("items", row.tiles.enumerated()) { item, element in
                let (position, tile) = element
                let title = catalogue.titles[tile.title]
                item.set("titleId", title.id)
                item.set("artworkId", title.artworks[tile.artwork].id)
                item.set("position", position + 1)
                item.set("propensity", tile.propensity)
            }
        }
    }

    struct Origin {
        var row: String
        var position: Int
        var artwork: String?
    }

    /// Reads what a title is about, and perhaps plays it.
    ///
    /// - Returns: whether it was played.
    func open(
        _ title: Int, artwork: Artwork?, from origin: Origin, _ member: Int, of household: inout Household,
        _ sitting: inout Sitting, _ events: inout EventSink
    ) -> Bool {
        events.track("Title Viewed", sitting.sender, at: sitting.time) { event in
            event.add(labels.members[title])
            event.set("row", origin.row)
            event.set("position", origin.position + 1)
            event.set("artworkId", optional: origin.artwork)
        }
        let id = catalogue.titles[title].id
        sitting.reactions.append(WorldResponse.Reaction(.viewed, time: sitting.time, item: id))
        sitting.pass(seconds: sitting.random.uniform(6, 30))
        guard sitting.random.chance(plays(title, after: artwork, viewer: household.members[member])) else {
            return false
        }
        let (begin, before) = (sitting.time, sitting.playedSeconds)
        watch(title, member, of: &household, &sitting, &events)
        sitting.reactions.append(
            WorldResponse.Reaction(
                .played, time: begin, item: id, value: Double(sitting.playedSeconds - before)))
        return true
    }

    /// Looks for a title, someone who plays, or a genre; finds it, or nothing.
    func search(
        _ member: Int, of household: inout Household, _ sitting: inout Sitting, _ events: inout EventSink
    ) {
        // What one looks for is what one has heard of and would like: the best of twelve.
        let viewer = household.members[member]
        let worldDay = KoreanCalendar.day(of: sitting.time) - settings.firstDay
        var wanted: (title: Int, worth: Double)?
        for _ in 0..<12 {
            let title = sitting.random.index(below: catalogue.titles.count)
            if viewer.state.done.contains(title) { continue }
            let worth =
                appeal.title(title, for: viewer) + 0.5 * standardPage.buzz(title, worldDay: min(worldDay, 10_000))
            if worth > wanted?.worth ?? -.infinity { wanted = (title, worth) }
        }
        guard let wanted else { return }
        let title = catalogue.titles[wanted.title]
        let isMissing = sitting.random.chance(0.09)
        let kind = sitting.random.index(below: 10)
        let query =
            isMissing
            ? Cinema.unknownQueries[sitting.random.index(below: Cinema.unknownQueries.count)]
            : kind < 6
                ? title.korean : kind < 8 ? catalogue.cast[title.cast[0]].korean : title.genre.korean
        events.track("Search Performed", sitting.sender, at: sitting.time) { event in
            event.set("query", query)
            event.set("results", isMissing ? 0 : kind < 6 ? 1 : 4 + title.index % 9)
        }
        sitting.pass(seconds: sitting.random.uniform(4, 15))
        if isMissing { return }
        let origin = Origin(row: "search", position: 0, artwork: title.artworks[0].id)
        _ = open(title.index, artwork: nil, from: origin, member, of: &household, &sitting, &events)
    }

    /// What people look for and the service does not have.
    private static let unknownQueries = ["야구 중계", "뽀끄미", "겨울왕구", "무협 2부", "축구 하이라이트", "전원일지", "수사반장님", "아이돌 콘서트"]
}
