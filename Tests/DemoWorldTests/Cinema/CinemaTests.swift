import Foundation
import Statistics
import Testing

@testable import DemoWorld

struct CinemaTests {
    private static func world(_ scale: Double, seed: UInt64 = 5) -> World<Cinema> {
        World(Cinema(WorldSettings(seed: seed, start: worldStart, scale: scale)))
    }

    private static func viewers(_ world: World<Cinema>) -> [String] {
        (0..<world.business.circleCount).map { Cinema.viewerID(household: $0, member: 0) }
    }

    // MARK: Catalogue

    @Test("Every title has names of its own in both languages, and five pictures that emphasise different things")
    func catalogue() {
        for seed: UInt64 in [1, 2, 3] {
            let catalogue = Self.world(0.001, seed: seed).business.catalogue
            #expect(catalogue.titles.count == 320)
            #expect(Set(catalogue.titles.map(\.korean)).count == 320)
            #expect(Set(catalogue.cast.map(\.korean)).count == catalogue.cast.count)
            for title in catalogue.titles {
                #expect(!title.english.isEmpty && title.english.allSatisfy(\.isASCII), "\(title.english)")
                #expect(Set(title.artworks.map(\.emphasis)).count == 5)
                #expect(catalogue.title(id: title.id)?.index == title.index)
                #expect(title.seasons.allSatisfy { $0.intro.upperBound < $0.episodeSeconds })
            }
        }
        #expect(Particle.and("칼") == "칼과")
        #expect(Particle.and("바다") == "바다와")
    }

    // MARK: Believable

    /// A year of some households, lived once for all of the tests that look at it.
    private static let year: [WireEvent] = {
        let world = Self.world(0.04)
        return (try? world.advance(to: worldStart + 365 * KoreanCalendar.day).wireEvents()) ?? []
    }()

    private func events(_ name: String) -> [WireEvent] { Self.year.filter { $0.name == name } }

    @Test("The same events come whatever the steps")
    func determinism() {
        let whole = Self.world(0.01).live(days: 60, step: 60 * KoreanCalendar.day, threads: 1)
        #expect(whole.count > 500)
        #expect(Self.world(0.01).live(days: 60, step: 7 * KoreanCalendar.hour + 1, threads: 2) == whole)
    }

    @Test(
        "People watch in the evening; more episodes are finished than given up; half of what is watched was begun before"
    )
    func watching() {
        let hours = events("Playback Started").map { Int(KoreanCalendar.hour(of: $0.time)) }
        #expect(hours.count { (19...22).contains($0) } > 8 * hours.count { (2...5).contains($0) })
        let (ended, stopped) = (events("Playback Completed").count, events("Playback Stopped").count)
        #expect((0.5...0.85).contains(Double(ended) / Double(ended + stopped)), "\(ended) finished, \(stopped) not")
        let views = events("Title Viewed")
        let continued = Double(views.count { $0["row"]?.string == "continue_watching" }) / Double(views.count)
        #expect((0.4...0.8).contains(continued), "continued: \(continued)")
        let ratings = events("Title Rated").compactMap { $0["rating"]?.number }
        #expect(Moments(ratings).mean > 3.2 && ratings.contains { $0 <= 3 })
    }

    @Test("Between two and eight of a hundred households cancel in a month, for different reasons, and some come back")
    func churn() {
        let cancelled = events("Subscription Cancelled")
        let share = Double(cancelled.count) / Double(cancelled.count + events("Subscription Renewed").count)
        #expect((0.015...0.08).contains(share), "cancel a month: \(share)")
        #expect(Set(cancelled.compactMap { $0["reason"]?.string }).count >= 3)
        #expect(events("Subscription Started").contains { $0["isReturning"]?.boolean == true })
    }

    @Test("Members of a household share its television")
    func televisions() {
        var people: [String: Set<String>] = [:]
        for event in Self.year {
            guard let device = event.anonymousID, device.hasPrefix("tv-"), let user = event.userID else { continue }
            people[device, default: []].insert(user)
        }
        #expect(people.values.contains { $0.count > 1 })
    }

