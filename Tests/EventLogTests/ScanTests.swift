import RandomCases
import Testing

@testable import EventLog

/// Random logs against an obvious model: an array of events.
@Suite struct ScanTests {
    static func randomValue(_ random: inout SeededRandom) -> PropertyValue {
        let numbers = [0, 1, -1, 2.5, 19.99, 1e300, -0.0, 12345.6789, 9_007_199_254_740_991, 3e-7]
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return .string(["서울", "부산", "", "a'b\"c\n", "Jeju"].randomElement(using: &random)!)
        case 1: return .number(numbers.randomElement(using: &random)!)
        case 2: return .boolean(Bool.random(using: &random))
        case 3: return .time(Int64.random(in: 0...2_000_000_000_000, using: &random))
        case 4:
            return .strings(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in ["x", "가나", "z"].randomElement(using: &random)! }
            )
        case 5:
            return .numbers(
                (0..<Int.random(in: 0..<4, using: &random)).map { _ in numbers.randomElement(using: &random)! })
        case 6: return .booleans((0..<Int.random(in: 0..<4, using: &random)).map { _ in Bool.random(using: &random) })
        default: return .times((0..<Int.random(in: 0..<3, using: &random)).map { Int64($0) * 1000 })
        }
    }

    static func randomEvents(_ random: inout SeededRandom, count: Int, persons: Int) -> [Event] {
        (0..<count).map { index in
            var properties: [Event.Property] = []
            for name in ["city", "tags", "total"] where Int.random(in: 0..<3, using: &random) == 0 {
                properties.append(.init(name, randomValue(&random)))
            }
            let id: String? =
                switch Int.random(in: 0..<6, using: &random) {
                case 0: "m-\(index)"
                case 1: "00112233-4455-6677-8899-\(String(index + 100_000_000_000))"
                default: nil
                }
            return Event(
                person: "사람-\(Int.random(in: 0..<persons, using: &random))",
                name: Int.random(in: 0..<60, using: &random) == 0
                    ? "Rare" : ["A", "B", "C", "D"].randomElement(using: &random)!,
                time: Int64.random(in: 0..<50, using: &random) * 1000, properties: properties, messageID: id)
        }
    }

    struct Collector: PersonFold, Sendable {
        var histories: [String: [Event]] = [:]
        mutating func enter(_ block: ScanBlock) {}
        mutating func visit(_ person: borrowing PersonView) throws {
            var events: [Event] = []
            for row in person.rows {
                let stored = try person.event(row)
                #expect(stored.event.time == row.time)
                events.append(stored.event)
            }
            let id = person.id
            #expect(histories[id] == nil, "each person is visited once")
            histories[id] = events
        }
    }

    @Test(arguments: 0..<Seeds.count(300))
    func scansAndHistoriesEqualTheModel(seed: Int) throws {
        var random = SeededRandom(seed)
        let events = ScanTests.randomEvents(
            &random, count: Int.random(in: 1..<400, using: &random), persons: Int.random(in: 1..<30, using: &random))
        var merges: [Merge] = []
        for _ in 0..<Int.random(in: 0..<6, using: &random) {
            merges.append(
                Merge(
                    alias: "사람-\(Int.random(in: 0..<30, using: &random))",
                    person: "사람-\(Int.random(in: 0..<30, using: &random))"))
        }
        let snapshot = try Snapshot.inMemory(
            events, merges: merges, segmentCount: Int.random(in: 1..<4, using: &random),
            latest: Int.random(in: 0..<3, using: &random) * 10,
            chunkRows: Int.random(in: 1..<100, using: &random))

        // The obvious model of merges: groups of ids with one representative.
        var representative: [String: String] = [:]
        func canonical(_ id: String) -> String { representative[id].map(canonical) ?? id }
        for merge in merges where canonical(merge.alias) != canonical(merge.person) {
            representative[canonical(merge.alias)] = canonical(merge.person)
        }

        let wanted: Set<String>? = [nil, ["A"], ["A", "Rare"], ["Rare"], ["B", "C", "D"], ["Absent"]]
            .randomElement(using: &random)!
        let anchors: Set<String>? = [nil, ["Rare"], ["A"]].randomElement(using: &random)!
        let times: Range<Int64>? = [nil, 10_000..<30_000].randomElement(using: &random)!
        var expected: [String: [Event]] = [:]
        for event in events.enumerated().sorted(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) })
            .map(\.element)
        {
            guard wanted?.union(anchors ?? []).contains(event.name) ?? true else { continue }
            guard times?.contains(event.time) ?? true else { continue }
            expected[canonical(event.person), default: []].append(event)
        }
        let anchored = expected.filter { $0.value.contains { anchors?.contains($0.name) ?? true } }
        func numbers(_ names: Set<String>) -> Set<UInt16> {
            Set(names.compactMap { snapshot.eventNames.number(of: $0) })
        }
        let selection = Selection(
            events: wanted.map { numbers($0.union(anchors ?? [])) }, anchors: anchors.map(numbers), times: times)
        let (folds, _) = try snapshot.scan(selection, threads: 2) { Collector() }
        var actual: [String: [Event]] = [:]
        for fold in folds {
            actual.merge(fold.histories) { _, _ in
                Issue.record("visited twice")
                return []
            }
        }
        #expect(actual.allSatisfy { expected[$0.key] == $0.value }, "seed \(seed)")
        #expect(Set(actual.keys).isSuperset(of: anchored.keys), "seed \(seed)")
        if anchors == ["Rare"], merges.isEmpty, times == nil {
            #expect(actual.count == anchored.count, "persons without an anchor are left out")
        }

        for person in 0..<30 {
            let id = "사람-\(person)"
            let history = try snapshot.history(of: id).map(\.event)
            let own = events.enumerated().filter { canonical($0.element.person) == canonical(id) }
                .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
            #expect(history == own, "seed \(seed), \(id)")
        }
    }
}
