import Analysis
import AsyncHTTPClient
import EventLog
import Foundation
import NIOCore
import NIOHTTP1

/// Calls of a server's API, with errors in the user's terms.
struct APIClient: Sendable {
    /// Without a slash at the end.
    let server: String
    let key: String
    /// Nil leaves it to the key, which belongs to one.
    let workspace: String?

    private static let answerBytesMax = 1 << 30
    /// Questions over large logs and imports take their time.
    private static let longest = TimeAmount.hours(24)

    static let notUnderstood = Failure(
        .failure, code: "unexpected_answer",
        "the server's answer is not understood: is it a Dangol server of this version?")

    fileprivate static let stopped = Failure(
        .interrupted, code: "cancelled", "stopped; import the same again to go on from there")

    /// - Throws: `Failure` for an address that is none.
    init(server: String, key: String, workspace: String?) throws {
        guard let url = URL(string: server), ["http", "https"].contains(url.scheme ?? ""), url.host != nil else {
            throw Failure.usage("--server: '\(server)' is no address; write http://127.0.0.1:8090")
        }
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.key = key
        self.workspace = workspace
    }

    /// Names and values, in the order in which they are sent; a name may come several times.
    typealias Parameters = [(String, String)]

    /// Everything but letters, digits and `-._~`, as percent signs.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }

    // MARK: Calls

    /// - Throws: `QueryError` for a question or search that makes no sense, else `Failure`.
    func send(
        _ method: HTTPMethod, _ path: String, _ parameters: Parameters = [], json: Data? = nil
    ) async throws -> Data {
        var request = request(method, path, parameters)
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json))
        }
        return try await data(try await execute(request))
    }

    /// What an answer says.
    ///
    /// - Throws: `Failure` when it is not understood.
    static func read<Value: Decodable>(_ data: Data) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch {
            throw notUnderstood
        }
    }

    /// Hands the answer over as it comes.
    ///
    /// - Parameter json: sent with POST; without it the method is GET.
    func receive(
        _ path: String, _ parameters: Parameters, json: Data? = nil, _ body: (_ piece: [UInt8]) throws -> Void
    ) async throws {
        var request = request(json == nil ? .GET : .POST, path, parameters)
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json))
        }
        let response = try await execute(request)
        guard response.status == .ok else {
            _ = try await data(response)
            return
        }
        do {
            for try await piece in response.body { try body(Array(piece.readableBytesView)) }
        } catch let error as HTTPClientError {
            throw broken(error)
        }
    }

    /// Sends a source as it is read.
    func upload(
        _ path: String, _ parameters: Parameters, _ source: FileSource,
        progress: @escaping @Sendable (_ sent: Int, _ total: Int?) -> Void
    ) async throws -> Data {
        var request = request(.POST, path, parameters)
        request.headers.add(name: "Content-Type", value: "application/octet-stream")
        let total = source.totalBytes
        request.body = .stream(
            FilePieces(source: source, progress: progress), length: total.map { .known(Int64($0)) } ?? .unknown)
        return try await data(try await execute(request))
    }

    private func request(_ method: HTTPMethod, _ path: String, _ parameters: Parameters) -> HTTPClientRequest {
        var parameters = parameters
        if let workspace { parameters.append(("workspace", workspace)) }
        let query = parameters.map { "\($0)=\(APIClient.escaped($1))" }.joined(separator: "&")
        var request = HTTPClientRequest(url: server + path + (query.isEmpty ? "" : "?" + query))
        request.method = method
        request.headers.add(name: "Authorization", value: "Bearer \(key)")
        request.headers.add(name: "User-Agent", value: "dangol/\(Dangol.version)")
        return request
    }

    private func execute(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await HTTPClient.shared.execute(request, timeout: APIClient.longest)
        } catch let failure as Failure {
            throw failure
        } catch is CancellationError {
            throw Failure(.interrupted, code: "interrupted", "stopped")
        } catch {
            throw broken(error)
        }
    }

    private func broken(_ error: any Error) -> Failure {
        Failure(.failure, code: "connection", "the server \(server) cannot be reached: \(error)")
    }

    // MARK: Answers

    private struct Refusal: Decodable {
        var code: String
        var detail: String
        var field: String?
    }

    private func data(_ response: HTTPClientResponse) async throws -> Data {
        let bytes: ByteBuffer
        do {
            bytes = try await response.body.collect(upTo: APIClient.answerBytesMax)
        } catch {
            throw broken(error)
        }
        let data = Data(bytes.readableBytesView)
        if (200..<300).contains(response.status.code) { return data }
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: data) else {
            throw Failure(
                .failure, code: "unexpected_answer",
                "the server answers \(response.status.code) \(response.status.reasonPhrase)")
        }
        if response.status == .badRequest, let code = QueryError.Code(rawValue: refusal.code) {
            throw QueryError(code, refusal.field ?? "", refusal.detail)
        }
        let words = refusal.field.map { "\($0): " } ?? ""
        throw Failure(
            APIClient.exitStatus(response.status), code: refusal.code, words + refusal.detail, field: refusal.field)
    }

    private static func exitStatus(_ status: HTTPResponseStatus) -> ExitStatus {
        switch status {
        case .badRequest: .usage
        case .tooManyRequests, .serviceUnavailable: .busy
        default: .failure
        }
    }
}

/// A file in pieces, read as they are sent.
private struct FilePieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    /// Read by the one iterator only, which the client makes once.
    private final class Place: @unchecked Sendable {
        let source: FileSource

        init(_ source: FileSource) { self.source = source }
    }

    private let place: Place
    private let progress: @Sendable (Int, Int?) -> Void

    init(source: FileSource, progress: @escaping @Sendable (Int, Int?) -> Void) {
        place = Place(source)
        self.progress = progress
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        private static let pieceBytes = 1 << 16
        fileprivate let pieces: FilePieces

        mutating func next() async throws -> ByteBuffer? {
            if Interrupt.requested {
                throw APIClient.stopped
            }
            var buffer = ByteBuffer()
            let source = pieces.place.source
            let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: AsyncIterator.pieceBytes) {
                try source.read(into: $0)
            }
            pieces.progress(source.bytesRead, source.totalBytes)
            return count == 0 ? nil : buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: self) }
}
