import Dispatch
import Foundation
import Synchronization

/// Independent pieces of work on several threads.
package enum Parallel {
    /// What `body` returns for each of 0..<count, in order. The calling thread works too.
    ///
    /// - Parameter threads: at most this many; nil is the number of processors.
    package static func map<Result: Sendable>(
        _ count: Int, threads: Int?, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        let threads = min(threads ?? ProcessInfo.processInfo.activeProcessorCount, count)
        if threads <= 1 { return (0..<count).map(body) }
        let next = Atomic<Int>(0)
        let results = Mutex([Result?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                let result = body(index)
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
