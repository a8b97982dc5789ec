import EventLog
import Foundation
import RandomCases
import Testing

@Suite struct TailReaderTests {
    private func events(_ range: Range<Int>, person: String = "u") -> [Event] {
        range.map {
            Event(
                person: "\(person)\($0 % 7)", name: "E\($0 % 3)", time: Int64(1_700_000_000_000 + $0),
                // In the order in which they are read: by name.
                properties: ($0 % 2 == 0 ? [Event.Property("flag", .boolean(true))] : []) + [
                    Event.Property("n", .number(Double($0))), Event.Property("이름", .strings(["가", "\($0)"])),
                ],
                messageID: $0 % 5 == 0 ? nil : "m\(person)\($0)")
        }
    }

    private func withTemporaryLog(_ body: (EventLog) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        try await body(log)
        try log.close()
    }

    private func drain(_ tail: TailReader, limit: Int = 10) throws -> [StoredEvent] {
        var all: [StoredEvent] = []
        while true {
            let next = try tail.read(limit: limit)
            if next.isEmpty { return all }
            #expect(next.count <= limit)
            all += next
        }
    }

    @Test func `A reader gets what was there and what is appended, each event once and whole`() async throws {
        try await withTemporaryLog { log in
            try await log.append(events(0..<25))
            let tail = log.follow(from: 0)
            defer { tail.close() }
            var got = try drain(tail)
            for start in stride(from: 25, to: 100, by: 15) {
                try await log.append(events(start..<start + 15))
                // Again: duplicates take no numbers.
                try await log.append(events(start..<start + 15).filter { $0.messageID != nil })
                try await log.merge("u\(start)", into: "u1")
                got += try drain(tail)
            }
            let stored = try log.tail(from: 0, limit: .max)
            #expect(got == stored)
            #expect(got.map(\.event) == events(0..<100))
            #expect(tail.position == log.nextSequence)
        }
    }

    @Test func `A reader that starts in the middle or falls far behind misses nothing`() async throws {
        try await withTemporaryLog { log in
            try await log.append(events(0..<100))
            let tail = log.follow(from: 40)
            defer { tail.close() }
            // More than waits in memory.
            for start in stride(from: 100, to: 120_100, by: 20_000) {
                try await log.append(events(start..<start + 20_000))
            }
            let got = try drain(tail, limit: 7_000)
            #expect(got.map(\.sequence) == (40..<120_100).map { UInt64($0) })
        }
    }

    @Test func `A load and a deletion are seen as the log has them`() async throws {
        try await withTemporaryLog { log in
            let tail = log.follow(from: 0)
            defer { tail.close() }
            try await log.append(events(0..<10))
            var batch = EventBatch(key: log.key)
            for event in events(10..<500) { try batch.append(event) }
            try log.load(batch)
            try await log.append(events(500..<510))
            #expect(try drain(tail).map(\.event.properties) == events(0..<510).map(\.properties))
            try await log.append(events(510..<520))
            try log.forget("u3")
            #expect(try drain(tail).map(\.event) == events(510..<520).filter { $0.person != "u3" })
            #expect(tail.position == log.nextSequence)
        }
    }

