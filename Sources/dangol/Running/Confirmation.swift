import Glibc

/// A question before what cannot be undone.
enum Confirmation {
    /// - Throws: `Failure` when nobody can be asked, or the answer is no.
    static func ask(_ question: String) throws {
        guard isatty(STDIN_FILENO) == 1, Terminal.error.isTerminal else {
            throw Failure.usage("deleting needs a yes: add --yes, or run this in a terminal, where it asks")
        }
        printError("\(question.printable) [y/N] ", terminator: "")
        let answer = readLine() ?? ""
        guard ["y", "yes"].contains(answer.lowercased()) else {
            throw Failure(.failure, code: "declined", "nothing was deleted")
        }
    }
}
