import Foundation
import Synchronization
import Testing

@testable import EventLog

@Suite struct IngestSessionTests {
    private static func line(_ number: Int) -> String {
        #"{"event":"e","userId":"u\#(number % 10)","timestamp":\#(1_714_521_600 + number),"#
            + #""properties":{"n":\#(number)}}"#
    }

    private static func lines(_ range: Range<Int>) -> String { range.map { line($0) + "\n" }.joined() }

    private static func options(rows: Int = 500) -> ImportOptions {
        var options = ImportOptions(.jsonLines)
        options.batchRows = rows
        return options
    }

    private func run(
        _ text: String, _ known: [SourceMark] = [], rows: Int = 500, again: Bool = false, chunk: Int = .max
    ) throws -> Imported {
        var options = Self.options(rows: rows)
        options.allowsDivergence = again
        return try Ingest.run(Array(text.utf8), options, chunk: chunk, known: known)
    }

    private func numbers(_ imported: Imported) -> [Int] {
        imported.events.compactMap { if case .number(let number) = $0["n"] { Int(number) } else { nil } }
    }

    @Test func theFirstMarksComeEarly() throws {
        let result = try run(Self.lines(0..<2000))
        #expect(result.marks.map(\.lines) == [16, 240, 500, 500, 500, 244])
        #expect(zip(result.marks, result.marks.dropFirst()).allSatisfy { $0.to == $1.from })
        #expect(result.progress.events == 2000)
        #expect(result.progress.lines == 2000)
    }

    @Test(arguments: [1, 5, 16, 17, 255, 256, 257, 2000], ["\n", ""])
    func importingAgainChangesNothing(_ count: Int, _ end: String) throws {
        let text = Self.lines(0..<count).dropLast() + end
        let first = try run(String(text))
        #expect(numbers(first) == Array(0..<count))
        for rows in [500, 77, 5000] {
            let second = try run(String(text), first.marks, rows: rows, chunk: 999)
            #expect(second.events.isEmpty)
            #expect(second.marks.isEmpty)
            #expect(second.progress.linesSkipped == UInt64(count))
        }
    }

    /// Found by fuzzing: when a stretch began with the line after which the next one was to end, and that line was
    /// blank, its mark said nothing, and the file was taken for changed when it was imported again.
    @Test(arguments: [1, 3, 5, 15], [1, 2, 3, 20])
    func blankLinesWhereAStretchEndsAreKnownAgain(_ rows: Int, _ blank: Int) throws {
        let text =
            Self.lines(0..<15) + String(repeating: "\n", count: blank) + Self.lines(15..<30)
            + String(repeating: "\r\n", count: blank)
        let first = try run(text, rows: rows)
        #expect(numbers(first) == Array(0..<30))
        #expect(first.marks.allSatisfy { $0.length > 0 })
        let second = try run(text, first.marks, rows: 500)
        #expect(second.events.isEmpty && second.marks.isEmpty)
        #expect(numbers(try run(text + Self.lines(30..<31), first.marks)) == [30])
    }

    @Test(arguments: [1, 5, 16, 17, 255, 256, 257, 900], ["\n", "", "\r\n"])
    func aGrownFileGivesItsNewLinesOnly(_ count: Int, _ end: String) throws {
        var marks: [SourceMark] = []
        var text = ""
        for round in 0..<4 {
            let new = (round * count)..<((round + 1) * count)
            if !text.isEmpty { text += end.isEmpty ? "\n" : "" }
            text += new.map(Self.line).joined(separator: end == "\r\n" ? "\r\n" : "\n") + end
            let result = try run(text, marks, rows: 300 + round * 100)
            #expect(numbers(result) == Array(new), "round \(round)")
            #expect(result.rejections.isEmpty)
            marks += result.marks
        }
    }

