import ArgumentParser
import Glibc

@main
enum Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let json = arguments.contains("--json")
        var status = await run(arguments, json: json)
        do {
            try ByteOutput.standardOutput.flush()
        } catch {
            status = report(error, json: json)
        }
        exit(status.rawValue)
    }

    /// Runs one command and says on standard error what went wrong, if something did.
    private static func run(_ arguments: [String], json: Bool) async -> ExitStatus {
        if Overview.isAsked(arguments) {
            printOut(Overview.text(on: .output))
            return .success
        }
        do {
            if let failure = Overview.unknownCommand(arguments) { throw failure }
            var command = try Dangol.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return .success
        } catch let status as ExitStatus {
            return status
        } catch {
            return report(error, json: json)
        }
    }

    private static func report(_ error: any Error, json: Bool) -> ExitStatus {
        switch Dangol.exitCode(for: error) {
        case .success:
            // Help or the version was asked for.
            printOut(Dangol.fullMessage(for: error))
            return .success
        case .validationFailure:
            let failure = Failure.usage(Dangol.message(for: error))
            printError(failure.text(json: json))
            if !json { printError(hint(Dangol.fullMessage(for: error))) }
            return .usage
        default:
            let failure = Failure(error)
            printError(failure.text(json: json))
            return failure.status
        }
    }

    /// The last line of the parser's message, which names the help of the right command.
    private static func hint(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingPrefix(while: \.isWhitespace) }
        return lines.last { $0.hasPrefix("See '") }.map(String.init) ?? "See 'dangol help' for more."
    }
}

// Thrown by a command that has said everything and ends with a status of its own.
extension ExitStatus: Error {}
