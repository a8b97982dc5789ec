import Foundation
import Testing

extension ServerProcess {
    /// What makes commands ask this server, with a key that may do everything.
    func environment(_ scratch: Scratch) throws -> [String: String] {
        let key = try Program.run(
            ["key", "create", "--data", "data", "--kind", "api", "--scope", "all"], in: scratch.folder)
        return ["DANGOL_SERVER": address, "DANGOL_KEY": key.output.trimmingCharacters(in: .whitespacesAndNewlines)]
    }
}

/// Runs commands by a server: each says the same, and ends the same, as it did on the folder.
func expectTheSame(
    _ commands: [[String]], as local: [Program.Answer], in scratch: Scratch, environment: [String: String],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(commands.count == local.count, sourceLocation: sourceLocation)
    for (command, expected) in zip(commands, local) {
        let answer = try Program.run(command, in: scratch.folder, environment: environment)
        #expect(answer.status == expected.status, "\(command): \(answer.errors)", sourceLocation: sourceLocation)
        #expect(answer.output == expected.output, "\(command)", sourceLocation: sourceLocation)
        #expect(answer.errors == expected.errors, "\(command)", sourceLocation: sourceLocation)
    }
}
