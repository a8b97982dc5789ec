import Foundation
import Testing

@testable import DemoWorld

@Suite("The synthetic shop")
struct GenerateTests {
    static let january: Int64 = 1_704_034_800_000  // 2024-01-01T00:00 in Asia/Seoul
    static let day: Int64 = 86_400_000

    static func output(seed: UInt64 = 1, persons: Int = 300, events: Int = 30_000, days: Int64 = 180) throws -> [UInt8]
    {
        var bytes: [UInt8] = []
        try ShopGenerator(seed: seed, persons: persons, events: events, from: january, to: january + days * day)
            .write(to: { bytes.append(contentsOf: $0) })
        return bytes
    }

    struct Line {
        var raw: [String: Any]
        var type: String { raw["type"] as? String ?? "" }
        var event: String { raw["event"] as? String ?? "" }
        var user: String? { raw["userId"] as? String }
        var anonymous: String? { raw["anonymousId"] as? String }
        var properties: [String: Any] { raw["properties"] as? [String: Any] ?? [:] }
        var time: Double
    }

    static func lines(_ bytes: [UInt8]) throws -> [Line] {
        let formatter = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return try bytes.split(separator: 0x0A).map { line in
            let raw = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let text = try #require(raw["timestamp"] as? String)
            return Line(raw: raw, time: try formatter.parse(text).timeIntervalSince1970 * 1_000)
        }
    }

    static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    @Test("a seed gives the same bytes, in every run and on every machine")
    func deterministic() throws {
        let first = try Self.output(seed: 7, persons: 50, events: 4_000)
        #expect(try Self.output(seed: 7, persons: 50, events: 4_000) == first)
        #expect(try Self.output(seed: 8, persons: 50, events: 4_000) != first)
        // A change here is a change of everybody's demonstration data: note it in the changelog.
        #expect(Self.fingerprint(first) == 9_266_813_156_651_899_236)
    }

    @Test(
        "the number of track lines is exact, whether it is few or many for the people",
        arguments: [(1, 1), (1, 5_000), (50, 3), (300, 300), (300, 9_000), (40, 40_000), (5, 0)])
    func exact(persons: Int, events: Int) throws {
        let lines = try Self.lines(Self.output(persons: persons, events: events, days: 60))
        #expect(lines.count { $0.type == "track" } == events)
        #expect(lines.allSatisfy { $0.type == "track" || $0.type == "identify" })
    }

    @Test("lines are in the order of time, inside the range, with unique message ids")
    func order() throws {
        let lines = try Self.lines(Self.output())
        #expect(zip(lines, lines.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(lines.allSatisfy { $0.time >= Double(Self.january) && $0.time < Double(Self.january + 180 * Self.day) })
        #expect(Set(lines.compactMap { $0.raw["messageId"] as? String }).count == lines.count)
    }

    @Test("every event name is used, and every person appears")
    func complete() throws {
        let lines = try Self.lines(Self.output(persons: 400, events: 120_000, days: 365))
        let names = Set(lines.filter { $0.type == "track" }.map(\.event))
        let expected = Set(ShopEventKind.allCases.filter { $0 != .identify }.map(\.name))
        #expect(names == expected, "missing: \(expected.subtracting(names))")
        // Anonymous ids that an identify line joins to a user are that user.
        var users: [String: String] = [:]
        for line in lines where line.type == "identify" {
            if let anonymous = line.anonymous, let user = line.user { users[anonymous] = user }
        }
        let people = Set(lines.compactMap { $0.user ?? $0.anonymous.map { users[$0] ?? $0 } })
        // A second device that was never signed in on counts as somebody else, here as anywhere.
        #expect(people.count >= 400 && people.count < 460, "\(people.count)")
    }