    @Test func aLastLineThatWasNotWholeIsNotTakenForKnown() throws {
        let first = try run(Self.lines(0..<20) + #"{"event":"e","userId":"u","timestamp":171452"#)
        #expect(first.rejections.map(\.line) == [21])
        let whole = Self.lines(0..<20) + Self.line(20) + "\n"
        let error = #expect(throws: ImportError.self) { try run(whole, first.marks) }
        #expect(error?.code == .diverged)
    }

    @Test func equalLinesWithinAFileAreSeparateEvents() throws {
        let text = String(repeating: Self.line(1) + "\n", count: 700)
        let first = try run(text)
        #expect(first.events.count == 700)
        #expect(try run(text, first.marks).events.isEmpty)
        #expect(try run(text + Self.line(1), first.marks).events.count == 1)
    }

    @Test func anEditedFileIsExplainedAndImportedOnlyWhenAskedFor() throws {
        let first = try run(Self.lines(0..<2000))
        let edited = Self.lines(0..<700) + Self.line(99_999) + "\n" + Self.lines(701..<2000)
        let error = #expect(throws: ImportError.self) { try run(edited, first.marks) }
        #expect(error?.code == .diverged)
        #expect(error?.message.contains("lines 1 to 256 have been imported before") == true)
        #expect(error?.message.contains("--again") == true)
        let again = try run(edited, first.marks, again: true)
        #expect(numbers(again).first == 256)
        #expect(again.events.count == 2000 - 256)
        // From now on both continuations are known.
        let marks = first.marks + again.marks
        #expect(try run(edited, marks).events.isEmpty)
        #expect(try run(Self.lines(0..<2000), marks).events.isEmpty)
    }

    @Test func aFileThatWasCutShortIsExplained() throws {
        let first = try run(Self.lines(0..<2000))
        #expect(throws: ImportError.self) { try run(Self.lines(0..<1000), first.marks) }
        // Cut at a mark, there is nothing that would be new or different.
        #expect(try run(Self.lines(0..<256), first.marks).events.isEmpty)
    }

    @Test func anotherFileOrAnotherMappingIsAnotherSource() throws {
        let first = try run(Self.lines(0..<2000))
        #expect(try run(Self.lines(1..<2000), first.marks).events.count == 1999)
        let text = Array("who,when,n\nu,2024-05-01,1\n".utf8)
        let mapping = DelimitedOptions(person: "who", time: "when", event: .constant("A"))
        let one = try Ingest.run(text, ImportOptions(.delimited(mapping)))
        #expect(try Ingest.run(text, ImportOptions(.delimited(mapping)), known: one.marks).events.isEmpty)
        var other = mapping
        other.event = .constant("B")
        #expect(try Ingest.run(text, ImportOptions(.delimited(other)), known: one.marks).events.count == 1)
        let header = Array("who,when,m\nu,2024-05-01,1\n".utf8)
        #expect(try Ingest.run(header, ImportOptions(.delimited(mapping)), known: one.marks).events.count == 1)
    }

    @Test func quotedLineBreaksCrossNoMark() throws {
        let rows = (0..<900).map { "u\($0),2024-05-01,\"a\n\($0)\"\r\n" }
        let options = ImportOptions(.delimited(DelimitedOptions(person: "who", time: "when", event: .constant("A"))))
        let text = Array(("who,when,n\r\n" + rows.joined()).utf8)
        let first = try Ingest.run(text, options, chunk: 100)
        #expect(first.events.count == 900)
        #expect(try Ingest.run(text, options, known: first.marks).progress.linesSkipped == 1800)
        let grown = text + Array("v,2024-05-02,\n".utf8)
        let second = try Ingest.run(grown, options, known: first.marks)
        #expect(second.events.map(\.person) == ["v"])
        #expect(second.progress.lines == 1802)
    }

    @Test func theLineNumbersOfRejectionsCountWhatWasSkipped() throws {
        let first = try run(Self.lines(0..<300))
        let second = try run(Self.lines(0..<300) + "\n\nbad\n", first.marks)
        #expect(second.rejections.map(\.line) == [303])
        #expect(second.rejections.first?.text == "bad")
    }

    @Test func gzipAndPlainTextAreTheSameSource() throws {
        let text = Self.lines(0..<3000)
        let half = text.utf8.count / 2
        let zipped =
            Gzip.stored(Array(text.utf8.prefix(half))) + Gzip.stored(Array(text.utf8.dropFirst(half))) + [0, 0, 0]
        for chunk in [1, 1000, Int.max] {
            let result = try Ingest.run(zipped, Self.options(), chunk: chunk)
            #expect(numbers(result) == Array(0..<3000))
            #expect(try run(text, result.marks).events.isEmpty)
        }
    }

    /// Made by gzip, with Huffman codes of its own: `yes '{"event":"e",...}' | head -100 | gzip -9`.
    @Test func aRealGzipFileIsRead() throws {
        let encoded =
            "H4sIAAAAAAACA+3MsQ1AUBSF4d4Ytya5hMYGepVO4hYKIjwa0ajNYAKbMYQXW0j+5DTnL75VbLHeSS4mocyTjUXjz7Nf93n44trOJld3g4+JJmmkWaRxqZp/q2QLVggICAgICAgICAgICAgICAgICAgICAgICIh/Ei8CrTIaLBoAAA=="
        let bytes = Array(try #require(Data(base64Encoded: encoded)))
        let result = try Ingest.run(bytes, Self.options())
        #expect(result.events.count == 100)
        #expect(Set(result.events).count == 1)
    }

    @Test func otherEncodingsAreRead() throws {
        let text = "누구,when,도시\n김,2024-05-01,서울\n이,2024-05-02,😀\n"
        var options = ImportOptions(.delimited(DelimitedOptions(person: "누구", time: "when", event: .constant("A"))))
        for (encoding, foundation) in [
            ("utf-16", String.Encoding.utf16), ("utf-16le", .utf16LittleEndian), ("utf-32be", .utf32BigEndian),
        ] {
            options.encoding = encoding
            let bytes = Array(try #require(text.data(using: foundation)))
            for chunk in [1, 3, Int.max] {
                let result = try Ingest.run(bytes, options, chunk: chunk)
                #expect(result.events.map(\.person) == ["김", "이"], "\(encoding)")
                #expect(result.events.map { $0["도시"] } == [.string("서울"), .string("😀")])
            }
        }
        options.encoding = "cp949"
        options.layout = .delimited(DelimitedOptions(person: "1", time: "2", event: .constant("A"), header: .absent))
        // 서울,2024-05-01 / a line with a byte that CP949 does not have / 똠,2024-05-02 (똠 is in CP949, not in EUC-KR).
        let bytes =
            [0xbc, 0xad, 0xbf, 0xef] + Array(",2024-05-01\n".utf8) + [0xff, 0x41] + Array(",2024-05-02\n".utf8) + [
                0x8c, 0x63,
            ] + Array(",2024-05-03\n".utf8)
        let result = try Ingest.run(bytes, options)
        #expect(result.events.map(\.person) == ["서울", "똠"])
        #expect(result.rejections.map(\.line) == [2])
    }

    // MARK: The pipeline

    private func pipeline(_ text: String, rows: Int = 500, marks: [SourceMark] = []) -> ImportPipeline {
        ImportPipeline(
            name: "test.txt", options: Self.options(rows: rows), key: Ingest.key,
            open: { MemorySource(text, chunk: 10_000) },
            marks: { place in marks.filter { $0.from == place } })
    }

    @Test func thePipelineLoadsEverythingInOrder() throws {
        var got: [Event] = []
        let text = Self.lines(0..<5000)
        let progress = try pipeline(text).run { got += $0.batch.eventsInOrder }
        #expect(got == (try run(text)).events)
        #expect(progress.events == 5000)
    }

    @Test func aFailureToLoadEndsThePipeline() throws {
        struct Full: Error {}
        var loads = 0
        #expect(throws: Full.self) {
            try pipeline(Self.lines(0..<5000)).run { _ in
                loads += 1
                if loads == 3 { throw Full() }
            }
        }
        #expect(loads == 3)
    }

    @Test func stretchesBeforeAnErrorAreLoadedAndTheImportGoesOnLater() throws {
        var options = Self.options()
        options.isStrict = true
        let broken = Self.lines(0..<1000) + "bad\n" + Self.lines(1000..<2000)
        var importer = pipeline(broken)
        importer.options = options
        var marks: [SourceMark] = []
        var count = 0
        let error = #expect(throws: ImportError.self) {
            try importer.run { stretch in
                marks.append(stretch.mark)
                count += stretch.batch.count
            }
        }
        #expect(error?.line == 1001)
        #expect(count == 756)
        let mended = pipeline(Self.lines(0..<2000), marks: marks)
        var rest = 0
        _ = try mended.run { rest += $0.batch.count }
        #expect(rest == 2000 - 756)
    }

    @Test func cancellingStopsBetweenLines() throws {
        let asked = Mutex(0)
        var importer = pipeline(Self.lines(0..<60_000), rows: 20_000)
        importer.isCancelled = {
            asked.withLock {
                $0 += 1
                return $0 > 1
            }
        }
        var count = 0
        let error = #expect(throws: ImportError.self) { try importer.run { count += $0.batch.count } }
        #expect(error?.code == .cancelled)
        #expect(count < 60_000)
    }

    @Test func atMostTwoStretchesAreAlive() throws {
        let read = Mutex(0)
        var importer = pipeline(Self.lines(0..<20_000), rows: 100)
        importer.onProgress = { progress in read.withLock { $0 = progress.events } }
        var loaded = 0
        _ = try importer.run { stretch in
            loaded += stretch.batch.count
            let ahead = read.withLock { $0 } - loaded
            #expect(ahead <= 240)
        }
        #expect(loaded == 20_000)
    }

    @Test func progressTellsBytesAndLines() throws {
        let text = Self.lines(0..<5000)
        let last = Mutex(ImportProgress())
        var importer = pipeline(text)
        importer.onProgress = { progress in
            last.withLock { before in
                #expect(progress.lines >= before.lines)
                #expect(progress.bytesRead >= before.bytesRead)
                before = progress
            }
        }
        _ = try importer.run { _ in }
        let end = last.withLock { $0 }
        #expect(end.bytesRead == text.utf8.count)
        #expect(end.totalBytes == text.utf8.count)
        #expect(end.lines == 5000)
    }
}
