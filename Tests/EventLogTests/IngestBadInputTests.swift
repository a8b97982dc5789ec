import Foundation
import Testing

@testable import EventLog

/// Every kind of bad input: a clear error, nothing else lost, no crash.
@Suite struct IngestBadInputTests {
    private static let good = #"{"event":"x","userId":"u","timestamp":"2024-05-01T00:00:00Z"}"#
    private static let columns = DelimitedOptions(
        person: "who", time: "when", event: .constant("Buy"), delimiter: .comma)

    struct BadLine: Sendable, CustomTestStringConvertible {
        var name: String
        var line: [UInt8]
        var reason: String

        init(_ name: String, _ line: String, _ reason: String) { self.init(name, Array(line.utf8), reason) }
        init(_ name: String, _ line: [UInt8], _ reason: String) {
            (self.name, self.line, self.reason) = (name, line, reason)
        }
        var testDescription: String { name }
    }

    private static func track(_ rest: String) -> String {
        #"{"type":"track","userId":"u","event":"x","timestamp":"2024-05-01",\#(rest)}"#
    }

    static let badJSON: [BadLine] = [
        BadLine("not JSON", "hello", "not a JSON object"),
        BadLine("an array", "[1,2]", "not a JSON object"),
        BadLine("a number", "42", "not a JSON object"),
        BadLine("cut off", #"{"event":"x","userId":"u""#, "ends early"),
        BadLine("an open string", #"{"event":"x"#, "a string is not closed"),
        BadLine("two objects", good + good, "something follows the JSON object"),
        BadLine("a missing comma", #"{"event":"x" "userId":"u"}"#, "JSON syntax is wrong"),
        BadLine("a missing colon", #"{"event" "x"}"#, "JSON syntax is wrong"),
        BadLine("a trailing comma", #"{"event":"x",}"#, "JSON syntax is wrong"),
        BadLine("an unquoted key", #"{event:"x"}"#, "JSON syntax is wrong"),
        BadLine("mismatched brackets", track(#""properties":{"a":[1}}"#), "JSON syntax is wrong"),
        BadLine("a broken word", track(#""properties":{"a":nul}"#), "JSON syntax is wrong"),
        BadLine("a leading zero", track(#""properties":{"a":012}"#), "a number is not written as JSON writes numbers"),
        BadLine("a lone minus", track(#""properties":{"a":-}"#), "a number is not written"),
        BadLine("a hexadecimal number", track(#""properties":{"a":0x10}"#), "a number is not written"),
        BadLine("1e999", track(#""properties":{"a":1e999}"#), "too large for a double"),
        BadLine("NaN", track(#""properties":{"a":NaN}"#), "JSON syntax is wrong"),
        BadLine("a lone surrogate", track(#""properties":{"a":"\ud800x"}"#), "half of a surrogate pair"),
        BadLine("a bad escape", track(#""properties":{"a":"\x41"}"#), "invalid escape"),
        BadLine("a control character", Array(track("\"properties\":{\"a\":\"b\u{1}c\"}").utf8), "control character"),
        BadLine("a NUL byte", Array(track("\"properties\":{\"a\":\"b\0c\"}").utf8), "NUL byte at column"),
        BadLine("a NUL between values", Array(track("\0\"properties\":{}").utf8), "NUL byte at column"),
        BadLine(
            "bytes that are no UTF-8", Array(#"{"event":"caf"#.utf8) + [0xe9] + Array(#"","userId":"u"}"#.utf8),
            "the byte 0xe9 at column 14 is not UTF-8"),
        BadLine(
            "Korean in CP949", Array(#"{"city":""#.utf8) + [0xbc, 0xad, 0xbf, 0xef] + Array("\"}".utf8),
            "--encoding cp949"),
        BadLine(
            "nesting",
            track(#""properties":\#(String(repeating: "{\"a\":", count: 100))1\#(String(repeating: "}", count: 100))"#),
            "nested too deep"),
        BadLine(
            "nested arrays",
            track(
                #""properties":{"a":\#(String(repeating: "[", count: 5000))\#(String(repeating: "]", count: 5000))}"#),
            "nested too deep"),
        BadLine("a key twice", track(#""event":"y""#), "the same key twice"),
        BadLine("an escaped key twice", track(#""properties":{"ab":1,"\u0061b":2}"#), "the same key twice"),
        BadLine("a path twice", track(#""properties":{"a":{"b":1},"a.b":2}"#), "'a.b' comes twice"),
        BadLine("no type", #"{"userId":"u","timestamp":"2024-05-01"}"#, "no 'type'"),
        BadLine("an unknown type", #"{"type":"delete","userId":"u"}"#, "the type 'delete' is unknown"),
        BadLine("a type that is a number", #"{"type":7,"userId":"u"}"#, "the type '7' is unknown"),
        BadLine(
            "no person", #"{"event":"x","timestamp":"2024-05-01","userId":"","anonymousId":null}"#,
            "neither a 'userId' nor an 'anonymousId'"),
        BadLine(
            "a person that is an object", #"{"event":"x","timestamp":"2024-05-01","userId":{}}"#,
            "'userId' is an object"),
        BadLine(
            "a person that is too long",
            #"{"event":"x","timestamp":"2024-05-01","userId":"\#(String(repeating: "u", count: 513))"}"#,
            "id of 513 bytes"),
        BadLine("no event", #"{"type":"track","userId":"u","timestamp":"2024-05-01"}"#, "needs an 'event'"),
        BadLine(
            "an empty event", #"{"type":"track","event":"","userId":"u","timestamp":"2024-05-01"}"#,
            "event name is empty"),
        BadLine(
            "an event that is a list", #"{"event":["x"],"userId":"u","timestamp":"2024-05-01"}"#,
            "'event' is "
                + "an array"),
        BadLine(
            "an event name that is too long",
            #"{"event":"\#(String(repeating: "é", count: 129))","userId":"u","timestamp":"2024-05-01"}"#,
            "event name of 258 bytes"),
        BadLine("no timestamp", #"{"event":"x","userId":"u"}"#, "no 'timestamp'"),
        BadLine(
            "a timestamp in words", #"{"event":"x","userId":"u","timestamp":"yesterday"}"#, "'yesterday' is no time"),
        BadLine("31 February", #"{"event":"x","userId":"u","timestamp":"2024-02-31"}"#, "'2024-02-31' is no time"),
        BadLine("a negative time", #"{"event":"x","userId":"u","timestamp":-5}"#, "'-5' is no time"),
        BadLine(
            "a time before 1970", #"{"event":"x","userId":"u","timestamp":"1969-12-31T23:59:59Z"}"#,
            "outside 1970-01-01 to 2199-12-31"),
        BadLine(
            "a far future", #"{"event":"x","userId":"u","timestamp":"2999-01-01T00:00:00Z"}"#,
            "outside 1970-01-01 to 2199-12-31"),
        BadLine("properties that are a list", track(#""properties":[1]"#), "'properties' is an array"),
        BadLine("context that is a string", track(#""context":"web""#), "'context' is a string"),
        BadLine(
            "an alias without its ids", #"{"type":"alias","userId":"u","timestamp":1}"#,
            "needs 'previousId' and 'userId'"),
        BadLine(
            "a group without its id", #"{"type":"group","userId":"u","timestamp":"2024-05-01"}"#, "needs a 'groupId'"),
        BadLine("a message id that is a boolean", track(#""messageId":true"#), "'messageId' is a boolean"),
        BadLine(
            "a value that is too long", track(#""properties":{"a":"\#(String(repeating: "v", count: 65_537))"}"#),
            "a value of 65537 bytes"),
        BadLine(
            "a list that is too long",
            track(#""properties":{"a":[\#(Array(repeating: "1", count: 10_001).joined(separator: ","))]}"#),
            "a list of 10001 values"),
        BadLine(
            "too many properties",
            track(#""properties":{\#((0..<513).map { "\"p\($0)\":1" }.joined(separator: ","))}"#),
            "more than 512 properties"),
        BadLine(
            "a property name that is too long", track(#""properties":{"\#(String(repeating: "n", count: 257))":1}"#),
            "property name of 257 bytes"),
        BadLine(
            "a line that is too long", track(#""properties":{"a":"\#(String(repeating: "v", count: 3 << 20))"}"#),
            "at most 1048576 are read"),
    ]

    @Test(arguments: badJSON)
    func aBadLineIsRejectedWithItsReasonAndTheLinesAroundItCount(_ bad: BadLine) throws {
        let bytes = Array((Self.good + "\n").utf8) + bad.line + Array(("\n" + Self.good + "\n").utf8)
        for chunk in [Int.max, 977] where chunk > 1000 || bytes.count < 100_000 {
            // Enough lines before it that the sample at the beginning is not what is judged.
            let result = try Ingest.run(
                Array(String(repeating: Self.good + "\n", count: 1200).utf8) + bytes, ImportOptions(.jsonLines),
                chunk: chunk)
            #expect(result.events.count == 1202)
            #expect(result.rejections.map(\.line) == [1202])
            #expect(result.reasons.first?.contains(bad.reason) == true, "\(result.reasons)")
        }
        var strict = ImportOptions(.jsonLines)
        strict.isStrict = true
        let lines = Array(String(repeating: Self.good + "\n", count: 1200).utf8)
        let error = #expect(throws: ImportError.self) { try Ingest.run(lines + bytes, strict) }
        #expect(error?.code == .rejected)
        #expect(error?.line == 1202)
    }

    struct BadFile: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]
        var code: ImportError.Code
        var reason: String
        var testDescription: String { name }
    }

    private static func wide(_ text: String, bigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)] }
    }

    static let badFiles: [BadFile] = [
        BadFile(name: "empty", bytes: [], code: .layout, reason: "the file is empty"),
        BadFile(
            name: "a PNG", bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d], code: .notText,
            reason: "a PNG image"),
        BadFile(
            name: "a ZIP", bytes: Array("PK\u{3}\u{4}".utf8) + [0, 0, 0, 0, 8, 0xff], code: .notText,
            reason: "a ZIP archive"),
        BadFile(
            name: "Parquet", bytes: Array("PAR1".utf8) + [0x15, 0, 0x15, 0xfe, 0x80], code: .notText,
            reason: "a Parquet file"),
        BadFile(
            name: "random bytes", bytes: (0..<500).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 3) },
            code: .notText, reason: "binary"),
        BadFile(
            name: "UTF-16 with a mark", bytes: [0xff, 0xfe] + wide(good, bigEndian: false), code: .encoding,
            reason: "--encoding utf-16"),
        BadFile(
            name: "UTF-16 without a mark", bytes: wide(good, bigEndian: true), code: .encoding,
            reason: "--encoding utf-16be"),
        BadFile(
            name: "UTF-32", bytes: [0xff, 0xfe, 0, 0] + Array(good.utf8).flatMap { [$0, 0, 0, 0] }, code: .encoding,
            reason: "--encoding utf-32"),
        BadFile(
            name: "CP949", bytes: Array("who,when\n".utf8) + [0xbc, 0xad, 0xbf, 0xef] + Array(",2024-05-01\n".utf8),
            code: .encoding,
            reason: "the byte 0xbc at byte column 1 is not UTF-8; it looks like Korean in CP949: give "
                + "--encoding cp949"),
        BadFile(
            name: "old Mac lines", bytes: Array("a,b\rc,d\r".utf8), code: .notText, reason: "carriage return alone"),
        BadFile(
            name: "a truncated gzip", bytes: Gzip.stored(Array(good.utf8)).dropLast(9), code: .corruptGzip,
            reason: "ends early after"),
        BadFile(name: "a gzip header alone", bytes: [0x1f, 0x8b], code: .corruptGzip, reason: "ends early after"),
        BadFile(
            name: "a gzip with a flipped byte",
            bytes: {
                var bytes = Gzip.stored(Array(good.utf8))
                bytes[20] ^= 1
                return bytes
            }(), code: .corruptGzip,
            reason: "damaged (incorrect data check) after"),
        BadFile(
            name: "junk after a gzip", bytes: Gzip.stored(Array(good.utf8)) + Array("junk".utf8), code: .corruptGzip,
            reason: "damaged (incorrect header check) after"),
    ]

    @Test(arguments: badFiles)
    func aFileThatIsNoTextIsRefusedWithAnExplanation(_ bad: BadFile) throws {
        for chunk in [Int.max, 1] {
            let error = #expect(throws: ImportError.self) {
                try Ingest.run(bad.bytes, ImportOptions(.jsonLines), chunk: chunk)
            }
            #expect(error?.code == bad.code)
            #expect(error?.description.contains(bad.reason) == true, "\(error?.description ?? "")")
            #expect(error?.source == "test.txt")
        }
    }

    @Test(arguments: [
        (
            "who,when\n", "customer", "when",
            "there is no column 'customer' for the person; the columns are 'who', 'when'"
        ),
        ("who,when\n", "who", "5", "column 5 for the time does not exist: there are 2"),
        ("who,when\n", "0", "when", "column 0 for the person does not exist"),
        ("who,when,who\n", "who", "when", "columns 1 and 3 are both called 'who'; say by number"),
        ("who,when,a,a\n", "who", "when", "columns 3 and 4 would both become the property 'a'"),
    ])
    func aMappingThatDoesNotFitIsExplained(_ text: String, _ person: String, _ time: String, _ reason: String) throws {
        let options = DelimitedOptions(person: person, time: time, event: .constant("x"), delimiter: .comma)
        let error = #expect(throws: ImportError.self) { try Ingest.csv(text, options) }
        #expect(error?.code == .mapping)
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: ["x=", "=y", "", ":number"])
    func aPropertyThatIsNoMappingIsExplained(_ text: String) {
        #expect(throws: ImportError.self) { try DelimitedOptions.Property(parsing: text) }
    }

    @Test(arguments: ["", "ab", "a", "7", "\"", "\n", "가"])
    func aDelimiterThatCannotBeOneIsExplained(_ text: String) {
        #expect(throws: ImportError.self) { try DelimitedOptions.Delimiter(parsing: text) }
    }

    static let badRows: [BadLine] = [
        BadLine("too few fields", "u", "the row has 1 fields; there should be 3"),
        BadLine("too many fields", "u,2024-05-01,1,2", "the row has 4 fields; there should be 3"),
        BadLine("no person", ",2024-05-01,1", "the person's id is empty"),
        BadLine("no time", "u,,1", "the time '' does not fit the format auto"),
        BadLine("a wrong time", "u,05/01/2024,1", "the time '05/01/2024' does not fit"),
        BadLine("text after a quote", "\"u\"x,2024-05-01,1", "something follows the closing quote before column 4"),
        BadLine("an open quote", "u,2024-05-01,\"1", "the quote at column 14 is not closed"),
        BadLine("a NUL byte", "u,2024-05-01,a\0b", "NUL byte at column 15"),
        BadLine(
            "a wrong encoding", Array("u,2024-05-01,".utf8) + [0xe9, 0x20], "the byte 0xe9 at column 14 is not UTF-8"),
        BadLine("a far future", "u,9999-12-31,1", "outside 1970-01-01 to 2199-12-31"),
        BadLine("a negative time", "u,-5,1", "the time '-5' does not fit"),
        BadLine(
            "a row that is too long", "u,2024-05-01,\(String(repeating: "v", count: 2 << 20))",
            "at most 1048576 are read"),
        BadLine(
            "a value that is too long", "u,2024-05-01,\(String(repeating: "v", count: 70_000))",
            "a value of 70000 bytes"),
        BadLine("too many columns", String(repeating: ",", count: 5000), "more than 4096 fields"),
    ]

    @Test(arguments: badRows)
    func aBadRowIsRejectedWithItsReasonAndTheRowsAroundItCount(_ bad: BadLine) throws {
        let before = "who,when,n\n" + String(repeating: "u,2024-05-01T00:00:00Z,11\n", count: 3000)
        let after = "\n" + String(repeating: "u,2024-05-01,1\n", count: 3)
        let bytes = Array(before.utf8) + bad.line + Array(after.utf8)
        for chunk in [Int.max, 8191] {
            let result = try Ingest.run(bytes, ImportOptions(.delimited(Self.columns)), chunk: chunk)
            #expect(result.events.count == 3003)
            #expect(result.rejections.map(\.line) == [3002])
            #expect(result.reasons.first?.contains(bad.reason) == true, "\(result.reasons)")
        }
    }

    @Test func aFloodOfEventNamesIsRefusedLineByLine() throws {
        let lines =
            (0..<9000).map { #"{"event":"e\#($0)","userId":"u","timestamp":"2024-05-01"}"# } + [
                Self.good.replacingOccurrences(of: "\"x\"", with: "\"e300\"")
            ]
        let result = try Ingest.json(lines.joined(separator: "\n"))
        #expect(result.events.count == Limits.distinctEventNames + 256 + 1)
        #expect(result.events.last?.name == "e300")
        #expect(result.reasons.allSatisfy { $0.contains("more than 8192 different event names") })
    }

    @Test func aFloodOfPropertyNamesIsRefusedLineByLine() throws {
        let lines = (0..<200).map { line in
            Self.track(#""properties":{\#((0..<100).map { "\"p\(line)-\($0)\":1" }.joined(separator: ","))}"#)
        }
        let result = try Ingest.json((lines + [Self.good]).joined(separator: "\n"))
        #expect(result.events.last?.name == "x")
        #expect(result.events.count + result.rejections.count == 201)
        #expect(result.reasons.contains { $0.contains("more than 16384 different property names") })
    }

    @Test func anOpenQuoteLosesOneLineOnly() throws {
        let rows = (0..<50).map { "u\($0),2024-05-01" }
        let text = "who,when\n\"broken,2024-05-01\n" + rows.joined(separator: "\n") + "\n"
        let result = try Ingest.csv(text, Self.columns)
        #expect(result.rejections.map(\.line) == [2])
        #expect(result.events.count == 50)
    }

    @Test func aQuoteThatIsOpenForMoreThanARecordMayHoldLosesOneLineOnly() throws {
        let rows = (0..<150_000).map { "u\($0 % 9),2024-05-01" }
        let text = "who,when\nu,2024-05-01\n\"broken,2024-05-01\n" + rows.joined(separator: "\n") + "\n"
        let result = try Ingest.csv(text, Self.columns)
        #expect(result.rejections.map(\.line) == [3])
        #expect(result.events.count == 150_001)
    }

    @Test func anUnknownEncodingIsExplained() throws {
        var options = ImportOptions(.jsonLines)
        options.encoding = "klingon"
        let error = #expect(throws: ImportError.self) { try Ingest.run(Array(Self.good.utf8), options) }
        #expect(error?.code == .encoding)
    }

    @Test func aFileThatIsNotThereIsExplained() throws {
        let missing = #expect(throws: ImportError.self) { try FileSource(path: "/nonexistent/file") }
        #expect(missing?.description == "/nonexistent/file: cannot open the file: No such file or directory")
        let folder = #expect(throws: ImportError.self) { try FileSource(path: "/tmp") }
        #expect(folder?.message.contains("this is a folder") == true)
    }
}
