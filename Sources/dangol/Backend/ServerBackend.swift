import Analysis
import Engine
import EventLog
import Foundation
import NIOHTTP1
import Settings

/// Answers out of a running server, by its API.
struct ServerBackend: Backend {
    let client: APIClient
    let workspace: String
    var people: any PeopleBackend { ServerPeople(client: client) }
    var items: any ItemBackend { ServerItems(client: client) }
    var insights: any InsightBackend { ServerInsights(client: client) }
    var recommendations: any RecommendationBackend { ServerRecommendations(client: client) }
    var content: any ContentBackend { ServerContent(client: client) }
    var intent: any IntentBackend { ServerIntent(client: client) }

    func settings(_ change: SettingsChange?) async throws -> WorkspaceSettings {
        let path = "/v1/settings"
        guard let change else {
            return try JSONDecoder().decode(WorkspaceSettings.self, from: try await client.send(.GET, path))
        }
        let body = try JSONEncoder().encode(change)
        return try JSONDecoder().decode(WorkspaceSettings.self, from: try await client.send(.PATCH, path, json: body))
    }

    func answer(_ queries: [NamedQuery]) async throws -> [AnalysisService.Answer] {
        var answers: [AnalysisService.Answer] = []
        for named in queries {
            do {
                let body = try JSONEncoder().encode(named.query)
                let data = try await client.send(.POST, "/v1/query", [("explain", "true")], json: body)
                let decoder = JSONDecoder()
                decoder.userInfo[.queryKind] = named.query.kind
                let answer = try decoder.decode(AnswerBody.self, from: data)
                answers.append(AnalysisService.Answer(result: answer.result, explanation: answer.explanation))
            } catch let error as QueryError {
                throw Failure(error, source: named.source)
            }
        }
        return answers
    }

    func search(_ search: EventSearch) async throws -> EventSearch.Found {
        let body = try JSONEncoder().encode(search)
        let data = try await client.send(.POST, "/v1/events/search", json: body)
        let answer = try JSONDecoder().decode(FoundBody.self, from: data)
        var found = EventSearch.Found()
        found.events = try answer.events.map { try $0.decoded() }
        found.matched = answer.matched
        found.notes = answer.notes
        return found
    }

    func latest(_ count: Int) async throws -> (events: [Event], total: Int) {
        let page = try await page([("limit", "\(count)")])
        return (try page.events.map { try $0.decoded() }, try await statistics().events)
    }

    func follow(
        _ count: Int, show: ([Event], Int) throws -> Void, append: ([Event]) throws -> Void
    ) async throws {
        var page = try await self.page([("limit", "\(max(count, 1))")])
        try show(try page.events.map { try $0.decoded() }.suffix(count), try await statistics().events)
        while !Interrupt.requested {
            page = try await self.page([("limit", "1000"), ("cursor", page.nextCursor)])
            if !page.events.isEmpty { try append(try page.events.map { try $0.decoded() }) }
            if !page.hasMore { Interrupt.wait(.milliseconds(500)) }
        }
    }

    private func page(_ parameters: [(String, String)]) async throws -> PageBody {
        try JSONDecoder().decode(PageBody.self, from: try await client.send(.GET, "/v1/events", parameters))
    }

    func history(of person: String, last: Int) async throws -> PersonHistory? {
        do {
            let path = "/v1/people/\(APIClient.escaped(person))/events"
            let data = try await client.send(.GET, path, [("last", "\(min(last, 100_000))")])
            let answer = try JSONDecoder().decode(HistoryBody.self, from: data)
            guard let first = Timestamp.milliseconds(answer.firstEvent),
                let latest = Timestamp.milliseconds(answer.lastEvent)
            else { throw APIClient.notUnderstood }
            return PersonHistory(
                events: try answer.events.map { try $0.decoded() }, total: answer.total, first: first, last: latest)
        } catch let failure as Failure where failure.code == "not_found" {
            return nil
        }
    }

    func statistics() async throws -> StatisticsView {
        try JSONDecoder().decode(StatisticsView.self, from: try await client.send(.GET, "/v1/stats"))
    }

    func names() async throws -> LogStatistics {
        let data = try await client.send(.GET, "/v1/events/schema")
        return try JSONDecoder().decode(SchemaBody.self, from: data).statistics()
    }

    func schema(of event: String) async throws -> EventSchema {
        let data = try await client.send(.GET, "/v1/events/schema", [("event", event)])
        return try JSONDecoder().decode(SchemaBody.self, from: data).schema(of: event)
    }

    func forget(_ person: String) async throws -> Int {
        do {
            return try await people.delete(person).counts["events"] ?? 0
        } catch let failure as Failure where failure.code == "not_found" {
            return 0
        }
    }

    func export(
        _ format: ExportService.Format, events: Set<String>, progress: Progress,
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> Int {
        let parameters = [("format", format.rawValue)] + events.sorted().map { ("event", $0) }
        var counter = LineCounter(isQuoting: format == .csv)
        try await client.receive("/v1/export", parameters) { bytes in
            counter.add(bytes)
            let written = counter.lines - (format == .csv && counter.lines > 0 ? 1 : 0)
            progress.update(share: nil, count: written)
            if Interrupt.requested {
                throw EngineError(.interrupted, "stopped after \(written) events; the output ends there")
            }
            try write(bytes)
        }
        return counter.lines - (format == .csv && counter.lines > 0 ? 1 : 0)
    }

    func importFiles(_ files: [ImportFile], _ rejects: RejectOptions, _ report: inout ImportReport) async throws {
        for file in files {
            let progress = Progress("Importing \(file.name)", unit: "bytes")
            defer { progress.finish() }
            let index = report.begin(file.path)
            var parameters = file.parameters + [("name", String(file.name.prefix(200)))]
            if rejects.strict { parameters.append(("strict", "true")) }
            if rejects.again { parameters.append(("again", "true")) }
            let source = try FileSource(path: file.path)
            let data = try await client.upload(
                "/v1/import", parameters, source,
                progress: { sent, total in
                    progress.update(share: total.map { Double(sent) / Double(max(1, $0)) }, count: sent)
                })
            let body = try JSONDecoder().decode(ImportBody.self, from: data)
            var summary = body.summary
            let sink = rejects.file(beside: file.path)
            try sink.append(body.rejections.map(\.rejection), source: file.name)
            summary.rejectFile = sink.path
            report.sources[index].summary = summary
        }
    }
}

/// Lines in pieces of text; with quoting, line breaks within quotes do not count.
struct LineCounter {
    let isQuoting: Bool
    private(set) var lines = 0
    private var isQuoted = false

    init(isQuoting: Bool) { self.isQuoting = isQuoting }

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes {
            if isQuoting, byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { lines += 1 }
        }
    }
}
