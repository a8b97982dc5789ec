import EventLog
import Statistics
import Testing

@testable import Lifecycle

@Suite("Sessions")
struct SessionTests {
    private func made(_ events: [(SessionRole, UInt64, UInt64)], every step: Int64 = 10_000) -> PersonSessions {
        var sessions = PersonSessions(gap: 30 * minute)
        for (place, (role, item, category)) in events.enumerated() {
            sessions.add(
                SessionEvent(
                    time: start + Int64(place) * step, role: role, items: item == 0 ? [] : [item], category: category))
        }
        return sessions
    }

    @Test("two of a kind in a row, and back to the first, is comparing")
    func comparing() throws {
        let one = try #require(made([(.view, 1, 9)]).session)
        #expect(SessionEvidence.comparing(one).isEmpty)
        let two = try #require(made([(.view, 1, 9), (.view, 2, 9)]).session)
        #expect(SessionEvidence.comparing(two) == [.sameCategoryInRow])
        let back = try #require(made([(.view, 1, 9), (.view, 2, 9), (.view, 1, 9)]).session)
        #expect(SessionEvidence.comparing(back) == [.sameCategoryInRow, .manyOfCategory, .backAndForth])
        let other = try #require(made([(.view, 1, 9), (.view, 2, 8)]).session)
        #expect(SessionEvidence.comparing(other).isEmpty)
        let over = try #require(made([(.view, 1, 9), (.view, 2, 9), (.add, 2, 9), (.cart, 0, 0)]).session)
        #expect(SessionEvidence.comparing(over).isEmpty, "a step to the purchase ends it")
    }

