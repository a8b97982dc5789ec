import Foundation
import RandomCases
import Synchronization
import Testing

@testable import EventLog

extension TemporaryFolder {
    /// All bytes of all files.
    var contents: Data {
        var all = Data()
        for case let file as String in FileManager.default.enumerator(atPath: path) ?? FileManager.DirectoryEnumerator()
        {
            if let data = FileManager.default.contents(atPath: path + "/" + file) { all.append(data) }
        }
        return all
    }
}

@Suite struct EventLogTests {

    /// What a log should hold, kept the obvious way.
    struct Model {
        var events: [Event] = []
        var parents: [String: String] = [:]
        var messages: Set<String> = []
        /// Message ids of forgotten people. A log may or may not know them still: see `EventLog.forget`.
        var forgotten: Set<String> = []

        func canonical(_ id: String) -> String { parents[id].map(canonical) ?? id }

        mutating func append(_ new: [Event]) {
            for event in new {
                if let id = event.messageID, !messages.insert(id).inserted { continue }
                events.append(event)
            }
        }

        mutating func merge(_ alias: String, _ person: String) {
            let (a, b) = (canonical(alias), canonical(person))
            if a != b { parents[a] = b }
        }

        mutating func forget(_ id: String) {
            let root = canonical(id)
            let gone = Set((events.map(\.person) + Array(parents.keys)).filter { canonical($0) == root } + [root])
            forgotten.formUnion(events.filter { gone.contains($0.person) }.compactMap(\.messageID))
            events.removeAll { gone.contains($0.person) }
            for alias in gone { parents[alias] = nil }
        }

        /// Random events, none of which repeats a message of a forgotten person.
        func newEvents(_ random: inout SeededRandom, count: Int, persons: Int) -> [Event] {
            ScanTests.randomEvents(&random, count: count, persons: persons).map { event in
                var event = event
                if let id = event.messageID, forgotten.contains(id) { event.messageID = nil }
                return event
            }
        }

        func history(_ id: String) -> [Event] {
            let root = canonical(id)
            return events.enumerated().filter { canonical($0.element.person) == root }
                .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        }
    }

    static func check(_ log: EventLog, _ model: Model, persons: Int, _ seed: Int) throws {
        let snapshot = try log.snapshot()
        for person in 0..<persons {
            let id = "사람-\(person)"
            let expected = model.history(id)
            #expect(try log.history(of: id).map(\.event) == expected, "seed \(seed), \(id)")
            #expect(try snapshot.history(of: id).map(\.event) == expected, "seed \(seed), \(id)")
        }
        let (folds, _) = try snapshot.scan(Selection()) { ScanTests.Collector() }
        let count = folds.reduce(0) { $0 + $1.histories.values.reduce(0) { $0 + $1.count } }
        #expect(count == model.events.count, "seed \(seed)")
        let tail = try log.tail(from: 0, limit: .max)
        #expect(tail.map(\.event) == model.events, "seed \(seed): the tail is in the order of acknowledgement")
    }

