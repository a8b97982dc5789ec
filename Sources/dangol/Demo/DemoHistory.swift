import Access
import Audiences
import Catalog
import Collection
import DemoWorld
import Engine
import EventLog
import Lifecycle
import Recommendations
import Reports
import Settings
import Synchronization

/// Makes the workspaces of the demonstration, and the year that is behind them.
///
/// Every event goes through the collection, as if an SDK had sent it at its time. The businesses are made side by side,
/// each in the order of time, and then everything that follows from the events is worked out.
struct DemoHistory {
    private let path: String
    private let worlds: [any SimulatedWorld]
    private let end: Int64
    private let progress = Progress("Living through a year", unit: "events")
    private let tally: Tally

    /// How far each business is, from 0 to 1, and the events of all.
    private final class Tally: Sendable {
        private let state: Mutex<(shares: [Double], events: Int)>

        init(_ count: Int) { state = Mutex((Array(repeating: 0, count: count), 0)) }

        func note(_ index: Int, share: Double, events: Int = 0) -> (share: Double, events: Int) {
            state.withLock { state in
                state.shares[index] = share
                state.events += events
                return (state.shares.reduce(0, +) / Double(state.shares.count), state.events)
            }
        }
    }

    init(_ path: String, _ worlds: [any SimulatedWorld], until end: Int64) {
        self.path = path
        self.worlds = worlds
        self.end = end
        tally = Tally(worlds.count)
    }

    func make() async throws {
        Interrupt.watch()
        let began = ContinuousClock.now
        let installation = try Installation.open(path, makesDefault: false)
        defer { progress.finish() }
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, world) in worlds.enumerated() {
                    let live = try installation.createWorkspace(world.description.name, by: Change(.commandLine))
                    group.addTask { try await make(world, index, live) }
                }
                try await group.waitForAll()
            }
        } catch {
            try? installation.close()
            throw error
        }
        try installation.close()
        progress.finish()
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        let events = tally.note(0, share: 1).events
        printError(
            "\(Plural.of(events, "event")) of a year in \(NumberFormat.duration(seconds: seconds.rounded(.up))).")
    }

    /// Of the work, the part that is done once all events are collected.
    private static let collectedShare = 0.5

    private func make(_ world: any SimulatedWorld, _ index: Int, _ live: LiveWorkspace) async throws {
        let definitions = try Definitions(yaml: world.definitions, source: live.workspace.name)
        var settings = live.collection.settings
        settings.plan = definitions.trackingPlan
        try live.collection.set(settings)
        var business = SettingsChange(.korean)
        business.title = world.description.title.korean
        try live.change(business)
        _ = try live.catalog.importFile(world.items, options: ItemFileOptions())
        let start = world.time
        let week = 7 * KoreanCalendar.day
        while world.time < end {
            let events = world.advance(to: min(world.time + week, end), threads: 1)
            try await DemoSender(live).send(events)
            let share = Double(world.time - start) / Double(end - start) * Self.collectedShare
            show(index, share: share, events: events.count)
        }
        try live.collection.flush()
        let total = max(1, live.log.nextSequence)
        try live.catchUp { applied in
            show(
                index, share: Self.collectedShare + (1 - Self.collectedShare) * min(1, Double(applied) / Double(total)))
        }
        try make(definitions, in: live)
        try learn(in: live)
    }

    /// Learns how sessions go on and what fits whom, where people have done what tells it.
    private func learn(in live: LiveWorkspace) throws {
        do {
            _ = try live.intent.train(threads: 1)
        } catch let error as LifecycleError where error.code == .insufficient {
            // Without a model the page says how to make one.
        }
        do {
            _ = try live.recommendations.train(try live.trainingSettings(TrainBody()))
        } catch let error as RecommendationError where error.code == .insufficient {
            // The same here: what everybody chooses is shown until there is one.
        }
    }

    private func show(_ index: Int, share: Double, events: Int = 0) {
        let all = tally.note(index, share: share, events: events)
        progress.update(share: all.share, count: all.events)
    }

    /// Makes the placements and the audiences, and finds who is in them.
    private func make(_ definitions: Definitions, in live: LiveWorkspace) throws {
        // In the order of changes: what others mention comes first.
        for change in definitions.changes(from: Definitions()) {
            switch change.subject {
            case .audience:
                for audience in definitions.audiences where audience.name == change.name {
                    _ = try live.audiences.create(audience)
                }
            case .placement:
                for placement in definitions.placements where placement.name == change.name {
                    _ = try live.placements.put(placement)
                }
            case .intent: if let intent = definitions.intent { try live.intent.change(intent) }
            case .insight, .dashboard, .journeyMap, .feedback, .trackingPlan: continue
            }
        }
        try live.catchUp()
    }
}

/// Hands the events of a world to a workspace's collection, in requests of the size that SDKs make.
struct DemoSender {
    private let live: LiveWorkspace

    init(_ live: LiveWorkspace) { self.live = live }

    /// - Parameter clock: what a time of the world is by ours.
    /// - Throws: `Failure` when an event is refused, which none should be, or Ctrl-C was pressed.
    func send(_ events: WorldEvents, clock: (Int64) -> Int64 = { $0 }) async throws {
        let endpoint = CollectionEndpoint.segmentBatch
        var next = 0
        while next < events.count {
            if Interrupt.requested {
                throw Failure(.interrupted, code: "interrupted", "stopped; the demonstration is not whole")
            }
            let batch = events.batch(from: next, bytesMax: endpoint.bodyBytesMax, clock: clock)
            let document = try CollectionDocument.parse(batch.body, endpoint: endpoint)
            let received = clock(events.time(batch.next - 1))
            let outcome = await live.collection.collect(document, facts: RequestFacts(receivedTime: received))
            guard outcome.status == 200, outcome.counts.rejected == 0 else {
                throw Failure(
                    .failure, code: "refused",
                    "the workspace \(live.workspace.name) refused events of its business: "
                        + String(decoding: outcome.body.prefix(300), as: UTF8.self))
            }
            next = batch.next
        }
    }
}