    @Test("silence before a full cart is hesitating, and time alone brings it about")
    func hesitating() throws {
        let sessions = made([(.view, 1, 9), (.add, 1, 9), (.cart, 0, 0)])
        let session = try #require(sessions.session)
        #expect(SessionEvidence.hesitating(sessions, session, now: session.last + 59_000).isEmpty)
        #expect(SessionEvidence.hesitating(sessions, session, now: session.last + 60_000) == [.pausesWithCart])
        let away = made([(.add, 1, 9), (.checkout, 0, 0), (.search, 0, 0)])
        #expect(
            SessionEvidence.hesitating(away, try #require(away.session), now: start + 30_000) == [.backFromCheckout])
        let bought = made([(.add, 1, 9), (.checkout, 0, 0), (.purchase, 1, 0)])
        #expect(SessionEvidence.hesitating(bought, try #require(bought.session), now: start + 10 * minute).isEmpty)
    }

    @Test("a cart outlives its session, until it is bought or a month old")
    func cart() {
        var sessions = made([(.add, 1, 9), (.add, 2, 9), (.add, 1, 9), (.remove, 2, 9)])
        #expect(sessions.cart == [1])
        sessions.add(SessionEvent(time: start + day, role: .visit))
        #expect(sessions.cart == [1] && sessions.cartIsOld && sessions.sessionsBefore == 1)
        sessions.add(SessionEvent(time: start + day + minute, role: .purchase, items: [1]))
        #expect(sessions.cart.isEmpty && sessions.purchases == 1)
        sessions.add(SessionEvent(time: start + day + 2 * minute, role: .add, items: [3]))
        sessions.add(SessionEvent(time: start + 40 * day, role: .visit))
        #expect(sessions.cart.isEmpty && sessions.purchasesBefore == 1)
    }

    @Test("a session keeps its size whatever happens in it")
    func bounded() throws {
        let sessions = made((1...5_000).flatMap { number in [(.view, number, number), (.add, number, 0)] }, every: 1)
        let session = try #require(sessions.session)
        #expect(session.looks.count == Session.looksMax && session.distinctItems == 5_000)
        #expect(sessions.cart.count == PersonSessions.cartMax && session.categories.count <= Session.looksMax)
        let values = SessionFeatures.values(sessions, session, now: session.last + minute)
        #expect(values.count == SessionFeatures.count && values.allSatisfy(\.isFinite))
    }

    /// What came after a moment, said as the documentation says it.
    private func slowOutcome(_ events: [SessionEvent], _ index: Int, cartIsEmpty: Bool) -> SessionOutcome {
        for event in events[(index + 1)...] {
            if event.role == .purchase { return .buys }
            if event.role == .help { return .asks }
        }
        if index + 1 < events.count { return .goesOn }
        return cartIsEmpty ? .leaves : .leavesCart
    }

    @Test("moments say what came after them", arguments: 1...40)
    func moments(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var events: [SessionEvent] = []
        var time = start
        for _ in 0..<60 {
            time +=
                random.chance(0.15)
                ? 31 * minute + Int64(random.index(below: 1_000))
                : Int64(
                    random.index(below: 240_000))
            let role = SessionRole.allCases[random.index(below: SessionRole.allCases.count)]
            events.append(
                SessionEvent(
                    time: time, role: role, items: [UInt64(1 + random.index(below: 4))],
                    category: UInt64(1 + random.index(below: 2))))
        }
        var moments = SessionMoments()
        moments.take(events, digest: 1, gap: 30 * minute, end: time + hour, sessionsMax: 1_000)
        // One session after another, one moment after another.
        var sessions: [[SessionEvent]] = []
        for event in events {
            if let last = sessions.last?.last, event.time - last.time <= 30 * minute {
                sessions[sessions.count - 1].append(event)
            } else {
                sessions.append([event])
            }
        }
        var expected: [SessionOutcome] = []
        var comparing: [Bool] = []
        var fold = PersonSessions(gap: 30 * minute)
        for session in sessions {
            for index in session.indices {
                fold.add(session[index])
                let outcome = slowOutcome(session, index, cartIsEmpty: fold.cart.isEmpty)
                let views = session[...index].filter { $0.role == .view }
                let next = session[(index + 1)...].first { $0.role == .view }
                let goesOn = next.map { next in
                    views.contains { $0.items == next.items } || views.last?.category == next.category
                }
                for idle in SessionMoments.idleSeconds
                where idle == 0 || index + 1 == session.count
                    || session[index].time + idle * 1_000 < session[index + 1].time
                {
                    expected.append(outcome)
                    comparing.append(goesOn ?? false)
                }
            }
        }
        #expect(moments.outcomes.map { SessionOutcome.allCases[Int($0)] } == expected, "seed \(seed)")
        #expect(moments.comparing.map(\.hit) == comparing, "seed \(seed)")
        #expect(moments.sessions == sessions.count)
        #expect(moments.features.count == expected.count * SessionFeatures.count)
    }

    @Test("what has not ended teaches nothing")
    func open() {
        let events = [SessionEvent(time: start, role: .visit), SessionEvent(time: start + hour, role: .visit)]
        var moments = SessionMoments()
        moments.take(events, digest: 1, gap: 30 * minute, end: start + hour + minute, sessionsMax: 10)
        #expect(moments.sessions == 1)
    }

    @Test("names of events suggest their roles, in English and Korean")
    func suggestions() {
        let names = [
            "Order Completed": SessionRole.purchase, "Product Viewed": .view, "Product Added": .add,
            "Cart Viewed": .cart, "Checkout Started": .checkout, "Product Searched": .search, "Question Asked": .help,
            "Review Read": .detail, "Coupon Applied": .coupon, "상품 조회": .view, "구매 완료": .purchase, "장바구니 담기": .add,
            "문의 등록": .help, "Page Viewed": .visit,
        ]
        let others = [
            "Order Delivered", "Order Refunded", "Question Answered", "Coupon Issued", "Points Earned", "주문 취소",
        ]
        let shapes = (names.keys + others).map { EventShape($0, properties: ["productId", "subcategory", "price"]) }
        let found = SuggestedRules.of(shapes)
        #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.event, $0.role) }) == names)
        #expect(found.first { $0.event == "Product Viewed" }?.category == "subcategory")
    }
}
