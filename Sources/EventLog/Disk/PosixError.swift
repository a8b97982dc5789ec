import Glibc

/// Turns `errno` into errors that say what to do.
enum PosixError {
    /// The error of the call that has just failed.
    static func last(_ call: String, _ path: String) -> EventLogError {
        make(call, path, errno)
    }

    static func make(_ call: String, _ path: String, _ number: Int32) -> EventLogError {
        let reason = String(cString: strerror(number))
        return EventLogError(
            number == ENOENT ? .notFound : .io, "\(call) failed: \(reason) (errno \(number)); \(advice(number))",
            file: path)
    }

    private static func advice(_ number: Int32) -> String {
        switch number {
        case ENOSPC, EDQUOT: "free some space on this disk and try again; nothing that was acknowledged is lost"
        case EACCES, EPERM: "give this user the right to use it, or run as its owner"
        case EROFS: "the disk is mounted read-only: remount it, or use another folder"
        case ENOENT: "check the path; if it was there before, restore it from a backup"
        case EIO:
            "the disk reports a fault: check its health; what was acknowledged was on it, so keep a copy of the folder"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case EFBIG: "the file is larger than this disk or user may have: raise the limit (ulimit -f)"
        case ENOMEM: "free some memory and try again"
        default: "check the disk and the path"
        }
    }
}

/// Runs a call until a signal does not interrupt it. The call returns -1 and sets `errno` when it fails.
@discardableResult
func retrying(_ call: String, _ path: String, _ body: () -> Int) throws -> Int {
    while true {
        let result = body()
        if result >= 0 { return result }
        if errno != EINTR { throw PosixError.last(call, path) }
    }
}
