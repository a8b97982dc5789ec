import Foundation
import Glibc
import Synchronization
import Testing

/// A server that takes one request after another and answers with what it is told to.
final class HTTPReceiver: Sendable {
    let address: String
    private let socket: Int32
    private let statuses: Mutex<[Int]>

    init(statuses: [Int]) throws {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(descriptor, address, length)
                _ = listen(descriptor, 8)
                _ = getsockname(descriptor, address, &length)
            }
        }
        socket = descriptor
        self.statuses = Mutex(statuses)
        address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))/hook"
        // The caller must not wait for an answer that the test has not asked for yet.
        for _ in statuses { Thread.detachNewThread { [self] in serve() } }
    }

    deinit { close(socket) }

    private let received = Mutex<[String]>([])
    private let arrived = DispatchSemaphore(value: 0)

    /// The next request, whole. Waits until it has come.
    func request() throws -> String {
        try #require(arrived.wait(timeout: .now() + 60) == .success, "no call came")
        return received.withLock { $0.removeFirst() }
    }

    private func serve() {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { return }
        defer { close(connection) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !Self.isWhole(bytes) {
            let count = read(connection, &buffer, buffer.count)
            if count <= 0 { return }
            bytes += buffer[..<count]
        }
        let status = statuses.withLock { $0.removeFirst() }
        let answer = "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        _ = write(connection, answer, answer.utf8.count)
        received.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
        arrived.signal()
    }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { return false }
        let length = text[..<end.lowerBound].lowercased().firstMatch(of: /content-length: ([0-9]+)/)
            .flatMap { Int($0.1) }
        return text[end.upperBound...].utf8.count >= length ?? 0
    }
}
