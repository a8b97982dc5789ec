import Foundation
import RandomCases
import Testing

@testable import EventLog

/// Figures, not pass or fail: `DANGOL_MEASURE=1 swift test -c release --filter IngestSpeed` prints how fast one core
/// reads, and how fast two cores import into a log on disk.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["DANGOL_MEASURE"] != nil), .serialized)
struct IngestSpeedTests {
    private static let rows = 1_000_000

    private static let names = ["Order Completed", "Product Viewed", "Product Added", "Cart Viewed", "Signed Up"]
    private static let cities = ["Seoul", "Busan", "New York", "Paris", "서울"]

    private static func text(header: String, _ line: (Int, Int, String) -> String) -> [UInt8] {
        var random = SeededRandom(1)
        var out = Array(header.utf8)
        for row in 0..<rows {
            let seconds = 1_714_521_600 + row * 2
            let (day, second) = (1 + row / 43_200 % 28, seconds % 86_400)
            let clock = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            let time = "2024-05-\(day < 10 ? "0" : "")\(day)T\(clock.joined(separator: ":"))Z"
            out += Array(line(row, Int(random.next() % UInt64(rows / 50)), time).utf8)
        }
        return out
    }

    private static let jsonLines = text(header: "") { row, person, time in
        #"{"type":"track","userId":"user-\#(person)","event":"\#(names[row % 5])","timestamp":"\#(time)","#
            + #""messageId":"message-\#(row)","properties":{"city":"\#(cities[row % 5])","price":\#(row % 9973).25,"#
            + #""items":\#(row % 9),"member":\#(row % 2 == 0)}}"# + "\n"
    }

    private static let csv = text(header: "customer,time,event,city,price,items\n") { row, person, time in
        "user-\(person),\(time),\(names[row % 5]),\(cities[row % 5]),\(row % 9973).25,\(row % 9)\n"
    }

    private static let csvOptions = ImportOptions(
        .delimited(DelimitedOptions(person: "customer", time: "time", event: .column("event"))))

    @Test func parsing() throws {
        for (name, bytes, options) in [
            ("JSON Lines", Self.jsonLines, ImportOptions(.jsonLines)), ("CSV", Self.csv, Self.csvOptions),
        ] {
            var best = Duration.seconds(1000)
            for _ in 0..<5 {
                let clock = ContinuousClock()
                best = min(
                    best,
                    try clock.measure {
                        let session = try ImportSession(
                            MemorySource(bytes), name: name, options: options, key: Ingest.key, marks: { _ in [] })
                        var events = 0
                        while let stretch = try session.next() { events += stretch.batch.count }
                        #expect(events == Self.rows)
                    })
            }
            report("\(name): parsing on one core", bytes, best)
        }
    }

    @Test func importing() throws {
        for (name, bytes, options) in [
            ("JSON Lines", Self.jsonLines, ImportOptions(.jsonLines)), ("CSV", Self.csv, Self.csvOptions),
        ] {
            let folder = FileManager.default.temporaryDirectory.appending(path: "dangol-ingest-\(UUID())").path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let log = try EventLog.open(folder, for: .writing)
            let elapsed = try ContinuousClock().measure {
                _ = try ImportPipeline(
                    name: name, options: options, key: log.key, open: { MemorySource(bytes) },
                    marks: { log.marks(after: $0) }
                ).run { try log.load($0.batch, mark: $0.mark) }
            }
            #expect(try log.snapshot().eventCount == Self.rows)
            try log.close()
            report("\(name): importing into a log on two cores", bytes, elapsed)
        }
    }

    private func report(_ what: String, _ bytes: [UInt8], _ elapsed: Duration) {
        let seconds = elapsed / .seconds(1)
        print("\(what): \(Int(Double(Self.rows) / seconds)) lines/s of \(bytes.count / Self.rows) bytes, \(seconds) s")
    }
}
