import RandomCases
import Testing

@testable import EventLog

/// How a scan finds persons: from lists of rare rows, from bits, and from bits that a fold has narrowed.
@Suite struct ScanLeadTests {
    /// Histories by canonical id, of those whom the scan visits.
    struct Histories: PersonFold, Sendable {
        var rows: [String: [Int64]] = [:]
        /// Narrows the anchors to rows whose number in the chunk is a multiple of this.
        var multiple: UInt32?
        /// Takes columns, and of them the rows of these names; nil takes rows.
        var columnNames: Set<UInt16>?
        /// Persons who came by columns.
        var byColumns = 0
        private var columns: SourceColumns?

        init(multiple: UInt32? = nil, columnNames: Set<UInt16>? = nil) {
            self.multiple = multiple
            self.columnNames = columnNames
        }

        mutating func enter(_ block: ScanBlock) {}

        var columnUse: ColumnUse { columnNames == nil ? .none : .columns }
        mutating func enter(_ columns: SourceColumns) { self.columns = columns }

        mutating func visit(_ run: borrowing ColumnRun) throws {
            let (columns, names) = (try #require(columns), try #require(columnNames))
            byColumns += run.count
            for place in 0..<run.count {
                let id = run.person(place).id
                #expect(rows[id] == nil, "each person is visited once")
                rows[id] = columns.wanted(run.rows(of: place)).compactMap { row in
                    names.contains(columns.names[columns.codes[row]]) ? columns.times[row] : nil
                }
            }
        }

        var narrowsAnchors: Bool { multiple != nil }

        mutating func narrow(_ anchors: borrowing Anchors) {
            guard let multiple else { return }
            anchors.narrow { rows in
                for index in 0..<rows.count where rows.rows[index] % multiple != 0 { rows.keep[index] = 0 }
            }
        }

        mutating func visit(_ person: borrowing PersonView) throws {
            #expect(rows[person.id] == nil, "each person is visited once")
            rows[person.id] = person.rows.map(\.time)
        }
    }

    private static func selection(_ snapshot: Snapshot, _ events: [String]?, anchors: [String]?) -> Selection {
        func numbers(_ names: [String]) -> Set<UInt16> {
            Set(names.compactMap { snapshot.eventNames.number(of: $0) })
        }
        return Selection(events: events.map(numbers), anchors: anchors.map(numbers))
    }

    private static func histories(
        _ snapshot: Snapshot, _ selection: Selection, multiple: UInt32? = nil, columnNames: Set<UInt16>? = nil
    ) throws -> [String: [Int64]] {
        try snapshot.scan(selection, threads: 2) {
            Histories(multiple: multiple, columnNames: columnNames)
        }.folds.reduce(into: [:]) { all, fold in
            all.merge(fold.rows) { _, _ in
                Issue.record("visited twice")
                return []
            }
        }
    }

    @Test(arguments: 0..<60)
    func rareAnchorsLeadToWholePersonsHoweverTheirIdsWereMerged(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed) &* 6_151)
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        let persons = Int.random(in: 2..<80, using: &random)
        // Each becomes a segment, so that a person's events lie in several.
        var batches = (0..<Int.random(in: 1...4, using: &random)).map { _ in EventBatch(key: log.key) }
        var events: [(person: Int, name: String, time: Int64)] = []
        let isUneven = Bool.random(using: &random)
        for index in 0..<Int.random(in: 600..<4_000, using: &random) {
            let name = index % 700 == 5 ? "Rare" : index % 650 == 7 ? "Odd" : ["A", "B"].randomElement(using: &random)!
            let event = (Int.random(in: 0..<persons, using: &random), name, Int64(index) * 1_000)
            events.append(event)
            // Where most events are in one segment, who is in it alone comes by columns.
            let batch = isUneven && index % 50 > 0 ? 0 : Int.random(in: 0..<batches.count, using: &random)
            try batches[batch].append(Event(person: "p\(event.0)", name: name, time: event.2))
        }
        // Merged before they are written, an id's entries lie beside each other in the file.
        let merges = (0..<persons / 3).map { Merge(alias: "p\($0 * 3 + 1)", person: "p\($0 * 3)") }
        let isWrittenMerged = seed % 3 != 0
        for batch in batches where !batch.isEmpty { try log.load(batch) }
        try log.mergeAndWait(merges)
        if isWrittenMerged { try log.compact() }
        let forgotten = persons > 5 ? persons - 1 : -1
        if forgotten >= 0 { _ = try log.forget("p\(forgotten)") }

