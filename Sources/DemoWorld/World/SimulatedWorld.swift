/// A world of any business: what `World` can do, for who runs several kinds side by side.
package protocol SimulatedWorld: Sendable {
    var description: BusinessDescription { get }
    var definitions: String { get }
    /// What the business offers, as JSON Lines of a catalogue.
    var items: [UInt8] { get }
    var time: Int64 { get }

    func advance(to time: Int64, threads: Int) -> WorldEvents
    func skip(to time: Int64, through actions: [DatedAction], threads: Int)
    func apply(_ action: WorldAction, to person: String, at time: Int64) -> WorldResponse
    func truth(_ body: ([UInt8]) throws -> Void) rethrows
}

extension World: SimulatedWorld {
    package var description: BusinessDescription { Simulated.description }
    package var definitions: String { Simulated.definitions }

    package var items: [UInt8] {
        var sink = ItemSink()
        business.items(&sink)
        return sink.bytes
    }
}

/// The businesses of the demonstration.
package enum SimulatedWorlds {
    package static func all(_ settings: WorldSettings) -> [any SimulatedWorld] {
        [World(Cinema(settings)), World(Home(settings)), World(Shop(settings))]
    }
}
