import Dispatch
import EventLog
import Foundation
import Statistics

/// Writes until it is killed. Prints `t THREAD END` before it stores events up to a number, and `a THREAD END` when
/// they are acknowledged; `f NUMBER` before it forgets a person, `g NUMBER` after; `! WHAT` when the log does something
/// wrong.
struct Writer {
    private let log: EventLog
    private let seed: UInt64
    private let progress: [Progress]

    init(folder: String, seed: UInt64, progress: [Progress]) throws {
        var options = EventLog.Options()
        options.sealRows = 3_000
        options.compactionFanIn = 4
        log = try EventLog.open(folder, for: .writing, options: options)
        self.seed = seed
        self.progress = progress
    }

    func run() throws {
        var works: [@Sendable () throws -> Void] = []
        for thread in 0..<Progress.appenders { works.append { [self] in try append(thread) } }
        works += [load, forget, merge, compact]
        for work in works {
            Thread.detachNewThread {
                do {
                    try work()
                } catch {
                    Self.say("! \(error)")
                    exit(1)
                }
            }
        }
        dispatchMain()
    }

    /// One call of `write`, which the kernel does not mix with others up to 4,096 bytes.
    static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    // MARK: Threads

    /// Appends batches with message ids. What was tried last time and not acknowledged is sent again, as a sender
    /// would.
    @Sendable private func append(_ thread: Int) throws {
        var random = SplitMix64(state: seed &+ UInt64(thread))
        var next = progress[thread].acknowledged
        var end = progress[thread].tried
        while true {
            if end <= next { end = next + Int.random(in: 1...60, using: &random) }
            Self.say("t \(thread) \(end)")
            let batch = try batch(thread, next..<end, messageIDs: true)
            try log.appendAndWait(batch)
            Self.say("a \(thread) \(end)")
            if Int.random(in: 0..<10, using: &random) == 0 {
                let receipt = try log.appendAndWait(batch)
                if receipt.stored != 0 { Self.say("! \(receipt.stored) of \(batch.count) events stored twice") }
            }
            next = end
        }
    }

    /// Loads batches without message ids.
    @Sendable private func load() throws {
        var random = SplitMix64(state: seed &+ 100)
        var next = progress[Progress.loader].acknowledged
        while true {
            let end = next + Int.random(in: 1...500, using: &random)
            Self.say("t \(Progress.loader) \(end)")
            let mark = SourceMark(
                from: .init(high: 1, low: UInt64(next)), to: .init(high: 1, low: UInt64(end)),
                length: UInt64(end - next),
                lines: UInt64(end - next))
            try log.load(try batch(Progress.loader, next..<end, messageIDs: false), mark: mark)
            Self.say("a \(Progress.loader) \(end)")
            next = end
            pause(Int.random(in: 0...40, using: &random))
        }
    }

    /// Adds persons and forgets most of them.
    @Sendable private func forget() throws {
        var random = SplitMix64(state: seed &+ 200)
        var number = progress[Progress.forgetter].tried
        while true {
            Self.say("t \(Progress.forgetter) \(number + 1)")
            try log.appendAndWait(try batchOfOne(Script.gone(number), Progress.forgetter, number))
            Self.say("a \(Progress.forgetter) \(number + 1)")
            if number % 4 != 0 {
                Self.say("f \(number)")
                let count = try log.forget(Script.gone(number))
                if count != Script.eventsOfOne { Self.say("! forgot \(count) events instead of \(Script.eventsOfOne)") }
                Self.say("g \(number)")
            }
            number += 1
            pause(Int.random(in: 0...60, using: &random))
        }
    }

    /// Merges new ids into the persons.
    @Sendable private func merge() throws {
        var random = SplitMix64(state: seed &+ 300)
        var number = progress[Progress.merger].tried
        while true {
            let alias = Script.alias(number)
            try log.appendAndWait(try batchOfOne(alias, Progress.merger, number))
            Self.say("t \(Progress.merger) \(number + 1)")
            let person = Script.person(number)
            try wait { [log] in _ = try await log.merge(alias, into: person) }
            Self.say("a \(Progress.merger) \(number + 1)")
            number += 1
            pause(Int.random(in: 0...20, using: &random))
        }
    }

    @Sendable private func compact() throws {
        var random = SplitMix64(state: seed &+ 400)
        while true {
            pause(Int.random(in: 10...150, using: &random))
            try log.compact()
        }
    }

    // MARK: Inside

    private func batch(_ thread: Int, _ numbers: Range<Int>, messageIDs: Bool) throws -> EventBatch {
        var batch = EventBatch(key: log.key)
        for number in numbers {
            try batch.append(
                Event(
                    person: Script.person(number), name: "Thread \(thread)", time: Script.time + Int64(number),
                    properties: [
                        .init("number", .number(Double(number))), .init("text", .string("some text \(number % 50)")),
                    ],
                    messageID: messageIDs ? "\(thread):\(number)" : nil))
        }
        return batch
    }

    private func batchOfOne(_ person: String, _ thread: Int, _ number: Int) throws -> EventBatch {
        var batch = EventBatch(key: log.key)
        for index in 0..<Script.eventsOfOne {
            try batch.append(
                Event(
                    person: person, name: "Thread \(thread)", time: Script.time + Int64(index),
                    properties: [.init("number", .number(Double(number)))]))
        }
        return batch
    }

    private func pause(_ milliseconds: Int) {
        Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
    }

    private func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let done = DispatchSemaphore(value: 0)
        let failure = Failure()
        Task {
            do { try await body() } catch { failure.error = error }
            done.signal()
        }
        done.wait()
        if let error = failure.error { throw error }
    }

    /// Written before the semaphore is signalled and read after, hence unchecked.
    private final class Failure: @unchecked Sendable {
        var error: (any Error)?
    }
}
