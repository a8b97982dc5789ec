import Foundation
package import Glibc
import Synchronization

/// A process that a test starts. Foundation's own lists every open file before it starts one, and with the more than a
/// thousand files that tests side by side have open it reads past the end of that list.
package final class ChildProcess: Sendable {
    package let identifier: pid_t
    /// Tests side by side have had 2,200 files open.
    private static let descriptorMax: Int32 = 8_192
    private let status = Mutex<Int32?>(nil)

    package struct Failure: Error, CustomStringConvertible {
        let program: String
        let code: Int32
        package var description: String { "\(program) cannot be started: \(String(cString: strerror(code)))" }
    }

    /// Starts a program; of this process's files it gets the three named ones and no other.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked up in `PATH`.
    ///   - environment: all of the new process's variables; this process's own when nil.
    ///   - input, output, errors: descriptors that become its 0, 1 and 2. The caller closes their own.
    package init(
        _ program: String, _ arguments: [String], in folder: String? = nil, environment: [String: String]? = nil,
        input: Int32 = 0, output: Int32 = 1, errors: Int32 = 2
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // By way of numbers that none of the three has, so that none is overwritten before it is copied.
        let given = [input, output, errors]
        let spare = max((given.max() ?? 2) + 1, 3)
        for (target, descriptor) in given.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, spare + Int32(target))
        }
        for target in 0..<Int32(3) { posix_spawn_file_actions_adddup2(&actions, spare + target, target) }
        // Closing what is not open is no error; what is beyond the limit cannot be open.
        for other in 3..<min(Int32(clamping: sysconf(Int32(_SC_OPEN_MAX))), Self.descriptorMax) {
            posix_spawn_file_actions_addclose(&actions, other)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        let variables = (environment ?? ProcessInfo.processInfo.environment).map { "\($0.key)=\($0.value)" }
        let words = folder.map { ["env", "-C", $0, program] + arguments } ?? [program] + arguments
        var arguments = words.map { strdup($0) } + [nil]
        var strings = variables.map { strdup($0) } + [nil]
        defer { for string in arguments + strings { Glibc.free(string) } }
        var started: pid_t = 0
        let code = posix_spawnp(&started, words[0], &actions, &attributes, &arguments, &strings)
        guard code == 0 else { throw Failure(program: program, code: code) }
        identifier = started
    }

    deinit { if isRunning { kill() } }

    package var isRunning: Bool { reap(WNOHANG) == nil }

    /// Waits for its end and gives the exit status, or 1000 and the signal that ended it.
    @discardableResult package func wait() -> Int32 { reap(0) ?? -1 }

    package func send(_ signal: Int32) { _ = Glibc.kill(identifier, signal) }

    package func kill() {
        send(SIGKILL)
        wait()
    }

    private func reap(_ options: Int32) -> Int32? {
        status.withLock { known in
            if let known { return known }
            var word: Int32 = 0
            var result: pid_t
            repeat { result = waitpid(identifier, &word, options) } while result < 0 && errno == EINTR
            guard result == identifier else { return nil }
            let signal = word & 0x7f
            known = signal == 0 ? (word >> 8) & 0xff : 1000 + signal
            return known
        }
    }
}
