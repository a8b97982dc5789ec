import Foundation
import Statistics
import Testing

@testable import DemoWorld

struct HomeTests {
    static func world(_ scale: Double, seed: UInt64 = 5) -> World<Home> {
        World(Home(WorldSettings(seed: seed, start: worldStart, scale: scale)))
    }

    @Test(
        "There are forty services in three groups, with names in two languages, and somebody for each trade everywhere")
    func services() {
        #expect(HomeService.all.count == 40)
        #expect(Set(HomeService.all.map(\.id)).count == 40)
        #expect(Set(HomeService.all.map(\.korean)).count == 40)
        for group in HomeService.Group.allCases {
            #expect(HomeService.all.count { $0.group == group } > 10)
        }
        let home = Home(WorldSettings(seed: 1, start: worldStart, scale: 0.01))
        for index in 0..<home.circleCount {
            let partners = home.circle(index).partners
            #expect(HomeService.Trade.allCases.allSatisfy { trade in partners.contains { $0.does(trade) } })
        }
    }

    @Test("What is due comes in the order of time, and of equal times what was put in first")
    func agenda() {
        var random = RandomSource(seed: 9)
        var agenda = Neighbourhood.Agenda()
        let times = (0..<200).map { _ in Int64(random.index(below: 40)) }
        for (number, time) in times.enumerated() { agenda.add(.work(order: number), at: time) }
        let expected = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        var order: [Int] = []
        while case .work(let number)? = agenda.popFirst() { order.append(number) }
        #expect(order == expected)
    }

    // MARK: Believable

    /// A year of a small market, lived once for all of the tests that look at it.
    private static let year: [WireEvent] = {
        let world = Self.world(0.05)
        return (try? world.advance(to: worldStart + 365 * KoreanCalendar.day).wireEvents()) ?? []
    }()

    private func events(_ name: String) -> [WireEvent] { Self.year.filter { $0.name == name } }

    @Test("The same events come whatever the steps")
    func determinism() {
        let whole = Self.world(0.02).live(days: 50, step: 50 * KoreanCalendar.day, threads: 1)
        #expect(whole.count > 500)
        #expect(Self.world(0.02).live(days: 50, step: 7 * KoreanCalendar.hour + 1, threads: 2) == whole)
    }

