import EventLog
import RandomCases
import Testing

@testable import Analysis

@Suite struct RowFilterTests {
    /// Compares the answers to many rows at once with those to each.
    private struct Comparison: PersonFold, Sendable {
        let filter: RowFilter
        var rows = 0
        var differences = 0
        var sourcesAtOnce = 0

        mutating func enter(_ block: ScanBlock) { filter.enter(block) }

        var narrowsAnchors: Bool { true }

        mutating func narrow(_ anchors: borrowing Anchors) {
            let (filter, source) = (filter, anchors.source)
            var (asked, wrong) = (0, 0)
            let kept = keptAtOnce(anchors)
            let first = anchors.rows.lowerBound
            anchors.narrow { batch in
                let numbers = UnsafeBufferPointer(start: batch.rows, count: batch.count)
                filter.accept(numbers, source: source, batch.keep)
                for (index, number) in numbers.enumerated() {
                    let row = Row(
                        time: 0, row: number, code: batch.codes[index], source: UInt16(truncatingIfNeeded: source))
                    let expected = filter.accepts(row)
                    let place = Int(number) - first
                    asked += 1
                    if expected != (batch.keep[index] == 1) { wrong += 1 }
                    if let kept, expected != (kept[place / 64] >> UInt64(place % 64) & 1 == 1) { wrong += 1 }
                }
            }
            rows += asked
            differences += wrong
            sourcesAtOnce += kept == nil ? 0 : 1
        }

        /// The anchors as bits after the filter answered all rows at once, when it has a way to do so.
        private func keptAtOnce(_ anchors: borrowing Anchors) -> [UInt64]? {
            guard filter.answersAtOnce(source: anchors.source) else { return nil }
            var words = Array(UnsafeBufferPointer(start: anchors.words, count: (anchors.rows.count + 63) / 64))
            words.withUnsafeMutableBufferPointer { words in
                if let base = words.baseAddress { filter.keep(anchors.rows, source: anchors.source, base) }
            }
            return words
        }

        mutating func visit(_ person: borrowing PersonView) {}
    }

    private func filter(_ dice: inout SeededRandom, depth: Int) -> Filter {
        switch depth == 0 ? 3 : dice.roll(0...5) {
        case 0: return .and((0..<dice.roll(1...3)).map { _ in filter(&dice, depth: depth - 1) })
        case 1: return .or((0..<dice.roll(1...3)).map { _ in filter(&dice, depth: depth - 1) })
        case 2: return .not(filter(&dice, depth: depth - 1))
        default:
            let property = dice.pick(["c", "v", "tags", "prices", "absent"])
            return dice.pick([
                .property(property, .equals, .string(dice.pick(["x", "s", "y"]))),
                .property(property, .equals, .number(Double(dice.roll(-4...4)))),
                .property(property, .notEquals, .number(0.5)), .property(property, .greater, .number(1)),
                .property(property, .lessOrEqual, .number(-0.5)), .property(property, .contains, .string("z")),
                .property(property, .isSet), .property(property, .isNotSet),
            ])
        }
    }

    @Test func manyRowsAtOnceGetTheAnswersOfEach() throws {
        // Of some filters and columns all rows can be asked about at once: not of all, but of many.
        let atOnce = try (1...300).reduce(0) { try $0 + sourcesAtOnce(seed: $1) }
        #expect(atOnce > 100)
    }

    private func sourcesAtOnce(seed: Int) throws -> Int {
        var dice = SeededRandom(UInt64(seed) &* 7_368_787)
        let history = try RandomHistory(&dice)
        let snapshot = try history.snapshot(seed)
        let context = QueryContext(snapshot: snapshot, now: 0)
        var properties = PropertyList(snapshot.propertyNames)
        let filters = (0..<dice.roll(1...2)).map { _ in filter(&dice, depth: dice.roll(0...3)) }
        let program = try FilterProgram(filters, field: "filters", &properties, context, history.zone)
        let names = Set(snapshot.eventNames.names.indices.map { UInt16($0) })
        let selection = Selection(events: names, anchors: names, properties: properties.numbers)
        let (folds, _) = try snapshot.scan(selection) { Comparison(filter: RowFilter(program, traits: nil)) }
        #expect(folds.allSatisfy { $0.differences == 0 }, "seed \(seed): \(filters)")
        // A part begins with a whole word of rows, some of which may belong to the part before.
        #expect(folds.reduce(0) { $0 + $1.rows } >= history.events.count, "seed \(seed)")
        return folds.reduce(0) { $0 + $1.sourcesAtOnce }
    }
}
