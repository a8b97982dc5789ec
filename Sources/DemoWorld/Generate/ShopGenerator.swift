import Statistics

/// A synthetic shop, for demonstrations, tests and benchmarks: people who come, browse, buy, come back and leave for
/// good, with the seasons of a Korean year, as JSON Lines in Segment's shape and in the order of time.
///
/// ```swift
/// let shop = try ShopGenerator(seed: 1, persons: 10_000, events: 1_000_000, from: january, to: july)
/// try shop.write(to: { try file.write($0) })
/// ```
///
/// The same arguments give the same bytes. Exactly `events` track lines are written; identify lines, which join the
/// anonymous and the known id of a person at sign-up, come in addition. All people appear when there are a dozen events
/// for each.
///
/// - Complexity: O(events + persons) time. Memory peaks at about 32 bytes an event and does not depend on the length of
///   lines.
package struct ShopGenerator: Sendable {
    package struct InvalidArgument: Error, Sendable, Equatable, CustomStringConvertible {
        package var description: String
    }

    package static let personsMax = 50_000_000
    package static let eventsMax = 2_000_000_000
    /// Twenty years.
    package static let rangeMax: Int64 = 20 * 366 * 86_400_000

    package let seed: UInt64
    package let persons: Int
    package let events: Int
    private let range: Range<Int64>

    /// - Parameters:
    ///   - from: the first moment, in milliseconds since 1970-01-01T00:00:00Z.
    ///   - to: the end, which is not part of the range.
    /// - Throws: `InvalidArgument`, which names what was out of range.
    package init(seed: UInt64, persons: Int, events: Int, from: Int64, to: Int64) throws {
        guard (1...Self.personsMax).contains(persons) else {
            throw InvalidArgument(description: "persons is \(persons); it must be from 1 to \(Self.personsMax)")
        }
        guard (0...Self.eventsMax).contains(events) else {
            throw InvalidArgument(description: "events is \(events); it must be from 0 to \(Self.eventsMax)")
        }
        guard from >= 0, to <= 7_258_118_400_000 else {
            throw InvalidArgument(description: "the range must lie between 1970-01-01 and 2199-12-31")
        }
        guard to > from, to - from <= Self.rangeMax else {
            throw InvalidArgument(description: "the range must end after it begins and span at most 20 years")
        }
        self.seed = seed
        self.persons = persons
        self.events = events
        range = from..<to
    }

    /// Hands the lines to `sink` in pieces of about a megabyte, each of which ends with a whole line.
    ///
    /// - Parameter progress: gets the events written so far and in all.
    /// - Throws: what `sink` throws.
    package func write(
        to sink: (UnsafeRawBufferPointer) throws -> Void, progress: ((Int, Int) -> Void)? = nil
    ) throws {
        if events == 0 { return }
        let timeline = ShopTimeline.sorted(records(), in: range)
        var writer = ShopLineWriter(seed: seed, catalogue: TrafficCatalogue(seed: seed))
        let piece = 1 << 20
        writer.reserve(piece + (64 << 10))
        var written = 0
        for record in timeline {
            writer.write(record)
            if record.kind != .identify { written += 1 }
            if writer.bytes.count >= piece {
                try writer.bytes.withUnsafeBytes(sink)
                writer.clear()
                progress?(written, events)
            }
        }
        if !writer.bytes.isEmpty { try writer.bytes.withUnsafeBytes(sink) }
        progress?(written, events)
    }

    // MARK: Who does what

    private func records() -> [ShopRecord] {
        var shop = ShopPerson.Shop(seed: seed, range: range)
        shop.activity = activity(shop)
        var records: [ShopRecord] = []
        records.reserveCapacity(events + events / 8)
        for number in 0..<UInt32(persons) {
            var person = ShopPerson(number, shop: shop)
            person.live(in: shop, into: &records)
        }
        meetTarget(&records)
        return records
    }

    /// The activity that gives the wanted number of events for each person, found on the first people. It need not be
    /// exact: `meetTarget` makes up for the rest.
    private func activity(_ shop: ShopPerson.Shop) -> Double {
        let target = Double(events) / Double(persons)
        let sample = min(persons, max(400, min(4_000, events / 2_000)))
        var activity = 1.0
        for _ in 0..<4 {
            var trial = shop
            trial.activity = activity
            var records: [ShopRecord] = []
            for number in 0..<UInt32(sample) {
                var person = ShopPerson(number, shop: trial)
                person.live(in: trial, into: &records)
            }
            let mean = Double(records.count { $0.kind != .identify }) / Double(sample)
            let change = target / max(mean, 0.1)
            activity = min(max(activity * change, 1e-4), 1e4)
            if abs(change - 1) < 0.005 { break }
        }
        return activity
    }

    /// Leaves out or adds page views, spread evenly, until the number of events is exact.
    private func meetTarget(_ records: inout [ShopRecord]) {
        let made = records.count { $0.kind != .identify }
        if made > events {
            let fillers = records.count { $0.kind.isFiller && $0.slot > 0 }
            let surplus = made - events
            thin(&records, min(surplus, fillers), of: fillers) { $0.kind.isFiller && $0.slot > 0 }
            // Far fewer events than people: something else has to go.
            thin(&records, max(0, surplus - fillers), of: made - fillers) {
                $0.kind != .identify && !($0.kind.isFiller && $0.slot > 0)
            }
        } else if made < events {
            var hosts = records.indices.filter { records[$0].kind.isInSession }
            if hosts.isEmpty { hosts = records.indices.filter { records[$0].kind != .identify } }
            if hosts.isEmpty { return }
            let missing = events - made
            var source = RandomSource(seed: seed, stream: 0xADD)
            for added in 0..<missing {
                let host = records[hosts[added % hosts.count * 7_919 % hosts.count]]
                var view = host
                view.kind = .pageViewed
                view.time = min(host.time + 500 + Int64(source.index(below: 20_000)), range.upperBound - 1)
                let page = UInt8(1 + source.index(below: TrafficCatalogue.pages.count - 1))
                // Right after a sign-up the person is known.
                let identity: ShopIdentity =
                    host.identity == .joined || host.identity == .secondJoined ? .known : host.identity
                view.detail = page | identity.rawValue << 5
                records.append(view)
            }
        }
    }

    /// Removes `count` of the `total` records for which `condition` holds, evenly.
    private func thin(_ records: inout [ShopRecord], _ count: Int, of total: Int, where condition: (ShopRecord) -> Bool)
    {
        if count <= 0 || total <= 0 { return }
        var seen = 0
        records.removeAll { record in
            guard condition(record) else { return false }
            defer { seen += 1 }
            // Bresenham's line: exactly `count` of `total` steps go up.
            return (seen + 1) * count / total > seen * count / total
        }
    }
}

