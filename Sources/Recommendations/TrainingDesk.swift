import Dispatch
import Synchronization

/// Trains beside a running server: one training at a time, with its progress.
package final class TrainingDesk: Sendable {
    package enum State: String, Sendable, Codable { case running, done, failed, stopped }

    package struct Job: Sendable {
        /// Rises with every training since the start.
        package var number: Int
        package var model: String
        package var state: State
        /// `reading`, `ease`, `als`, `blend` ...
        package var stage: String
        /// Of the stage, from 0 to 1.
        package var share: Double
        /// Milliseconds since 1970-01-01T00:00:00Z.
        package var startedTime: Int64
        package var endedTime: Int64?
        package var version: ModelVersion?
        package var failure: RecommendationError?
    }

    private struct Desk: Sendable {
        var job: Job?
        var isStopping = false
    }

    private let desk = Mutex(Desk())
    private let queue = DispatchQueue(label: "dangol.recommendations.training", qos: .utility)
    private let now: @Sendable () -> Int64

    package init(now: @escaping @Sendable () -> Int64) { self.now = now }

    /// The one that runs, or the last.
    package var job: Job? { desk.withLock { $0.job } }

    /// Begins a training in the background.
    ///
    /// - Parameters:
    ///   - train: called on a thread of its own.
    ///   - ended: called after it, whether or not there is a new version.
    /// - Throws: `RecommendationError` with `limitExceeded` while another one runs.
    package func begin(
        _ model: String, train: @escaping @Sendable (@escaping RecommendationService.Progress) throws -> ModelVersion,
        ended: @escaping @Sendable () -> Void
    ) throws -> Job {
        let time = now()
        let job = try desk.withLock { desk throws -> Job in
            if let running = desk.job, running.state == .running {
                throw RecommendationError(
                    .limitExceeded,
                    "the model '\(running.model)' is being trained already; one training runs at a time")
            }
            let job = Job(
                number: (desk.job?.number ?? 0) + 1, model: model, state: .running, stage: "reading", share: 0,
                startedTime: time)
            desk = Desk(job: job)
            return job
        }
        queue.async { [self] in
            let result = Result { try train { [self] stage, share in note(stage, share) } }
            // Before the job is over, so that who waits for it finds the new version answering.
            ended()
            finish(result)
        }
        return job
    }

    /// Asks the training to end; nothing is changed then.
    package func stop() { desk.withLock { $0.isStopping = true } }

    private func note(_ stage: String, _ share: Double) -> Bool {
        desk.withLock { desk in
            desk.job?.stage = stage
            desk.job?.share = min(1, max(0, share))
            return !desk.isStopping
        }
    }

    private func finish(_ result: Result<ModelVersion, any Error>) {
        let time = now()
        desk.withLock { desk in
            desk.job?.endedTime = time
            switch result {
            case .success(let version):
                desk.job?.state = .done
                desk.job?.version = version
                desk.job?.share = 1
            case .failure(let error):
                let failure =
                    error as? RecommendationError ?? RecommendationError(.io, "the training failed: \(error)")
                desk.job?.state = failure.code == .interrupted ? .stopped : .failed
                desk.job?.failure = failure
            }
        }
    }
}
