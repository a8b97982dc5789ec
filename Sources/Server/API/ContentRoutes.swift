import Access
import Engine
import HTTPTypes
import Recommendations

/// What items are to people: attributes that draw and keep, curves, gaps, and the audience of what is not there yet.
enum ContentRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/content/attributes", name: "contentAttributes", group: "Content",
            "The attributes that items have, with how many have each", access: .scope(.query),
            answers: [.json(attributeList)]
        ) { call in
            let content = try call.workspace().guidance.content
            return try call.answer(
                AttributeListAnswer(try await call.parts.queries.run { try content.attributes() }))
        }
        .failing(.conflict).sampled("/v1/content/attributes"),
        APIRoute(
            .get, "/v1/content/affinities", name: "contentAffinities", group: "Content",
            "Which attributes draw and keep an audience more than everybody else", access: .scope(.query),
            answers: [.json(affinities)]
        ) { call in
            guard let audience = call.text("audience") else {
                throw Problem.badRequest("must be given: the name of an audience", field: "audience")
            }
            let name = call.text("attribute")
            let content = try call.workspace().guidance.content
            let result = try await call.parts.queries.run { try content.affinities(of: audience, name: name) }
            return try call.answer(AffinityAnswer(audience, result.persons, result.rows))
        }
        .needing(.audiencesRead)
        .query("audience", .text(lengths: 1...256), isRequired: true, "The audience's name")
        .query("attribute", .text(lengths: 1...256), "Only attributes of this name: genre")
        .failing(.notFound, .conflict).sampled("/v1/content/affinities?audience=nobody"),
        APIRoute(
            .get, "/v1/content/curve", name: "contentCurve", group: "Content",
            "How many of those who begin an episode are still there after each minute, and where many leave",
            access: .scope(.query), answers: [.json(curve)]
        ) { call in
            guard let item = call.text("item") else { throw Problem.badRequest("must be given", field: "item") }
            let season = try call.integer("season", in: 0...100_000)
            let episode = try call.integer("episode", in: 0...100_000)
            let content = try call.workspace().guidance.content
            return try call.answer(
                CurveAnswer(
                    try await call.parts.queries.run { try content.curve(item, season: season, episode: episode) }))
        }
        .query("item", .text(lengths: 1...512), isRequired: true, "A title, or the id of an episode")
        .query("season", .integer(0...100_000), "The season (default: the first)")
        .query("episode", .integer(0...100_000), "The number within the season (default: the first)")
        .failing(.notFound, .conflict).sampled("/v1/content/curve?item=title-1"),
        APIRoute(
            .get, "/v1/content/binge", name: "contentBinge", group: "Content",
            "How many episodes are watched in a row, of everything and of each title", access: .scope(.query),
            answers: [.json(binge)]
        ) { call in
            let limit = try call.integer("limit", in: 1...200) ?? 20
            let content = try call.workspace().guidance.content
            return try call.answer(BingeAnswer(try await call.parts.queries.run { try content.binges(count: limit) }))
        }
        .query("limit", .integer(1...200), "How many titles (default: 20)")
        .failing(.conflict).sampled("/v1/content/binge"),
        APIRoute(
            .get, "/v1/content/forecast", name: "contentForecast", group: "Content",
            "The audience that something with these attributes would have, and how sure that is",
            access: .scope(.query), answers: [.json(forecast)]
        ) { call in
            let concept = try concept(call.texts("with"))
            let audience = call.text("audience")
            let content = try call.workspace().guidance.content
            return try call.answer(
                ForecastAnswer(
                    try await call.parts.queries.run { try content.forecast(concept, audience: audience) }))
        }
        .needing(.audiencesRead)
        .query("with", .text(lengths: 3...512), isRequired: true, "NAME=VALUE, may be repeated: genre=romance")
        .query("audience", .text(lengths: 1...256), "Only of this audience")
        .failing(.notFound, .conflict).sampled("/v1/content/forecast?with=genre%3Dromance"),
        APIRoute(
            .get, "/v1/content/gaps", name: "contentGaps", group: "Content",
            "What is wanted and not there: searches that lead nowhere, attributes wanted more than supplied",
            access: .scope(.query), answers: [.json(gaps)]
        ) { call in
            let least = try call.integer("searches", in: 1...1_000_000) ?? 5
            let limit = try call.integer("limit", in: 1...500) ?? 50
            let content = try call.workspace().guidance.content
            let (terms, attributes) = try await call.parts.queries.run {
                (try content.unmetTerms(searchesMin: least, count: limit), try content.demand())
            }
            return try call.answer(GapAnswer(terms, Array(attributes.prefix(limit))))
        }
        .query("searches", .integer(1...1_000_000), "Only terms with at least so many searches (default: 5)")
        .query("limit", .integer(1...500), "How many of each (default: 50)")
        .failing(.conflict).sampled("/v1/content/gaps"),
    ]

    /// - Throws: `Problem` for what is not NAME=VALUE, or more than twenty.
    static func concept(_ texts: [String]) throws -> [(name: String, value: String)] {
        guard (1...20).contains(texts.count) else {
            throw Problem.badRequest("give from 1 to 20 attributes as NAME=VALUE", field: "with")
        }
        return try texts.map { text in
            guard let place = text.firstIndex(of: "="), place != text.startIndex,
                text.index(after: place) != text.endIndex
            else {
                throw Problem.badRequest(
                    "'\(text.prefix(100))' must be NAME=VALUE, such as genre=romance", field: "with")
            }
            return (String(text[..<place]), String(text[text.index(after: place)...]))
        }
    }
}

