import Dispatch

/// Work in numbered parts on some threads.
package enum Workers {
    /// Calls `body` for every part, at most `threads` at a time, and returns when all are done. What a part computes
    /// must not depend on which thread runs it, so that results are the same on any number of threads.
    package static func run(_ parts: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
        if threads <= 1 || parts <= 1 {
            for part in 0..<parts { body(part) }
            return
        }
        let workers = min(threads, parts)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            // Interleaved: neighbouring parts often cost alike.
            for part in stride(from: worker, to: parts, by: workers) { body(part) }
        }
    }
}
