import Foundation
import Testing

struct ImportTests {
    private static let lines = (0..<2000).map { index in
        #"{"type":"track","userId":"u\#(index % 50)","event":"Viewed","timestamp":"2024-05-01T00:00:\#(String(format: "%02d", index % 60))Z","properties":{"n":\#(index)}}"#
            + "\n"
    }

    @Test func importingTwiceChangesNothing() throws {
        let scratch = try Scratch()
        try scratch.write("a.jsonl", ImportTests.lines.joined())
        #expect(try scratch.succeed("import", "a.jsonl").contains("2,000 events stored"))
        #expect(try scratch.succeed("import", "a.jsonl").contains("Nothing new"))
        #expect(try scratch.eventCount() == 2000)
        // Under another name, from standard input, and compressed the content is the same.
        try scratch.write("b.jsonl", ImportTests.lines.joined())
        _ = try scratch.succeed("import", "b.jsonl")
        _ = try scratch.succeed("import", "-", input: ImportTests.lines.joined())
        #expect(try scratch.eventCount() == 2000)
    }

    @Test func aFileThatHasGrownGivesOnlyItsNewLines() throws {
        let scratch = try Scratch()
        try scratch.write("a.jsonl", ImportTests.lines[..<1500].joined())
        _ = try scratch.succeed("import", "a.jsonl")
        try scratch.write("a.jsonl", ImportTests.lines.joined())
        let output = try scratch.succeed("import", "a.jsonl")
        #expect(output.contains("500 events stored"))
        #expect(output.contains("1,500 lines had been imported before"))
        #expect(try scratch.eventCount() == 2000)
    }

    @Test func equalLinesOfOneFileAreSeparateEvents() throws {
        let scratch = try Scratch()
        try scratch.write("a.csv", "person,time,event\n" + String(repeating: "u,2024-05-01,Bought\n", count: 3))
        _ = try scratch.succeed("import", "a.csv")
        _ = try scratch.succeed("import", "a.csv")
        #expect(try scratch.eventCount() == 3)
    }

    @Test func theEventOptionNamesAColumnOrAllEvents() throws {
        let scratch = try Scratch()
        try scratch.write("a.csv", "who,when,what\nu,2024-05-01,Bought\nu,2024-05-02,Viewed\n")
        _ = try scratch.succeed("import", "a.csv", "--person", "who", "--time", "when", "--event", "what")
        let schema = try scratch.succeed("events", "schema", "--csv")
        #expect(schema.contains("Bought,1,") && schema.contains("Viewed,1,"))
        _ = try scratch.succeed(
            "import", "a.csv", "--person", "who", "--time", "when", "--event", "Order", "--workspace", "other")
        #expect(try scratch.succeed("events", "schema", "--csv", "--workspace", "other").contains("Order,2,"))
        _ = try scratch.succeed(
            "import", "a.csv", "--person", "who", "--time", "when", "--event-name", "what", "--workspace", "third")
        #expect(try scratch.succeed("events", "schema", "--csv", "--workspace", "third").contains("what,2,"))
    }

    @Test func identifyLinesMergeAndSplitUndoesIt() throws {
        let scratch = try Scratch()
        try scratch.write(
            "a.jsonl",
            """
            {"type":"track","anonymousId":"device","event":"Visit","timestamp":"2024-05-01T00:00:00Z"}
            {"type":"identify","anonymousId":"device","userId":"kim","timestamp":"2024-05-01T01:00:00Z"}
            {"type":"track","userId":"kim","event":"Order","timestamp":"2024-05-01T02:00:00Z"}

            """)
        _ = try scratch.succeed("import", "a.jsonl")
        #expect(try scratch.succeed("person", "kim", "--csv").contains("Visit"))
        #expect(try scratch.succeed("person", "device", "--csv").contains("Order"))
        _ = try scratch.succeed("split", "device")
        #expect(!(try scratch.succeed("person", "kim", "--csv").contains("Visit")))
        _ = try scratch.succeed("merge", "device", "kim")
        #expect(try scratch.succeed("person", "kim", "--csv").contains("Visit"))
    }

