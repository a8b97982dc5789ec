import Foundation
import Glibc
import Synchronization

/// Hears from a server's stream of events when somebody entered an audience.
final class EntryWatch: Sendable {
    private struct State {
        var arrivals: [String: ContinuousClock.Instant] = [:]
        var failure: (any Error)?
    }

    private let state = Mutex(State())
    private let socket: Int32
    private let ended = DispatchSemaphore(value: 0)

    /// Returns when the stream has begun.
    init(port: UInt16, key: String) throws {
        socket = try HTTPConnection.connected(port)
        let request = """
            GET /v1/events/stream?event=Audience%20Entered HTTP/1.1\r\nHost: 127.0.0.1\r\n\
            Authorization: Bearer \(key)\r\n\r\n
            """
        try HTTPConnection.write(Array(request.utf8), to: socket)
        var head = ""
        while !head.contains(": from ") {
            let piece = try Self.read(socket)
            guard !piece.isEmpty else { throw BenchError("the stream of events ended at once: \(head)") }
            head += String(decoding: piece, as: UTF8.self)
        }
        Thread { [self] in
            listen()
            ended.signal()
        }.start()
    }

    /// When each person was heard of, by id.
    func stop() throws -> [String: ContinuousClock.Instant] {
        shutdown(socket, Int32(SHUT_RDWR))
        ended.wait()
        close(socket)
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return state.withLock { $0.arrivals }
    }

    var count: Int { state.withLock { $0.arrivals.count } }

    private func listen() {
        let mark = Array("\"userId\":\"".utf8)
        var rest: [UInt8] = []
        do {
            while true {
                let piece = try Self.read(socket)
                if piece.isEmpty { return }
                let now = ContinuousClock.now
                // Lines of data are in one piece each; the frames of chunks come between them.
                rest += piece
                guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { continue }
                for line in rest[...end].split(separator: UInt8(ascii: "\n")) {
                    guard let found = line.firstRange(of: mark) else { continue }
                    let id = line[found.upperBound...].prefix { $0 != UInt8(ascii: "\"") }
                    let person = String(decoding: id, as: UTF8.self)
                    state.withLock { $0.arrivals[person] = $0.arrivals[person] ?? now }
                }
                rest.removeSubrange(...end)
            }
        } catch {
            state.withLock { $0.failure = error }
        }
    }

    private static func read(_ socket: Int32) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { throw BenchError("the stream broke: \(String(cString: strerror(errno)))") }
        return Array(buffer[..<count])
    }
}
