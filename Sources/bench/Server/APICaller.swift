import Foundation

/// Calls of a server's API, one after another.
struct APICaller {
    let port: UInt16
    let key: String

    /// - Throws: `BenchError` with the server's answer when it is not a success.
    func call(_ method: String, _ path: String, _ body: [String: String]?) throws {
        let data = try body.map { try JSONEncoder().encode($0) } ?? Data()
        let head = """
            \(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n\
            Content-Type: application/json\r\nContent-Length: \(data.count)\r\n\r\n
            """
        var connection = try HTTPConnection(port: port)
        let answer = try connection.send(Array(head.utf8) + Array(data))
        guard (200..<300).contains(answer.status) else {
            throw BenchError(
                "\(method) \(path) was answered \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
        }
    }
}
