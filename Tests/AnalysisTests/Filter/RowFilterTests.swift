import EventLog
import Testing

@testable import Analysis

@Suite struct RowFilterTests {
    /// Compares the answers to many rows at once with those to each.
    private struct Comparison: PersonFold, Sendable {
        let filter: RowFilter
        var rows = 0
        var differences = 0

        mutating func enter(_ block: ScanBlock) { filter.enter(block) }

        var narrowsAnchors: Bool { true }

        mutating func narrow(_ anchors: borrowing AnchorRows) {
            let numbers = UnsafeBufferPointer(start: anchors.rows, count: anchors.count)
            filter.accept(numbers, source: anchors.source, anchors.keep)
            for (index, number) in numbers.enumerated() {
                let row = Row(
                    time: 0, row: number, code: anchors.codes[index], source: UInt16(truncatingIfNeeded: anchors.source)
                )
                rows += 1
                if filter.accepts(row) != (anchors.keep[index] == 1) { differences += 1 }
            }
        }

        mutating func visit(_ person: borrowing PersonView) {}
    }

    private func filter(_ dice: inout SeededDice, depth: Int) -> Filter {
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

    @Test(arguments: 1...300) func manyRowsAtOnceGetTheAnswersOfEach(seed: Int) throws {
        var dice = SeededDice(UInt64(seed) &* 7_368_787)
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
    }
}
