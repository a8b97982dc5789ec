import Foundation
import Testing

/// What users get wrong, and what they are told: one line, no crash, nothing stored that should not be.
struct BadInputTests {
    /// A valid line, so that a test sees that the good ones are stored.
    private static let good = #"{"type":"track","userId":"u1","event":"A","timestamp":"2024-05-01T00:00:00Z"}"# + "\n"

    struct Import: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var content: Data
        var arguments: [String] = []
        var name = "input"
        var status: Int32
        /// A part of the message, or for status 2 of the reason in the file of rejected lines.
        var says: String
        var stored = 0

        init(
            _ description: String, _ content: Data, _ arguments: [String] = [], name: String = "input", status: Int32,
            says: String, stored: Int = 0
        ) {
            testDescription = description
            self.content = content
            self.arguments = arguments
            self.name = name
            self.status = status
            self.says = says
            self.stored = stored
        }

        init(
            _ description: String, _ content: String, _ arguments: [String] = [], name: String = "input", status: Int32,
            says: String, stored: Int = 0
        ) {
            self.init(
                description, Data(content.utf8), arguments, name: name, status: status, says: says, stored: stored)
        }
    }

    private static func line(_ members: String) -> String { "{\"type\":\"track\",\(members)}\n" }

    private static let columns = ["--person", "who", "--time", "when", "--event", "Bought"]

    static let imports: [Import] = [
        Import("an empty file", "", status: 1, says: "empty"),
        Import(
            "a picture", Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]), status: 1, says: "input"),
        Import(
            "random bytes", Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }), status: 1,
            says: "input"),
        Import("UTF-16", good.data(using: .utf16LittleEndian) ?? Data(), status: 1, says: "UTF-16"),
        Import("a byte order mark", Data([0xEF, 0xBB, 0xBF]) + Data(good.utf8), status: 0, says: "", stored: 1),
        Import(
            "bytes that are no UTF-8", Data(good.utf8) + Data([0x7B, 0xFF, 0xFE, 0x7D, 0x0A]), status: 2, says: "UTF-8",
            stored: 1),
        Import(
            "a line of two megabytes", good + String(repeating: "x", count: 2_000_000) + "\n" + good, status: 2,
            says: "1048576", stored: 2),
        Import(
            "a time before 1970", good + line(#""userId":"u","event":"A","timestamp":"1890-01-01T00:00:00Z""#),
            status: 2, says: "1970", stored: 1),
        Import(
            "a time in the year 9999", good + line(#""userId":"u","event":"A","timestamp":"9999-01-01T00:00:00Z""#),
            status: 2, says: "2199", stored: 1),
        Import("no time", good + line(#""userId":"u","event":"A""#), status: 2, says: "time", stored: 1),
        Import(
            "no person", good + line(#""event":"A","timestamp":"2024-05-01T00:00:00Z""#), status: 2, says: "userId",
            stored: 1),
        Import(
            "an empty person", good + line(#""userId":"","event":"A","timestamp":"2024-05-01T00:00:00Z""#), status: 2,
            says: "userId", stored: 1),
        Import(
            "an unknown type",
            good + #"{"type":"dance","userId":"u","event":"A","timestamp":"2024-05-01T00:00:00Z"}"# + "\n", status: 2,
            says: "dance", stored: 1),
        Import("a list instead of an object", good + "[1,2,3]\n", status: 2, says: "object", stored: 1),
        Import("half an object", good + #"{"type":"track","userId":"#, status: 2, says: "JSON", stored: 1),
        Import(
            "brackets without end", good + String(repeating: "[", count: 100_000) + "\n", status: 2,
            says: "JSON object", stored: 1),
        Import(
            "a long person id",
            good
                + line(
                    "\"userId\":\"\(String(repeating: "u", count: 600))\",\"event\":\"A\",\"timestamp\":\"2024-05-01T00:00:00Z\""
                ),
            status: 2, says: "512", stored: 1),
        Import(
            "too many properties",
            good
                + line(
                    "\"userId\":\"u\",\"event\":\"A\",\"timestamp\":\"2024-05-01T00:00:00Z\",\"properties\":{\((0..<600).map { "\"p\($0)\":1" }.joined(separator: ","))}"
                ),
            status: 2, says: "512", stored: 1),
        Import(
            "a truncated gzip file", Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B, 0x4C]), name: "input.gz",
            status: 1, says: "compressed"),
        Import(
            "a column that is not there", "who,when\nu1,2024-05-01\n",
            ["--person", "customer", "--time", "when", "--event", "Bought"], status: 64, says: "'customer'"),
        Import(
            "two columns of one name", "who,who,when\nu1,u2,2024-05-01\n", columns, status: 64,
            says: "both called 'who'"),
        Import(
            "rows of different width", "who,when\nu1,2024-05-01\nu2\nu3,2024-05-02,x\n", columns, status: 2,
            says: "fields", stored: 1),
        Import(
            "a quote that does not close", "who,when\nu1,2024-05-01\n\"u2,2024-05-02\nu3,2024-05-03\n", columns,
            status: 2, says: "quote", stored: 2),
        Import(
            "a day that does not exist", "who,when\nu1,2024-02-30\nu1,2024-02-29\n", columns, status: 2, says: "time",
            stored: 1),
        Import(
            "an unknown time zone", "who,when\nu1,2024-05-01\n", columns + ["--time-zone", "Mars/Olympus"], status: 64,
            says: "Mars/Olympus"),
        Import(
            "a pattern that is none", "who,when\nu1,2024-05-01\n", columns + ["--time-format", "qqqq"], status: 64,
            says: "qqqq"),
        Import(
            "a delimiter that is none", "who,when\nu1,2024-05-01\n", columns + ["--delimiter", "ab"], status: 64,
            says: "delimiter"),
        Import("an unknown encoding", good, ["--encoding", "klingon"], status: 1, says: "klingon"),
        Import(
            "a property without a column", "who,when\nu1,2024-05-01\n", columns + ["--property", "x="], status: 64,
            says: "name=column"),
        Import(
            "two properties of one name", "who,when,a,b\nu1,2024-05-01,1,2\n",
            columns + ["--property", "x=a", "--property", "x=b"], status: 64, says: "'x'"),
        Import(
            "the first bad line of a strict import", good + "nonsense\n" + good, ["--strict"], status: 1, says: "line 2"
        ),
        Import(
            "a flood of event names",
            (0..<9000).map { line("\"userId\":\"u\",\"event\":\"E\($0)\",\"timestamp\":\"2024-05-01T00:00:00Z\"") }
                .joined(),
            status: 2, says: "8192", stored: 8192),
    ]

    @Test(arguments: imports) func importing(_ bad: Import) throws {
        let scratch = try Scratch()
        try scratch.write(bad.name, bad.content)
        let answer = try Program.run(["import", bad.name] + bad.arguments, in: scratch.folder)
        #expect(answer.status == bad.status, "\(answer.errors)")
        if bad.status == 2 {
            let reasons = try scratch.read(bad.name + ".rejected")
            #expect(reasons.contains(bad.says), "\(reasons.prefix(500))")
        } else if bad.status != 0 {
            #expect(answer.errors.contains(bad.says), "\(answer.errors)")
            #expect(answer.errors.hasPrefix("dangol: "))
            #expect(answer.errors.split(separator: "\n").count == 1, "\(answer.errors)")
        }
        #expect(!answer.errors.contains("Fatal"))
        if scratch.exists("data/default/events") { #expect(try scratch.eventCount() == bad.stored) }
    }

    @Test func aFileThatIsNotThere() throws {
        let answer = try Scratch().run("import", "nothing.jsonl")
        #expect(answer.status == 1)
        #expect(answer.errors.contains("nothing.jsonl"))
        #expect(answer.errors.contains("No such file"))
    }

    @Test func aFolderInsteadOfAFile() throws {
        let answer = try Scratch().run("import", ".")
        #expect(answer.status == 1)
        #expect(answer.errors.contains("folder"))
    }

    static let commands: [(arguments: [String], status: Int32, says: String)] = [
        (["funnel", "A"], 64, "two events"),
        (["funnel", "A", "B", "--window", "-3d"], 64, "--window"),
        (["funnel", "A", "B", "--window", "7"], 64, "--window"),
        (["funnel", "A", "B", "--order", "sideways"], 64, "--order"),
        (["funnel", "A", "B", "--from", "2024-05-31", "--to", "2024-05-01"], 64, "--to"),
        (["funnel", "A", "B", "--from", "2024-02-30"], 64, "--from"),
        (["funnel", "A", "B", "--time-zone", "Seoul"], 64, "time zone"),
        (["funnel", "A", "B", "--where", "city~("], 64, "--where"),
        (["funnel", "A", "B", "--where", "total>many"], 64, "many"),
        (["funnel", "A", "B", "--optional", "7"], 64, "--optional"),
        (["trends", "A", "--interval", "fortnight"], 64, "--interval"),
        (["trends", "A", "--math", "sum"], 64, "--of"),
        (["trends", "A", "--formula", "A +"], 64, "--formula"),
        (["retention", "A", "--period", "century"], 64, "--period"),
        (["retention", "A", "--intervals", "0"], 64, "--intervals"),
        (["paths", "--steps", "1"], 64, "--steps"),
        (["sessions", "--timeout", "soon"], 64, "--timeout"),
        (["funnel", "A", "B", "--json", "--csv"], 64, "exclude"),
        (["person", "nobody"], 1, "nobody"),
        (["events", "schema", "Nothing"], 1, "Nothing"),
        (["events", "tail", "--last", "0"], 64, "--last"),
        (["keep", "400"], 64, "400"),
        (["split", "nobody"], 1, "nobody"),
        (["merge", "u1", "u1"], 64, "u1"),
        (["forget", "u1"], 64, "--yes"),
        (["restore", "nowhere"], 1, "already"),
        (["restore", "nowhere", "--workspace", "other"], 1, "no backup"),
        (["backup", "."], 1, "not empty"),
        (["stats", "--workspace", "../x"], 64, "no name for a workspace"),
        (["stats", "--workspace", "other"], 1, "'default'"),
        (["stats", "--data", "events.jsonl"], 1, "events.jsonl"),
        (["query", "missing.json"], 1, "missing.json"),
        (["funnel", "A", "B", "--html", "no/such/folder/x.html"], 1, "no/such/folder"),
        (["export", "--output", "no/such/folder/x"], 1, "no/such/folder"),
        (["export", "--format", "xml"], 64, "xml"),
    ]

    @Test(arguments: commands.indices) func commanding(_ index: Int) throws {
        let command = BadInputTests.commands[index]
        let scratch = try Scratch()
        try scratch.write("events.jsonl", BadInputTests.good)
        _ = try scratch.succeed("import", "events.jsonl")
        let answer = try Program.run(command.arguments, in: scratch.folder)
        #expect(answer.status == command.status, "\(command.arguments): \(answer.errors)")
        #expect(answer.errors.contains(command.says), "\(command.arguments): \(answer.errors)")
        #expect(answer.errors.hasPrefix(command.arguments.contains("--json") ? "{\"error\":" : "dangol: "))
        #expect(answer.output.isEmpty)
        #expect(try scratch.eventCount() == 1)
    }

    static let queries: [(text: String, code: String, field: String?)] = [
        ("", "invalid_json", nil), ("nonsense", "invalid_json", nil), ("[1]", "wrong_type", "[0]"),
        ("{}", "missing_field", "kind"),
        (#"{"kind":"funel"}"#, "unknown_kind", "kind"), (#"{"kind":"funnel"}"#, "missing_field", "steps"),
        (#"{"kind":"funnel","steps":[]}"#, "invalid_value", "steps"),
        (#"{"kind":"funnel","steps":[{"evnt":"A"}]}"#, "unknown_field", "steps[0].evnt"),
        (#"{"kind":"funnel","steps":[{"event":5}]}"#, "wrong_type", "steps[0].event"),
        (#"{"kind":"funnel","steps":["A","B"],"timeZone":"Mars/Olympus"}"#, "invalid_value", "timeZone"),
        (#"{"kind":"trends","series":["A"],"from":"2024-13-01"}"#, "invalid_value", "from"),
        (String(repeating: "[", count: 20_000), "invalid_json", nil),
    ]

    @Test(arguments: queries.indices) func asking(_ index: Int) throws {
        let query = BadInputTests.queries[index]
        let scratch = try Scratch()
        try scratch.write("events.jsonl", BadInputTests.good)
        _ = try scratch.succeed("import", "events.jsonl")
        let answer = try scratch.run("query", "-", "--json", input: query.text)
        #expect(answer.status == 64, "\(answer.errors)")
        let object = try JSONSerialization.jsonObject(with: Data(answer.errors.utf8)) as? [String: [String: Any]]
        let error = try #require(object?["error"])
        #expect(error["code"] as? String == query.code, "\(error)")
        #expect(error["field"] as? String == query.field, "\(error)")
        #expect((error["message"] as? String ?? "").count > 10)
    }
}
