import Glibc

/// One keep-alive connection of a load generator, which has to cost less than what it measures: a socket, one write for
/// a request, and as much of the answer read as tells its status and its end.
struct HTTPConnection: ~Copyable {
    private let socket: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(port: UInt16) throws { socket = try Self.connected(port) }

    static func connected(_ port: UInt16) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(socket)
            throw BenchError("cannot connect to port \(port): \(String(cString: strerror(errno)))")
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }

    deinit { close(socket) }

    /// Sends a whole request and waits for the answer.
    ///
    /// - Returns: the status and the length of the body, which is in `body`.
    mutating func send(_ request: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        try Self.write(request, to: socket)
        var count = 0
        while true {
            if let end = headEnd(count) {
                let head = String(decoding: buffer[..<end], as: UTF8.self)
                let status = Int(head.dropFirst(9).prefix(3)) ?? 0
                let length = contentLength(head)
                while count < end + length { count += try read(into: count) }
                return (status, Array(buffer[end..<end + length]))
            }
            count += try read(into: count)
        }
    }

    static func write(_ bytes: [UInt8], to socket: Int32) throws {
        var sent = 0
        while sent < bytes.count {
            let written = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard written > 0 else { throw BenchError("the server closed the connection") }
            sent += written
        }
    }

    private mutating func read(into offset: Int) throws -> Int {
        if offset == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress! + offset, $0.count - offset, 0) }
        guard count > 0 else { throw BenchError("the server closed the connection") }
        return count
    }

    private func headEnd(_ count: Int) -> Int? {
        var index = 3
        while index < count {
            if buffer[index] == 10, buffer[index - 1] == 13, buffer[index - 2] == 10 { return index + 1 }
            index += 1
        }
        return nil
    }

    private func contentLength(_ head: String) -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            return Int(line.dropFirst(15).trimmingPrefix(" ")) ?? 0
        }
        return 0
    }
}
