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

    func take() -> Bool {
        used.withLock { used in
            if used >= limit { return false }
            used += 1
            return true
        }
    }

    func giveBack() { used.withLock { $0 -= 1 } }
}