/// Puts records in the order of time.
enum ShopTimeline {
    /// A counting sort into narrow buckets, then insertion sort inside; records of the same time keep their order.
    ///
    /// - Complexity: O(n) for times that are spread out, as the shop's are; O(n log n) for any.
    static func sorted(_ records: [ShopRecord], in range: Range<Int64>) -> [ShopRecord] {
        if records.count < 2 { return records }
        let buckets = min(max(records.count / 4, 1), 1 << 22)
        let width = max(1, (range.upperBound - range.lowerBound) / Int64(buckets) + 1)
        func bucket(_ record: ShopRecord) -> Int { Int((record.time - range.lowerBound) / width) }
        var ends = [Int](repeating: 0, count: buckets + 1)
        for record in records { ends[bucket(record) + 1] += 1 }
        for index in 1...buckets { ends[index] += ends[index - 1] }
        var sorted = [ShopRecord](repeating: records[0], count: records.count)
        for record in records {
            let place = bucket(record)
            sorted[ends[place]] = record
            ends[place] += 1
        }
        // `ends[b]` has moved from the start of bucket b to its end.
        var start = 0
        for index in 0..<buckets {
            let end = ends[index]
            if end - start > 64 {
                let part = sorted[start..<end].enumerated().sorted {
                    ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
                }
                for (offset, item) in part.enumerated() { sorted[start + offset] = item.element }
            } else if end - start > 1 {
                insertionSort(&sorted, start..<end)
            }
            start = end
        }
        return sorted
    }

    private static func insertionSort(_ records: inout [ShopRecord], _ range: Range<Int>) {
        for index in range.dropFirst() {
            let record = records[index]
            var place = index
            while place > range.lowerBound, records[place - 1].time > record.time {
                records[place] = records[place - 1]
                place -= 1
            }
            records[place] = record
        }
    }
}
