import Glibc
import Synchronization

/// Ctrl-C. Work that changes something watches `requested` between its steps and ends in order; a second Ctrl-C kills
/// the process at once, which leaves whole batches behind all the same. Work that changes nothing does not watch: for it
/// the first Ctrl-C ends the process.
enum Interrupt {
    private static let flag = Atomic<Bool>(false)

    /// From now on Ctrl-C asks instead of killing.
    static func watch() {
        // Made before the handler can run: a handler must not run an initialiser.
        flag.store(false, ordering: .relaxed)
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in Interrupt.flag.store(true, ordering: .relaxed) }
        // The handler is for the first signal only.
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_RESTART
        sigaction(SIGINT, &action, nil)
        sigaction(SIGTERM, &action, nil)
    }

    static var requested: Bool { flag.load(ordering: .relaxed) }
}
