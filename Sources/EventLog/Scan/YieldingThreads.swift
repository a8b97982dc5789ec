import Dispatch
import Foundation
import Glibc
import Synchronization

/// Threads that give way to others where processors are scarce: work that may take a while runs on them beside work
/// that somebody waits for every millisecond of, such as the acknowledgement of events.
package final class YieldingThreads: Sendable {
    private let jobs = Jobs()
    private let count: Int

    /// - Parameters:
    ///   - label: the threads' name.
    ///   - niceness: from 1 to 19: with 5 a thread gets a third, and with 10 a tenth of the time that a usual one gets
    ///     beside it.
    package init(_ label: String, count: Int, niceness: Int32) {
        self.count = count
        for _ in 0..<count {
            let jobs = jobs
            let thread = Thread {
                // Of this thread alone, as Linux has it. Where it cannot be, it works all the same.
                _ = setpriority(numericCast(PRIO_PROCESS.rawValue), 0, niceness)
                while let job = jobs.next() { job() }
            }
            thread.name = label
            thread.start()
        }
    }

    deinit { jobs.end(threads: count) }

    /// For scans of logs that are written to. More than processors, so that a long scan holds up no short one.
    static let scans = YieldingThreads(
        "dangol.scan", count: 4 * ProcessInfo.processInfo.activeProcessorCount, niceness: 5)

    /// Runs a job as soon as a thread is free, after those that came before it.
    package func add(_ job: @escaping @Sendable () -> Void) { jobs.add(job) }

    /// Runs `body` with each of 0..<times and returns when all of them have ended.
    func run(_ times: Int, _ body: @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        withoutActuallyEscaping(body) { body in
            let borrowed = Borrowed(body)
            for index in 0..<times {
                group.enter()
                add {
                    borrowed.call(index)
                    group.leave()
                }
            }
            group.wait()
            borrowed.giveBack()
        }
    }
}

/// A closure that is gone when its owner says so, though whoever ran it may still hold on to this for a moment.
private final class Borrowed: @unchecked Sendable {
    // Changed once, after the last call has returned.
    private var body: (@Sendable (Int) -> Void)?

    init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }

    @inline(never)
    func call(_ index: Int) { body?(index) }

    func giveBack() { body = nil }
}

/// What waits for threads, in order.
private final class Jobs: Sendable {
    private struct Waiting {
        var jobs: [@Sendable () -> Void] = []
        var isOver = false
    }

    private let waiting = Mutex(Waiting())
    private let news = DispatchSemaphore(value: 0)

    func add(_ job: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.jobs.append(job) }
        news.signal()
    }

    /// After the jobs that wait.
    func end(threads: Int) {
        waiting.withLock { $0.isOver = true }
        for _ in 0..<threads { news.signal() }
    }

    /// The next job, as soon as there is one; nil at the end.
    func next() -> (@Sendable () -> Void)? {
        while true {
            news.wait()
            // Few wait at a time, so moving the rest up costs nothing.
            let (job, isOver) = waiting.withLock { waiting in
                (waiting.jobs.isEmpty ? nil : waiting.jobs.removeFirst(), waiting.isOver)
            }
            if job != nil || isOver { return job }
        }
    }
}
