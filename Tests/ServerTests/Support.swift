import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization
import Testing

@testable import Server

/// The event log has a type of that name too.
typealias JSONValue = Server.JSONValue

/// A data folder of one test with a server on it, and a clock that the test sets.
final class ServerScratch: Sendable {
    static let password = "correct horse"

    let folder: URL
    let installation: Installation
    /// The lines of the log.
    let lines = Mutex<[String]>([])
    private let settings: ServerSettings

    init(_ settings: ServerSettings = ServerSettings()) throws {
        self.settings = settings
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var options = AccessService.Options()
        options.passwordCost = PasswordHash.Cost(rounds: 16, blockSize: 8, parallelism: 1)
        let clock = ClockBox()
        installation = try Installation.open(folder.path, accessOptions: options, now: { clock.now() })
        box = clock
    }

    private let box: ClockBox

    /// The tests' time, apart from the scratch, so that the installation does not hold the scratch.
    final class ClockBox: Sendable {
        private let time = Mutex<Int64>(1_714_557_600_000)

        func now() -> Int64 { time.withLock { $0 } }
        func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
    }

    deinit {
        try? installation.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func pass(_ milliseconds: Int64) { box.pass(milliseconds) }

    var parts: ServerParts {
        var logger = Logger(label: "test") { [self] label in
            LineLogHandler(label: label, format: .json) { line in self.lines.withLock { $0.append(line) } }
        }
        logger.logLevel = .trace
        return ServerParts(
            installation: installation, settings: settings, logger: logger, metrics: MetricsRegistry())
    }

    func run<Value: Sendable>(
        _ setup: TestingSetup = .router, parts: ServerParts? = nil,
        _ body: @escaping @Sendable (Client) async throws -> Value
    ) async throws -> Value {
        let parts = parts ?? self.parts
        let application = Application(router: RouteTable.standard(parts).router(parts), logger: parts.logger)
        return try await application.test(setup) { try await body(Client(http: $0)) }
    }

    func key(_ scopes: Set<Scope>, workspace: String = "default") throws -> String {
        try installation.access.createKey(
            workspace: workspace, kind: .api, name: "test", scopes: scopes, by: .commandLine
        ).secret
    }

    func writeKey(workspace: String = "default") throws -> String {
        try installation.access.createKey(
            workspace: workspace, kind: .write, name: "test", scopes: [], by: .commandLine
        ).secret
    }

    func owner() async throws -> User {
        let token = try #require(try installation.access.makeSetupToken())
        return try await installation.access.createFirstOwner(
            token: token, email: "owner@example.com", name: "Owner", password: ServerScratch.password, address: nil)
    }

    /// Some events of some persons, one an hour.
    func addEvents(_ count: Int, workspace: String = "default", person: String = "u") async throws {
        let live = try installation.workspace(workspace)
        let events = (0..<count).map { index in
            Event(
                person: "\(person)\(index % 3)", name: index % 2 == 0 ? "Signed Up" : "Order Completed",
                time: 1_714_521_600_000 + Int64(index) * 3_600_000,
                properties: [.init("total", .number(Double(index))), .init("city", .string("Seoul-\(person)"))])
        }
        try await live.log.append(events)
    }
}

/// Calls of the API in a test.
struct Client: Sendable {
    let http: any TestClientProtocol

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPFields
        var text: String

        func json() throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }
        var code: String? { try? json()["code"]?.text }
    }

    @discardableResult
    func call(
        _ method: HTTPRequest.Method, _ path: String, key: String? = nil, headers: HTTPFields = [:],
        body: String? = nil,
        mediaType: String = "application/json"
    ) async throws -> Answer {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        if body != nil, headers[.contentType] == nil { headers[.contentType] = mediaType }
        let response = try await http.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { $0 }
        return Answer(
            status: response.status.code, headers: response.headers, text: String(buffer: response.body))
    }

    func get(_ path: String, key: String? = nil) async throws -> Answer { try await call(.get, path, key: key) }
}

extension JSONValue {
    var list: [JSONValue] {
        guard case .array(let list) = self else { return [] }
        return list
    }

    var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    var members: [String: JSONValue] {
        guard case .object(let members) = self else { return [:] }
        return members
    }
}

extension ServerScratch {
    /// Two tastes: of forty shoppers those of even numbers buy a0 … a7, the others b0 … b7, behind a prefix.
    func addOrders(_ prefix: String = "") async throws {
        let live = try installation.workspace("default")
        var events: [Event] = []
        for person in 0..<40 {
            for place in 0..<6 {
                let item = "\(prefix)\(person % 2 == 0 ? "a" : "b")\((person + place * place) % 8)"
                events.append(
                    Event(
                        person: "u\(person)", name: "Order Completed",
                        time: 1_714_000_000_000 + Int64(person) * 60_000 + Int64(place) * 3_600_000,
                        properties: [.init("product_id", .string(item))]))
            }
        }
        try await live.log.append(events)
        try live.catchUp()
    }
}
