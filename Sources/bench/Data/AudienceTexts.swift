import Audiences
import EventLog

/// A hundred audiences over the synthetic events, and what is known about the persons.
enum AudienceTexts {
    static let count = 100
    private static let cities = ["Seoul", "Busan", "Incheon", "Daegu", "Jeju"]
    private static let events = [
        "Page Viewed", "Product Viewed", "App Opened", "Product Searched", "Category Viewed", "Product Added",
        "Cart Viewed", "Push Received", "Checkout Started", "Email Opened", "Order Completed", "Product Wished",
        "Push Opened", "Coupon Viewed", "Review Read",
    ]

    /// Ten shapes of predicates, each over ten choices of events and bounds.
    static func text(_ i: Int) -> String {
        let (a, b, city) = (events[i % 15], events[(i * 7 + 3) % 15], cities[i % 5])
        switch i % 10 {
        case 0: return #"did "\#(a)" at least \#(1 + i % 4) times in the last \#(7 + i % 4 * 7) days"#
        case 1:
            return #"did "Order Completed" at least 2 times in the last 30 days where amount >= \#(i * 5) "#
                + #"and not did "\#(b)" in the last 90 days and trait city in ("Seoul", "\#(city)") and consents to push"#
        case 2: return #"did "\#(a)" with sum of amount >= \#(1_000 + i) in the last 30 days"#
        case 3:
            return #"did "Product Added" then not "Order Completed" within \#(1 + i % 3) days in the last 14 days"#
        case 4:
            return #"last did "\#(a)" more than \#(10 + i % 20) days ago and did "\#(b)" where city = "\#(city)""#
        case 5:
            return #"did "\#(a)" then "\#(b)" within 2 hours in the last 30 days or trait plan = "pro""#
        case 6: return #"did "\#(a)" on at least 3 days this month in local time"#
        case 7:
            return
                #"did "\#(b)" in the last \#(1 + i % 60) days and did not "\#(a)" in the last 7 days and role is customer"#
        case 8: return #"did "\#(a)" with distinct of city more than 2 and trait score between 10 and \#(20 + i)"#
        default:
            return #"did any of ("\#(a)", "\#(b)") at least \#(3 + i % 5) times "#
                + #"where device in ("ios", "android") in the last 60 days"#
        }
    }

    static func definition(_ i: Int) throws -> AudienceDefinition {
        AudienceDefinition("audience \(i)", where: try AudiencePredicate(text: text(i)))
    }

    /// What the persons of some numbers said about themselves, at a time.
    static func facts(of persons: Range<Int>, at time: Int64, key: HashKey) throws -> EventBatch {
        var batch = EventBatch(key: key)
        for number in persons {
            let id = SyntheticEvents.personID(UInt64(number))
            var traits = [
                Event.Property("city", .string(cities[number % 5])),
                Event.Property("score", .number(Double(number % 100))),
            ]
            if number % 4 == 0 { traits.append(Event.Property("context.timezone", .string("America/New_York"))) }
            if number % 7 == 0 { traits.append(Event.Property("plan", .string("pro"))) }
            try batch.append(Event(person: id, name: Vocabulary.identified, time: time, properties: traits))
            guard number % 3 != 0 else { continue }
            try batch.append(
                Event(
                    person: id, name: Vocabulary.consentChanged, time: time,
                    properties: [
                        Event.Property("channel", .string("push")), Event.Property("granted", .boolean(true)),
                        Event.Property("purpose", .string("marketing")),
                    ]))
        }
        return batch
    }
}
