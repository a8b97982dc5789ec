import Analysis
import Audiences
import Foundation
import RandomCases
import Testing

struct PredicateTextTests {
    @Test func theExampleOfTheDocumentationIsReadAsItIsMeant() throws {
        let text = """
            did "Order Completed" at least 2 times in the last 30 days where total >= 50000
            and not did "Order Cancelled" in the last 90 days and trait city in ("Seoul", "Busan") and consents to push
            """
        let expected = AudiencePredicate.and([
            .event(
                EventCondition(
                    ["Order Completed"], .times(.atLeast(2)), window: .last(TimeLength(30, .day)),
                    where: .property("total", .greaterOrEqual, .number(50_000)))),
            .not(.event(EventCondition(["Order Cancelled"], window: .last(TimeLength(90, .day))))),
            .trait(TraitCondition("city", .oneOf, .string("Seoul"), .string("Busan"))),
            .consent(ConsentQuestion("push")),
        ])
        #expect(try AudiencePredicate(text: text) == expected)
        #expect(
            expected.text == """
                did "Order Completed" at least 2 times in the last 30 days where total >= 50000 and did not \
                "Order Cancelled" in the last 90 days and trait city in ("Seoul", "Busan") and consents to push
                """)
    }

    /// Text, and how it is written canonically (nil: the same).
    static let examples: [(text: String, canonical: String?)] = [
        ("everyone", nil),
        (#"did "A""#, nil),
        (#"did not "A""#, nil),
        (#"not did "A""#, #"did not "A""#),
        (#"not not did "A""#, #"not did not "A""#),
        (#"did any event in the last 1 days"#, "did any event in the last 1 day"),
        (#"did "*""#, "did any event"), (#"did any of ("A", "*")"#, "did any event"),
        (#"group "*" trait plan = "pro""#, #"group trait plan = "pro""#),
        (#"did any of ("A", "B") on at least 3 days this month in local time"#, nil),
        (#"did "A" 3 times"#, #"did "A" exactly 3 times"#),
        (#"did "A" more than 3 times more than 30 days ago"#, nil),
        (#"did "A" fewer than 3 times"#, #"did "A" less than 3 times"#),
        (#"did "A" between 2 and 5 times between 2024-05-01 and 2024-05-31T14:00Z"#, nil),
        (#"did "A" between 60 days ago and 30 days ago"#, nil),
        (#"did "A" with sum of total >= 50000 today"#, #"did "A" with sum of total at least 50000 today"#),
        (
            #"did "A" with distinct of "products.sku" more than 3"#,
            #"did "A" with distinct of products.sku more than 3"#
        ),
        (#"first did "A" in the last 7 days"#, nil),
        (#"last did "A" more than 30 days ago"#, nil),
        (#"did "A" less than 30 days ago"#, #"did "A" in the last 30 days"#),
        (#"did "A" then "B" within 2 hours in the last 30 days"#, nil),
        (#"did "A" where x = 1 then "B" within 1 day where y is set then not "C" within 3 days yesterday"#, nil),
        (#"did not "A" then "B""#, nil),
        (#"did "A" where (x = 1 or y = 2 and z = 3) and not w in (1, "2", true)"#, nil),
        (#"did "A" where x = 1 and (y = 2 or not (z = 3 and w = 4)) or did "B""#, nil),
        (#"did "A" where x = 1 and (did "B" or did "C")"#, nil),
        (#"did "A" where x = 1 and not (did "B")"#, #"did "A" where x = 1 and did not "B""#),
        (
            #"did "A" where paid_at before 2024-05-01 and at between 2024-05-01 and 2024-05-31"#,
            #"did "A" where paid_at before 2024-05-01 and "at" between 2024-05-01 and 2024-05-31"#
        ),
        (#"trait 도시 = "서울""#, nil),
        (#"trait city is "서울""#, #"trait city = "서울""#),
        (#"trait city is not "서울""#, #"trait city != "서울""#),
        (#"trait renews_at in the next 7 days in local time"#, nil),
        (#"trait renews_at before 3 months from now"#, nil),
        (#"trait "in" does not match "^a""#, nil),
        (#"trait name contains ("김", "이")"#, nil),
        (#"group company trait plan = "pro" and in group "가족 그룹" "g1" and in group company"#, nil),
        (#"group trait plan is set"#, nil),
        (#"consents to email for marketing at night"#, nil),
        (#"role is partner or role in (customer, "big fish")"#, nil),
        (#"in audience "VIP" and not in audience "휴면 고객""#, nil),
        (#"(did "A" or did "B") and (did "C" and did "D")"#, nil),
        ("DID \"A\" AND\n\tTRAIT x IS SET", #"did "A" and trait x is set"#),
        (#"did “A” where x = "\"\\\n\u{1F600}""#, #"did "A" where x = "\"\\\n😀""#),
    ]

    @Test(arguments: examples.indices)
    func textIsReadAndWrittenCanonically(_ index: Int) throws {
        let (text, canonical) = Self.examples[index]
        let predicate = try AudiencePredicate(text: text)
        #expect(predicate.text == canonical ?? text)
        #expect(try AudiencePredicate(text: predicate.text) == predicate)
        #expect(try AudiencePredicate(json: predicate.json) == predicate)
    }

    @Test(arguments: 0..<40)
    func whatIsWrittenIsReadBackTheSame(_ seed: Int) throws {
        var random = RandomPredicate(seed)
        random.audiences = ["VIP", "휴면 \"고객\""]
        for _ in 0..<50 {
            let predicate = random.predicate(depth: 4)
            let text = predicate.text
            #expect(try AudiencePredicate(text: text) == predicate, "seed \(seed): \(text)")
            #expect(try AudiencePredicate(json: predicate.json) == predicate, "seed \(seed): \(text)")
            #expect(try AudiencePredicate(json: predicate.json).text == text, "seed \(seed)")
        }
    }

    /// Text with a mark before the place that the error must point at, and what the message must say.
    static let faults: [(text: String, message: String)] = [
        (#"did ‸Order"#, "expected the name of an event"),
        (#"did "A" at ‸lest 2 times"#, "'least' or 'most'"),
        (#"did "A" at least 2 ‸in the last 3 days"#, "'times'"),
        (#"did "A" in the last 30 ‸apples"#, "a unit"),
        (#"did "A" in the ‸past 30 days"#, "'last' or 'next'"),
        (#"did "A" ‸in the next 30 days"#, "events lie in the past"),
        (#"did "A" and‸"#, "found the end of the text"),
        (#"did "A" ‸did "B""#, "'and', 'or' or the end"),
        (#"(did "A"‸"#, "expected ')'"),
        (#"did ‸"A"#, "has no end"),
        (#"did "A" where total >= ‸"many""#, "a number"),
        (#"did "A" where total ‸"#, "a comparison"),
        (#"did "A" where total between ‸5 and 2"#, "wrong way round"),
        (#"did "A" then ‸not "B""#, "what did not follow needs a time"),
        (#"did "A" in the last 2 days ‸then "B""#, "the time of a sequence at its end"),
        (#"first ‸did "A""#, "needs something to compare"),
        (#"‸trai city = "x""#, "did you mean 'trait'"),
        (#"trait city = "x" and ‸%"#, "means nothing here"),
        (#"trait x before ‸2024-13-01"#, "is not a date"),
        (#"did "A" where x = "‸\q""#, "a backslash must be followed by"),
        (#"in ‸VIP"#, "'audience' or 'group'"),
        ("did \"A\"\nand trait 도시 ‸서울", "a comparison"),
    ]

    @Test(arguments: faults.indices)
    func anErrorPointsAtItsPlace(_ index: Int) throws {
        let (marked, message) = Self.faults[index]
        let before = marked.prefix { $0 != "‸" }
        let text = marked.replacing("‸", with: "")
        let error = #expect(throws: AudienceError.self) { try AudiencePredicate(text: text) }
        #expect(error?.code == .syntax)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        let place = try #require(error?.place)
        let lines = before.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(place.line == lines.count, "\(text)")
        // A quoted text that goes wrong inside points at the inside or at its begin.
        #expect(place.column == (lines.last?.count ?? 0) + 1, "\(text): \(place)")
    }

    @Test func theCaretStandsBelowThePlaceAlsoAfterHangul() {
        let error = #expect(throws: AudienceError.self) { try AudiencePredicate(text: "trait 도시 서울") }
        #expect(error?.place?.excerpt == "trait 도시 서울\n           ^")
        #expect(error?.description.hasPrefix("line 1, column 10: found '서울'; expected a comparison") == true)
    }

    @Test func whatIsTooDeepOrTooLongIsRefused() {
        let deep = String(repeating: "(", count: 40) + "everyone" + String(repeating: ")", count: 40)
        #expect(throws: AudienceError.self) { try AudiencePredicate(text: deep) }
        let many = Array(repeating: "everyone", count: 201).joined(separator: " and ")
        #expect(refusal { try AudiencePredicate(text: many) }?.code == .limitExceeded)
        let long = "trait x = \"" + String(repeating: "a", count: 70_000) + "\""
        #expect(refusal { try AudiencePredicate(text: long) }?.code == .limitExceeded)
    }

    @Test func anInvalidPatternIsRefusedWithItsPlaceInThePredicate() {
        let error = #expect(throws: AudienceError.self) {
            try AudiencePredicate(text: #"everyone and did "A" where x matches "(a""#)
        }
        #expect(error?.field == "predicate.and[1].where")
        #expect(error?.message.contains("is not a regular expression") == true)
    }

    @Test(arguments: 0..<20)
    func noTextTraps(_ seed: Int) throws {
        var random = SeededRandom(seed)
        let words = [
            "did", "not", "\"A\"", "and", "or", "(", ")", "where", "x", ">=", "5", "in", "the", "last", "30", "days",
            "then", "within", "between", "2024-05-01", "trait", "is", "set", "at", "least", "times", ",", "\"", "\\",
            "-", "e", "1e999", "group", "audience", "first", "on", "with", "sum", "of", "\u{1F468}\u{200D}\u{1F469}",
        ]
        for _ in 0..<300 {
            let text = (0..<random.roll(1...14)).map { _ in random.pick(words) }.joined(separator: " ")
            if let predicate = try? AudiencePredicate(text: text) {
                #expect(try AudiencePredicate(text: predicate.text) == predicate, "seed \(seed): \(text)")
            }
        }
    }
}
