import EventLog
import Foundation
import Testing

@testable import Collection

/// Runs when `DANGOL_COLLECT_SPEED` is set, in a release build: how fast bodies become batches, on one core.
@Suite struct CollectionSpeedTests {
    @Test(.enabled(if: ProcessInfo.processInfo.environment["DANGOL_COLLECT_SPEED"] != nil))
    func segmentBatchesOfAHundredEvents() throws {
        let key = HashKey(k0: 1, k1: 2)
        let bodies = (0..<50).map { number in CollectionSpeedTests.body(number) }
        let facts = RequestFacts(receivedTime: Bench.noon)
        let clock = ContinuousClock()
        var best = Duration.seconds(3_600)
        for _ in 0..<7 {
            let start = clock.now
            for body in bodies {
                let document = try CollectionDocument.parse(body, endpoint: .segmentBatch)
                let assembly = try RequestReader.read(
                    document, key: key, facts: facts, settings: CollectionSettings(), gate: OpenGate())
                #expect(assembly.batch.count == 100)
            }
            best = min(best, clock.now - start)
        }
        let seconds = Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds)
        let bytes = bodies.map(\.count).reduce(0, +)
        print(
            "collection: \(Int(5_000 / seconds)) events/s, \(Int(Double(bytes) / seconds / 1e6)) MB/s, \(bytes / 5_000) B each"
        )
    }

    private static func body(_ number: Int) -> [UInt8] {
        let events = (0..<100).map { index in
            #"{"type":"track","event":"Product Viewed","userId":"user-\#(number * 37 % 1000 + index)","messageId":"m-\#(number)-\#(index)-1234567890","timestamp":"2024-05-01T11:59:59.\#(100 + index)Z","properties":{"sku":"sku-\#(index % 40)","price":\#(index * 3),"category":"shoes"},"context":{"library":{"name":"analytics.js","version":"2.1"},"page":{"path":"/p/\#(index % 40)"},"locale":"ko-KR"}}"#
        }
        return Array(
            "{\"batch\":[\(events.joined(separator: ","))],\"sentAt\":\"2024-05-01T12:00:00Z\",\"writeKey\":\"wk\"}"
                .utf8)
    }
}
