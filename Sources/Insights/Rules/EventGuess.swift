package import Analysis

/// Which of a business's events is which, by their names: the order, the sign-up, looking around. For questions that
/// should say something before anybody has asked one.
package struct EventGuess: Sendable {
    package enum Role: Sendable, CaseIterable {
        case enter, browse, signUp, act, buy
    }

    /// Names, the most frequent first.
    private let events: [String]

    /// - Parameter events: names with how often they occur.
    package init(_ events: [(name: String, count: Int)]) {
        self.events = events.sorted { ($1.count, $0.name) < ($0.count, $1.name) }.map(\.name)
    }

    /// Words that tell a role, the surest first. Lower case.
    private static func words(_ role: Role) -> [String] {
        switch role {
        case .enter:
            ["app opened", "session start", "landing", "visit", "page viewed", "page_view", "open", "방문", "유입"]
        case .browse:
            [
                "product viewed", "item viewed", "title viewed", "product list", "service viewed", "viewed", "view",
                "search", "browse", "상품 조회", "조회", "검색", "상세",
            ]
        case .signUp:
            [
                "signed up", "sign up", "signup", "sign_up", "registered", "registration", "account created",
                "회원가입", "가입",
            ]
        case .act:
            [
                "added to cart", "product added", "add to cart", "add_to_cart", "cart", "checkout started", "wish",
                "like", "played", "play", "started", "quote requested", "request", "장바구니", "찜", "좋아요", "재생", "신청", "견적",
            ]
        case .buy:
            [
                "order completed", "order placed", "purchase", "payment completed", "payment succeeded", "paid",
                "subscription started", "subscribed", "booking completed", "order", "구매", "결제", "주문",
            ]
        }
    }

    /// What never is a step forward.
    private static let against = [
        "cancel", "refund", "fail", "remov", "delet", "return", "취소", "환불", "실패", "삭제", "반품",
    ]

    /// The event that plays a role; nil when none looks like it.
    package func event(_ role: Role) -> String? {
        let candidates = events.filter { name in
            let lower = name.lowercased()
            return !Self.against.contains { lower.contains($0) }
        }
        for word in Self.words(role) {
            if let exact = candidates.first(where: { $0.lowercased() == word }) { return exact }
            if let close = candidates.first(where: { $0.lowercased().contains(word) }) { return close }
        }
        return nil
    }

    /// The way to an order: events of different roles in their order, or the most frequent events when no name tells
    /// anything. Empty for a log without events.
    package var steps: [String] {
        var steps: [String] = []
        for role in [Role.browse, .act, .buy] {
            if let event = event(role), !steps.contains(event) { steps.append(event) }
        }
        for event in events where steps.count < 2 && !steps.contains(event) { steps.append(event) }
        return steps
    }

    /// Seven stages: enter, browse, sign up, act, buy, return, buy again. What no event looks like is left out.
    ///
    /// - Parameter names: seven, in this order.
    package func journey(names: [String]) -> [JourneyStage] {
        precondition(names.count == 7, "a journey map has seven stages")
        func stage(_ events: [String]?, _ name: Int, after: Int? = nil, pause: TimeSpan? = nil) -> JourneyStage {
            JourneyStage(EventSelector(events, name: names[name]), after: after, pause: pause)
        }
        var stages = [stage(nil, 0)]
        for (place, role) in [(1, Role.browse), (2, .signUp), (3, .act)] {
            if let event = event(role) { stages.append(stage([event], place)) }
        }
        guard let order = event(.buy) else {
            stages.append(stage(nil, 5, after: 0, pause: TimeSpan(days: 1)))
            return stages
        }
        let buy = stages.count
        stages.append(stage([order], 4))
        stages.append(stage(nil, 5, after: buy, pause: TimeSpan(days: 1)))
        stages.append(stage([order], 6, after: buy))
        return stages
    }
}
