package import EventLog
package import Recommendations

/// Names that events and properties usually have, in English and Korean, the surest first.
enum UsualNames {
    /// The most frequent events that are looked at.
    private static let eventsMax = 80

    /// The most frequent event whose name has one of the words, and none of the others.
    static func event(_ log: EventLog, _ words: [String], without others: [String] = []) throws -> String? {
        let events = try log.statistics.eventNames.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        for word in words {
            let found = events.prefix(eventsMax).first { event in
                let name = event.name.lowercased()
                return name.contains(word) && !others.contains { name.contains($0) }
            }
            if let found { return found.name }
        }
        return nil
    }

    /// The first of these names that at least a share of an event's rows carries.
    static func property(_ schema: EventSchema, _ names: [String], share: Double = 0.3) -> String? {
        let counts = Dictionary(schema.properties.map { ($0.name, $0.count) }, uniquingKeysWith: +)
        return names.first { Double(counts[$0] ?? 0) >= max(1, share * Double(schema.count)) }
    }

    static let items = [
        "titleId", "title_id", "contentId", "content_id", "seriesId", "series_id", "showId", "show_id", "movieId",
        "movie_id", "videoId", "video_id", "episodeId", "episode_id", "asset_id", "assetId", "productId", "product_id",
        "products.product_id", "products.productId", "products.sku", "sku", "itemId", "item_id", "item", "serviceId",
        "service_id", "serviceCode", "상품번호", "상품코드", "상품ID",
    ]
    static let attributes = [
        "genre", "genres", "kind", "mood", "era", "country", "category", "subcategory", "brand", "actor", "director",
        "장르", "분류", "브랜드",
    ]
}

extension PlaybackMapping {
    /// The mapping that the names of a log suggest.
    ///
    /// - Returns: nil when nothing seems to be played.
    package static func suggested(by log: EventLog) throws -> PlaybackMapping? {
        let kinds = ["playback ", "video ", "episode ", "content ", "재생"]
        func event(_ ends: [String], without others: [String] = []) throws -> String? {
            try UsualNames.event(log, kinds.flatMap { kind in ends.map { kind + $0 } }, without: others)
        }
        guard let started = try event(["started", "start", " 시작", "시작"]),
            let completed = try event(["completed", "finished", "ended", " 완료", "완료"])
        else { return nil }
        let snapshot = try log.snapshot()
        let seeked = try event(["seeked", "seek completed", "skipped", " 건너뜀", "건너뜀"])
        let schemas = try EventSchema.read([started] + [seeked].compactMap(\.self), from: snapshot, isSample: true)
        guard let schema = schemas[started] else { return nil }
        guard let item = UsualNames.property(schema, UsualNames.items, share: 0.5) else { return nil }
        func property(_ names: String...) -> String? { UsualNames.property(schema, names, share: 0.1) }
        var mapping = PlaybackMapping(
            started: started, completed: completed,
            stopped: try event(["stopped", "exited", "abandoned", " 중단", "중단"]),
            seeked: seeked, item: item,
            season: property("season", "seasonNumber", "season_number", "시즌"),
            episode: property("episode", "episodeNumber", "episode_number", "회차"),
            position: property("position", "positionSeconds", "currentTime", "current_time", "위치"),
            duration: property("duration", "totalLength", "total_length", "length", "길이"))
        if let jump = seeked.flatMap({ schemas[$0] }) {
            mapping.seekFrom = UsualNames.property(jump, ["from", "fromPosition", "seekFrom", "seek_from"])
            mapping.seekTo = UsualNames.property(
                jump, ["to", "toPosition", "seekTo", "seek_to", "seek_position", "seekPosition"])
        }
        mapping.attributes = UsualNames.attributes.filter { UsualNames.property(schema, [$0], share: 0.5) != nil }
        mapping.secondsPerUnit = unit(schema, mapping.duration)
        return mapping
    }

    /// Nothing lasts fifty hours: such numbers are milliseconds.
    private static func unit(_ schema: EventSchema, _ duration: String?) -> Double {
        let numbers = schema.properties.filter { $0.name == duration }.flatMap(\.examples).compactMap { value in
            if case .number(let number) = value { number } else { nil }
        }
        return (numbers.min() ?? 0) > 180_000 ? 0.001 : 1
    }
}

extension ShoppingMapping {
    /// The mapping that the names of a log suggest.
    ///
    /// - Returns: nil when nothing seems to be searched or bought.
    package static func suggested(by log: EventLog) throws -> ShoppingMapping? {
        var mapping = ShoppingMapping()
        mapping.searched = try UsualNames.event(
            log, ["product searched", "products searched", "search performed", "searched", "search", "검색"],
            without: ["shown", "failed"])
        let views = [
            "product viewed", "title viewed", "item viewed", "content viewed", "service viewed", "상품 조회", "조회",
        ]
        mapping.viewed = try UsualNames.event(log, views, without: ["list", "category", "page"])
        mapping.bought = try UsualNames.event(
            log, ["order completed", "purchase completed", "purchased", "order placed", "주문 완료", "구매"],
            without: ["cancel", "refund", "failed"])
        let schemas = try EventSchema.read(
            [mapping.searched, mapping.viewed, mapping.bought].compactMap(\.self), from: log.snapshot(), isSample: true)
        if let searches = mapping.searched.flatMap({ schemas[$0] }) {
            let term = UsualNames.property(
                searches, ["query", "term", "keyword", "search_term", "searchTerm", "q", "검색어"], share: 0.5)
            if let term { mapping.term = term } else { mapping.searched = nil }
            mapping.results = UsualNames.property(
                searches, ["resultCount", "results", "result_count", "results_count", "resultsCount", "검색결과수"])
        }
        if let seen = mapping.viewed.flatMap({ schemas[$0] }) {
            let item = UsualNames.property(seen, UsualNames.items, share: 0.5)
            if let item { mapping.item = item } else { mapping.viewed = nil }
            mapping.category = categories(seen)
        }
        mapping.categoryViewed = try UsualNames.event(log, ["category viewed", "list viewed", "카테고리"])
        mapping.added = try UsualNames.event(
            log, ["product added", "added to cart", "item added", "장바구니"], without: ["removed", "wish"])
        if let orders = mapping.bought.flatMap({ schemas[$0] }) {
            let item = UsualNames.property(orders, UsualNames.items, share: 0.5)
            if let item { mapping.boughtItem = item } else { mapping.bought = nil }
            mapping.boughtQuantity = UsualNames.property(
                orders, ["products.quantity", "items.quantity", "quantity", "수량"])
        }
        return mapping.searched == nil && mapping.bought == nil ? nil : mapping
    }

    private static func categories(_ schema: EventSchema) -> [String] {
        let pairs = [["category", "subcategory"], ["category", "sub_category"], ["카테고리", "하위카테고리"]]
        for pair in pairs where pair.allSatisfy({ UsualNames.property(schema, [$0]) != nil }) { return pair }
        return UsualNames.property(schema, ["category", "categories", "genre", "카테고리", "분류", "장르"]).map { [$0] } ?? []
    }
}
