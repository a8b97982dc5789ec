import Dispatch
import Glibc
import Synchronization

/// Ctrl-C. Work that changes something watches `requested` between its steps and ends in order; a second Ctrl-C kills
/// the process at once, which leaves whole batches behind all the same. Work that changes nothing does not watch: for
/// it the first Ctrl-C ends the process.
enum Interrupt {
    private static let flag = Atomic<Bool>(false)
    private static let grace = DispatchTimeInterval.seconds(5)

    /// From now on Ctrl-C (and a request to terminate) asks instead of killing. Work that does not hear it, because it
    /// waits for input that does not come, is ended after some seconds with `late`'s last words.
    static func watch(late: @escaping @Sendable () -> Void = {}) {
        // Before the handler can run: a handler must not run an initialiser.
        flag.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in Interrupt.flag.store(true, ordering: .relaxed) }
            // Only the first signal is caught.
            action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
            sigaction(number, &action, nil)
        }
        waitForRequest(late)
    }

    static var requested: Bool { flag.load(ordering: .relaxed) }

    /// Waits for a while, or until Ctrl-C.
    static func wait(_ duration: Duration) {
        let end = ContinuousClock.now + duration
        while !requested {
            let left = (end - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return }
            // A signal on this thread ends the call; one on another thread is seen after a tenth of a second.
            _ = poll(nil, 0, Int32(min(left.rounded(.up), 100)))
        }
    }

    private static func waitForRequest(_ late: @escaping @Sendable () -> Void) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(200)) {
            guard requested else { return waitForRequest(late) }
            DispatchQueue.global().asyncAfter(deadline: .now() + grace) {
                late()
                exit(ExitStatus.interrupted.rawValue)
            }
        }
    }
}
