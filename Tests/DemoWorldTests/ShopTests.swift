import DemoWorld
import Foundation
import Testing

struct ShopTests {
    private static let scale = 0.019

    private func world(_ scale: Double = scale) -> World<Shop> {
        World(Shop(WorldSettings(seed: 5, start: worldStart, scale: scale)))
    }

    // MARK: Believable

    /// A year of a small shop, lived once for all of the tests that look at it.
    private static let year: [WireEvent] = {
        let world = World(Shop(WorldSettings(seed: 5, start: worldStart, scale: scale)))
        return (try? world.advance(to: worldStart + 365 * KoreanCalendar.day).wireEvents()) ?? []
    }()

    private func persons(_ name: String) -> Set<String> { Set(Self.year.filter { $0.name == name }.map(\.person)) }
    private func count(_ name: String) -> Int { Self.year.count { $0.name == name } }

    @Test("Fewer people are left at each step to an order, and most carts are abandoned")
    func funnel() {
        let steps = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed"].map(persons)
        for (step, next) in zip(steps, steps.dropFirst()) { #expect(next.count < step.count) }
        let visits = count("App Opened") + Self.year.count { $0.fields["name"]?.string == "Home" }
        let conversion = Double(count("Order Completed")) / Double(visits)
        #expect((0.02...0.15).contains(conversion), "conversion of visits: \(conversion)")
        let finished = Double(steps[3].count) / Double(steps[1].count)
        #expect((0.2...0.7).contains(finished), "who adds and buys: \(finished)")
    }

    @Test("Most buyers buy again, and some buy often")
    func repeats() {
        var orders: [String: Int] = [:]
        for event in Self.year where event.name == "Order Completed" { orders[event.person, default: 0] += 1 }
        let again = Double(orders.values.count { $0 > 1 }) / Double(orders.count)
        #expect((0.35...0.8).contains(again), "buy again: \(again)")
        #expect(orders.values.contains { $0 >= 8 })
    }

    @Test("People leave: of those who came in the first weeks, few come in the last")
    func churn() {
        let early = Set(Self.year.filter { $0.time < worldStart + 30 * KoreanCalendar.day }.map(\.person))
        let late = Set(Self.year.filter { $0.time > worldStart + 335 * KoreanCalendar.day }.map(\.person))
        let stayed = Double(early.intersection(late).count) / Double(early.count)
        #expect((0.05...0.5).contains(stayed), "still there: \(stayed)")
    }

    @Test("Gifts sell before Chuseok, sun cream in summer, and evenings are busier than nights")
    func seasons() {
        let views = Self.year.filter { $0.name == "Product Viewed" }
        func share(_ shelf: String, _ months: Set<Int>) -> Double {
            let those = views.filter { months.contains(KoreanCalendar.date(KoreanCalendar.day(of: $0.time)).month) }
            return Double(those.count { $0["subcategory"]?.string == shelf }) / Double(those.count)
        }
        #expect(share("선물세트", [9]) > 2 * share("선물세트", [6, 7]))
        #expect(share("선케어", [6, 7, 8]) > 2 * share("선케어", [12, 1]))
        let hours = Self.year.map { Int(KoreanCalendar.hour(of: $0.time)) }
        #expect(hours.count { (20...22).contains($0) } > 4 * hours.count { (3...5).contains($0) })
    }

    @Test("Somebody who signs up is known by both ids from then on")
    func identities() throws {
        let signUps = Self.year.filter { $0.name == "Signed Up" }
        #expect(signUps.count > 50)
        #expect(signUps.allSatisfy { $0.userID != nil && $0.anonymousID != nil })
        let first = try #require(signUps.first)
        let before = Self.year.filter { $0.anonymousID == first.anonymousID && $0.time < first.time }
        #expect(before.count { $0.type != "identify" && $0.userID != nil } == 0)
        let profile = try #require(Self.year.first { $0.type == "identify" && $0.userID == first.userID })
        #expect(profile.trait("email")?.string?.hasSuffix("@example.com") == true)
        #expect(profile.trait("phone")?.string?.hasPrefix("010-0") == true)
    }

    @Test("No two people share an address or a number")
    func addresses() {
        let profiles = Self.year.filter { $0.type == "identify" && $0.trait("email") != nil }
        let people = Set(profiles.compactMap(\.userID))
        #expect(Set(profiles.compactMap { $0.trait("email")?.string }).count == people.count)
        #expect(Set(profiles.compactMap { $0.trait("phone")?.string }).count == people.count)
    }

    // MARK: True effects

    private static let moment = worldStart + 60 * KoreanCalendar.day + 21 * KoreanCalendar.hour

    /// Those who had come by the moment, more or less.
    private func people(_ world: World<Shop>) -> [String] {
        (0..<world.business.circleCount / 6).map { "c-\(String(1_000_000 + $0).dropFirst())" }
    }

    /// Orders of each person within some days after a moment, in a world in which something is done to everybody then.
    private func orders(
        days: Int = 5, scale: Double = 0.08, _ act: (World<Shop>, String) -> Void
    ) throws -> [String: Int] {
        let world = world(scale)
        world.skip(to: Self.moment)
        for person in people(world) { act(world, person) }
        let end = Self.moment + Int64(days) * KoreanCalendar.day
        var orders: [String: Int] = [:]
        for event in try world.advance(to: end).wireEvents("Order Completed") {
            orders[event.userID ?? "", default: 0] += 1
        }
        return orders
    }

    @Test("A message with an offer brings orders that would not have come, and changes nobody who did not get it")
    func messages() throws {
        let offer = WorldAction.Offer(
            code: "BACK15", share: 0.15, amount: 0, expires: Self.moment + 3 * KoreanCalendar.day)
        let message = WorldAction.Message(.kakao, topic: "news", items: ["P0001", "P0100", "P0200"], offer: offer)
        let without = try orders { _, _ in }
        var reached: Set<String> = []
        let with = try orders { world, person in
            guard person.hasSuffix("1") || person.hasSuffix("3") || person.hasSuffix("5") else { return }
            if world.apply(.message(message), to: person, at: Self.moment).did(.delivered) { reached.insert(person) }
        }
        #expect(reached.count > 50)
        let (before, after) = (total(without, reached), total(with, reached))
        #expect(Double(after) > 1.3 * Double(max(before, 1)), "\(before) orders without, \(after) with")
        for (person, count) in without where !reached.contains(person) { #expect(with[person] == count) }
    }

    private func total(_ orders: [String: Int], _ people: Set<String>) -> Int {
        people.reduce(0) { $0 + orders[$1, default: 0] }
    }

    @Test("The more somebody minds prices, the more a lower price brings")
    func prices() throws {
        func changed(_ factor: Double) throws -> Int {
            let shop = Shop(WorldSettings(seed: 5, start: worldStart, scale: 0.08))
            return try orders(days: 10) { world, person in
                // Some are enough.
                guard person.hasSuffix("0") || person.hasSuffix("5") else { return }
                for (id, price) in shop.usualPrices {
                    _ = world.apply(.price(item: id, price: Int(Double(price) * factor)), to: person, at: Self.moment)
                }
            }.reduce(0) { $1.key.hasSuffix("0") || $1.key.hasSuffix("5") ? $0 + $1.value : $0 }
        }
        let (low, high) = (try changed(0.6), try changed(1.5))
        #expect(Double(low) > 1.4 * Double(high), "\(low) orders at low prices, \(high) at high ones")
    }

    @Test("A reminder works on who has left a cart, and helps others little")
    func carts() throws {
        let world = world(0.125)
        world.skip(to: Self.moment)
        let truth = try world.truthObjects().filter { $0["kind"]?.string == "customer" }
        var (tried, clicked) = ([false: 0, true: 0], [false: 0, true: 0])
        for customer in truth {
            guard let id = customer["id"]?.string, let hasCart = customer["hasCart"]?.boolean else { continue }
            let answer = world.apply(.message(.init(.kakao, topic: "cart")), to: id, at: Self.moment)
            guard answer.did(.delivered) else { continue }
            tried[hasCart, default: 0] += 1
            if answer.did(.clicked) { clicked[hasCart, default: 0] += 1 }
        }
        let (some, none) = (share(clicked[true], tried[true]), share(clicked[false], tried[false]))
        #expect(some > 1.5 * none, "clicks with a cart \(some) of \(tried[true] ?? 0), without \(none)")
    }

    private func share(_ part: Int?, _ whole: Int?) -> Double { Double(part ?? 0) / Double(max(1, whole ?? 0)) }

    @Test("The first place of a row is clicked more than the sixth")
    func positions() {
        let world = world(0.08)
        world.skip(to: Self.moment)
        let items = (1...6).map { "P00\(10 + $0)" }
        var clicks: [String: Int] = [:]
        for (index, id) in people(world).enumerated() {
            // In turn each item comes first, so that its own appeal does not count.
            let row = (0..<6).map { items[($0 + index) % 6] }
            let answer = world.apply(.recommendations(placement: "home", items: row), to: id, at: Self.moment)
            guard let item = answer.reactions.first(where: { $0.deed == .clicked })?.item else { continue }
            clicks[row.firstIndex(of: item).map(String.init) ?? "", default: 0] += 1
        }
        #expect(Double(clicks["0", default: 0]) > 1.5 * Double(clicks["5", default: 0]), "\(clicks)")
    }

    @Test("What the oracle expects is what happens, over many people")
    func oracle() {
        let world = world(0.095)
        world.skip(to: Self.moment)
        let message = WorldAction.message(.init(.kakao, topic: "cycle"))
        let row = WorldAction.recommendations(placement: "home", items: ["P0003", "P0030", "P0100"])
        for (action, deed) in [(message, WorldResponse.Deed.opened), (message, .clicked), (row, .clicked)] {
            var (expected, variance, seen) = (0.0, 0.0, 0.0)
            for person in people(world) {
                let chance = world.expect(action, of: person, at: Self.moment)[deed]
                expected += chance
                variance += chance * (1 - chance)
                if world.apply(action, to: person, at: Self.moment).did(deed) { seen += 1 }
            }
            #expect(seen > 5)
            #expect(abs(seen - expected) < 4 * variance.squareRoot(), "\(deed): expected \(expected), seen \(seen)")
        }
    }

    @Test("Too many messages make people unsubscribe")
    func fatigue() {
        let world = world(0.03)
        world.skip(to: Self.moment)
        var lost = [0, 0]
        for day in 0..<8 {
            let time = Self.moment + Int64(day) * KoreanCalendar.hour
            for id in people(world) {
                let answer = world.apply(.message(.init(.push, topic: "news")), to: id, at: time)
                if answer.did(.unsubscribed) { lost[day < 4 ? 0 : 1] += 1 }
            }
        }
        #expect(lost[1] > 2 * lost[0], "\(lost)")
    }
}