    @Test("Where people seek to shows where the opening titles end")
    func intros() {
        let catalogue = Self.world(0.04).business.catalogue
        var seeks: [String: [Double]] = [:]
        for event in events("Playback Seeked") {
            guard let title = event["titleId"]?.string, let season = event["season"]?.number,
                let to = event["to"]?.number
            else { continue }
            seeks["\(title)/\(Int(season))", default: []].append(to)
        }
        var tried = 0
        for (place, landings) in seeks where landings.count >= 15 {
            let parts = place.split(separator: "/")
            guard let title = catalogue.title(id: String(parts[0])), let number = Int(parts[1]) else { continue }
            let end = Double(title.seasons[number - 1].intro.upperBound)
            let median = landings.sorted()[landings.count / 2]
            #expect(abs(median - end) <= 2, "\(place): the median is \(median), the end \(end)")
            tried += 1
        }
        #expect(tried > 10)
    }

    @Test("Tastes drift, but stay a person's own")
    func drift() throws {
        let world = Self.world(0.06)
        func tastes() throws -> [[Double]] {
            try world.truthObjects().filter { $0["kind"]?.string == "viewer" }.map {
                $0["genres"]?.list?.compactMap { $0["taste"]?.number } ?? []
            }
        }
        let before = try tastes()
        world.skip(to: worldStart + 365 * KoreanCalendar.day)
        let after = try tastes()
        var (moved, size) = (0.0, 0.0)
        for (one, other) in zip(before, after) {
            for (a, b) in zip(one, other) {
                moved += (a - b) * (a - b)
                size += a * a
            }
        }
        #expect((0.03...0.6).contains(moved / size), "moved \(moved / size) of the variance")
    }

    // MARK: True effects

    private static let moment = worldStart + 90 * KoreanCalendar.day + 21 * KoreanCalendar.hour

    @Test("What the oracle expects is what happens, over many people")
    func oracle() {
        let world = Self.world(0.8)
        world.skip(to: Self.moment)
        let titles = world.business.catalogue.titles
        let actions: [(WorldAction, WorldResponse.Deed)] = [
            (.artwork(item: titles[3].id, artwork: titles[3].artworks[2].id, position: 0), .played),
            (.recommendations(placement: "home/1", items: titles[10..<16].map(\.id)), .viewed),
            (.recommendations(placement: "home/1", items: titles[20..<26].map(\.id)), .played),
            (.message(.init(.push, topic: "news", items: [titles[5].id])), .opened),
            (.message(.init(.kakao, topic: "news", items: titles[30..<33].map(\.id))), .played),
        ]
        for (action, deed) in actions {
            var (expected, variance, seen) = (0.0, 0.0, 0.0)
            for person in Self.viewers(world) {
                let chance = world.expect(action, of: person, at: Self.moment)[deed]
                expected += chance
                variance += chance * (1 - chance)
                if world.apply(action, to: person, at: Self.moment).did(deed) { seen += 1 }
            }
            #expect(seen > 5)
            #expect(abs(seen - expected) < 4 * variance.squareRoot(), "\(deed): expected \(expected), seen \(seen)")
        }
    }

    @Test("The truly best picture for each person beats the best for all, which beats one by lot")
    func artwork() {
        let world = Self.world(0.5)
        world.skip(to: Self.moment)
        var random = RandomSource(seed: 3)
        let viewers = Self.viewers(world)
        var (best, fixed, lot, taken) = (0.0, 0.0, 0.0, 0.0)
        for title in world.business.catalogue.titles.prefix(12) {
            // By person and picture: how likely it is taken.
            let chances = viewers.map { viewer in
                title.artworks.map { artwork in
                    let action = WorldAction.artwork(item: title.id, artwork: artwork.id, position: 0)
                    return world.expect(action, of: viewer, at: Self.moment)[.played]
                }
            }
            best += chances.reduce(0) { $0 + ($1.max() ?? 0) }
            lot += chances.reduce(0) { $0 + $1.reduce(0, +) / Double($1.count) }
            fixed += title.artworks.indices.map { index in chances.reduce(0) { $0 + $1[index] } }.max() ?? 0
        }
        #expect(best > 1.25 * fixed, "by person \(best), the best for all \(fixed)")
        #expect(fixed > 1.1 * lot, "the best for all \(fixed), by lot \(lot)")
        // And so it is when it is done.
        var expected = 0.0
        for (index, viewer) in viewers.enumerated() {
            let title = world.business.catalogue.titles[20 + index % 10]
            let actions = title.artworks.map { WorldAction.artwork(item: title.id, artwork: $0.id, position: 0) }
            let chances = actions.map { world.expect($0, of: viewer, at: Self.moment)[.played] }
            let choice = chances.indices.max { chances[$0] < chances[$1] } ?? random.index(below: 5)
            expected += chances[choice]
            if world.apply(actions[choice], to: viewer, at: Self.moment).did(.played) { taken += 1 }
        }
        #expect(abs(taken - expected) < 4 * expected.squareRoot() + 2, "expected \(expected), taken \(taken)")
    }

