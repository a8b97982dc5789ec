package import EventLog
package import State
import Synchronization

/// Collects events for one workspace: the one entry point.
///
/// A request runs through the stages in this order, each a folder of this module: decode, validate, correct time,
/// de-duplicate (the log does it, by message id), resolve person, enrich, append, acknowledge.
///
/// ```swift
/// let document = try CollectionDocument.parse(body, endpoint: .segmentBatch, contentEncoding: nil)
/// let outcome = await service.collect(document, facts: facts)
/// ```
package final class CollectionService: Sendable {
    private let log: EventLog
    let store: CollectionStore
    private let gate: any CollectionGate
    let now: @Sendable () -> Int64
    private let current: Mutex<CollectionSettings>
    private let tally = Mutex(Tally())

    /// What has been counted and not written yet.
    private struct Tally {
        var counts = CollectionCounts()
        var violations: [PlanViolation: Int] = [:]
        var letters = MinuteLimit(DeadLetter.perMinuteMax)
    }

    /// - Parameter state: with the tables of `CollectionMigrations`.
    package init(
        log: EventLog, state: StateDatabase, gate: any CollectionGate = OpenGate(),
        now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) throws {
        self.log = log
        self.gate = gate
        self.now = now
        store = CollectionStore(state: state)
        current = Mutex(try store.settings())
    }

    // MARK: Collecting

    /// Stores the events of a request durably and says what to answer. Never fails: what goes wrong is an outcome too.
    package func collect(_ document: CollectionDocument, facts: RequestFacts) async -> CollectionOutcome {
        let settings = current.withLock { $0 }
        do {
            var assembly = try RequestReader.read(
                document, key: log.key, facts: facts, settings: settings, gate: gate)
            if Acknowledgement.refusesAll(assembly.rejected, document.endpoint) {
                assembly.note(stored: 0, duplicates: 0)
            } else {
                let (stored, duplicates) = try await append(assembly.batch)
                assembly.note(stored: stored, duplicates: duplicates)
            }
            note(assembly, document.endpoint, facts)
            return Acknowledgement.outcome(
                document.endpoint, rejected: assembly.rejected, received: assembly.received,
                byteCount: document.byteCount, now: now(), counts: assembly.counts)
        } catch {
            let refusal = CollectionService.refusal(error)
            if refusal.code != .unavailable {
                record(Array(document.root.bytes), endpoint: document.endpoint, error: refusal, facts: facts)
            }
            return CollectionOutcome(refusal, endpoint: document.endpoint)
        }
    }

    private func append(_ batch: EventBatch) async throws -> (stored: Int, duplicates: Int) {
        if batch.isEmpty { return (0, 0) }
        let receipt = try await log.append(batch)
        return (receipt.stored, receipt.duplicates)
    }

    private static func refusal(_ error: any Error) -> CollectionError {
        switch error {
        case let error as CollectionError: error
        case let error as EventLogError where error.code == .limitExceeded || error.code == .invalidEvent:
            CollectionError(.invalid, error.message)
        default:
            CollectionError(
                .unavailable, "the events could not be stored; send them again later", retryAfterSeconds: 5)
        }
    }

    /// Keeps a body that could not be read as a dead letter of the workspace whose key came with it.
    package func record(
        _ body: [UInt8], endpoint: CollectionEndpoint, error: CollectionError, facts: RequestFacts
    ) {
        keep([
            DeadLetter(
                id: 0, endpoint: endpoint.name, reason: error.message, field: "",
                text: Array(body.prefix(DeadLetter.textBytesMax)), isBody: true,
                isComplete: body.count <= DeadLetter.textBytesMax, receivedTime: facts.receivedTime, correction: 0)
        ])
        tally.withLock { $0.counts.rejected += 1 }
    }

    private func note(_ assembly: BatchAssembly, _ endpoint: CollectionEndpoint, _ facts: RequestFacts) {
        let mustFlush = tally.withLock { tally in
            tally.counts += assembly.counts
            for (violation, count) in assembly.violations {
                // Names come from outside: without a bound they would fill the memory.
                guard tally.violations.count < 1_000 || tally.violations[violation] != nil else { continue }
                tally.violations[violation, default: 0] += count
            }
            return tally.violations.count >= 1_000
        }
        if mustFlush { try? flush() }
        if assembly.rejected.isEmpty { return }
        keep(
            assembly.rejected.map { rejected in
                DeadLetter(
                    id: 0, endpoint: endpoint.name, reason: rejected.problem.reason, field: rejected.problem.field,
                    text: Array(rejected.text.prefix(DeadLetter.textBytesMax)), isBody: false,
                    isComplete: rejected.text.count <= DeadLetter.textBytesMax, receivedTime: facts.receivedTime,
                    correction: assembly.clock.correction)
            })
    }

    /// Keeps as many letters as the minute has room for. A full disk costs letters, not events.
    private func keep(_ letters: [DeadLetter]) {
        let count = tally.withLock { $0.letters.take(letters.count, now: now()) }
        if count > 0 { try? store.add(Array(letters.prefix(count))) }
    }

    // MARK: Settings and counts

    package var settings: CollectionSettings { current.withLock { $0 } }

    /// - Throws: `invalid` for a plan that is too large to compare events with.
    package func set(_ settings: CollectionSettings) throws {
        if let plan = settings.plan {
            guard plan.events.count <= Limits.distinctEventNames,
                plan.events.values.allSatisfy({ $0.properties.count <= Limits.propertiesPerEvent })
            else {
                throw CollectionError(
                    .invalid,
                    "a tracking plan has at most \(Limits.distinctEventNames) events of at most "
                        + "\(Limits.propertiesPerEvent) properties")
            }
            let names = plan.events.keys + plan.events.values.flatMap(\.properties.keys)
            if let name = names.first(where: { $0.isEmpty || $0.utf8.count > Limits.nameBytes }) {
                throw CollectionError(
                    .invalid, "'\(name.prefix(40))' is no name: it has 1 to \(Limits.nameBytes) bytes")
            }
        }
        try store.save(settings)
        current.withLock { $0 = settings }
    }

    /// Since the service was made.
    package var counts: CollectionCounts { tally.withLock { $0.counts } }

    /// How often the tracking plan was broken, the most frequent violation first.
    package func violations(limit: Int = 1_000) throws -> [ViolationCount] {
        try flush()
        return try store.violations(limit: limit)
    }

    package func forgetViolations() throws {
        tally.withLock { $0.violations = [:] }
        try store.removeViolations()
    }

    /// Writes what is only counted in memory. To be called now and then, and at the end.
    package func flush() throws {
        let violations = tally.withLock { tally in
            defer { tally.violations = [:] }
            return tally.violations
        }
        if !violations.isEmpty { try store.add(violations, now: now()) }
    }

    // MARK: Dead letters

    /// The newest first.
    package func deadLetters(before: Int64? = nil, limit: Int = 100) throws -> [DeadLetter] {
        try store.deadLetters(before: before, limit: limit)
    }

    package func deadLetterCount() throws -> Int { try store.deadLetterCount() }

    package func deadLetterReasons(limit: Int = 100) throws -> [(reason: String, count: Int)] {
        try store.deadLetterReasons(limit: limit)
    }

    /// - Throws: `notFound`.
    package func deadLetter(_ id: Int64) throws -> DeadLetter {
        guard let letter = try store.deadLetter(id) else {
            throw CollectionError(.notFound, "there is no dead letter \(id)")
        }
        return letter
    }

    package func removeDeadLetters(_ ids: [Int64]) throws { try store.remove(ids) }

    /// Sends dead letters through the stages again, at the times at which they came. Those that are stored are removed.
    ///
    /// - Throws: `notFound` when one of them is not there, before any is sent; `unavailable`.
    package func replay(_ ids: [Int64]) async throws -> ReplayResult {
        var result = ReplayResult()
        // All are looked up before the first goes, so that one that is not there keeps nothing half done.
        for letter in try ids.map(deadLetter) {
            do {
                try await replay(letter)
                result.stored.append(letter.id)
            } catch let error as CollectionError where error.code != .unavailable {
                result.rejected[letter.id] = error.message
            } catch let problem as EventProblem {
                result.rejected[letter.id] = problem.reason
            }
        }
        try store.remove(result.stored)
        return result
    }

    private func replay(_ letter: DeadLetter) async throws {
        guard letter.isComplete, let endpoint = CollectionEndpoint(name: letter.endpoint) else {
            throw CollectionError(.invalid, "only the beginning of it was kept, so it cannot be replayed")
        }
        let facts = RequestFacts(receivedTime: letter.receivedTime)
        let text = letter.isBody ? letter.text : endpoint.body(of: letter.text)
        let document = try CollectionDocument.parse(text, endpoint: endpoint)
        let clock =
            letter.isBody ? nil : RequestClock(received: letter.receivedTime, correction: letter.correction)
        let assembly = try RequestReader.read(
            document, key: log.key, facts: facts, settings: settings, gate: gate, clock: clock)
        if let rejected = assembly.rejected.first { throw rejected.problem }
        _ = try await append(assembly.batch)
    }
}

extension CollectionEndpoint {
    /// A body with one event.
    fileprivate func body(of event: [UInt8]) -> [UInt8] {
        switch self {
        case .segment, .posthog, .posthogEngage: event
        case .amplitude, .amplitudeBatch: Array("{\"events\":[".utf8) + event + Array("]}".utf8)
        case .segmentBatch, .posthogBatch, .sharedBatch: Array("{\"batch\":[".utf8) + event + Array("]}".utf8)
        }
    }
}
