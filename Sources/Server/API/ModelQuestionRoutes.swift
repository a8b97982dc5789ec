import Access
import Engine
import Hummingbird
import NIOCore
import Recommendations
import Settings

/// What models know beside lists: pages, what goes with an item, who is like whom, and the lists of everybody.
enum ModelQuestionRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/recommendations/page", name: "recommendPage", group: "Recommendations",
            "A page of rows for a person by a model alone, without a placement; nothing is logged",
            access: .scope(.recommendationsRead), answers: [.json(page)]
        ) { call in
            var body: ModelPageBody = try await call.json()
            let live = try call.workspace()
            if body.language == nil { body.language = String(live.settings.current.locale.prefix(2)) }
            let asked = body
            return try call.answer(
                try await call.parts.queries.run {
                    try ModelPageView(
                        try live.recommendations.open(asked.model), asked,
                        started: try live.guidance.started(by: asked.person))
                })
        }
        .needing(.eventsRead).taking(.json(pageBody)).failing(.notFound)
        .sampled("/v1/recommendations/page", body: #"{"person":"u1"}"#),
        APIRoute(
            .get, "/v1/recommendations/companions", name: "companions", group: "Recommendations",
            "What goes with an item: taken by the same persons at the same time or some days after",
            access: .scope(.recommendationsRead), answers: [.json(companions)]
        ) { call in
            guard let item = call.text("item") else { throw Problem.badRequest("must be given", field: "item") }
            var settings = Companions.Settings()
            settings.withinDays = Double(try call.integer("days", in: 1...3_650) ?? 30)
            settings.count = try call.integer("limit", in: 1...200) ?? settings.count
            let (model, asked) = (call.text("model") ?? "default", settings)
            let service = try call.workspace().recommendations
            return try call.answer(
                try await call.parts.queries.run {
                    try CompanionsView(service, of: item, in: model, asked)
                })
        }
        .query("item", .text(lengths: 1...512), isRequired: true, "The item's id")
        .query("days", .integer(1...3_650), "Within how many days of each other (default: 30)")
        .query("limit", .integer(1...200), "How many (default: 20)")
        .query("model", .text(lengths: 1...64), "The model whose events count (default: default)")
        .failing(.notFound).sampled("/v1/recommendations/companions?item=sku-1"),
        APIRoute(
            .post, "/v1/recommendations/lookalikes", name: "lookalikes", group: "Recommendations",
            "Persons whose taste is like that of some others; needs a model with factors (als)",
            access: .scope(.recommendationsRead), answers: [.json(lookalikes)]
        ) { call in
            let body: LookalikesBody = try await call.json()
            let live = try call.workspace()
            return try call.answer(try await call.parts.queries.run { try live.lookalikes(body) })
        }
        .needing(.peopleRead, .eventsRead).taking(.json(lookalikesBody), bytes: 8 << 20).failing(.notFound, .conflict)
        .sampled("/v1/recommendations/lookalikes", body: #"{"persons":["u1"]}"#),
        APIRoute(
            .post, "/v1/recommendations/export", name: "exportLists", group: "Recommendations",
            "The lists of everybody with a history, or of some persons: lines of person, item and rank",
            access: .scope(.recommendationsRead),
            answers: [.text("text/tab-separated-values", summary: "Person, item and rank from 1, separated by tabs")]
        ) { call in try await export(call) }
        .needing(.eventsRead, .export).taking(.json(exportBody), bytes: 64 << 20).failing(.notFound)
        .sampled("/v1/recommendations/export", body: "{}"),
    ]

    private static func export(_ call: Call) async throws -> Response {
        let body: ListExportBody = try await call.json()
        let service = try call.workspace().recommendations
        let queries = call.parts.queries
        // On one thread, so that who asks meanwhile waits for no other.
        let first = try await queries.run {
            try service.open(body.model).pages(count: body.count, of: body.persons.map(Set.init), threads: 1)
        }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "lists.exported", target: body.model,
            detail: ["count": "\(body.count)"])
        let stream = ResponseBody { writer in
            var pages = first
            while true {
                let current = pages
                // A page at a time, so that a slow reader takes no thread.
                let (text, rest) = try await queries.run { () -> (String?, Recommender.ListPages) in
                    var pages = current
                    return (pages.nextLines()?.text, pages)
                }
                pages = rest
                guard let text else { break }
                if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/tab-separated-values; charset=utf-8"], body: stream)
    }
}

// MARK: - What they look like

extension ModelQuestionRoutes {
    private static let model = JSONSchema.text(lengths: 1...64)

    private static let page = JSONSchema.object([
        "person": .text(), "model": .text(), "version": .integer, "notes": .list(.text()),
        "rows": .list(
            .object([
                "id": .text(), "title": .text(),
                "items": .list(
                    .object(
                        ["item": .text(), "title": .text(), "worth": .number, "why": .text()], optional: ["why"])),
            ])),
    ])
    private static let pageBody = JSONSchema.object(
        [
            "person": .text(lengths: 1...512), "model": model, "rows": .integer(1...30), "count": .integer(1...100),
            "region": .text(), "language": .oneOf(["en", "ko"]),
        ], optional: ["model", "rows", "count", "region", "language"])
    private static let companions = JSONSchema.object([
        "item": .text(), "title": .text(), "withinDays": .number,
        "companions": .list(
            .object([
                "item": .text(), "title": .text(), "support": .integer, "confidence": .number, "lift": .number,
                "after": .number, "together": .number, "medianDays": .number,
            ])),
    ])
    private static let lookalikes = JSONSchema.object([
        "model": .text(), "persons": .list(.object(["person": .text(), "likeness": .number])),
    ])
    private static let lookalikesBody = JSONSchema.object(
        [
            "persons": .list(.text(lengths: 1...512), counts: 1...LookalikesBody.personsMax), "model": model,
            "count": .integer(1...LookalikesBody.countMax),
        ], optional: ["model", "count"])
    private static let exportBody = JSONSchema.object(
        [
            "model": model, "count": .integer(1...10_000),
            "persons": .list(.text(), counts: 0...ListExportBody.personsMax),
        ], optional: ["model", "count", "persons"])
}
