import Foundation
import Synchronization
import Testing

@testable import EventLog

@Suite("Imports with more names than a log can take")
struct ImportNamesTests {
    private static func run(
        _ text: String, into log: EventLog, rows: Int
    ) throws -> (rejections: [Rejection], stored: Int) {
        var options = ImportOptions(.jsonLines)
        options.batchRows = rows
        var pipeline = ImportPipeline(
            name: "names.jsonl", options: options, key: log.key, open: { MemorySource(text, chunk: 100_000) },
            marks: { log.marks(after: $0) })
        pipeline.names = { log.names }
        var result: (rejections: [Rejection], stored: Int) = ([], 0)
        _ = try pipeline.run { stretch in
            result.stored += try log.load(stretch.batch, mark: stretch.mark).stored
            result.rejections += stretch.rejections
        }
        return result
    }

    private static func line(_ name: String, property: String = "p", time: String = "1714521600") -> String {
        #"{"event":"\#(name)","userId":"u1","timestamp":\#(time),"properties":{"\#(property)":1}}"# + "\n"
    }

    @Test("the lines with the names that are too many are rejected, the others stored", arguments: [700, 100_000])
    func eventNames(rows: Int) throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        // 100 names are there already, half of which come again.
        _ = try Self.run((0..<100).map { Self.line("n\($0)") }.joined(), into: log, rows: rows)
        let numbers = Array(50..<Limits.distinctEventNames) + [0, 9000, 9001, 60, 9000, 8000]
        let result = try Self.run(numbers.map { Self.line("n\($0)") }.joined(), into: log, rows: rows)
        let first = UInt64(Limits.distinctEventNames - 50)
        #expect(result.rejections.map(\.line) == [first + 2, first + 3, first + 5])
        #expect(result.rejections.map(\.text).first?.contains("n9000") == true)
        let reason = result.rejections.first?.reason ?? ""
        #expect(reason.contains("8192 different event names (a new one is 'n9000')"), "\(reason)")
        #expect(result.stored == numbers.count - 3)
        #expect(try log.statistics.events == 100 + numbers.count - 3)
        #expect(log.names.events.count == Limits.distinctEventNames)
        try log.close()
    }

    @Test("property names are bounded in the same way")
    func propertyNames() throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        let count = Limits.distinctPropertyNames + 2
        let text = (0..<count).map { Self.line("e", property: "p\($0)") }.joined() + Self.line("e", property: "p5")
        let result = try Self.run(text, into: log, rows: 5000)
        #expect(result.rejections.map(\.line) == [UInt64(count) - 1, UInt64(count)])
        #expect(result.stored == count - 1)
        #expect(try log.statistics.events == count - 1)
        try log.close()
    }

    @Test("names of lines that are rejected for another reason take no room for long")
    func refusedLines() throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        let bad = (0..<5000).map { Self.line("bad\($0)", time: #""never""#) }.joined()
        let good = (0..<8000).map { Self.line("n\($0)") }.joined()
        // The lines with bad times fill a stretch of bytes of their own.
        var options = ImportOptions(.jsonLines)
        options.batchBytes = 200_000
        let text = bad + good
        var pipeline = ImportPipeline(
            name: "names.jsonl", options: options, key: log.key, open: { MemorySource(text, chunk: 100_000) },
            marks: { log.marks(after: $0) })
        pipeline.names = { log.names }
        var rejected = 0
        _ = try pipeline.run { stretch in
            _ = try log.load(stretch.batch, mark: stretch.mark)
            rejected += stretch.rejections.count
        }
        #expect(rejected == 5000)
        #expect(try log.statistics.events == 8000)
        try log.close()
    }

    /// The event had been added with its message id when the merge of its ids was refused, and left them behind.
    @Test("a line that is refused at its end leaves nothing of its event behind")
    func refusedAtTheEnd() throws {
        func line(_ message: String, id: String? = nil) -> String {
            #"{"type":"identify","userId":"u1","timestamp":1,"messageId":\#(id ?? "\"\(message)\""),"#
                + #""traits":{"a":"\#(message)","tags":["x","\#(message)"]}}"# + "\n"
        }
        let result = try Ingest.json(line("m1") + line("m2", id: "{}") + line("m3") + line("m2"))
        #expect(result.rejections.map(\.line) == [2])
        #expect(result.events.map(\.messageID) == ["m1", "m3", "m2"])
        #expect(result.events.map { $0["a"] } == [.string("m1"), .string("m3"), .string("m2")])
        #expect(result.events.map { $0["tags"] } == ["m1", "m3", "m2"].map { .strings(["x", $0]) })
    }
}