// MARK: - What is answered

extension ContentRoutes {
    private static let interval = PlaybackRoutes.interval

    private static let attributeList = JSONSchema.object([
        "attributes": .list(
            .object(["name": .text(), "values": .list(.object(["value": .text(), "items": .integer]))]))
    ])

    private static let affinities = JSONSchema.object([
        "audience": .text(), "persons": .integer,
        "attributes": .list(
            .object(
                [
                    "name": .text(), "value": .text(), "items": .integer, "persons": .integer, "share": .number,
                    "shareOfAll": .number, "lift": interval, "draws": .boolean, "kept": .number, "keptOfAll": .number,
                    "keepLift": interval, "keeps": .boolean,
                ], optional: ["lift", "kept", "keptOfAll", "keepLift"])),
    ])

    private static let curve = JSONSchema.object([
        "episode": .object(["item": .text(), "season": .integer, "number": .integer]), "title": .text(),
        "seconds": .number, "persons": .integer, "completion": interval,
        "minutes": .list(
            .object(["minute": .integer, "watching": interval, "atRisk": .integer, "left": .integer])),
        "drops": .list(.object(["from": .integer, "to": .integer, "left": .integer, "expected": .number])),
    ])

    private static let counts = JSONSchema.object(
        [
            "item": .text(), "title": .text(), "sessions": .list(.integer), "share": .number,
            "episodesPerSession": .number,
        ], optional: ["item", "title"])
    private static let binge = JSONSchema.object(["sessions": counts, "days": counts, "titles": .list(counts)])

    private static let forecast = JSONSchema.object(
        [
            "verdict": .oneOf(ConceptForecast.Verdict.allCases.map(\.rawValue)), "reach": interval, "persons": interval,
            "explained": .number, "learnedFrom": .integer, "unknown": .list(.text()), "reason": PlaybackRoutes.reason,
            "parts": .list(.object(["name": .text(), "value": .text(), "items": .integer, "factor": .number])),
            "neighbours": .list(.object(["item": .text(), "shared": .integer, "reach": .number])),
        ], optional: ["reach", "persons", "explained"])

    private static let gaps = JSONSchema.object([
        "terms": .list(
            .object(
                [
                    "term": .text(), "searches": .integer, "empty": .integer, "led": .integer, "unmet": interval,
                    "category": .text(),
                ], optional: ["category"])),
        "attributes": .list(
            .object(
                [
                    "name": .text(), "value": .text(), "items": .integer, "supply": .number, "demand": .number,
                    "index": interval, "isCertain": .boolean, "kept": .number,
                ], optional: ["kept"])),
    ])
}