    @Test func `Readers keep up with writers on other threads, through loads`() async throws {
        try await withTemporaryLog { log in
            let tail = log.follow(from: 0)
            let reading = Task {
                var all: [StoredEvent] = []
                while all.count < 8 * 500 + 4 * 300 {
                    let next = try tail.read(limit: 100)
                    if next.isEmpty { await tail.wait() } else { all += next }
                }
                return all
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        for start in stride(from: 0, to: 500, by: 25) {
                            try await log.append(events(start..<start + 25, person: "w\(writer)-"))
                        }
                    }
                }
                for loader in 0..<4 {
                    group.addTask {
                        var batch = EventBatch(key: log.key)
                        for event in events(0..<300, person: "l\(loader)-") { try batch.append(event) }
                        try log.load(batch)
                    }
                }
                try await group.waitForAll()
            }
            let all = try await reading.value
            tail.close()
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
            let stored = try log.tail(from: 0, limit: .max)
            #expect(all == stored)
        }
    }

    @Test func `A reader that wants some properties gets those, from appends and from segments`() async throws {
        try await withTemporaryLog { log in
            let selection = TailSelection { event, property in event == "A" || property.hasPrefix("k") }
            let tail = log.follow(from: 0, selection)
            defer { tail.close() }
            let names = ["A", "B", "C"]
            let all = (0..<600).map { number -> Event in
                var properties: [Event.Property] = []
                if number % 4 != 0 { properties.append(Event.Property("kept", .string("한국어 \(number % 5)"))) }
                properties.append(Event.Property("list", .numbers([1, 2])))
                let other: PropertyValue = number % 2 == 0 ? .string("x") : .number(Double(number))
                properties.append(Event.Property("other", other))
                return Event(
                    person: "u\(number % 7)", name: names[number % 3], time: 1_000 + Int64(number),
                    properties: properties, messageID: "m\(number)")
            }
            func wanted(_ events: [Event]) -> [Event] {
                events.map { event in
                    var event = event
                    event.messageID = nil
                    if event.name != "A" { event.properties.removeAll { !$0.name.hasPrefix("k") } }
                    return event
                }
            }
            try await log.append(Array(all[..<200]))
            try await log.append(Array(all[200..<300]))
            #expect(try drain(tail, limit: 250).map(\.event) == wanted(Array(all[..<300])))
            // Through a segment: a load is not handed over in memory.
            var batch = EventBatch(key: log.key)
            for event in all[300...] { try batch.append(event) }
            try log.load(batch)
            #expect(try drain(tail).map(\.event) == wanted(Array(all[300...])))
            let again = log.follow(from: 0, selection)
            defer { again.close() }
            #expect(try drain(again, limit: 1_000).map(\.event) == wanted(all))
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func `A reader that wants some events passes over the others, and is where they end`(seed: UInt64) async throws {
        var random = SeededRandom(seed)
        func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        try await withTemporaryLog { log in
            let names = ["A", "B", "C", "D"]
            let chosen = Set(names.filter { _ in roll(1...10) <= 4 })
            let tail = log.follow(
                from: 0, TailSelection(messageIDs: true, events: { chosen.contains($0) }) { _, _ in true })
            defer { tail.close() }
            var count = 0
            var read: [StoredEvent] = []
            for number in 0..<20 {
                let part = (0..<roll(1...60)).map { index in
                    Event(
                        person: "u\(roll(0...9))", name: names[roll(0...3)], time: 1_000 + Int64(count + index),
                        properties: [Event.Property("n", .number(Double(index)))],
                        messageID: roll(0...2) > 0 ? "m\(number)-\(index)" : nil)
                }
                count += part.count
                if roll(0...2) == 0 {
                    // A load is not handed over in memory: it is read from its segment.
                    var batch = EventBatch(key: log.key)
                    for event in part { try batch.append(event) }
                    try log.load(batch)
                } else {
                    try await log.append(part)
                }
                if roll(0...1) == 0 { read += try tail.read(limit: roll(1...40)) }
                if roll(0...9) == 0 { try log.seal() }
            }
            read += try drain(tail, limit: 25)
            let wanted = try log.tail(from: 0, limit: .max).filter { chosen.contains($0.event.name) }
            #expect(read == wanted, "seed \(seed)")
            #expect(tail.position == log.nextSequence, "what nobody wants has been read too: seed \(seed)")
        }
    }

    @Test func `Merges made together are the same as one after another`() async throws {
        try await withTemporaryLog { log in
            try log.mergeAndWait(
                (1..<50).map { Merge(alias: "u\($0)", person: "u\($0 / 2)") } + [Merge(alias: "u3", person: "u0")])
            #expect((0..<50).allSatisfy { log.canonicalID(of: "u\($0)") == "u0" })
            #expect(throws: EventLogError.self) { try log.mergeAndWait([Merge(alias: "a", person: "a")]) }
        }
    }

    @Test func `Waiting ends when the reader is closed`() async throws {
        try await withTemporaryLog { log in
            let tail = log.follow(from: 0)
            let first = try tail.read(limit: 1)
            #expect(first.isEmpty)
            let waiting = Task { await tail.wait() }
            tail.close()
            await waiting.value
        }
    }
}
