import Analysis
package import Audiences
package import Catalog
package import Collection
package import EventLog
import Foundation
package import Insights
package import Lifecycle
package import People
package import Recommendations
package import Settings
package import State
import Synchronization

/// A workspace that is open for writing: its log, its state, and the services that work on them.
///
/// One process holds a workspace open at a time (the log's lock sees to that). What the services know follows the log:
/// `catchUp` brings it up to date once, `follow` until the task is cancelled.
///
/// ```swift
/// let shop = try LiveWorkspace.open(Workspace(data: "data", name: "shop"))
/// try await shop.log.append(events)
/// try shop.catchUp()
/// let profile = try shop.people.profile(of: "u1")
/// try shop.close()
/// ```
package final class LiveWorkspace: Sendable {
    package let workspace: Workspace
    package let log: EventLog
    package let state: StateDatabase
    package let people: PeopleService
    package let settings: SettingsService
    package let audiences: AudienceService
    package let collection: CollectionService
    package let catalog: CatalogService
    package let insights: InsightService
    package let intent: IntentService
    package let placements: PlacementService
    package let decisions: DecisionService
    package let training: TrainingDesk
    package let policies: PolicyService
    package let names: NameDirectory
    package let guidance: Guidance
    /// Milliseconds since 1970-01-01T00:00:00Z. Tests inject theirs.
    package let now: @Sendable () -> Int64
    let tail: TailReader
    /// Held by whoever applies events, so that one does at a time.
    let projecting: Mutex<Projecting>
    let rebuilding = Mutex(RebuildView())
    /// Asks a rebuild to stop.
    let isClosing = Atomic<Bool>(false)
    private let following = Mutex<Task<Void, Never>?>(nil)

    struct Projecting: Sendable {
        /// Events before this number are in People's tables.
        var peoplePosition: UInt64
        /// The audiences have seen events before this number. It is stored with the next step, so that a step costs one
        /// transaction; after a crash the last one is looked at again.
        var audiencePosition: UInt64
        /// Whether so much waits that everybody is evaluated once at its end.
        var isBehind = false
        /// Whether the log may have to follow merges and splits: also those that a crash has left.
        var hasLogChanges = true
        var isClosed = false
    }

    private init(
        workspace: Workspace, log: EventLog, state: StateDatabase, now: @escaping @Sendable () -> Int64
    ) throws {
        self.workspace = workspace
        self.log = log
        self.state = state
        self.now = now
        settings = try SettingsService(
            state: state,
            standard: .standard(
                environment: ProcessInfo.processInfo.environment, timeZone: TimeZone.current.identifier))
        let personLog = PersonLog(log: log)
        let eraser = LateEraser()
        let decisionEraser = DecisionEraser()
        let profiling = LateProfilingGate()
        let settings = settings
        intent = try IntentService(
            folder: workspace.modelsFolder + "/" + Workspace.intentName, log: log, state: state,
            idleMinutes: { settings.current.sessionMinutes },
            secondsFromUTC: { SecondsFromUTC.of(settings.current.timeZone, at: $0) },
            shapes: { try EventShape.read(log) }, now: now, mayProfile: { profiling.mayProfile($0) },
            decisionID: { try DecisionID.make(for: $0, at: $1, log) })
        people = try PeopleService(
            state: state, log: personLog, erasers: [eraser, IntentEraser(intent: intent), decisionEraser], now: now)
        profiling.set(ProfilingGate(people: people))
        audiences = try AudienceService(
            state: state, history: log, facts: AudienceFacts(people: people),
            zone: ZoneName(settings.current.timeZone) ?? .utc, now: now)
        insights = InsightService(state: state, now: now)
        names = NameDirectory(log: log, now: now)
        collection = try CollectionService(log: log, state: state, gate: PeopleGate(gate: people.gate), now: now)
        catalog = CatalogService(state: state, now: now)
        placements = try PlacementService(state: state, now: now)
        decisions = RecommendationParts.decisions(workspace, log, catalog, people, placements, now)
        training = TrainingDesk(now: now)
        policies = try PolicyService(
            log: log, state: state, placements: placements, people: PolicyPeople(people: people, audiences: audiences),
            items: LiveCatalogItems(catalog: catalog),
            timeZone: { [settings] in ZoneName(settings.current.timeZone)?.zone ?? .gmt }, now: now)
        decisions.use(policies)
        decisionEraser.set(decisions, policies)
        guidance = Guidance(
            workspace: workspace, log: log, items: LiveItems(catalog: catalog), audiences: audiences, now: now)
        decisions.use(guidance.playback)
        decisions.use(Moments(intent: intent, people: people))
        eraser.set(AudienceEraser(audiences: audiences))
        if settings.isChosen, let zone = ZoneName(settings.current.timeZone) { people.setTimeZone(zone.zone) }
        let positions = try state.read { [people] db in
            (
                people: try people.projection.next(in: db),
                audiences: try ProjectionPositions.next(of: LiveWorkspace.audiencePosition, in: db)
            )
        }
        tail = log.follow(from: min(positions.people, positions.audiences), PeopleProjection.selection)
        projecting = Mutex(
            Projecting(peoplePosition: positions.people, audiencePosition: min(positions.people, positions.audiences)))
        try people.resumeDeletions()
    }

    /// Opens the workspace and makes it when there is none.
    ///
    /// - Throws: `EventLogError` with `locked` when another process has it open; `StateError`; `EngineError`.
    package static func open(
        _ workspace: Workspace, now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) throws -> LiveWorkspace {
        let log = try workspace.openForWriting()
        do {
            let state = try workspace.openState()
            return try LiveWorkspace(workspace: workspace, log: log, state: state, now: now)
        } catch {
            try? log.close()
            throw error
        }
    }

    /// Opens a workspace that must be there already.
    package static func openExisting(_ workspace: Workspace) throws -> LiveWorkspace {
        try workspace.requireExisting()
        return try open(workspace)
    }

    /// Keeps what the services know up to date with the log, until the workspace is closed.
    package func startFollowing(onError: @escaping @Sendable (any Error) -> Void) {
        following.withLock { task in
            if task == nil {
                // Ready when the first page asks.
                Task { [decisions] in await decisions.warmUp(milliseconds: 1) }
            }
            if task == nil { task = Task { [self] in await follow(onError: onError) } }
        }
    }

    /// Makes everything durable and lets go of the files.
    package func close() throws {
        following.withLock { $0?.cancel() }
        tail.close()
        isClosing.store(true, ordering: .releasing)
        // Waits for who applies events at this moment; what is not applied is so after the next opening.
        try projecting.withLock { projecting in
            if projecting.isClosed { return }
            projecting.isClosed = true
            try storeAudiencePosition(projecting)
        }
        training.stop()
        try collection.flush()
        try? decisions.journal.flush()
        policies.close()
        try log.close()
        try state.close()
    }
}

extension Workspace {
    /// The state database with the tables of every module.
    func openState() throws -> StateDatabase {
        try StateDatabase.open(
            statePath,
            migrations: [
                PeopleMigrations.all, SettingsMigrations.all, AudienceMigrations.all, CollectionMigrations.all,
                InsightMigrations.all, CatalogMigrations.all, LifecycleMigrations.all, RecommendationMigrations.all,
            ])
    }
}

/// Passes on to an eraser that is made later: People and Audiences are each made with the other's help.
private final class LateEraser: PersonEraser {
    private let eraser = Mutex<(any PersonEraser)?>(nil)

    func set(_ eraser: any PersonEraser) { self.eraser.withLock { $0 = eraser } }

    func erase(ids: [String]) throws -> [String: Int] {
        try eraser.withLock { $0 }?.erase(ids: ids) ?? [:]
    }
}
