import Foundation
import Glibc
import Synchronization

/// A `dangol serve` of our own, on a port that the system chooses.
final class ServerProcess {
    let port: UInt16
    /// How long it took from the start to the printed address, in seconds.
    let startSeconds: Double
    private let process: Process
    private let program: String
    private let data: String

    /// - Parameter settings: environment variables beside ours, such as `DANGOL_...`.
    init(program: String, data: String, settings: [String: String] = [:]) throws {
        self.program = program
        self.data = data
        process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["serve", "--data", data, "--host", "127.0.0.1", "--port", "0", "--log-level", "warning"]
        process.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
        let output = Pipe()
        process.standardOutput = output
        let clock = ContinuousClock()
        let start = clock.now
        try process.run()
        var text = ""
        while !text.contains("\n") {
            let part = output.fileHandleForReading.availableData
            if part.isEmpty { break }
            text += String(decoding: part, as: UTF8.self)
        }
        startSeconds = (clock.now - start) / .seconds(1)
        guard let found = text.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)/), let port = UInt16(found.1) else {
            process.terminate()
            throw BenchError("'\(program) serve' printed no address but: \(text)")
        }
        self.port = port
    }

    /// Makes a key by the command line, beside the running server.
    func key(kind: String, scopes: [String] = []) throws -> String {
        let command = Process()
        command.executableURL = URL(fileURLWithPath: program)
        command.arguments =
            ["key", "create", "--data", data, "--kind", kind] + scopes.flatMap { ["--scope", $0] }
        let output = Pipe()
        command.standardOutput = output
        try command.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        command.waitUntilExit()
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Resident memory that is no mapped file, in bytes.
    var memory: Int { memoryReader() }

    /// The same for another thread.
    var memoryReader: @Sendable () -> Int {
        let path = "/proc/\(process.processIdentifier)/status"
        return {
            let status = try? String(contentsOfFile: path, encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
            return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
        }
    }

    /// Processor seconds that it has used.
    var processorSeconds: Double {
        guard let stat = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return 0 }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / 100
    }

    /// Asks it to end, and waits until it has.
    ///
    /// - Returns: the seconds that it took.
    @discardableResult
    func stop() -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        process.terminate()
        process.waitUntilExit()
        return (clock.now - start) / .seconds(1)
    }

    /// Ends it without a word, and waits until it has.
    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { process.terminate() } }
}

struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
