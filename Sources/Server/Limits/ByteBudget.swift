import Synchronization

/// A bound on the bytes of requests that are in memory at the same time.
final class ByteBudget: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    init(bytes: Int) { limit = bytes }

    var bytesUsed: Int { used.withLock { $0 } }

    /// - Returns: false when there is no room for so many; then nothing was taken.
    func take(_ bytes: Int) -> Bool {
        used.withLock { used in
            guard used + bytes <= limit else { return false }
            used += bytes
            return true
        }
    }

    func give(back bytes: Int) {
        used.withLock { used in
            used -= bytes
            precondition(used >= 0, "more bytes were given back than taken")
        }
    }
}

/// A bound on streams that stay open.
final class StreamSlots: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    init(_ limit: Int) { self.limit = limit }

    /// Nil when all are taken.
    func take() -> Slot? {
        let isFree = used.withLock { used in
            if used >= limit { return false }
            used += 1
            return true
        }
        return isFree ? Slot(self) : nil
    }

    private func giveBack() { used.withLock { $0 -= 1 } }

    /// A place that is taken until nobody holds this any more: a stream that never begins gives it back, too.
    final class Slot: Sendable {
        private let slots: StreamSlots

        fileprivate init(_ slots: StreamSlots) { self.slots = slots }

        deinit { slots.giveBack() }
    }
}
