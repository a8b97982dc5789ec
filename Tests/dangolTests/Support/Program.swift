import ChildProcess
import Foundation
import Testing

/// The built program, run as a process of its own.
enum Program {
    struct Answer {
        /// The exit status, or 1000 and the signal that ended it.
        var status: Int32
        var output: String
        var errors: String
    }

    /// The program lies beside the tests' own executable.
    static let path: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("dangol").path
    }()

    static func start(
        _ arguments: [String], in folder: URL, output: URL, errors: URL, input: URL? = nil,
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        var variables = ProcessInfo.processInfo.environment
        for name in ["DANGOL_DATA", "NO_COLOR", "TERM"] { variables[name] = nil }
        for file in [output, errors] { _ = FileManager.default.createFile(atPath: file.path, contents: nil) }
        let files = try [
            FileHandle(forReadingFrom: input ?? URL(fileURLWithPath: "/dev/null")),
            FileHandle(forWritingTo: output), FileHandle(forWritingTo: errors),
        ]
        let numbers = files.map(\.fileDescriptor)
        return try withExtendedLifetime(files) {
            try ChildProcess(
                path, arguments, in: folder.path, environment: variables.merging(environment) { $1 },
                input: numbers[0], output: numbers[1], errors: numbers[2])
        }
    }

    /// Runs to the end. Output goes through files, so that no pipe can fill up.
    static func run(
        _ arguments: [String], in folder: URL, input: Data? = nil, environment: [String: String] = [:]
    ) throws -> Answer {
        let id = UUID().uuidString
        let output = folder.appendingPathComponent(".out-\(id)")
        let errors = folder.appendingPathComponent(".err-\(id)")
        let source = folder.appendingPathComponent(".in-\(id)")
        defer { for file in [output, errors, source] { try? FileManager.default.removeItem(at: file) } }
        try input?.write(to: source)
        let process = try start(
            arguments, in: folder, output: output, errors: errors, input: input == nil ? nil : source,
            environment: environment)
        let status = process.wait()
        return Answer(
            status: status, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }
}

/// A folder of one test, removed with it.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try write(name, Data(text.utf8))
    }

    @discardableResult
    func write(_ name: String, _ data: Data) throws -> String {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return name
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }

    func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Program.Answer
    {
        try Program.run(arguments, in: folder, input: input.map { Data($0.utf8) }, environment: environment)
    }

    /// Runs a command that must succeed and gives its output.
    func succeed(_ arguments: String..., input: String? = nil, at location: SourceLocation = #_sourceLocation) throws
        -> String
    {
        let answer = try Program.run(arguments, in: folder, input: input.map { Data($0.utf8) })
        #expect(answer.status == 0, "\(arguments): \(answer.errors)", sourceLocation: location)
        return answer.output
    }

    /// The number of events in the default workspace.
    func eventCount(_ arguments: String...) throws -> Int {
        let answer = try Program.run(["stats", "--json"] + arguments, in: folder)
        let object = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
        return try #require(object?["events"] as? Int)
    }
}
