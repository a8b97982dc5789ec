import Glibc
import Synchronization

/// A file or standard stream that bytes are written to, in large pieces.
final class ByteOutput: Sendable {
    static let standardOutput = ByteOutput(descriptor: STDOUT_FILENO, name: "standard output")
    static let standardError = ByteOutput(descriptor: STDERR_FILENO, name: "standard error")

    private static let pieceBytes = 1 << 16

    private let descriptor: Int32
    private let name: String
    private let state = Mutex(State())

    private struct State {
        var pending: [UInt8] = []
        /// The first thing that went wrong: from then on every call throws it.
        var failure: Failure?
    }

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// A new file in place of an old one.
    convenience init(creating path: String) throws {
        let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard opened >= 0 else {
            throw Failure(
                .failure, code: "io", "the file \(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        self.init(descriptor: opened, name: path)
    }

    func write(_ bytes: some Sequence<UInt8>) throws {
        try state.withLock { state in
            state.pending.append(contentsOf: bytes)
            if state.pending.count >= ByteOutput.pieceBytes { try drain(&state) }
        }
    }

    /// Hands everything over to the system. Without this call the output may be incomplete.
    func flush() throws {
        try state.withLock { try drain(&$0) }
    }

    private func drain(_ state: inout State) throws {
        var done = 0
        while state.failure == nil, done < state.pending.count {
            let count = state.pending.withUnsafeBytes { bytes in
                Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                state.failure = Failure(
                    .failure, code: "io", "writing to \(name) failed: \(String(cString: strerror(errno)))")
            }
        }
        state.pending.removeAll(keepingCapacity: true)
        if let failure = state.failure { throw failure }
    }
}

/// Prints to standard output. What goes wrong there is told when the process ends: see `Main`.
func printOut(_ text: String, terminator: String = "\n") {
    try? ByteOutput.standardOutput.write((text + terminator).utf8)
}

/// Prints to standard error at once, after what has been printed to standard output.
func printError(_ text: String, terminator: String = "\n") {
    try? ByteOutput.standardOutput.flush()
    // There is nowhere left to say that standard error does not work.
    try? ByteOutput.standardError.write((text + terminator).utf8)
    try? ByteOutput.standardError.flush()
}
