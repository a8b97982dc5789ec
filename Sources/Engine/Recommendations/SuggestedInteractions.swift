package import EventLog
package import Recommendations

extension RecommendationSettings {
    /// Settings for a business that has not said which of its events are about items: by the names that events and
    /// properties usually have, in English and Korean.
    ///
    /// - Throws: `EngineError` with `notFound` when no event seems to be about an item.
    package static func suggested(by log: EventLog) throws -> RecommendationSettings {
        let feedback = try FeedbackSettings.suggested(by: log)
        guard !feedback.events.isEmpty else {
            throw EngineError(
                .notFound,
                "no event here seems to be about an item: none has a property such as product_id, item or content_id. "
                    + "Say which are in a file: dangol recommend train --config FILE")
        }
        return RecommendationSettings(interactions: feedback.interactions)
    }
}

extension FeedbackSettings {
    /// What the names of events and properties suggest; empty when no event seems to be about an item.
    package static func suggested(by log: EventLog) throws -> FeedbackSettings {
        let snapshot = try log.snapshot()
        let events = try log.statistics.eventNames.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        let kinds = events.prefix(SuggestedInteraction.eventsMax).compactMap { event in
            SuggestedInteraction.kind(event.name).map { (event.name, $0) }
        }
        let schemas = try EventSchema.read(kinds.map(\.0), from: snapshot, isSample: true)
        return FeedbackSettings(
            events: kinds.compactMap { name, kind in schemas[name].flatMap { SuggestedInteraction.rule($0, kind) } })
    }
}

/// What the name of an event suggests.
enum SuggestedInteraction {
    /// The most frequent events that are looked at.
    static let eventsMax = 60

    /// Names of properties that hold an item's id, the surest first.
    private static let itemNames = [
        "product_id", "productId", "products.product_id", "products.productId", "products.sku", "products.id", "sku",
        "item_id", "itemId", "items.item_id", "items.id", "item", "content_id", "contentId", "title_id", "titleId",
        "movie_id", "movieId", "service_id", "serviceId", "asset_id", "episode_id", "상품번호", "상품코드", "상품ID",
    ]
    private static let ratingNames = ["rating", "stars", "score", "별점", "평점"]

    /// What an event says for its item; nil when it says nothing, or was not the person's doing.
    static func kind(_ name: String) -> FeedbackKind? {
        let name = name.lowercased()
        func has(_ words: String...) -> Bool { words.contains { name.contains($0) } }
        if has(
            "shown", "impression", "list viewed", "list filtered", "price changed", "stock changed", "removed",
            "decision")
        {
            return nil
        }
        if has("return", "refund", "cancel", "반품", "취소", "환불") { return nil }
        if has("dismiss", "not interested", "관심없음") { return .dismissed }
        if has("watched", "시청") { return .watched }
        if has("order", "purchase", "bought", "paid", "booked", "subscribed", "completed", "구매", "주문", "예약") {
            return .purchase
        }
        if has("rated", "review", "평가", "후기") { return .rating }
        if has("like", "wish", "favorite", "saved", "찜", "좋아요") { return .like }
        if has("added", "cart", "장바구니") { return .cart }
        return has("viewed", "clicked", "opened", "started", "played", "조회", "클릭", "재생") ? .detail : nil
    }

    /// - Returns: nil when fewer than half of the events name an item.
    static func rule(_ schema: EventSchema, _ kind: FeedbackKind) -> FeedbackRule? {
        let counts = Dictionary(schema.properties.map { ($0.name, $0.count) }, uniquingKeysWith: +)
        guard let item = itemNames.first(where: { (counts[$0] ?? 0) * 2 >= max(1, schema.count) }) else { return nil }
        if kind == .dismissed { return FeedbackRule(event: schema.event, item: item, kind: kind) }
        if let rating = ratingNames.first(where: { (counts[$0] ?? 0) * 2 >= schema.count }) {
            let best = schema.properties.first { $0.name == rating }.map(best) ?? 5
            return FeedbackRule(event: schema.event, item: item, kind: .rating, value: rating, outOf: best)
        }
        // A review without stars says that somebody had it, and less than an order.
        return FeedbackRule(
            event: schema.event, item: item, kind: kind, strength: kind == .rating ? reviewStrength : nil)
    }

    private static let reviewStrength = 0.7

    /// The scale that some examples of ratings are of.
    private static func best(_ property: EventSchema.Property) -> Double {
        let values = property.examples.compactMap { value -> Double? in
            if case .number(let number) = value { number } else { nil }
        }
        let most = values.max() ?? 5
        return most <= 1 ? 1 : most <= 5 ? 5 : most <= 10 ? 10 : 100
    }
}
