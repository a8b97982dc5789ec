import EventLog

/// Runs the asynchronous work of one task on a thread of its own, so that what blocks there (a commit of the state
/// database) holds up nobody who answers requests. The thread gives way to theirs: a server that has its hands full
/// takes events in first, and catches up with what follows from them afterwards.
final class BackgroundExecutor: TaskExecutor {
    private let thread: YieldingThreads

    init(label: String) { thread = YieldingThreads(label, count: 1, niceness: 10) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        thread.add { job.runSynchronously(on: executor) }
    }
}
