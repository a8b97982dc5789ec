import DemoWorld
import Engine
import EventLog

/// A business whose people live on, and hear what is decided for them.
struct LivingWorld {
    let world: any SimulatedWorld
    let live: LiveWorkspace
    let tail: TailReader
    private var actions: DemoActions
    /// What has yet to be done, in the order of time.
    private var open: [DatedAction]
    private static let decisionsPerStep = 1_000

    /// - Parameter time: until when the world has lived, with everything that was done until then.
    init(
        _ world: any SimulatedWorld, _ installation: Installation, _ folder: DemoFolder, since time: Int64
    ) throws {
        self.world = world
        live = try installation.workspace(world.description.name)
        actions = try folder.actions(of: world.description.name)
        open = actions.deeds(until: time).open
        tail = live.log.follow(
            from: actions.nextSequence ?? live.log.nextSequence, DemoDecisions.selection)
    }

    mutating func advance(to time: Int64, _ pace: Pace) async throws {
        try hear()
        while let next = open.first, next.time <= time {
            open.removeFirst()
            try await send(world.advance(to: next.time, threads: 1), pace)
            _ = world.apply(next.action, to: next.person, at: next.time)
        }
        try await send(world.advance(to: time, threads: 1), pace)
    }

    /// What has been decided since is done now.
    private mutating func hear() throws {
        while true {
            let events = try tail.read(limit: Self.decisionsPerStep)
            let now = max(world.time, open.last?.time ?? 0)
            let entries = events.compactMap { stored in
                DemoDecisions.action(stored.event, at: now).map {
                    DemoActions.Entry(
                        sequence: stored.sequence, deed: DatedAction($0, to: stored.event.person, at: now))
                }
            }
            try actions.add(entries)
            open += entries.map(\.deed)
            if events.count < Self.decisionsPerStep { return }
        }
    }

    private func send(_ events: WorldEvents, _ pace: Pace) async throws {
        try await DemoSender(live).send(events, clock: pace.time)
    }
}
