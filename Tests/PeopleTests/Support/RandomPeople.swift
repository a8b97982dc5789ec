import EventLog
import RandomCases

/// Streams of events about few persons who do everything that can happen to persons.
struct RandomPeople {
    var random: SeededRandom
    let users: [String]
    let visitors: [String]
    /// Pairs that an event asked to join: most splits are of these.
    private var asked: [(alias: String, person: String)] = []

    init(seed: UInt64, users: Int = 6, visitors: Int = 7) {
        random = SeededRandom(seed)
        self.users = (0..<users).map { "user-\($0)" }
        self.visitors = (0..<visitors).map { number in
            "0000000\(number % 10)-1111-4222-8333-44444444444\(number % 10)"
        }
    }

    private mutating func user() -> String { random.chance(3) ? "null" : random.pick(users) }
    private mutating func visitor() -> String { random.chance(3) ? "guest" : random.pick(visitors) }
    private mutating func anyone() -> String { random.chance(50) ? user() : visitor() }

    mutating func events(_ count: Int) -> [Event] { (0..<count).map { _ in event() } }

    mutating func event() -> Event {
        var properties = environment()
        let name: String
        var person = anyone()
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<30:
            name = "Page Viewed"
            if random.chance(40) {
                person = user()
                properties["anonymousId"] = .string(visitor())
            }
            properties["context.page.referrer"] = .string(
                "https://example.com/\(Int.random(in: 0..<9, using: &random))")
        case 30..<50:
            name = Vocabulary.identified
            if random.chance(60) {
                person = user()
                properties["anonymousId"] = .string(visitor())
            }
            for trait in ["city", "name", "email"] where random.chance(50) { properties[trait] = value() }
        case 50..<55:
            name = Vocabulary.aliased
            properties["previousId"] = .string(anyone())
        case 55..<60:
            name = Vocabulary.personMerged
            properties["previousId"] = .string(anyone())
            properties["context.origin"] = .string("hand")
        case 60..<68:
            name = Vocabulary.personSplit
            let pair = asked.isEmpty || random.chance(20) ? (alias: anyone(), person: anyone()) : random.pick(asked)
            person = pair.person
            properties["previousId"] = .string(pair.alias)
        case 68..<80:
            name = random.pick([Vocabulary.profileChanged, "Order Completed"])
            addOperations(to: &properties)
        case 80..<88:
            name = Vocabulary.groupJoined
            properties["groupId"] = .string(random.pick(["acme", "home"]))
            if random.chance(50) { properties["groupType"] = .string("household") }
            properties["plan"] = value()
        case 88..<91:
            name = Vocabulary.groupChanged
            properties["groupId"] = .string(random.pick(["acme", "home"]))
            addOperations(to: &properties)
        default:
            name = Vocabulary.consentChanged
            properties["purpose"] = .string(random.pick(["tracking", "marketing"]))
            properties["granted"] = .boolean(random.chance(50))
            if random.chance(50) { properties["channel"] = .string(random.pick(["push", "email"])) }
            if random.chance(30) { properties["period"] = .string(random.pick(["day", "night"])) }
        }
        if name != Vocabulary.personSplit {
            for case .string(let alias) in [properties["anonymousId"], properties["previousId"]] {
                asked.append((alias: alias, person: person))
            }
        }
        return Event(
            person: person, name: name, time: Int64.random(in: 1_000...1_040, using: &random),
            properties: properties.sorted { $0.key < $1.key }.map { Event.Property($0.key, $0.value) })
    }

    private mutating func environment() -> [String: PropertyValue] {
        var properties: [String: PropertyValue] = [:]
        if random.chance(20) { properties["context.locale"] = .string(random.pick(["ko-KR", "en-US"])) }
        if random.chance(20) { properties["context.timezone"] = .string(random.pick(["Asia/Seoul", "UTC"])) }
        if random.chance(15) {
            properties["context.device.id"] = .string(random.pick(["phone", "tablet"]))
            if random.chance(50) { properties["context.device.token"] = .string("t\(random.next() % 4)") }
            if random.chance(50) { properties["context.os.name"] = .string(random.pick(["iOS", "Android"])) }
        }
        return properties
    }

    private mutating func addOperations(to properties: inout [String: PropertyValue]) {
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let trait = random.pick(["city", "count", "tags", "name"])
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1, 2: properties["$set.\(trait)"] = value()
            case 3: properties["$setOnce.\(trait)"] = value()
            case 4, 5: properties["$add.count"] = .number(Double(Int.random(in: -3...9, using: &random)))
            case 6: properties["$unset"] = .strings([trait, "email"])
            case 7: properties["$\(random.pick(["append", "prepend"])).tags"] = .strings(["a", "\(random.next() % 3)"])
            case 8:
                properties["$\(random.pick(["postInsert", "preInsert", "remove"])).tags"] = .string(
                    "\(random.next() % 3)")
            default: if random.chance(15) { properties["$clearAll"] = .boolean(true) }
            }
        }
    }

    private mutating func value() -> PropertyValue {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: .number(Double(Int.random(in: 0..<5, using: &random)))
        case 1: .strings(["b", "\(random.next() % 3)"])
        case 2: .string(random.pick(["김철수", "이영희", "서울"]))
        default: .string("text \(random.next() % 5)")
        }
    }
}