    @Test("people browse anonymously, sign up, and an identify line follows with both ids")
    func identities() throws {
        let lines = try Self.lines(Self.output())
        let signUps = lines.filter { $0.event == "Signed Up" }
        #expect(signUps.count > 50)
        for signUp in signUps {
            let (user, anonymous) = (try #require(signUp.user), try #require(signUp.anonymous))
            let identify = lines.filter { $0.type == "identify" && $0.user == user && $0.anonymous == anonymous }
            #expect(identify.count == 1)
            #expect((identify.first?.time ?? 0) >= signUp.time)
            #expect((identify.first?.raw["traits"] as? [String: Any])?["city"] is String)
            #expect(!lines.contains { $0.user == user && $0.time < signUp.time })
            #expect(!lines.contains { $0.user == nil && $0.anonymous == anonymous && $0.time > signUp.time })
        }
        #expect(lines.contains { $0.user == nil && $0.event == "Product Viewed" })
    }

    @Test("orders add up: products, coupon and shipping make the total")
    func orders() throws {
        let lines = try Self.lines(Self.output(events: 60_000))
        let orders = lines.filter { $0.event == "Order Completed" }
        #expect(orders.count > 300)
        var coupons = 0
        for order in orders {
            let products = try #require(order.properties["products"] as? [[String: Any]])
            #expect((1...7).contains(products.count))
            let subtotal = try products.reduce(0) {
                try $0 + (#require($1["price"] as? Int)) * (#require($1["quantity"] as? Int))
            }
            let discount = order.properties["discount"] as? Int ?? 0
            if order.properties["coupon"] != nil { coupons += 1 }
            let shipping = try #require(order.properties["shipping"] as? Int)
            #expect(order.properties["total"] as? Int == max(0, subtotal - discount) + shipping)
        }
        #expect(coupons > 20)
        // What follows an order speaks of the same order and total.
        var totals: [String: Int] = [:]
        for order in orders {
            totals[try #require(order.properties["order_id"] as? String)] = order.properties["total"] as? Int
        }
        let refunds = lines.filter { $0.event == "Order Refunded" }
        #expect(refunds.count > 5)
        for refund in refunds {
            #expect(
                totals[try #require(refund.properties["order_id"] as? String)] == refund.properties["total"] as? Int)
        }
    }

    @Test("what is added to a cart was looked at before, in the same words")
    func carts() throws {
        let lines = try Self.lines(Self.output(persons: 60, events: 6_000))
        var viewed: Set<String> = []
        for line in lines where line.event == "Product Viewed" || line.event == "Product Added" {
            let who = try #require(line.user ?? line.anonymous)
            let key =
                "\(who) \(line.properties["product_id"] ?? "") \(line.properties["name"] ?? "") \(line.properties["price"] ?? "")"
            if line.event == "Product Viewed" { viewed.insert(key) } else { #expect(viewed.contains(key)) }
        }
    }

    @Test("the funnel narrows, customers come back, and most people leave in the end")
    func behaviour() throws {
        let lines = try Self.lines(Self.output(persons: 1_500, events: 150_000, days: 365))
        func people(_ event: String) -> Int {
            Set(lines.filter { $0.event == event }.compactMap { $0.user ?? $0.anonymous }).count
        }
        let counts = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed", "Review Written"].map(
            people)
        for (a, b) in zip(counts, counts.dropFirst()) { #expect(Double(b) < 0.95 * Double(a), "\(counts)") }
        var orders: [String: Int] = [:]
        for line in lines where line.event == "Order Completed" { orders[line.user ?? "", default: 0] += 1 }
        let repeaters = Double(orders.values.count { $0 > 1 }) / Double(orders.count)
        #expect(repeaters > 0.25 && repeaters < 0.9, "\(repeaters)")
        // A few buy much: the best tenth has over a fifth of the orders.
        let sorted = orders.values.sorted(by: >)
        #expect(Double(sorted.prefix(sorted.count / 10).reduce(0, +)) / Double(sorted.reduce(0, +)) > 0.2)
        // Of those who came in the first quarter, fewer are seen in the last one.
        let quarter = 91 * Double(Self.day)
        func seen(_ part: Double) -> Set<String> {
            let start = Double(Self.january) + part * quarter
            return Set(lines.filter { $0.time >= start && $0.time < start + quarter }.compactMap(\.user))
        }
        let stayed = Double(seen(0).intersection(seen(3)).count) / Double(seen(0).count)
        #expect(stayed > 0.1 && stayed < 0.75, "\(stayed)")
    }

    @Test("days follow the seasons: Seollal's shopping, Seollal's quiet, and the hours of Seoul")
    func seasons() throws {
        let lines = try Self.lines(Self.output(persons: 3_000, events: 200_000, days: 120))
        var days = [Int](repeating: 0, count: 120)
        var hours = [Int](repeating: 0, count: 24)
        for line in lines where line.event == "Product Viewed" {
            let local = Int64(line.time) - Self.january
            days[Int(local / Self.day)] += 1
            hours[Int(local % Self.day / 3_600_000)] += 1
        }
        // Seollal 2024 was on 10 February, day 40.
        func mean(_ range: ClosedRange<Int>) -> Double { Double(days[range].reduce(0, +)) / Double(range.count) }
        #expect(mean(35...38) > 1.25 * mean(22...28))
        #expect(mean(39...41) < 0.6 * mean(35...38))
        #expect(hours[21] > 4 * hours[4] && hours[12] > hours[10])
    }

    @Test("sorting by time equals a stable sort, whatever the spread")
    func sorting() {
        var source = SystemRandomNumberGenerator()
        for spread in [1, 2, 1_000, 1_000_000_000] as [Int64] {
            let records = (0..<5_000).map { index in
                // Half of them crowd together.
                let time = index % 2 == 0 ? Int64.random(in: 0..<spread, using: &source) : spread / 2
                return ShopRecord(time: time, person: UInt32(index), session: 0, kind: .pageViewed, detail: 0)
            }
            let expected = records.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
                .map(\.element.person)
            #expect(ShopTimeline.sorted(records, in: 0..<spread).map(\.person) == expected)
        }
    }

    @Test("impossible arguments are refused with their name")
    func arguments() {
        func problem(persons: Int = 1, events: Int = 1, from: Int64 = 0, to: Int64 = 1_000) -> String {
            do {
                _ = try ShopGenerator(seed: 1, persons: persons, events: events, from: from, to: to)
                return ""
            } catch { return "\(error)" }
        }
        #expect(problem() == "")
        #expect(problem(persons: 0).contains("persons is 0"))
        #expect(problem(events: -1).contains("events is -1"))
        #expect(problem(from: 10, to: 10).contains("end after it begins"))
        #expect(problem(from: -1).contains("1970"))
        #expect(problem(to: .max).contains("2199"))
        #expect(problem(to: 21 * 366 * 86_400_000).contains("20 years"))
    }

    @Test("what the sink throws comes out, and progress ends at the whole")
    func sink() throws {
        struct Full: Error {}
        let shop = try ShopGenerator(
            seed: 1, persons: 100, events: 20_000, from: Self.january, to: Self.january + 30 * Self.day)
        #expect(throws: Full.self) { try shop.write(to: { _ in throw Full() }) }
        var last = (0, 0)
        var pieces = 0
        try shop.write(
            to: { piece in
                pieces += 1
                #expect(piece.last == 0x0A)
            }, progress: { last = ($0, $1) })
        #expect(last == (20_000, 20_000))
        #expect(pieces > 3)
    }
}
