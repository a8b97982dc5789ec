import Dispatch
import Synchronization

/// Work on a thread of its own, at most one piece at a time.
final class BackgroundWork: Sendable {
    private let queue: DispatchQueue
    private let isBusy = Atomic<Bool>(false)

    init(_ label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Starts the work unless some is under way, which will look for itself what else is due.
    func start(_ work: @escaping @Sendable () -> Void) {
        guard !isBusy.load(ordering: .relaxed), !isBusy.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.async { [self] in
            work()
            isBusy.store(false, ordering: .releasing)
        }
    }

    /// Returns when nothing is under way.
    func wait() { queue.sync {} }
}
