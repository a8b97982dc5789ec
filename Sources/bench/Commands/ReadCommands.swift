import ArgumentParser
import EventLog
import Statistics

/// `bench history`: how long one person's history takes.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Measures reading one person's history.",
        discussion:
            "Persons are drawn at random; each history is read once to warm up and then measured --rounds times.")

    @OptionGroup var log: LogOptions
    @Option var persons = 2_000
    @Option var rounds = 10
    @Option var seed: UInt64 = 1

    private struct Report: Encodable {
        var rows: Int
        var persons: Int
        var calls: Int
        var coldMicroseconds: [String: Double]
        var warmMicroseconds: [String: Double]
        var eventsPerHistory: Double
    }

    func run() throws {
        let store = try EventLog.open(log.data, for: .reading)
        let snapshot = try store.snapshot()
        let everybody = try snapshot.eventCount / SyntheticEvents.eventsPerPerson
        var source = RandomSource(seed: seed)
        let chosen = (0..<persons).map { _ in SyntheticEvents.personID(UInt64(source.index(below: everybody))) }
        var events = 0
        func read(_ id: String) throws -> Double {
            let timed = try Measure.seconds { try store.history(of: id) }
            events += timed.value.count
            return timed.seconds
        }
        let cold = try chosen.map(read)
        events = 0
        var warm: [Double] = []
        for _ in 0..<rounds { warm += try chosen.map(read) }
        try Measure.emit(
            Report(
                rows: snapshot.eventCount, persons: everybody, calls: warm.count,
                coldMicroseconds: Measure.microseconds(cold),
                warmMicroseconds: Measure.microseconds(warm), eventsPerHistory: Double(events) / Double(warm.count)))
    }
}

/// `bench open`: how long opening a log takes.
struct OpenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Measures opening a log, to read and to write, up to a snapshot.")

    @OptionGroup var log: LogOptions
    @Option var runs = 10

    private struct Report: Encodable {
        var rows: Int
        var readingSeconds: Double
        var readingWorst: Double
        var writingSeconds: Double
        var writingWorst: Double
    }

    func run() throws {
        func times(_ access: EventLog.Access) throws -> [Double] {
            try (0..<max(1, runs)).map { _ in
                let timed = try Measure.seconds {
                    let store = try EventLog.open(log.data, for: access)
                    return (store, try store.snapshot())
                }
                try timed.value.0.close()
                return timed.seconds
            }.sorted()
        }
        let rows = try EventLog.open(log.data, for: .reading).snapshot().eventCount
        let (reading, writing) = (try times(.reading), try times(.writing))
        try Measure.emit(
            Report(
                rows: rows, readingSeconds: reading[reading.count / 2], readingWorst: reading[reading.count - 1],
                writingSeconds: writing[writing.count / 2], writingWorst: writing[writing.count - 1]))
    }
}
