import Dispatch
import Synchronization
import Testing

@testable import EventLog

@Suite("Threads that give way") struct YieldingThreadsTests {
    @Test func `Each piece of work runs once, and all have ended when run returns`() {
        let threads = YieldingThreads("test", count: 3, niceness: 5)
        for _ in 0..<200 {
            let counts = Mutex([Int](repeating: 0, count: 7))
            threads.run(7) { index in counts.withLock { $0[index] += 1 } }
            #expect(counts.withLock { $0 } == [1, 1, 1, 1, 1, 1, 1])
        }
        threads.run(0) { _ in Issue.record("there is nothing to run") }
    }

    @Test func `Runs from several sides at once do not mix`() async {
        let threads = YieldingThreads("test", count: 2, niceness: 5)
        await withTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let sum = Mutex(0)
                    threads.run(50) { index in sum.withLock { $0 += index * number } }
                    return sum.withLock { $0 } - number * 1_225
                }
            }
            for await difference in group { #expect(difference == 0) }
        }
    }

    @Test func `Jobs run in their order on a single thread, those that wait at the end too`() {
        let done = Mutex<[Int]>([])
        let last = DispatchSemaphore(value: 0)
        do {
            let thread = YieldingThreads("test", count: 1, niceness: 10)
            for number in 0..<100 { thread.add { done.withLock { $0.append(number) } } }
            thread.add { last.signal() }
        }
        last.wait()
        #expect(done.withLock { $0 } == Array(0..<100))
    }
}
