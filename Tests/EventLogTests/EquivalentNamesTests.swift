import Testing

@testable import EventLog

/// Names that look the same but differ in bytes: composed and decomposed Hangul, as two systems write it.
@Suite struct EquivalentNamesTests {
    private static let (composed, decomposed) = ("\u{ac00}", "\u{1100}\u{1161}")

    @Test func valuesUnderEitherSpellingOfAPropertyAreKept() async throws {
        let folder = try TemporaryFolder()
        let log = try EventLog.open(folder.path, for: .writing)
        let names = [Self.composed, Self.decomposed]
        try await log.append(
            (0..<6).map { index in
                Event(
                    person: "p", name: names[index % 2], time: Int64(index),
                    properties: [.init(names[index / 3], .number(Double(index)))])
            })
        for step in ["recent", "sealed", "compacted"] {
            let events = try log.snapshot().history(of: "p").map(\.event)
            #expect(events.map { $0.properties.map(\.value) } == (0..<6).map { [.number(Double($0))] }, "\(step)")
            let statistics = try log.statistics
            #expect(statistics.eventNames.map(\.count) == [6], "\(step)")
            #expect(statistics.properties.map(\.count) == [6], "\(step)")
            let reader = try #require(try log.snapshot().propertyNames.number(of: Self.composed))
            var fold = Values()
            try log.snapshot().visit(person: "p", Selection(properties: [reader]), &fold)
            #expect(fold.values == (0..<6).map { .number(Double($0)) }, "\(step): as a query reads them")
            if step == "recent" { try log.seal() } else { try log.compact() }
        }
        try log.close()
        #expect(try EventLog.verify(folder.path).problems.isEmpty)
    }

    private struct Values: PersonFold {
        var columns: [PropertyColumns] = []
        var values: [PropertyValue?] = []

        mutating func enter(_ block: ScanBlock) {
            columns = (0..<block.sourceCount).map { block.column(0, source: $0) }
        }

        mutating func visit(_ person: borrowing PersonView) throws {
            for row in person.rows { values.append(columns[Int(row.source)].value(at: row.row)) }
        }
    }
}
