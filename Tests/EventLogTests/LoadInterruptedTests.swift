import Foundation
import Synchronization
import Testing

@testable import EventLog

@Suite("What others do between the reservation of a load and its end")
struct LoadInterruptedTests {
    private let folder: TemporaryFolder
    private let disk = InterruptedDisk()
    private let log: EventLog

    init() throws {
        folder = try TemporaryFolder()
        var options = EventLog.Options()
        options.sealRows = .max
        options.compactionFanIn = 0
        log = try EventLog.open(folder.path, for: .writing, options: options, disk: disk)
    }

    private func batch(_ events: [Event]) throws -> EventBatch {
        var batch = EventBatch(key: log.key)
        for event in events { try batch.append(event) }
        return batch
    }

    /// What an interruption threw.
    private final class Failure: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }

    /// Loads some events, and does something else just before their segment is made.
    private func load(
        _ events: [Event], mark: SourceMark? = nil, meanwhile: @escaping @Sendable (EventLog) throws -> Void
    ) throws -> EventLog.Receipt {
        let failure = Failure()
        let log = log
        disk.beforeNextSegment {
            do { try meanwhile(log) } catch { failure.error.withLock { $0 = error } }
        }
        let receipt = try log.load(try batch(events), mark: mark)
        if let error = failure.error.withLock({ $0 }) { throw error }
        return receipt
    }

    private func expect(_ log: EventLog, persons: [String: Int], of total: Int) throws {
        for (person, count) in persons { #expect(try log.history(of: person).count == count, "\(person)") }
        #expect(try log.statistics.events == total)
        #expect(try log.tail(from: 0, limit: .max).count == total)
    }

    /// 20 events of each of three people.
    private static let events = (0..<60).map { number in
        Event(
            person: ["비밀-사람", "other", "third"][number % 3], name: "e\(number % 4)", time: Int64(number),
            properties: [.init("n", .number(Double(number)))], messageID: "m\(number)")
    }

    /// A load reserved its sequence numbers, the person was forgotten, and the load brought the events back.
    @Test("a person who is forgotten during a load does not come back with it", arguments: [false, true])
    func forget(mergesToo: Bool) throws {
        _ = try log.load(try batch([Event(person: "비밀-사람", name: "before", time: 1)]))
        let mark = SourceMark(
            from: .init(high: 1, low: 2), to: .init(high: 3, low: 4), length: 5, lines: 6)
        let receipt = try load(Self.events, mark: mark) { log in
            if mergesToo { try log.mergeAndWait("other", into: "third") }
            let removed = try log.forget("비밀-사람")
            #expect(removed == 1)
        }
        #expect(receipt.stored == 60)
        let others = mergesToo ? ["other": 40, "third": 40] : ["other": 20, "third": 20]
        try expect(log, persons: others.merging(["비밀-사람": 0]) { $1 }, of: 40)
        #expect(folder.contents.range(of: Data("비밀-사람".utf8)) == nil)
        #expect(log.marks(after: mark.from) == [mark])

        // What comes later under the same id is of a new person.
        try log.appendAndWait(try batch([Event(person: "비밀-사람", name: "after", time: 2)]))
        try expect(log, persons: ["비밀-사람": 1], of: 41)
        try log.close()
        let again = try EventLog.open(folder.path, for: .writing)
        try expect(again, persons: others.merging(["비밀-사람": 1]) { $1 }, of: 41)
        #expect(try EventLog.verify(folder.path).problems.isEmpty)
        try again.close()
    }

    @Test("a load whose people are all forgotten meanwhile stores nothing")
    func forgetAll() throws {
        let mark = SourceMark(from: .init(high: 1, low: 2), to: .init(high: 3, low: 4), length: 5, lines: 6)
        _ = try load([Event(person: "gone", name: "e", time: 1)], mark: mark) { _ = try $0.forget("gone") }
        try expect(log, persons: ["gone": 0], of: 0)
        #expect(log.marks(after: mark.from) == [mark])
        try log.close()
        #expect(folder.contents.range(of: Data("gone".utf8)) == nil)
    }

    @Test("a person who is forgotten and sends again during a load keeps the new events")
    func forgetAndSend() throws {
        let new = try batch([Event(person: "other", name: "new", time: 7)])
        _ = try load(Self.events) { log in
            _ = try log.forget("other")
            try log.appendAndWait(new)
        }
        try expect(log, persons: ["other": 1, "third": 20], of: 41)
        #expect(try log.history(of: "other").map(\.event.name) == ["new"])
        try log.compact()
        try expect(log, persons: ["other": 1, "third": 20], of: 41)
        try log.close()
    }

    /// A seal that ended during a load also forgot the message ids that the load had claimed.
    @Test("message ids of a load stay claimed while others append, load and seal")
    func claims() throws {
        let same = try batch(Array(Self.events[10..<30]))
        let receipt = try load(Self.events) { log in
            for _ in 0..<2 {
                let receipt = try log.appendAndWait(same)
                #expect(receipt.stored == 0)
                try log.seal()
            }
            let receipt = try log.load(same)
            #expect(receipt.duplicates == 20)
        }
        #expect(receipt.stored == 60)
        #expect(try log.appendAndWait(same).duplicates == 20)
        try expect(log, persons: ["other": 20], of: 60)
        try log.close()
    }

    @Test("a load that fails gives its message ids back", arguments: 1...12)
    func failure(call: Int) throws {
        let disk = SimulatedDisk(seed: 1)
        let log = try EventLog.open("log", for: .writing, disk: disk)
        var batch = EventBatch(key: log.key)
        for event in Self.events { try batch.append(event) }
        disk.plan(.init(call: call, failure: .noSpace))
        let first = Result { try log.load(batch).stored }
        disk.plan(nil)
        if case .success(let stored) = first {
            #expect(stored == 60)
        } else {
            #expect(try log.load(batch).stored == 60)
        }
        #expect(try log.load(batch).duplicates == 60)
        #expect(try log.statistics.events == 60)
        try log.close()
    }
}