    @Test(arguments: 0..<Seeds.count(60))
    func aLogEqualsItsModelThroughEverything(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed) &* 977)
        let folder = try TemporaryFolder()
        var options = EventLog.Options()
        options.sealRows = Int.random(in: 20..<400, using: &random)
        options.compactionFanIn = 3
        options.now = { 1_700_000_000_000 }
        var log = try EventLog.open(folder.path, for: .writing, options: options)
        var model = Model()
        let persons = 12
        for _ in 0..<Int.random(in: 5..<40, using: &random) {
            let person = "사람-\(Int.random(in: 0..<persons, using: &random))"
            let other = "사람-\(Int.random(in: 0..<persons, using: &random))"
            switch Int.random(in: 0..<16, using: &random) {
            case 0..<6:
                let count = Int.random(in: 1..<60, using: &random)
                let events = model.newEvents(&random, count: count, persons: persons)
                let receipt = try await log.append(events)
                let before = model.events.count
                model.append(events)
                #expect(receipt.stored == model.events.count - before)
                #expect(receipt.stored + receipt.duplicates == events.count)
            case 6, 7:
                let count = Int.random(in: 1..<100, using: &random)
                let events = model.newEvents(&random, count: count, persons: persons)
                var batch = EventBatch(key: log.key)
                for event in events { try batch.append(event) }
                try log.load(batch)
                model.append(events)
            case 8, 9:
                if person == other {
                    let error = await #expect(throws: EventLogError.self) { try await log.merge(person, into: other) }
                    #expect(error?.code == .invalidMerge)
                } else if Bool.random(using: &random) {
                    try await log.merge(person, into: other)
                    model.merge(person, other)
                } else {
                    let third = "사람-\(persons)"
                    let isNew = try log.mergeAndWait([
                        Merge(alias: person, person: other), Merge(alias: other, person: third),
                        Merge(alias: third, person: person),
                    ])
                    #expect(isNew[2] == false)
                    model.merge(person, other)
                    model.merge(other, third)
                }
            case 10:
                if model.parents[person] != nil {
                    try await log.split(person)
                    model.parents[person] = nil
                } else {
                    await #expect(throws: EventLogError.self) { try await log.split(person) }
                }
            case 11:
                let expected = model.history(person).count
                #expect(try log.forget(person) == expected)
                model.forget(person)
            case 12: try log.seal()
            case 13: try log.compact()
            case 14:
                try log.close()
                log = try EventLog.open(folder.path, for: .writing, options: options)
            default:
                log.abandon()
                log = try EventLog.open(folder.path, for: .writing, options: options)
            }
            try EventLogTests.check(log, model, persons: persons, seed)
        }
        let reader = try EventLog.open(folder.path, for: .reading)
        try EventLogTests.check(reader, model, persons: persons, seed)
        try log.close()
        let report = try EventLog.verify(folder.path)
        #expect(report.problems.isEmpty)
        #expect(report.events == model.events.count)
    }

    @Test func aForgottenPersonsBytesAreInNoFile() async throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        for round in 0..<3 {
            try await log.append([
                Event(person: "anon-secret-7", name: "Seen", time: 5, messageID: "mid-secret-\(round)"),
                Event(person: "user-secret-9", name: "Bought", time: 6, properties: [.init("note", .string("비밀 주소"))]),
                Event(person: "someone", name: "Seen", time: 7, properties: [.init("note", .string("kept"))]),
            ])
            try await log.merge("anon-secret-7", into: "user-secret-9")
            if round == 0 { try log.seal() }
        }
        func holds(_ text: String) -> Bool { folder.contents.range(of: Data(text.utf8)) != nil }
        #expect(holds("anon-secret-7") && holds("user-secret-9") && holds("비밀 주소") && holds("mid-secret"))
        #expect(try log.forget("anon-secret-7") == 6)
        for text in ["anon-secret-7", "user-secret-9", "비밀 주소", "mid-secret"] { #expect(!holds(text), "\(text)") }
        #expect(holds("someone"))
        #expect(try log.history(of: "user-secret-9").isEmpty)
        #expect(try log.history(of: "someone").count == 3)
        // The person may come back as a new one.
        try await log.append([Event(person: "user-secret-9", name: "Seen", time: 9)])
        #expect(try log.history(of: "user-secret-9").count == 1)
        try log.close()
    }

    /// The same syllable composed and decomposed, as two systems write it.
    @Test func idsThatLookTheSameButDifferInBytesAreTwoPeople() async throws {
        let folder = try TemporaryFolder()
        let (composed, decomposed) = ("\u{ac00}", "\u{1100}\u{1161}")
        var log = try EventLog.open(folder.path, for: .writing)
        try await log.append([
            Event(person: composed, name: "E", time: 1), Event(person: decomposed, name: "E", time: 2),
            Event(person: "other", name: "E", time: 3),
        ])
        func times(_ id: String) throws -> [Int64] { try log.snapshot().history(of: id).map(\.event.time) }
        try await log.merge(decomposed, into: "other")
        #expect(try times(composed) == [1] && times(decomposed) == [2, 3])
        try await log.merge(composed, into: decomposed)
        #expect(try times("other") == [1, 2, 3])
        try log.close()
        log = try EventLog.open(folder.path, for: .writing)
        #expect(try times(composed) == [1, 2, 3])
        try await log.split(composed)
        #expect(try times(composed) == [1] && times(decomposed) == [2, 3])
        #expect(try log.forget(composed) == 1)
        #expect(try times("other") == [2, 3])
        try log.close()
    }

    @Test func onlyOneProcessWrites() throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        let error = #expect(throws: EventLogError.self) { try EventLog.open(folder.path, for: .writing) }
        #expect(error?.code == .locked)
        try log.close()
        try EventLog.open(folder.path, for: .writing).close()
    }

    @Test func retentionHidesAtOnceAndRemovesAtCompaction() async throws {
        let folder = try TemporaryFolder()
        var options = EventLog.Options()
        options.now = { 10_000 }
        let log = try EventLog.open(folder.path, for: .writing, options: options)
        try await log.append((0..<10).map { Event(person: "p", name: "E", time: Int64($0) * 1000) })
        try log.setRetention(5_000)
        #expect(try log.history(of: "p").map(\.event.time) == [5000, 6000, 7000, 8000, 9000])
        try log.compact()
        #expect(try log.snapshot().eventCount == 5)
        try log.close()
    }

    @Test func aBackupIsAWholeLog() async throws {
        let (folder, copy) = (try TemporaryFolder(), try TemporaryFolder())
        let log = try EventLog.open(folder.path, for: .writing)
        try await log.append([Event(person: "p", name: "E", time: 1)])
        try log.backup(to: copy.path)
        try await log.append([Event(person: "p", name: "E", time: 2)])
        let restored = try EventLog.open(copy.path, for: .writing)
        #expect(try restored.history(of: "p").count == 1)
        #expect(throws: EventLogError.self) { try log.backup(to: copy.path) }
        try restored.close()
        try log.close()
    }
}
