import ArgumentParser
import Audiences
import Engine
import EventLog
import Foundation
import Synchronization

/// `bench audiences`: a hundred audiences of everybody, with what it takes to store who is in them.
struct AudiencesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audiences", abstract: "Measures profiles and audiences over synthetic events.",
        discussion: """
            Makes a workspace of synthetic events and of what their persons said about themselves, brings the profiles up \
            to date, and evaluates 100 audiences: for the first time, a day later, and with nothing new. Each figure \
            includes reading facts, the scan, comparing with the stored memberships, and the transaction.
            """)

    @Option(help: "A folder for the data; removed again.")
    var folder: String
    @Option(help: "Events, a hundred a person; a multiple of 100.")
    var rows = 10_000_000

    private struct Report: Encodable {
        var events: Int
        var persons: Int
        var audiences: Int
        var profilesSeconds: Double
        var first: EvaluationReport
        var dayLater: EvaluationReport
        var unchanged: EvaluationReport
        var onePersonMicroseconds: Double
        var memoryBytes: Int
    }

    /// The time of the workspace.
    private final class Clock: Sendable {
        private let time: Mutex<Int64>
        init(_ time: Int64) { self.time = Mutex(time) }
        var now: Int64 { time.withLock { $0 } }
        func pass(_ milliseconds: Int64) { time.withLock { $0 += milliseconds } }
    }

    private static let day: Int64 = 86_400_000

    func validate() throws {
        if rows <= 0 || rows % SyntheticEvents.eventsPerPerson != 0 {
            throw ValidationError("--rows must be a multiple of 100")
        }
    }

    func run() throws {
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Before everything, so that nobody is in an audience for what they did until the first evaluation is measured.
        let clock = Clock(SyntheticEvents.start - Self.day)
        let live = try LiveWorkspace.open(Workspace(data: folder, name: "default"), now: { clock.now })
        for number in 0..<AudienceTexts.count { try live.audiences.create(AudienceTexts.definition(number)) }
        let persons = rows / SyntheticEvents.eventsPerPerson
        try load(persons, into: live)
        Measure.note("profiles")
        let profiles = try Measure.seconds { try live.catchUp() }.seconds
        Measure.note("audiences")
        clock.pass(Int64(SyntheticEvents.days + 1) * Self.day)
        let first = try live.audiences.evaluateAll()
        clock.pass(Self.day)
        let later = try live.audiences.evaluateAll()
        let unchanged = try live.audiences.evaluateAll()
        let some = stride(from: 0, to: persons, by: max(1, persons / 1_000)).map {
            PersonChange(SyntheticEvents.personID(UInt64($0)), factsChanged: true)
        }
        let singles = try Measure.seconds { try live.audiences.evaluate(some) }.seconds
        let memory = Measure.anonymousMemory
        try live.close()
        try Measure.emit(
            Report(
                events: rows, persons: persons, audiences: AudienceTexts.count, profilesSeconds: profiles, first: first,
                dayLater: later, unchanged: unchanged, onePersonMicroseconds: singles / Double(some.count) * 1e6,
                memoryBytes: memory))
    }

    private func load(_ persons: Int, into live: LiveWorkspace) throws {
        let events = SyntheticEvents()
        for start in stride(from: 0, to: persons, by: 100_000) {
            let facts = try AudienceTexts.facts(
                of: start..<min(start + 100_000, persons), at: SyntheticEvents.start, key: live.log.key)
            try live.log.load(facts)
        }
        for start in stride(from: 0, to: rows, by: 1_000_000) {
            try live.log.load(try events.batch(start..<min(start + 1_000_000, rows), key: live.log.key))
        }
        try live.log.compact()
    }
}