    @Test("A row in the order of what each person would take beats the popular one, and that one beats its reverse")
    func rows() {
        let world = Self.world(0.4)
        world.skip(to: Self.moment)
        let titles = world.business.catalogue.titles.filter { $0.releaseDay == 0 }.prefix(30).map(\.id)
        func played(_ items: [String], _ viewer: String) -> Double {
            world.expect(.recommendations(placement: "home/1", items: items), of: viewer, at: Self.moment)[.played]
        }
        let viewers = Self.viewers(world)
        var popularity = [Double](repeating: 0, count: titles.count)
        var own = 0.0
        for viewer in viewers {
            let chances = titles.map { played([$0], viewer) }
            for (index, chance) in chances.enumerated() { popularity[index] += chance }
            let order = titles.indices.sorted { chances[$0] > chances[$1] }.prefix(6).map { titles[$0] }
            own += played(order, viewer)
        }
        let popular = titles.indices.sorted { popularity[$0] > popularity[$1] }.prefix(6).map { titles[$0] }
        let same = viewers.reduce(0) { $0 + played(popular, $1) }
        let reversed = viewers.reduce(0) { $0 + played(popular.reversed(), $1) }
        #expect(own > 1.3 * same, "own \(own), popular \(same)")
        #expect(same > reversed, "popular \(same), reversed \(reversed)")
    }

    @Test("Three hundredths of a month, given back after an outage, keep people from cancelling; more helps no more")
    func credits() {
        let cinema = Cinema(WorldSettings(seed: 5, start: worldStart, scale: 0.3))
        let day = cinema.settings.firstDay + 100
        var (none, some, much, untouched) = (0.0, 0.0, 0.0, 0.0)
        for index in 0..<cinema.circleCount {
            var household = cinema.circle(index)
            var events = EventSink(streams: RandomStreams(seed: 1, "test"))
            cinema.live(&household, until: KoreanCalendar.midnight(day), &events)
            guard let price = household.subscription?.monthlyPrice else { continue }
            untouched += cinema.cancels(household, day: day)
            for member in household.members.indices { household.members[member].state.trouble += 1 }
            none += cinema.cancels(household, day: day)
            some += cinema.cancels(household, day: day, afterCredit: Int(0.03 * Double(price)) + 1)
            much += cinema.cancels(household, day: day, afterCredit: Int(0.06 * Double(price)) + 1)
        }
        #expect(none > 2 * untouched && some < 0.6 * none, "\(untouched) \(none) \(some) \(much)")
        #expect(abs(much - some) < 0.1 * some)
    }

    @Test("Nothing is shown that is not of the catalogue, and strangers do nothing")
    func strangers() {
        let world = Self.world(0.01)
        let person = Cinema.viewerID(household: 0, member: 0)
        for action: WorldAction in [
            .artwork(item: "title-999", artwork: "x", position: 0),
            .artwork(item: "title-001", artwork: "x", position: 0),
            .recommendations(placement: "home", items: ["title-000", "", "title-x"]), .help(topic: "reviews"),
            .job(order: "order-1", pay: nil),
        ] {
            #expect(world.apply(action, to: person, at: worldStart) == WorldResponse())
        }
        for id in ["", "viewer-1-1", "viewer-999999-1", "viewer-100000-9", "tv", "viewer--"] {
            #expect(world.apply(.message(.init(.push, topic: "news")), to: id, at: worldStart) == WorldResponse())
        }
    }
}