    @Test func rejectedLinesAreKeptWithNumberAndReason() throws {
        let scratch = try Scratch()
        try scratch.write("a.jsonl", ImportTests.lines[0] + "nonsense\n" + ImportTests.lines[1])
        let answer = try scratch.run("import", "a.jsonl")
        #expect(answer.status == 2)
        #expect(answer.output.contains("2 events stored") && answer.output.contains("1 line rejected"))
        let rejected =
            try JSONSerialization.jsonObject(with: Data(try scratch.read("a.jsonl.rejected").utf8)) as? [String: Any]
        #expect(rejected?["line"] as? Int == 2)
        #expect(rejected?["text"] as? String == "nonsense")
        #expect((rejected?["reason"] as? String ?? "").isEmpty == false)
        // A second file of rejected lines does not take the place of the first.
        try scratch.write("a.jsonl", ImportTests.lines[0] + "nonsense\n" + ImportTests.lines[1] + "more\n")
        #expect(try scratch.run("import", "a.jsonl").status == 2)
        #expect(scratch.exists("a.jsonl.rejected-2"))
    }

    @Test func anExportReadsBackAsTheSameEvents() throws {
        let scratch = try Scratch()
        try scratch.write(
            "a.jsonl",
            """
            {"type":"track","messageId":"m1","userId":"김철수","event":"주문 완료","timestamp":"2024-05-01T09:30:00.250+09:00","properties":{"total":12.5,"gift":true,"note":"a \\"b\\"\\n\\u0001c","at":"2024-05-02T00:00:00Z","products":[{"sku":"A","price":1},{"sku":"B","price":2.25}],"tags":["x","y"]}}
            {"type":"track","userId":"u2","event":"Visit","timestamp":"2024-05-01T00:00:00Z"}

            """)
        _ = try scratch.succeed("import", "a.jsonl")
        let first = try scratch.succeed("export")
        _ = try scratch.succeed("import", "-", "--workspace", "copy", input: first)
        #expect(try scratch.succeed("export", "--workspace", "copy") == first)
        let csv = try scratch.succeed("export", "--format", "csv")
        try scratch.write("b.csv", csv)
        _ = try scratch.succeed("import", "b.csv", "--message-id", "messageId", "--workspace", "third")
        #expect(try scratch.eventCount("--workspace", "third") == 2)
    }

    @Test func backupAndRestoreGiveTheSameEvents() throws {
        let scratch = try Scratch()
        try scratch.write("a.jsonl", ImportTests.lines.joined())
        _ = try scratch.succeed("import", "a.jsonl")
        _ = try scratch.succeed("audience", "create", "단골", "--where", "everyone")
        try scratch.write("data/default/models/kept.txt", "a model")
        _ = try scratch.succeed("backup", "saved")
        _ = try scratch.succeed("restore", "saved", "--workspace", "again")
        // What people have defined comes along, and so do models.
        let audiences = try scratch.succeed("audience", "list", "--csv", "--workspace", "again")
        #expect(try audiences.contains("단골") && audiences == scratch.succeed("audience", "list", "--csv"))
        #expect(try scratch.read("data/again/models/kept.txt") == "a model")
        #expect(try scratch.succeed("export", "--workspace", "again") == scratch.succeed("export"))
        // What had been imported before the backup is known after it too.
        #expect(try scratch.succeed("import", "a.jsonl", "--workspace", "again").contains("Nothing new"))
        #expect(try scratch.succeed("verify", "--workspace", "again").contains("All is well"))
    }

    @Test func aForgottenPersonIsInNoFile() throws {
        let scratch = try Scratch()
        let secret = "person-to-forget-7391"
        try scratch.write(
            "a.jsonl", ImportTests.lines[..<100].joined() + ImportTests.lines[0].replacing("u0", with: secret))
        _ = try scratch.succeed("import", "a.jsonl")
        #expect(try filesHold(secret, below: scratch.folder.appendingPathComponent("data")))
        #expect(try scratch.succeed("forget", secret, "--yes").contains("1 event was removed"))
        #expect(try filesHold(secret, below: scratch.folder.appendingPathComponent("data")) == false)
        #expect(try scratch.run("person", secret).status == 1)
        #expect(try scratch.eventCount() == 100)
    }

    private func filesHold(_ text: String, below folder: URL) throws -> Bool {
        let files =
            FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.contains { ((try? Data(contentsOf: $0)) ?? Data()).range(of: Data(text.utf8)) != nil }
    }
}
