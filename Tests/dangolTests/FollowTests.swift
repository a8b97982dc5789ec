import ChildProcess
import EventLog
import Foundation
import Testing

/// `events tail --follow` beside a writer: this process writes, the program reads.
struct FollowTests {
    private static func event(_ number: Int) -> Event {
        Event(
            person: "사람 \(number % 3)", name: "Viewed", time: 1_714_521_600_000 + Int64(number),
            properties: [Event.Property("n", .number(Double(number)))])
    }

    /// Lets the program run until its output has so many lines, or it ends.
    private func lines(_ output: URL, _ process: ChildProcess, count: Int) -> [String] {
        while true {
            let isRunning = process.isRunning
            let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
            let lines = text.split(separator: "\n").map(String.init)
            if lines.count >= count || !isRunning { return lines }
            sched_yield()
        }
    }

    @Test func everyEventOfAWriterIsShownOnceAndInOrder() async throws {
        let scratch = try Scratch()
        let folder = scratch.folder.appendingPathComponent("data/default/events").path
        var options = EventLog.Options()
        options.sealRows = 40
        let log = try EventLog.open(folder, for: .writing, options: options)
        try await log.append((0..<5).map(FollowTests.event))
        let output = scratch.folder.appendingPathComponent("output")
        let process = try Program.start(
            ["events", "tail", "-f", "-n", "3", "--json"], in: scratch.folder, output: output,
            errors: scratch.folder.appendingPathComponent("errors"))
        #expect(lines(output, process, count: 3).count == 3)
        var written = 5
        // Appends, seals in the background, a compaction and a load: whatever the writer does.
        for round in 0..<12 {
            let events = (written..<written + 10).map(FollowTests.event)
            if round == 6 {
                var batch = EventBatch(key: log.key)
                for event in events { try batch.append(event) }
                try log.load(batch)
            } else {
                try await log.append(events)
            }
            written += 10
            if round == 8 { try log.compact() }
            if round % 4 == 3 { #expect(lines(output, process, count: written - 2).count == written - 2) }
        }
        process.send(SIGINT)
        #expect(process.wait() == 130)
        #expect(try scratch.read("errors") == "")
        let numbers = try lines(output, process, count: 0).map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return (object?["properties"] as? [String: Int])?["n"] ?? -1
        }
        #expect(numbers == Array(2..<written))
        try log.close()
    }

    @Test func theTableGoesOnWithoutASecondHeading() async throws {
        let scratch = try Scratch()
        let folder = scratch.folder.appendingPathComponent("data/default/events").path
        let log = try EventLog.open(folder, for: .writing)
        try await log.append([FollowTests.event(0)])
        let output = scratch.folder.appendingPathComponent("output")
        let process = try Program.start(
            ["events", "tail", "--follow", "--csv"], in: scratch.folder, output: output,
            errors: scratch.folder.appendingPathComponent("errors"))
        #expect(lines(output, process, count: 2).count == 2)
        try await log.append([FollowTests.event(1)])
        let found = lines(output, process, count: 3)
        #expect(found.first == "time,person,event,properties")
        #expect(found.dropFirst().allSatisfy { $0.hasSuffix("Viewed,n=0") || $0.hasSuffix("Viewed,n=1") })
        process.send(SIGTERM)
        #expect(process.wait() == 130)
        try log.close()
    }
}
