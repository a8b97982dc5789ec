/// What the process tells the shell. Part of the interface: scripts rely on it.
enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Everything was done.
    case success = 0
    /// It could not be done.
    case failure = 1
    /// It was done, and something was found: rejected lines, damaged files.
    case findings = 2
    /// The command, an option or a query is not valid (EX_USAGE of sysexits.h).
    case usage = 64
    /// Another process is writing; the same command may succeed later (EX_TEMPFAIL).
    case busy = 75
    /// Ended by Ctrl-C, with everything consistent (128 + SIGINT).
    case interrupted = 130

    var meaning: String {
        switch self {
        case .success: "done"
        case .failure: "failed; the message says why and what to do"
        case .findings: "done, but lines were rejected or problems were found"
        case .usage: "the command, an option or a query is not valid"
        case .busy: "another process is writing to the workspace; try again later"
        case .interrupted: "ended by Ctrl-C; what was finished is kept"
        }
    }
}
