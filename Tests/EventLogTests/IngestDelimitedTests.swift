import Foundation
import RandomCases
import Testing

@testable import EventLog

@Suite struct IngestDelimitedTests {
    private let plain = DelimitedOptions(person: "who", time: "when", event: .constant("Buy"))

    @Test func columnsBecomeEvents() throws {
        let result = try Ingest.csv(
            """
            who,when,what,city,price,gift,zip,id
            u1,2024-05-01T10:00:00Z,View,"Seoul, Korea",12.50,true,00123,m1
            u2,2024-05-02,Buy,,,FALSE,94110,m2
            """,
            DelimitedOptions(
                person: "who", time: "when", event: .column("what"),
                properties: .listed([
                    .init(name: "place", column: "city"), .init(name: "price", column: "5"),
                    .init(name: "gift", column: "gift"),
                    .init(name: "zip", column: "zip"),
                ]), messageID: "id"))
        #expect(result.reasons == [])
        #expect(result.events.map(\.person) == ["u1", "u2"])
        #expect(result.events.map(\.name) == ["View", "Buy"])
        #expect(result.events.map(\.messageID) == ["m1", "m2"])
        #expect(
            result.events[0].properties == [
                .init("gift", .boolean(true)), .init("place", .string("Seoul, Korea")), .init("price", .number(12.5)),
                .init("zip", .string("00123")),
            ])
        // One leading zero makes the whole column text.
        #expect(result.events[1].properties == [.init("gift", .boolean(false)), .init("zip", .string("94110"))])
    }

    @Test func quotesHoldDelimitersLineBreaksAndQuotes() throws {
        let result = try Ingest.csv(
            "who,when,note\r\nu,2024-05-01,\"a \"\"b\"\",\r\nc\"\r\n\"v\"\"w\",2024-05-02,\" x \"\r\n", plain)
        #expect(result.reasons == [])
        #expect(result.events.map(\.person) == ["u", "v\"w"])
        #expect(result.events.map { $0["note"] } == [.string("a \"b\",\r\nc"), .string(" x ")])
        #expect(result.progress.lines == 4)
    }

    @Test(arguments: [",", ";", "\t", "|", "  "])
    func theDelimiterIsToldFromTheFirstRows(_ delimiter: String) throws {
        let rows = [["who", "when", "n"], ["u", "2024-05-01", "1"], ["v", "2024-05-02", "2"]]
        let text = rows.map { $0.joined(separator: delimiter) }.joined(separator: "\n")
        let result = try Ingest.csv(text, plain)
        #expect(result.events.map(\.person) == ["u", "v"])
        #expect(result.events.map { $0["n"] } == [.number(1), .number(2)])
    }

    @Test func aHeaderIsToldFromItsTimeWhenColumnsAreNumbered() throws {
        let options = DelimitedOptions(
            person: "1", time: "2", timeFormat: TimeFormat("yyyyMMdd"), event: .constant("Buy"),
            properties: .listed([.init(name: "n", column: "3")]), delimiter: .whitespace)
        for header in ["", " id date n\r\n", "\n\nid date n\n"] {
            let result = try Ingest.csv(header + " 00001 19970101  1\r\n\t00002\t19970102 2 \r\n", options)
            #expect(result.reasons == [])
            #expect(result.events.map(\.person) == ["00001", "00002"])
            #expect(result.events.map { $0["n"] } == [.number(1), .number(2)])
        }
    }

    @Test func typesThatAreAskedForAreKept() throws {
        let options = DelimitedOptions(
            person: "who", time: "when", event: .constant("x"),
            properties: .listed([
                try .init(parsing: "a:string"), try .init(parsing: "b:number"), try .init(parsing: "c:boolean"),
                try .init(parsing: "at=d:time"),
            ]))
        let result = try Ingest.csv(
            "who,when,a,b,c,d\nu,2024-05-01,12,+1e3,True,2024-05-01\nu,2024-05-01,1,x,true,2024-05-01\nu,2024-05-01,1,1,yes,\n",
            options)
        #expect(
            result.events.first?.properties == [
                .init("a", .string("12")), .init("at", .time(1_714_521_600_000)), .init("b", .number(1000)),
                .init("c", .boolean(true)),
            ])
        #expect(
            result.reasons == ["the value 'x' of 'b' is not a number", "the value 'yes' of 'c' is not true or false"])
    }

    @Test(arguments: [
        ("1", PropertyValue.number(1)), ("-2.5", .number(-2.5)), ("0", .number(0)), ("0.5", .number(0.5)),
        ("00123", .string("00123")),
        ("+82101234567", .string("+82101234567")), ("1e5", .string("1e5")), ("1,5", .string("1,5")),
        ("1234567890123456", .string("1234567890123456")),
        ("123456789012345", .number(123_456_789_012_345)), ("TRUE", .boolean(true)), ("yes", .string("yes")),
        ("NaN", .string("NaN")), (".5", .string(".5")), ("-", .string("-")),
    ])
    func theTypeOfAValueIsTold(_ text: String, _ expected: PropertyValue) throws {
        let result = try Ingest.csv("who|when|v\nu|2024-05-01|\(text)\n", plain)
        #expect(result.events.first?["v"] == expected)
    }

    @Test func aValueUnlikeTheFirstRowsIsKeptAsText() throws {
        let rows = (0..<300).map { "u,2024-05-01,\($0)" } + ["u,2024-05-01,n/a"]
        let result = try Ingest.csv("who,when,v\n" + rows.joined(separator: "\n"), plain)
        #expect(result.reasons == [])
        #expect(result.events.last?["v"] == .string("n/a"))
        #expect(result.events[299]["v"] == .number(299))
    }

    @Test func localTimesUseTheZone() throws {
        let options = DelimitedOptions(
            person: "who", time: "when", timeFormat: TimeFormat("yyyy-MM-dd HH:mm"), timeZone: "Asia/Seoul",
            event: .constant("x"))
        let result = try Ingest.csv("who,when\nu,2024-05-01 00:30\n", options)
        #expect(try result.events.first?.time == Ingest.time("2024-04-30T15:30:00Z"))
    }

    @Test(arguments: 0..<Seeds.count(20))
    func randomRowsComeBackFromTheirText(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        let delimiter = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
        let cells = [
            "", "a", "서울", "x y", "\"q\"", "a,b", "c;d", "t\tt", "p|q", "line\nbreak", "cr\r\nlf", "\"", "'", " lead",
            "12",
        ]
        var text = ["who", "when", "p", "q"].joined(separator: delimiter) + "\n"
        var expected: [[String]] = []
        for row in 0..<200 {
            let values = [
                "u\(row % 7)", "2024-05-01", cells.randomElement(using: &random) ?? "",
                cells.randomElement(using: &random) ?? "",
            ]
            expected.append(values)
            let written = values.map { Self.written($0, delimiter, always: Bool.random(using: &random)) }
            text += written.joined(separator: delimiter) + (Bool.random(using: &random) ? "\n" : "\r\n")
        }
        var options = plain
        options.properties = .listed([
            .init(name: "p", column: "p", type: .string), .init(name: "q", column: "q", type: .string),
        ])
        options.delimiter = try .init(parsing: delimiter)
        let result = try Ingest.csv(text, options, chunk: Int.random(in: 1...3000, using: &random))
        #expect(result.reasons == [], "seed \(seed)")
        let got = result.events.map { event in
            [event.person, "2024-05-01"]
                + ["p", "q"].map { name in if case .string(let text) = event[name] { text } else { "" } }
        }
        #expect(got == expected, "seed \(seed)")
        #expect(
            Self.obviousRows(text, Character(delimiter)).dropFirst().elementsEqual(expected),
            "the obvious parser disagrees with its writer, seed \(seed)")
    }

    /// Random bytes of the signs that matter, split by our splitter and by the obvious parser: where the obvious one
    /// finds well-formed records, ours finds the same.
    @Test(arguments: 0..<Seeds.count(300))
    func theSplitterAgreesWithAnObviousParser(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        let signs: [Character] = ["a", "b", ",", ",", "\"", "\n", "é"]
        let text = String(
            (0..<Int.random(in: 1...40, using: &random)).map { _ in signs.randomElement(using: &random) ?? "a" })
        var splitter = RecordSplitter(delimiter: 0x2c)
        var rows: [[String]] = []
        var isWellFormed = true
        Array(text.utf8).withUnsafeBytes { bytes in
            var rest = bytes
            while rest.count > 0 {
                guard splitter.split(UnsafeRawBufferPointer(rebasing: rest[...]), isLast: true) == .record else {
                    isWellFormed = false
                    return
                }
                rows.append((0..<splitter.count).map { splitter.text($0, of: rest) })
                rest = UnsafeRawBufferPointer(rebasing: rest[splitter.next...])
            }
        }
        let obvious = Self.obviousRows(text, ",")
        #expect(isWellFormed == !obvious.contains { $0 == ["<malformed>"] }, "\(text.debugDescription), seed \(seed)")
        if isWellFormed { #expect(rows == obvious, "\(text.debugDescription), seed \(seed)") }
    }

    private static func written(_ value: String, _ delimiter: String, always: Bool) -> String {
        let needs =
            always || value.contains(delimiter) || value.contains("\"") || value.utf8.contains(10)
            || value.hasPrefix(" ") || value.contains("\t")
        return needs ? "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : value
    }

    /// RFC 4180, one character after another. A malformed record is the last row.
    private static func obviousRows(_ text: String, _ delimiter: Character) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var (quoted, closed, started) = (false, false, false)
        let scalars = Array(text.unicodeScalars)
        var index = 0
        func next() -> UnicodeScalar? { index + 1 < scalars.count ? scalars[index + 1] : nil }
        while index < scalars.count {
            let sign = scalars[index]
            if quoted {
                if sign == "\"", next() == "\"" {
                    field += "\""
                    index += 1
                } else if sign == "\"" {
                    (quoted, closed) = (false, true)
                } else {
                    field.unicodeScalars.append(sign)
                }
            } else if sign == "\"", field.isEmpty, !closed, !started {
                quoted = true
            } else if Character(sign) == delimiter {
                row.append(closed ? field : field.trimmingCharacters(in: .init(charactersIn: " \t")))
                (field, closed, started) = ("", false, false)
            } else if sign == "\n" || (sign == "\r" && next() == "\n") {
                if sign == "\r" { index += 1 }
                row.append(closed ? field : field.trimmingCharacters(in: .init(charactersIn: " \t")))
                rows.append(row)
                (row, field, closed, started) = ([], "", false, false)
            } else if closed {
                return rows + [["<malformed>"]]
            } else {
                field.unicodeScalars.append(sign)
                started = true
            }
            index += 1
        }
        if quoted { return rows + [["<malformed>"]] }
        if !field.isEmpty || !row.isEmpty || closed { rows.append(row + [field]) }
        return rows
    }

    @Test func cdnowIsReadWhole() throws {
        let path = "../shared/data/cdnow/CDNOW_master.txt"
        guard FileManager.default.fileExists(atPath: path) else {
            print("skipped: \(path) is not there")
            return
        }
        let options = DelimitedOptions(
            person: "customer_id", time: "date", timeFormat: TimeFormat("yyyyMMdd"), event: .constant("Purchase"),
            properties: .listed([
                .init(name: "quantity", column: "number_of_cds"), .init(name: "total", column: "dollar_value"),
            ]))
        let session = try ImportSession(
            try FileSource(path: path), name: path, options: ImportOptions(.delimited(options)), key: Ingest.key,
            marks: { _ in [] })
        var events: [Event] = []
        while let stretch = try session.next() {
            #expect(stretch.rejections.isEmpty)
            events += stretch.batch.eventsInOrder
        }
        #expect(events.count == 69_659)
        #expect(Set(events.map(\.person)).count == 23_570)
        #expect(
            events.first
                == Event(
                    person: "00001", name: "Purchase", time: 852_076_800_000,
                    properties: [.init("quantity", .number(1)), .init("total", .number(11.77))]))
    }
}
