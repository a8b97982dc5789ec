import DemoWorld
import Engine
import EventLog
import Foundation
import Logging
import ServiceLifecycle

/// Lets the people of the demonstration live on while the server runs. What they do now has the time that it is now,
/// however fast they live. What is decided for them reaches them, and is kept.
struct DemoLife: Service {
    private let installation: Installation
    private let worlds: [any SimulatedWorld]
    private let folder: DemoFolder
    private let record: DemoRecord
    private let speed: Double
    private let logger: Logger

    /// How often people are looked after, and how often it is noted how far they are.
    private static let step = Duration.seconds(1)
    private static let stepsBetweenNotes = 10

    init(
        _ installation: Installation, _ worlds: [any SimulatedWorld], _ folder: DemoFolder, _ record: DemoRecord,
        speed: Double, logger: Logger
    ) {
        self.installation = installation
        self.worlds = worlds
        self.folder = folder
        self.record = record
        self.speed = speed
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            do {
                try await live()
            } catch {
                if !Task.isCancelled {
                    logger.error("the people of the demonstration stand still", metadata: ["error": "\(error)"])
                    try? await gracefulShutdown()
                }
            }
        }
    }

    private func live() async throws {
        var living = try worlds.map { try LivingWorld($0, installation, folder, since: record.worldTime) }
        defer { for world in living { world.tail.close() } }
        var pace = Pace(record.worldTime, record.time, speed: 1)
        // While nobody looked, they lived as fast as we do.
        let away = Self.now()
        for index in living.indices { try await living[index].advance(to: pace.worldTime(at: away), pace) }
        pace = Pace(pace.worldTime(at: away), away, speed: speed)
        var steps = 0
        while !Task.isCancelled {
            let now = Self.now()
            for index in living.indices { try await living[index].advance(to: pace.worldTime(at: now), pace) }
            steps += 1
            if steps % Self.stepsBetweenNotes == 0 { try note(pace.worldTime(at: now), now) }
            try? await Task.sleep(for: Self.step)
        }
        let now = Self.now()
        try note(worlds.map(\.time).max() ?? pace.worldTime(at: now), now)
    }

    private func note(_ worldTime: Int64, _ time: Int64) throws {
        try folder.write(DemoRecord(record.settings, worldTime: worldTime, time: time))
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
}

/// How the clock of a world goes by ours, from a moment on.
struct Pace: Sendable {
    private let worldStart: Int64
    private let start: Int64
    private let speed: Double

    /// - Parameters:
    ///   - worldStart, start: a moment by both clocks, in milliseconds UTC.
    ///   - speed: how many seconds pass there in one of ours.
    init(_ worldStart: Int64, _ start: Int64, speed: Double) {
        self.worldStart = worldStart
        self.start = start
        self.speed = speed
    }

    func worldTime(at time: Int64) -> Int64 { worldStart + Int64(Double(time - start) * speed) }
    func time(_ worldTime: Int64) -> Int64 { start + Int64(Double(worldTime - worldStart) / speed) }
}
