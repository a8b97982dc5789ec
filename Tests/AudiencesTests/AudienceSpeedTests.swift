import Analysis
import EventLog
import Foundation
import State
import Testing

@testable import Audiences

/// Figures, not pass or fail: `DANGOL_MEASURE_LOG=FOLDER swift test -c release --filter AudienceSpeed` evaluates 100
/// audiences over the log of `./dev bench data` in that folder (10 million events of 100,000 persons).
@Suite(.enabled(if: ProcessInfo.processInfo.environment["DANGOL_MEASURE_LOG"] != nil), .serialized)
struct AudienceSpeedTests {
    /// Persons whose facts follow from their number.
    private struct SyntheticPeople: PersonFactsSource {
        let count = 100_000

        private func facts(_ number: Int, _ needs: FactNeeds) -> PersonFacts {
            PersonFacts(
                person: "u\(number)",
                traits: needs.traits.map { trait in
                    switch trait {
                    case "city": .string(AudienceSpeedTests.cities[number % 5])
                    case "score": .number(Double(number % 100))
                    default: number % 7 == 0 ? .string("pro") : nil
                    }
                }, consents: needs.consents.map { _ in number % 3 != 0 }, roles: ["customer"],
                timeZone: number % 4 == 0 ? "America/New_York" : nil)
        }

        func forEachPerson(_ needs: FactNeeds, _ body: (PersonFacts) throws -> Void) throws {
            for number in 0..<count { try body(facts(number, needs)) }
        }

        func facts(of persons: [String], _ needs: FactNeeds) throws -> [PersonFacts] {
            persons.compactMap { Int($0.dropFirst()) }.map { facts($0, needs) }
        }

        func sample(_ wanted: Int, _ needs: FactNeeds) throws -> (persons: [PersonFacts], total: Int) {
            ((0..<min(wanted, count)).map { facts($0 * (count / wanted), needs) }, count)
        }
    }

    private static let cities = ["Seoul", "Busan", "Incheon", "Daegu", "Jeju"]
    private static let events = [
        "Page Viewed", "Product Viewed", "App Opened", "Product Searched", "Category Viewed", "Product Added",
        "Cart Viewed", "Push Received", "Checkout Started", "Email Opened", "Order Completed", "Product Wished",
        "Push Opened", "Coupon Viewed", "Review Read",
    ]

    /// Ten shapes of predicates, each over ten choices of events and bounds.
    private static func text(_ i: Int) -> String {
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

    @Test func aHundredAudiencesOverTenMillionEvents() throws {
        let path = try #require(ProcessInfo.processInfo.environment["DANGOL_MEASURE_LOG"])
        let log = try EventLog.open(path, for: .reading)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audiences-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let state = try StateDatabase.open(
            folder.appendingPathComponent("state.sqlite").path, migrations: [AudienceMigrations.all])
        // The last event of the synthetic log is 90 days after 2024-01-01.
        let clock = TestClock(1_704_067_200_000 + 90 * 86_400_000)
        let store = AudienceStore(state: state)
        try store.write { rows in
            for number in 0..<100 {
                let definition = AudienceDefinition("a\(number)", where: try AudiencePredicate(text: Self.text(number)))
                _ = try rows.insert(definition, now: clock.now)
            }
        }
        let service = try AudienceService(
            state: state, history: log, facts: SyntheticPeople(), zone: RandomWorld.zone, now: { clock.now })
        for round in 0..<3 {
            print("everybody, round \(round):", try service.evaluateAll())
        }
        let changes = (0..<1_000).map { PersonChange("u\($0 * 97)", factsChanged: true) }
        print("1,000 persons:", try service.evaluate(changes))
        clock.now += 3_600_000
        print("an hour later, those whose time has come:", try service.evaluateDue(limit: 10_000))
        print("preview:", try service.preview(AudiencePredicate(text: Self.text(1))))
        print("preview of everybody:", try service.preview(AudiencePredicate(text: Self.text(1)), exactly: true))
        try state.close()
    }
}
