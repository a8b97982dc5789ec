import EventLog
import Foundation
import State
import Testing

@testable import Collection

/// An empty folder that goes with this object.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A service with a log and a state of its own. It is noon of 1 May 2024, UTC.
final class Bench {
    static let noon: Int64 = 1_714_564_800_000

    let folder: TemporaryFolder
    let log: EventLog
    let state: StateDatabase
    let service: CollectionService

    init(gate: any CollectionGate = OpenGate(), settings: CollectionSettings = CollectionSettings()) throws {
        folder = try TemporaryFolder()
        log = try EventLog.open(folder.path + "/events", for: .writing)
        state = try StateDatabase.open(folder.path + "/state.sqlite", migrations: [CollectionMigrations.all])
        service = try CollectionService(log: log, state: state, gate: gate, now: { Bench.noon })
        if settings != CollectionSettings() { try service.set(settings) }
    }

    deinit {
        try? log.close()
        try? state.close()
    }

    @discardableResult
    func send(
        _ body: String, to endpoint: CollectionEndpoint = .segmentBatch, query: String = "", agent: String? = nil,
        language: String? = nil, ip: String? = nil
    ) async -> CollectionOutcome {
        await send(Array(body.utf8), to: endpoint, query: query, agent: agent, language: language, ip: ip)
    }

    @discardableResult
    func send(
        _ body: [UInt8], to endpoint: CollectionEndpoint = .segmentBatch, encoding: String? = nil, query: String = "",
        agent: String? = nil, language: String? = nil, ip: String? = nil
    ) async -> CollectionOutcome {
        let facts = RequestFacts(receivedTime: Bench.noon, userAgent: agent, ip: ip, language: language)
        do {
            let document = try CollectionDocument.parse(
                body, endpoint: endpoint, contentEncoding: encoding, query: query)
            return await service.collect(document, facts: facts)
        } catch {
            service.record(body, endpoint: endpoint, error: error, facts: facts)
            return CollectionOutcome(error, endpoint: endpoint)
        }
    }

    /// Everything in the log, in order; properties sorted by name.
    func events() throws -> [Event] {
        try log.tail(from: 0, limit: 100_000).map { stored in
            var event = stored.event
            event.properties.sort { $0.name < $1.name }
            return event
        }
    }

    func one() throws -> Event { try #require(try events().first) }
}

extension CollectionOutcome {
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as JSON, by key.
    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }
}
