import Foundation
import RandomCases
import Testing

@testable import EventLog

@Suite("Sorting by hashes, and message ids that come again")
struct MessageOrderTests {
    /// Hashes with a given number of different ones, spread over some of the bits.
    private static func hashes(_ count: Int, _ random: inout SeededRandom) -> [UInt64] {
        let bits = UInt64.max >> UInt64.random(in: 0..<64, using: &random)
        let shift = UInt64.random(in: 0..<64, using: &random)
        let different = Int.random(in: 1...max(1, count * 2), using: &random)
        let all = (0..<different).map { _ in (random.next() & bits) << shift }
        return (0..<count).map { _ in all[Int.random(in: 0..<different, using: &random)] }
    }

    @Test("the radix sort is a stable sort", arguments: 0..<60)
    func sort(seed: UInt64) {
        struct Item: Equatable {
            var hash: UInt64
            var place: Int
        }
        var random = SeededRandom(seed)
        let count = [0, 1, 2, 24, 25, 1000, 30_000][Int(seed) % 7]
        let items = Self.hashes(count, &random).enumerated().map { Item(hash: $1, place: $0) }
        var sorted = items
        HashSort.sort(&sorted) { $0.hash }
        #expect(sorted == items.sorted { ($0.hash, $0.place) < ($1.hash, $1.place) }, "seed \(seed)")
    }

    @Test("an order has each hash once, from where it came first", arguments: 0..<20)
    func order(seed: UInt64) {
        var random = SeededRandom(seed)
        let hashes = Self.hashes(Int.random(in: 0..<3000, using: &random), &random)
        let order = MessageOrder(hashes)
        #expect(order.hashes == Set(hashes).sorted(), "seed \(seed)")
        #expect(order.entries.map { Int($0) } == order.hashes.map { hashes.firstIndex(of: $0) }, "seed \(seed)")
        #expect(
            Set(order.entries).union(order.repeated) == Set((0..<hashes.count).map(UInt32.init)), "seed \(seed)")
        #expect(order.entries.count + order.repeated.count == hashes.count, "seed \(seed)")
    }

    @Test("values are found in a sorted list, uniform or not, however many at a time", arguments: 0..<200)
    func find(seed: UInt64) {
        var random = SeededRandom(seed)
        let known = Self.hashes([0, 1, 2, 9, 300, 20_000][Int(seed) % 6], &random).sorted()
        var wanted = Self.hashes(Int.random(in: 0..<150, using: &random), &random)
        wanted += known.shuffled(using: &random).prefix(40)
        wanted += known.prefix(20).flatMap { [$0 &- 1, $0 &+ 1] } + [0, .max]
        var found = [UInt8](repeating: 0, count: wanted.count)
        known.withUnsafeBufferPointer { $0.find(wanted, &found) }
        let all = Set(known)
        #expect(found == wanted.map { all.contains($0) ? 1 : 0 }, "seed \(seed)")
    }

    @Test("hashes in two sorted lists are found, however different the lists' lengths", arguments: 0..<60)
    func shared(seed: UInt64) {
        var random = SeededRandom(seed)
        let long = Self.hashes([0, 3, 100, 5000, 40_000][Int(seed) % 5], &random).sorted()
        var wanted = Set(Self.hashes([0, 1, 30, 2000][Int(seed) % 4], &random))
        wanted.formUnion(long.shuffled(using: &random).prefix(Int.random(in: 0..<40, using: &random)))
        let sorted = wanted.sorted()
        var found: [UInt64] = []
        long.withUnsafeBufferPointer { long in
            sorted.withUnsafeBufferPointer { wanted in long.forEachShared(with: wanted) { found.append(wanted[$0]) } }
        }
        #expect(found == wanted.intersection(long).sorted(), "seed \(seed)")
    }

    @Test("loads and appends store each message id once, from where it came first", arguments: 0..<25)
    func deduplication(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let folder = try TemporaryFolder()
        var options = EventLog.Options()
        options.sealRows = .max
        options.compactionFanIn = 0
        var log = try EventLog.open(folder.path, for: .writing, options: options)
        var seen: Set<String> = []
        var expected: [Event] = []
        for round in 0..<20 {
            let count = Int.random(in: 0..<200, using: &random)
            let events = (0..<count).map { number in
                let id = Int.random(in: 0..<1500, using: &random)
                return Event(
                    person: "p\(number % 7)", name: "e", time: Int64(round * 1000 + number),
                    messageID: id % 5 == 0 ? nil : "m\(id)")
            }
            let new = events.filter { event in event.messageID.map { seen.insert($0).inserted } ?? true }
            expected += new
            var batch = EventBatch(key: log.key)
            for event in events { try batch.append(event) }
            let isLoad = Bool.random(using: &random)
            let receipt = isLoad ? try log.load(batch) : try log.appendAndWait(batch)
            #expect(receipt.stored == new.count, "seed \(seed), round \(round)")
            #expect(receipt.duplicates == count - new.count, "seed \(seed), round \(round)")
            switch Int.random(in: 0..<6, using: &random) {
            case 0: try log.seal()
            case 1: try log.compact()
            case 2:
                try log.close()
                log = try EventLog.open(folder.path, for: .writing, options: options)
            default: break
            }
        }
        #expect(try log.tail(from: 0, limit: .max).map(\.event) == expected, "seed \(seed)")
        try log.close()
    }

    @Test("a batch gives the same segment on one thread as on four", arguments: 0..<10)
    func threads(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var batch = EventBatch(key: Ingest.key)
        for number in 0..<2000 {
            var properties: [Event.Property] = []
            for property in 0..<6 where Int.random(in: 0..<(1 << property), using: &random) == 0 {
                let value = Int.random(in: 0..<50, using: &random)
                properties.append(
                    Event.Property(
                        "p\(property)", property % 2 == 0 ? .string("v\(value)") : .numbers([Double(value), 0.5])))
            }
            try batch.append(
                Event(
                    person: "u\(Int.random(in: 0..<90, using: &random))", name: "e\(number % 300)",
                    time: Int64.random(in: 0..<100_000, using: &random), properties: properties,
                    messageID: number % 3 == 0 ? nil : "m\(number)"))
        }
        let sealer = BatchSealer(
            batch: batch, codes: (0..<300).map { UInt16($0) }, properties: (0..<6).map { UInt16($0) },
            sequences: Array(0..<2000))
        func bytes(threads: Int) throws -> [UInt8] {
            var bytes: [UInt8] = []
            var writer = try SegmentWriter { bytes.append(contentsOf: $0) }
            try sealer.write(to: &writer, chunkRows: 300, threads: threads)
            _ = try writer.finish()
            return bytes
        }
        #expect(try bytes(threads: 1) == bytes(threads: 4), "seed \(seed)")
    }
}
