/// An event name of the log, with the properties that at least half of its events have.
package struct EventShape: Sendable, Hashable {
    package var name: String
    package var properties: Set<String>

    package init(_ name: String, properties: Set<String>) {
        self.name = name
        self.properties = properties
    }
}

/// What the names of events and properties suggest about sessions, in English and Korean.
package enum SuggestedRules {
    /// What the business does afterwards, or what is done to somebody, is no part of a session.
    private static let notDone = [
        "delivered", "refund", "returned", "cancel", "answered", "earned", "changed", "issued", "shown", "impression",
        "sent", "bounced", "received", "arrived", "written", "cost", "decision", "audience", "배송완료", "환불", "취소", "반품",
        "답변", "적립", "발송", "발급",
    ]
    /// The first that fits counts.
    private static let words: [(role: SessionRole, words: [String])] = [
        (.help, ["question", "help", "faq", "contact", "chat", "support", "문의", "도움말", "상담"]),
        (
            .coupon,
            [
                "coupon applied", "coupon used", "coupon entered", "coupon redeemed", "쿠폰 사용", "쿠폰사용", "쿠폰 적용", "쿠폰적용",
            ]
        ),
        (
            .purchase,
            [
                "order completed", "order placed", "purchase", "bought", "checkout completed", "booked",
                "booking completed", "구매", "주문 완료", "주문완료", "결제 완료", "결제완료", "예약 완료", "예약완료",
            ]
        ),
        (.payment, ["payment", "shipping", "address entered", "delivery chosen", "결제", "배송지"]),
        (.checkout, ["checkout", "order started", "booking started", "주문서", "예약 시작"]),
        (.remove, ["removed", "remove from cart", "remove_from_cart", "장바구니 삭제", "장바구니에서"]),
        (.cart, ["cart viewed", "view cart", "view_cart", "cart opened", "장바구니 조회", "장바구니 보기"]),
        (.add, ["added", "add to cart", "add_to_cart", "담기", "담음", "장바구니"]),
        (.like, ["liked", "wish", "favorite", "saved", "찜", "좋아요"]),
        (.search, ["search", "검색"]),
        (.detail, ["review", "detail", "photo", "spec", "후기", "리뷰", "상세"]),
        (.list, ["category", "list viewed", "collection", "카테고리", "목록"]),
        (.view, ["product viewed", "item viewed", "view_item", "service viewed", "title viewed", "상품 조회", "상품조회"]),
        (
            .visit,
            [
                "page viewed", "screen viewed", "app opened", "session", "signed in", "signed up", "logged in",
                "registered", "방문", "접속", "로그인", "회원가입",
            ]
        ),
    ]
    private static let items = [
        "productId", "product_id", "productIds", "products.productId", "products.product_id", "products.sku",
        "products.id", "sku", "itemId", "item_id", "items.item_id", "contentId", "content_id", "titleId", "title_id",
        "serviceId", "service_id", "상품번호", "상품코드", "상품ID",
    ]
    private static let categories = [
        "subcategory", "category", "categoryId", "category_id", "item_category", "genre", "카테고리", "분류",
    ]
    private static let prices = ["price", "가격", "판매가"]
    private static let queries = ["query", "search_term", "searchTerm", "keyword", "term", "검색어"]
    private static let results = ["resultCount", "result_count", "results", "hits", "검색결과수"]
    private static let values = ["revenue", "total", "value", "amount", "금액", "결제금액"]

    /// Rules for what is known; names that say nothing are left out.
    package static func of(_ events: [EventShape]) -> [SessionRule] {
        events.compactMap { event in role(of: event).map { rule(event, $0) } }.sorted { $0.event < $1.event }
    }

    /// The rule of an event whose role is known: its properties by their names.
    package static func rule(_ event: EventShape, _ role: SessionRole) -> SessionRule {
        func first(_ names: [String]) -> String? { names.first { event.properties.contains($0) } }
        return SessionRule(
            event.name, role, item: first(items), category: role == .visit ? nil : first(categories),
            price: role == .view || role == .add ? first(prices) : nil,
            query: role == .search ? first(queries) : nil, results: role == .search ? first(results) : nil,
            value: role == .purchase ? first(values) : nil)
    }

    private static func role(of event: EventShape) -> SessionRole? {
        let name = event.name.lowercased()
        if notDone.contains(where: name.contains) { return nil }
        if let known = words.first(where: { $0.words.contains(where: name.contains) }) {
            return known.role
        }
        // Whatever is viewed, if it is about an item.
        let isView = ["viewed", "조회", "clicked"].contains(where: name.contains)
        return isView && items.contains(where: event.properties.contains) ? .view : nil
    }
}
