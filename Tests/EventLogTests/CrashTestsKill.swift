import ChildProcess
import Foundation
import Testing

/// A real process, killed at random moments. Longer: `swift run -c release crashtest --kills 500`.
@Suite struct CrashTestsKill {
    @Test func aKilledWriterLosesNothingThatItAcknowledged() throws {
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let besides = [
            own.deletingLastPathComponent(), URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent(),
        ]
        let found = besides.map { $0.appendingPathComponent("crashtest") }.first {
            FileManager.default.isExecutableFile(atPath: $0.path)
        }
        let program = try #require(found, "crashtest is built beside the tests")
        let folder = try TemporaryFolder()
        let arguments = [
            "--kills", "15", "--folder", folder.path + "/logs", "--seed", "\(UInt64.random(in: 1...9_999))",
        ]
        let pipe = Pipe()
        let writing = pipe.fileHandleForWriting
        let process = try ChildProcess(
            program.path, arguments, output: writing.fileDescriptor, errors: writing.fileDescriptor)
        try writing.close()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(process.wait() == 0, "\(arguments.joined(separator: " ")): \(output)")
        #expect(output.contains("15 kills"))
    }
}