    @Test("Fewer are left at each question of the form, and more of them stop at some than at others")
    func form() {
        let steps = (1...6).map { step in
            events("Request Step Completed").count { $0["step"]?.number == Double(step) }
        }
        let started = events("Request Started").count
        for (one, next) in zip([started] + steps, steps) { #expect(next < one) }
        #expect(events("Booking Requested").count == steps[5])
        #expect((0.4...0.85).contains(Double(steps[5]) / Double(started)), "\(started) began, \(steps)")
    }

    @Test("Some bookings find nobody, few partners do not come, and most services are done")
    func outcomes() {
        let requested = Double(events("Booking Requested").count)
        let unmatched = Double(events("Booking Unmatched").count) / requested
        #expect((0.03...0.3).contains(unmatched), "unmatched: \(unmatched)")
        let failed = Double(events("Booking Failed").count) / requested
        #expect((0.003...0.06).contains(failed), "did not come: \(failed)")
        #expect(Double(events("Service Completed").count) / requested > 0.6)
    }

    @Test("More than half of those who move book something else as well")
    func moving() {
        var bookings: [String: [(time: Int64, service: String)]] = [:]
        for event in events("Booking Requested") {
            bookings[event.userID ?? "", default: []].append((event.time, event["serviceId"]?.string ?? ""))
        }
        let with = Set(HomeService.movingNeeds.map { HomeService.all[$0].id })
        var (movers, several) = (0, 0)
        for orders in bookings.values {
            guard let move = orders.first(where: { $0.service.hasSuffix("moving") }) else { continue }
            movers += 1
            let near = 30 * KoreanCalendar.day
            if orders.contains(where: { with.contains($0.service) && abs($0.time - move.time) < near }) { several += 1 }
        }
        #expect(movers > 20)
        #expect(Double(several) > 0.5 * Double(movers), "\(several) of \(movers)")
    }

    @Test(
        "Air conditioners are cleaned before summer, boilers checked before winter, cars washed when it does not rain")
    func seasons() {
        func months(_ service: String) -> [Int] {
            events("Booking Requested").filter { $0["serviceId"]?.string == service }
                .map { KoreanCalendar.date(KoreanCalendar.day(of: $0.time)).month }
        }
        let cleaned = months("aircon-cleaning")
        #expect(cleaned.count { (5...7).contains($0) } > 5 * cleaned.count { (11...12).contains($0) || $0 <= 1 })
        let checked = months("boiler-check")
        #expect(checked.count { (10...12).contains($0) } > 5 * checked.count { (5...7).contains($0) })
        let weather = Self.world(0.1).business.weather
        let days = (0..<365).map { KoreanCalendar.day(of: worldStart) + $0 }
        let means = [1, 7].map { month in
            Moments(days.filter { KoreanCalendar.date($0).month == month }.map { weather[$0].celsius }).mean
        }
        #expect(means[0] < 3 && means[1] > 22, "\(means)")
    }

    @Test("Both sides write reviews; who got along meets again more often")
    func pairs() throws {
        let reviews = events("Review Written")
        #expect(reviews.contains { $0.userID?.hasPrefix("partner") == true })
        var first: [String: Double] = [:]
        for review in reviews {
            guard let partner = review["partnerId"]?.string, let customer = review.userID else { continue }
            let pair = customer + partner
            if first[pair] == nil { first[pair] = review["rating"]?.number }
        }
        var meetings: [String: Int] = [:]
        for event in events("Service Completed") {
            meetings[(event.userID ?? "") + (event["partnerId"]?.string ?? ""), default: 0] += 1
        }
        func again(_ ratings: ClosedRange<Double>) -> Double {
            let pairs = first.filter { ratings.contains($0.value) }.keys
            return Double(pairs.count { meetings[$0, default: 0] > 1 }) / Double(max(1, pairs.count))
        }
        #expect(again(5...5) > 1.3 * again(1...3), "again: \(again(5...5)) and \(again(1...3))")
    }

    @Test("Partners and customers leave, and others come")
    func leaving() {
        #expect(events("Partner Left").count > 3)
        let profiles = Self.year.filter { $0.type == "identify" }
        let partners = profiles.count { $0.trait("role")?.string == "partner" }
        #expect(partners > 25 && profiles.count > 3 * partners)
        let signUps = events("Signed Up")
        #expect(signUps.count > 50 && signUps.allSatisfy { $0.userID != nil && $0.anonymousID != nil })
        let strangers = Self.year.count { $0.userID == nil }
        #expect(strangers > signUps.count)
    }

    // MARK: True effects

    private static let moment = worldStart + 90 * KoreanCalendar.day + 10 * KoreanCalendar.hour

    private static func customers(_ world: World<Home>) -> [String] {
        (0..<world.business.circleCount).flatMap { index in
            world.business.circle(index).customers.map(\.id)
        }
    }

    @Test("What the oracle expects is what happens, over many people")
    func oracle() {
        let world = Self.world(0.25)
        world.skip(to: Self.moment)
        let offer = WorldAction.Offer(code: "EARLY", share: 0.1, expires: Self.moment + 9 * KoreanCalendar.day)
        let early = WorldAction.message(.init(.kakao, topic: "season", items: ["aircon-cleaning"], offer: offer))
        let row = WorldAction.recommendations(
            placement: "home", items: ["home-cleaning", "car-wash", "laundry", "aircon-cleaning"])
        let actions: [(WorldAction, WorldResponse.Deed)] = [
            (early, .opened), (early, .booked), (.message(.init(.kakao, topic: "cycle")), .booked), (row, .viewed),
            (row, .booked), (.help(topic: "price-guide"), .booked),
        ]
        for (action, deed) in actions {
            var (expected, variance, seen) = (0.0, 0.0, 0.0)
            for person in Self.customers(world) {
                let chance = world.expect(action, of: person, at: Self.moment)[deed]
                expected += chance
                variance += chance * (1 - chance)
                if world.apply(action, to: person, at: Self.moment).did(deed) { seen += 1 }
            }
            #expect(expected > 3, "\(deed)")
            #expect(abs(seen - expected) < 4 * variance.squareRoot(), "\(deed): expected \(expected), seen \(seen)")
        }
    }

    @Test("A message at somebody's own time brings more than twice the bookings of one at any time")
    func cycles() {
        let home = Home(WorldSettings(seed: 5, start: worldStart, scale: 0.2))
        let day = home.settings.firstDay + 60
        let message = WorldAction.message(.init(.kakao, topic: "cycle", items: ["home-cleaning"]))
        var (timely, any) = (Moments(), Moments())
        for index in 0..<home.circleCount {
            let place = home.circle(index)
            for customer in place.customers where customer.joins <= day {
                guard let need = customer.state.needs.firstIndex(where: { $0.service == 0 }) else { continue }
                for ahead in stride(from: 0, to: Int(customer.state.needs[need].cycle), by: 2) {
                    var then = place
                    then.customers[customer.index % 100_000].state.needs[need].due = day + ahead
                    let time = Home.at(10, day)
                    let chance = home.expect(then, message, person: customer.id, time: time)[.booked]
                    if ahead == 0 { timely.add(chance) }
                    any.add(chance)
                }
            }
        }
        #expect(timely.mean > 2 * any.mean, "timely \(timely.mean), at any time \(any.mean)")
    }

    @Test("The guide that answers somebody's own question brings them back; another hardly does")
    func guides() {
        let world = Self.world(0.3)
        world.skip(to: Self.moment)
        var (right, wrong) = (0.0, 0.0)
        for person in Self.customers(world) {
            let chances = Hurdle.allCases.map {
                world.expect(.help(topic: $0.guide), of: person, at: Self.moment)[.booked]
            }
            right += chances.max() ?? 0
            wrong += chances.reduce(0, +) / Double(chances.count)
        }
        #expect(wrong > 0.5 && right > 2.5 * wrong, "the right guide \(right), one by lot \(wrong)")
    }

    @Test("Higher prices hold customers back, higher pay draws partners")
    func money() {
        let home = Home(WorldSettings(seed: 5, start: worldStart, scale: 0.1))
        let day = home.settings.firstDay + 5
        var books = [0.0, 0.0]
        var accepts = [0.0, 0.0]
        let place = home.circle(2)
        for customer in place.customers {
            var dear = customer
            dear.state.factors = [(0, 1.3, day + 1)]
            books[0] += home.books(customer, 0, day: day)
            books[1] += home.books(dear, 0, day: day)
            let order = Neighbourhood.Order(
                number: 1, customer: customer.index % 100_000, service: 0, start: Home.at(10, day), price: 55_000,
                pay: 44_000)
            for (index, partner) in place.partners.enumerated() {
                accepts[0] += Fit.accepts(home.job(order, pay: 44_000, for: index, place), partner)
                accepts[1] += Fit.accepts(home.job(order, pay: 57_200, for: index, place), partner)
            }
        }
        #expect(books[1] < 0.8 * books[0], "\(books)")
        #expect(accepts[1] > 1.1 * accepts[0], "\(accepts)")
    }

    // MARK: A closed loop

    private struct Outcome {
        var tries = 0.0
        var accepted = 0.0
        var requested = 0.0
        var unmatched = 0.0
        var stars = Moments()
        var trust = Moments()
    }

    /// For some weeks each order is given to up to three partners one after another, before the market finds somebody
    /// by itself.
    private func matching(days: Int, _ choose: (World<Home>, WireEvent, [String]) -> [String]) throws -> Outcome {
        let world = Self.world(0.06, seed: 21)
        let begin = worldStart + 30 * KoreanCalendar.day
        world.skip(to: begin)
        let partners = (0..<world.business.circleCount).map { world.business.circle($0).partners.map(\.id) }
        var outcome = Outcome()
        while world.time < begin + Int64(days) * KoreanCalendar.day {
            for event in try world.advance(to: world.time + 4 * KoreanCalendar.minute).wireEvents() {
                switch event.name {
                case "Booking Requested":
                    outcome.requested += 1
                    let order = event["orderId"]?.string ?? ""
                    let quarter = world.business.circleIndex(ofPerson: event.userID ?? "") ?? 0
                    for partner in choose(world, event, partners[quarter]).prefix(3) {
                        outcome.tries += 1
                        let action = WorldAction.match(order: order, partner: partner)
                        if world.apply(action, to: event.userID ?? "", at: world.time).did(.accepted) {
                            outcome.accepted += 1
                            break
                        }
                    }
                case "Booking Unmatched": outcome.unmatched += 1
                case "Review Written":
                    if event["partnerId"] != nil, let rating = event["rating"]?.number { outcome.stars.add(rating) }
                default: break
                }
            }
        }
        for customer in try world.truthObjects() where customer["kind"]?.string == "customer" {
            if let trust = customer["trust"]?.number { outcome.trust.add(trust) }
        }
        return outcome
    }

    @Test(
        "Giving orders to those whom they truly fit beats giving them by lot: more accept, fewer orders find nobody, trust stays"
    )
    func fitting() throws {
        var random = RandomSource(seed: 2)
        let home = Self.world(0.06, seed: 21).business
        let trades: [String: UInt16] = (0..<home.circleCount).flatMap { home.circle($0).partners }
            .reduce(into: [:]) { $0[$1.id] = $1.nature.trades }
        let byLot = try matching(days: 21) { _, event, partners in
            let trade = HomeService.index(id: event["serviceId"]?.string ?? "").map { HomeService.all[$0].trade }
            let bit = trade.map { UInt16(1) << UInt16($0.rawValue) } ?? 0
            return partners.filter { trades[$0, default: 0] & bit != 0 }.shuffled(using: &random)
        }
        let byFit = try matching(days: 21) { world, event, partners in
            let order = event["orderId"]?.string ?? ""
            let chances = partners.map { partner in
                world.expect(
                    .match(order: order, partner: partner), of: event.userID ?? "", at: world.time)[.accepted]
            }
            return partners.indices.sorted { chances[$0] > chances[$1] }.map { partners[$0] }
        }
        let (lot, fit) = (byLot.accepted / byLot.tries, byFit.accepted / byFit.tries)
        #expect(byFit.requested > 100)
        #expect(fit > 1.4 * lot, "accepted by fit \(fit), by lot \(lot)")
        #expect(byFit.unmatched < byLot.unmatched, "unmatched by fit \(byFit.unmatched), by lot \(byLot.unmatched)")
        #expect(byFit.trust.mean >= byLot.trust.mean, "trust \(byFit.trust.mean), \(byLot.trust.mean)")
    }

    @Test("Strangers, and things that are not there, do nothing")
    func strangers() {
        let world = Self.world(0.01)
        let person = Home.id("customer", 0, 0)
        for action: WorldAction in [
            .match(order: "order-0000001", partner: "partner-0000001"), .job(order: "x", pay: 1),
            .recommendations(placement: "alternatives/order-0", items: ["day+1", "day+x"]),
            .recommendations(placement: "home", items: ["no-such-thing"]), .help(topic: "reviews"),
            .surcharge(service: "no-such-thing", factor: 2),
        ] {
            #expect(world.apply(action, to: person, at: worldStart) == WorldResponse())
        }
        for id in ["", "customer-9900001", "customer-1", "partner-0099999", "customer--", "c"] {
            #expect(world.apply(.help(topic: "reviews"), to: id, at: worldStart) == WorldResponse())
        }
    }
}
