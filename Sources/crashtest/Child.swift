import Foundation
import Glibc

/// A process of this program that is killed after a while.
///
/// Over POSIX itself, because everything here depends on which process is killed when, and on learning how it ended.
struct Child {
    let output: String
    /// As `waitpid` gives it.
    let status: Int32

    var wasKilled: Bool { status & 0x7f == SIGKILL }

    /// Runs this program with some arguments, collects what it prints, and kills it when `milliseconds` have passed.
    init(arguments: [String], milliseconds: Int) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(call: "pipe", number: errno) }
        defer { close(ends[0]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let identifier: pid_t
        do {
            // The child alone has the writing end, so that the output ends when it does.
            defer { close(ends[1]) }
            identifier = try Child.spawn(arguments, output: ends[1])
        }
        output = Child.read(ends[0], killing: identifier, after: milliseconds)
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0 {
            if errno != EINTR { throw Failure(call: "waitpid", number: errno) }
        }
        self.status = status
    }

    struct Failure: Error, CustomStringConvertible {
        let call: String
        let number: Int32
        var description: String { "\(call) failed: \(String(cString: strerror(number)))" }
    }

    private static func spawn(_ arguments: [String], output: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        // A crash of its own must end it at once: a program that prints a backtrace would hold the pipe open for ever.
        let environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        let variables = environment.map { "\($0.key)=\($0.value)" }
        var identifier = pid_t()
        let failure = withCStrings(["crashtest"] + arguments) { arguments in
            withCStrings(variables) { variables in
                posix_spawn(&identifier, "/proc/self/exe", &actions, nil, arguments, variables)
            }
        }
        if failure != 0 { throw Failure(call: "posix_spawn", number: failure) }
        return identifier
    }

    private static func read(_ pipe: Int32, killing identifier: pid_t, after milliseconds: Int) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let deadline = ContinuousClock.now + .milliseconds(milliseconds)
        var isKilled = false
        while true {
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            if left <= 0, !isKilled {
                kill(identifier, SIGKILL)
                isKilled = true
            }
            var waiting = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, isKilled ? -1 : Int32(max(1, left))) > 0 else { continue }
            let count = Glibc.read(pipe, &buffer, buffer.count)
            if count > 0 {
                bytes += buffer[..<count]
            } else if count == 0 {
                break
            }
        }
        // It may have closed its output and live on.
        if !isKilled { kill(identifier, SIGKILL) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// C strings that end with a null pointer, as `exec` wants them.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        return pointers.withUnsafeMutableBufferPointer { pointers in
            // It has at least the null pointer, so there is a base address.
            guard let start = pointers.baseAddress else {
                preconditionFailure("an array of one element has no address")
            }
            return body(start)
        }
    }
}
