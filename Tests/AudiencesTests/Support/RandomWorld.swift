import Analysis
import Audiences
import EventLog
import Foundation
import RandomCases

/// Persons with histories around a moment in March 2024, when clocks change in many places.
struct RandomWorld {
    static let zone = ZoneName("Asia/Seoul") ?? .utc

    let people: [String: TestPerson]
    /// In the order of acknowledgement.
    let events: [Event]
    let merges: [Merge]
    let now: Int64

    init(_ seed: Int, persons: Int = 12) {
        var random = SeededRandom(seed &* 7919 &+ 1)
        // 2024-03-31T00:30:00Z and a few hours around it.
        now = 1_711_845_000_000 + Int64(random.roll(-40...40)) * 1_800_000
        var people: [String: TestPerson] = [:]
        var events: [Event] = []
        var merges: [Merge] = []
        for number in 0..<persons {
            let id = "p\(number)"
            people[id] = RandomWorld.person(&random, now)
            // Some are known by a second id, whose events belong to them.
            let alias = random.chance(30) ? "anonymous \(number)" : nil
            if let alias { merges.append(Merge(alias: alias, person: id)) }
            for _ in 0..<random.pick([0, 1, 5, 20, 60]) {
                let sender = alias.flatMap { random.chance(40) ? $0 : nil } ?? id
                events.append(RandomWorld.event(sender, &random, now))
            }
        }
        events.shuffle(using: &random)
        self.people = people
        self.events = events
        self.merges = merges
    }

    private static func person(_ random: inout SeededRandom, _ now: Int64) -> TestPerson {
        var person = TestPerson()
        if random.chance(70) { person.traits["city"] = .string(random.pick(RandomPredicate.texts)) }
        if random.chance(70) { person.traits["score"] = .number(Double(random.roll(-2...5))) }
        if random.chance(50) { person.traits["renews_at"] = .time(time(&random, now, ahead: true)) }
        if random.chance(30) { person.traits["renews_at"] = .string(random.pick(["2024-03-10", "2024-04-01T00:00"])) }
        if random.chance(40) { person.traits["plan"] = .strings([random.pick(RandomPredicate.texts), "s"]) }
        if random.chance(30) { person.traits["생일"] = .times([time(&random, now, ahead: true), now]) }
        for channel in ["push", "email", "알림톡"] where random.chance(40) {
            for purpose in [nil, "marketing"] {
                person.consents.insert(ConsentQuestion(channel, purpose: purpose, atNight: random.chance(50)))
            }
        }
        person.roles = random.pick([[], ["customer"], ["partner"], ["customer", "partner"]])
        for _ in 0..<random.roll(0...2) {
            person.groups.append(
                TestPerson.Group(
                    kind: random.pick(["company", "가족"]), id: random.pick(["acme", "other"]),
                    traits: ["score": .number(Double(random.roll(0...4))), "plan": .string("s")]))
        }
        if random.chance(60) { person.timeZone = random.pick(RandomPredicate.zones + ["Not/AZone"]) }
        person.mayBeProfiled = random.chance(95)
        return person
    }

    private static func time(_ random: inout SeededRandom, _ now: Int64, ahead: Bool) -> Int64 {
        let hour: Int64 = 3_600_000
        let back = random.pick([hour, 24 * hour, 8 * 24 * hour, 40 * 24 * hour, 400 * 24 * hour])
        let offset = Int64.random(in: -back...(ahead ? back : random.chance(5) ? 2 * hour : 0), using: &random)
        // Round times, so that some are equal and some lie at the edges of windows.
        let step = random.pick([1, 60_000, hour])
        return now + offset / step * step
    }

    private static func event(_ person: String, _ random: inout SeededRandom, _ now: Int64) -> Event {
        var event = Event(
            person: person, name: random.pick(RandomPredicate.events), time: time(&random, now, ahead: false))
        if random.chance(70) { event.properties.append(.init("total", .number(Double(random.roll(-2...5))))) }
        if random.chance(20), event.properties.isEmpty { event.properties.append(.init("total", .string("3"))) }
        if random.chance(50) { event.properties.append(.init("city", .string(random.pick(RandomPredicate.texts)))) }
        if random.chance(40) { event.properties.append(.init("tags", .strings(["서울", random.pick(["u", "s"])]))) }
        if random.chance(30) { event.properties.append(.init("scores", .numbers([1, Double(random.roll(0...3))]))) }
        if random.chance(20) { event.properties.append(.init("결제.수단", .boolean(random.chance(50)))) }
        return event
    }

    /// The events of a person as they are read: in time order, then in the order of acknowledgement.
    func history(of person: String) -> [Event] {
        let ids = Set([person] + merges.filter { $0.person == person }.map(\.alias))
        let own = events.enumerated().filter { ids.contains($0.element.person) }
        return own.sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }
}
