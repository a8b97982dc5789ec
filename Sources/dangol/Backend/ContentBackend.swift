import Engine
import EventLog
import Foundation
import NIOHTTP1
import Recommendations

/// What commands ask about content, of a folder or a server.
protocol ContentBackend: Sendable {
    func affinities(of audience: String, attribute: String?) async throws -> AffinityAnswer
    func curve(_ item: String, season: Int?, episode: Int?) async throws -> CurveAnswer
    func skips(_ item: String) async throws -> SkipsAnswer
    /// - Parameter count: of titles.
    func binges(count: Int) async throws -> BingeAnswer
    /// - Parameter attributes: each NAME=VALUE.
    func forecast(_ attributes: [String]) async throws -> ForecastAnswer
    /// - Parameter searches: only terms with at least so many.
    func gaps(searches: Int) async throws -> GapAnswer
    func term(_ text: String) async throws -> TermView
}

/// Where a search term leads, and what to offer when it finds nothing.
struct TermView: Encodable, Sendable {
    var category: TermAnswer
    var rescue: RescueAnswer
}

/// How much an answer about gaps lists of each.
private let gapsMax = 500

/// Content of a data folder, also while a server has it open; but audiences are kept up to date by opening it.
struct FolderContent: ContentBackend {
    let folder: Workspace

    func affinities(of audience: String, attribute: String?) async throws -> AffinityAnswer {
        let result = try await folder.live { try $0.guidance.content.affinities(of: audience, name: attribute) }
        return AffinityAnswer(audience, result.persons, result.rows)
    }

    func curve(_ item: String, season: Int?, episode: Int?) async throws -> CurveAnswer {
        CurveAnswer(try guidance { try $0.content.curve(item, season: season, episode: episode) })
    }

    func skips(_ item: String) async throws -> SkipsAnswer { SkipsAnswer(try guidance { try $0.playback.skips(item) }) }

    func binges(count: Int) async throws -> BingeAnswer {
        BingeAnswer(try guidance { try $0.content.binges(count: count) })
    }

    func forecast(_ attributes: [String]) async throws -> ForecastAnswer {
        let concept = attributes.compactMap { text in
            text.firstIndex(of: "=").map {
                (name: String(text[..<$0]), value: String(text[text.index(after: $0)...]))
            }
        }
        return ForecastAnswer(try guidance { try $0.content.forecast(concept) })
    }

    func gaps(searches: Int) async throws -> GapAnswer {
        try guidance { guidance in
            GapAnswer(
                try guidance.content.unmetTerms(searchesMin: searches, count: gapsMax),
                Array(try guidance.content.demand().prefix(gapsMax)))
        }
    }

    func term(_ text: String) async throws -> TermView {
        try guidance { guidance in
            TermView(
                category: TermAnswer(text, try guidance.shopping.category(of: text)),
                rescue: RescueAnswer(try guidance.shopping.rescue(text)))
        }
    }

    private func guidance<Result>(_ body: (Guidance) throws -> Result) throws -> Result {
        try folder.reading { try body(try folder.guidance($0)) }
    }
}

/// Content of a running server.
struct ServerContent: ContentBackend {
    let client: APIClient

    func affinities(of audience: String, attribute: String?) async throws -> AffinityAnswer {
        try await get(
            "/v1/content/affinities", [("audience", audience)] + (attribute.map { [("attribute", $0)] } ?? []))
    }

    func curve(_ item: String, season: Int?, episode: Int?) async throws -> CurveAnswer {
        var parameters = [("item", item)]
        if let season { parameters.append(("season", "\(season)")) }
        if let episode { parameters.append(("episode", "\(episode)")) }
        return try await get("/v1/content/curve", parameters)
    }

    func skips(_ item: String) async throws -> SkipsAnswer { try await get("/v1/playback/intros", [("item", item)]) }

    func binges(count: Int) async throws -> BingeAnswer { try await get("/v1/content/binge", [("limit", "\(count)")]) }

    func forecast(_ attributes: [String]) async throws -> ForecastAnswer {
        try await get("/v1/content/forecast", attributes.map { ("with", $0) })
    }

    func gaps(searches: Int) async throws -> GapAnswer {
        try await get("/v1/content/gaps", [("searches", "\(searches)"), ("limit", "\(gapsMax)")])
    }

    func term(_ text: String) async throws -> TermView {
        TermView(
            category: try await get("/v1/shopping/category", [("q", text)]),
            rescue: try await get("/v1/shopping/rescue", [("q", text)]))
    }

    private func get<Answer: Decodable>(_ path: String, _ parameters: APIClient.Parameters) async throws -> Answer {
        try APIClient.read(try await client.send(.GET, path, parameters))
    }
}