        let wanted: [String]? = [nil, ["A", "Rare"], ["Rare"], ["Rare", "Odd"]][seed % 4]
        let anchors: [String]? = seed % 2 == 0 ? ["Rare"] : seed % 8 < 4 ? ["A"] : nil
        var expected: [String: [Int64]] = [:]
        func isWanted(_ name: String) -> Bool { wanted?.contains(name) ?? true || anchors?.contains(name) ?? false }
        for event in events where isWanted(event.name) && event.person != forgotten {
            let isAlias = event.person % 3 == 1 && event.person / 3 < persons / 3
            expected["p\(isAlias ? event.person - 1 : event.person)", default: []].append(event.time)
        }
        let snapshot = try log.snapshot()
        let selection = Self.selection(snapshot, wanted.map { $0 + (anchors ?? []) }, anchors: anchors)
        let actual = try Self.histories(snapshot, selection)
        #expect(actual.allSatisfy { expected[$0.key] == $0.value }, "seed \(seed)")
        let leads = Set(events.filter { anchors?.contains($0.name) ?? true && $0.person != forgotten }.map(\.time))
        let needed = expected.filter { $0.value.contains(where: leads.contains) }
        #expect(Set(actual.keys).isSuperset(of: needed.keys), "seed \(seed)")
        let names = selection.events ?? Set(snapshot.eventNames.names.indices.map(UInt16.init))
        #expect(try Self.histories(snapshot, selection, columnNames: names) == actual, "seed \(seed), by columns")
        try log.close()
    }

    @Test func whoLiesInTheLargestSegmentAloneComesByColumns() throws {
        var events = (0..<900).map { Event(person: "p\($0 % 100)", name: "A", time: Int64($0) * 1_000) }
        events += (0..<12).map { Event(person: "p\($0 % 6 * 10)", name: "A", time: Int64($0) * 70_000) }
        events += [Event(person: "new", name: "A", time: 5)]
        for (merges, expected) in [([], 94), ([Merge(alias: "p1", person: "p2")], 92)] {
            let snapshot = try Snapshot.inMemory(events, merges: merges, latest: 13, chunkRows: 200)
            let folds = try snapshot.scan(Selection(), threads: 1) { Histories(columnNames: [0]) }.folds
            #expect(folds.map(\.byColumns) == [expected])
            #expect(folds.map(\.rows.count) == [101 - merges.count])
            #expect(folds[0].rows.allSatisfy { $0.value == $0.value.sorted() })
            #expect(folds[0].rows.reduce(0) { $0 + $1.value.count } == events.count)
        }
    }

    @Test(arguments: 0..<60)
    func aNarrowedScanVisitsWholePersonsWithAnAnchorThatIsKept(seed: Int) throws {
        var random = SeededRandom(UInt64(seed) &* 15_485_863)
        let events = ScanTests.randomEvents(
            &random, count: Int.random(in: 1..<3_000, using: &random), persons: Int.random(in: 1..<200, using: &random))
        let snapshot = try Snapshot.inMemory(
            events, segmentCount: 1 + seed % 2, latest: seed % 5 * 30, chunkRows: seed % 3 == 0 ? 100 : 65_536)
        let selection = Self.selection(snapshot, ["A", "B"], anchors: ["A"])
        let all = try Self.histories(snapshot, selection)
        #expect(try Self.histories(snapshot, selection, multiple: 1) == all, "seed \(seed)")
        let none = try Self.histories(snapshot, selection, multiple: .max)
        // Row 0 is a multiple of everything.
        #expect(none.count <= snapshot.segments.reduce(0) { $0 + $1.footer.chunks.count }, "seed \(seed)")
        let some = try Self.histories(snapshot, selection, multiple: 5)
        #expect(some.allSatisfy { all[$0.key] == $0.value }, "seed \(seed)")
        for multiple: UInt32 in [1, 5, 40] {
            let byRows = try Self.histories(snapshot, selection, multiple: multiple)
            let byColumns = try Self.histories(
                snapshot, selection, multiple: multiple, columnNames: Set(selection.events ?? []))
            #expect(byColumns == byRows, "seed \(seed), \(multiple)")
        }
        #expect(some.count <= all.count)
    }
}
