import Access
import Engine
import HTTPTypes
import Recommendations

/// Where a search leads, what to offer when it finds nothing, and what a person is about to buy again.
enum ShoppingRoutes {
    static let routes: [APIRoute] = questions + mappings

    private static let term = JSONSchema.text(lengths: 1...200)

    private static let questions: [APIRoute] = [
        APIRoute(
            .get, "/v1/shopping/category", name: "termCategory", group: "Shopping",
            "The category that a search term leads to: where people who used it end up", access: .scope(.query),
            answers: [.json(termAnswer)]
        ) { call in
            let term = try required(call, "q")
            let threshold = try threshold(call)
            let service = try call.workspace().guidance.shopping
            return try call.answer(
                TermAnswer(
                    term, try await call.parts.queries.run { try service.category(of: term, threshold: threshold) })
            )
        }
        .query("q", term, isRequired: true, "What was typed")
        .query("thresholdPercent", .integer(1...100), "From which probability on it leads there (default: 60)")
        .failing(.conflict).sampled("/v1/shopping/category?q=socks"),
        APIRoute(
            .get, "/v1/shopping/rescue", name: "searchRescue", group: "Shopping",
            "What to offer when a search finds nothing: other spellings, what others tried next, what is popular there",
            access: .scope(.query), answers: [.json(rescueAnswer)]
        ) { call in
            let term = try required(call, "q")
            let threshold = try threshold(call)
            let service = try call.workspace().guidance.shopping
            return try call.answer(
                RescueAnswer(try await call.parts.queries.run { try service.rescue(term, threshold: threshold) }))
        }
        .query("q", term, isRequired: true, "What was typed")
        .query("thresholdPercent", .integer(1...100), "From which probability on it leads to a category (default: 60)")
        .failing(.conflict).sampled("/v1/shopping/rescue?q=sokcs"),
        APIRoute(
            .get, "/v1/shopping/reorder", name: "reorderList", group: "Shopping",
            "What a person is about to buy again, the likeliest first", access: .scope(.query),
            answers: [.json(reorderAnswer)]
        ) { call in
            let person = try required(call, "person")
            let limit = try call.integer("limit", in: 1...200) ?? 20
            let days = try call.integer("days", in: 1...365) ?? 7
            let isRepeated = try call.flag("repeated")
            let service = try call.workspace().guidance.shopping
            return try call.answer(
                ReorderAnswer(
                    person,
                    try await call.parts.queries.run {
                        try service.reorder(
                            for: person, count: limit, horizonDays: Double(days), isRepeated: isRepeated)
                    }))
        }
        .needing(.eventsRead)
        .query("person", .text(lengths: 1...512), isRequired: true, "Any id of the person")
        .query("days", .integer(1...365), "Within how many days (default: 7)")
        .query("repeated", .boolean, "Only what the person bought twice or more")
        .query("limit", .integer(1...200), "How many (default: 20)")
        .failing(.conflict).sampled("/v1/shopping/reorder?person=u1"),
    ]

    private static let mappings: [APIRoute] = [
        APIRoute(
            .get, "/v1/shopping/mapping", name: "shoppingMapping", group: "Shopping",
            "Which events tell what is searched and bought: set, or suggested by their names", access: .scope(.query),
            answers: [.json(mappingAnswer)]
        ) { call in
            let mappings = try call.workspace().guidance.mappings
            guard let chosen = try await call.parts.queries.run({ try mappings.shopping() }) else {
                throw Problem.notFound("no event here seems to tell what is searched or bought: set which ones do")
            }
            return try call.answer(chosen)
        }
        .failing(.notFound).sampled("/v1/shopping/mapping"),
        APIRoute(
            .put, "/v1/shopping/mapping", name: "setShoppingMapping", group: "Shopping",
            "Say which events tell what is searched and bought", access: .scope(.settingsWrite),
            answers: [.json(mappingAnswer)]
        ) { call in
            let mapping: ShoppingMapping = try await call.json()
            try call.workspace().guidance.set(shopping: mapping)
            try note(call, "shopping_mapping.set")
            return try call.answer(MappingFiles.Chosen(mapping: mapping, isSuggested: false))
        }
        .taking(.json(mapping))
        .sampled(
            "/v1/shopping/mapping",
            body: #"{"searched":"Product Searched","term":"query","bought":"Order Completed"}"#),
        APIRoute(
            .delete, "/v1/shopping/mapping", name: "resetShoppingMapping", group: "Shopping",
            "Go back to what the names of the events suggest", access: .scope(.settingsWrite), answers: [.nothing()]
        ) { call in
            try call.workspace().guidance.set(shopping: nil)
            try note(call, "shopping_mapping.reset")
            return call.nothing()
        }
        .sampled("/v1/shopping/mapping"),
    ]

    private static func required(_ call: Call, _ name: String) throws -> String {
        guard let text = call.text(name), !text.isEmpty else { throw Problem.badRequest("must be given", field: name) }
        guard text.count <= 512 else { throw Problem.badRequest("must have at most 512 characters", field: name) }
        return text
    }

    private static func threshold(_ call: Call) throws -> Double {
        try call.integer("thresholdPercent", in: 1...100).map { Double($0) / 100 } ?? TermCategories.threshold
    }

    private static func note(_ call: Call, _ action: String) throws {
        try call.access.note(
            call.change, workspace: call.workspaceName, action: action, target: "shopping", detail: [:])
    }
}

// MARK: - What is asked and answered

extension ShoppingRoutes {
    private static let reason = PlaybackRoutes.reason

    private static let termAnswer = JSONSchema.object(
        [
            "term": .text(), "leads": .boolean, "category": .text(), "count": .integer, "reason": reason,
            "categories": .list(.object(["category": .text(), "probability": .number])),
            "basis": .oneOf(TermCategories.Basis.allCases.map(\.rawValue)),
        ], optional: ["category"])

    private static let rescueAnswer = JSONSchema.object(
        [
            "term": .text(),
            "suggestions": .list(
                .object(["term": .text(), "score": .number, "count": .integer, "reason": reason])),
            "category": .object([
                "category": .text(), "probability": .number, "items": .list(.text()), "reason": reason,
            ]),
        ], optional: ["category"])

    private static let reorderAnswer = JSONSchema.object([
        "person": .text(),
        "items": .list(
            .object(
                [
                    "item": .text(), "category": .text(), "score": .number, "purchases": .integer,
                    "daysSince": .number, "cycleDays": .number, "quantity": .number, "reason": reason,
                    "state": .oneOf(ReorderItem.State.allCases.map(\.rawValue)),
                ], optional: ["category"])),
    ])

    private static let members: [String: JSONSchema] = [
        "searched": .text(), "term": .text(), "results": .text(), "viewed": .text(), "item": .text(),
        "category": .list(.text(), counts: 0...5), "categoryViewed": .text(), "added": .text(), "bought": .text(),
        "boughtItem": .text(), "boughtQuantity": .text(),
    ]
    private static let mapping = JSONSchema.object(members, optional: Set(members.keys))
    private static let mappingAnswer = JSONSchema.object(["mapping": mapping, "isSuggested": .boolean])
}
