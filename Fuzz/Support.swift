@testable import EventLog

// What the fuzz targets share.
enum Fuzz {
    static let key = HashKey(k0: 0x0123_4567_89ab_cdef, k1: 0xfedc_ba98_7654_3210)

    /// What an import gave, as far as two imports can be compared.
    struct Outcome: Equatable {
        var rows = 0
        var rejections: [Rejection] = []
        var marks: [SourceMark] = []
        var linesSkipped: UInt64 = 0
        var error: String?
    }

    static func run(_ bytes: [UInt8], chunk: Int, _ options: ImportOptions, known: [SourceMark] = []) -> Outcome {
        var outcome = Outcome()
        do {
            let session = try ImportSession(
                MemorySource(bytes, chunk: chunk), name: "fuzz", options: options, key: key,
                marks: { place in known.filter { $0.from == place } })
            while let stretch = try session.next() {
                outcome.rows += stretch.batch.count
                outcome.rejections += stretch.rejections
                outcome.marks.append(stretch.mark)
                stretch.batch.checkInvariants()
            }
            outcome.linesSkipped = session.progress.linesSkipped
        } catch {
            outcome.error = String(describing: error)
        }
        return outcome
    }

    /// Imports bytes whole, in small pieces, and again: the pieces must not matter, and the second time must add
    /// nothing.
    static func checkImport(_ bytes: [UInt8], _ options: ImportOptions) {
        let whole = run(bytes, chunk: .max, options)
        let pieces = run(bytes, chunk: 1 + bytes.count % 7, options)
        expect(whole == pieces, "the size of the pieces matters")
        guard whole.error == nil else { return }
        let again = run(bytes, chunk: .max, options, known: whole.marks)
        expect(
            again.error == nil && again.rows == 0,
            "importing again gives \(again.rows) rows, \(again.error ?? "no error")")
        expect(again.marks.isEmpty, "importing again marks again")
    }

    /// Events with values of every type.
    static func batch(_ count: Int) throws -> EventBatch {
        var batch = EventBatch(key: Fuzz.key)
        let values: [PropertyValue] = [
            .string("서울"), .number(1.5), .boolean(true), .time(5), .strings(["a", "b"]), .numbers([1, 2]),
            .booleans([true]), .times([1]),
        ]
        for index in 0..<count {
            try batch.append(
                Event(
                    person: "p\(index % 7)", name: "e\(index % 3)", time: Int64(index % 5),
                    properties: [.init("x", values[index % 8]), .init("y", .number(Double(index)))],
                    messageID: index % 2 == 0 ? "m\(index)" : nil))
        }
        return batch
    }

    static func expect(_ condition: Bool, _ message: @autoclosure () -> String) {
        if !condition { fatalError(message()) }
    }
}

extension EventBatch {
    /// Every column is as long as its rows say, and every number refers to something.
    func checkInvariants() {
        Fuzz.expect(rowPersons.count == count && rowNames.count == count, "row columns differ in length")
        Fuzz.expect(rowPersons.allSatisfy { $0 < persons.count }, "a row has no person")
        Fuzz.expect(rowNames.allSatisfy { $0 < names.count }, "a row has no name")
        Fuzz.expect(messageRows.count == messageEnds.count, "message ids differ in length")
        for column in columns {
            let values = [column.codes.count, column.numbers.count, column.booleans.count, column.times.count]
            let expected = column.type.isList ? Int(column.ends.last ?? 0) : column.rows.count
            Fuzz.expect(
                column.type.isList ? column.ends.count == column.rows.count : column.ends.isEmpty, "ends differ")
            Fuzz.expect(values.max() == expected && values.reduce(0, +) == expected, "values differ from rows")
            Fuzz.expect(zip(column.rows, column.rows.dropFirst()).allSatisfy { $0 < $1 }, "rows are out of order")
            Fuzz.expect(column.rows.last.map { $0 < count } ?? true, "a value belongs to no row")
            Fuzz.expect(column.codes.allSatisfy { $0 < column.dictionary.count }, "a code is not in the dictionary")
        }
    }
}
