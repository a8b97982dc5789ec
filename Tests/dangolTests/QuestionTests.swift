import Foundation
import Testing

/// Questions asked on the command line, over a shop so small that every answer can be counted by hand.
struct QuestionTests {
    /// Five persons, two of them from 서울, over three days.
    private static let shop = """
        who,when,what,city,total
        ann,2024-05-01T09:00:00Z,Sign Up,Seoul,
        ann,2024-05-01T10:00:00Z,Order Completed,Seoul,120
        bob,2024-05-01T09:00:00Z,Sign Up,부산광역시,
        bob,2024-05-03T09:00:00Z,Order Completed,부산광역시,30
        cho,2024-05-02T09:00:00Z,Sign Up,Seoul,
        dae,2024-05-02T10:00:00Z,Sign Up,제주,
        dae,2024-05-02T10:30:00Z,Order Completed,제주,80
        dae,2024-05-03T10:30:00Z,Order Completed,제주,20
        eun,2024-05-03T12:00:00Z,Order Completed,Seoul,10

        """

    private func shop() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.write("shop.csv", QuestionTests.shop)
        _ = try scratch.succeed("import", "shop.csv", "--person", "who", "--time", "when", "--event", "what")
        return scratch
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func aFunnelCounts() throws {
        let scratch = try shop()
        let answer = try object(scratch.succeed("funnel", "Sign Up", "Order Completed", "--window", "7d", "--json"))
        let steps = try #require(answer["steps"] as? [[String: Any]])
        #expect(steps.map { $0["count"] as? Int } == [4, 3])
        #expect(steps.map { $0["name"] as? String } == ["Sign Up", "Order Completed"])
        #expect(steps[1]["conversionRate"] as? Double == 0.75)
        // 30 minutes, 1 hour and 2 days.
        #expect(steps[1]["medianSeconds"] as? Double == 3600)
    }

    @Test func theSameQuestionAsJSONHasTheSameAnswer() throws {
        let scratch = try shop()
        let short = ["funnel", "Sign Up", "Order Completed[total>=50]", "--window", "7d", "--breakdown", "city"]
        let text = try Program.run(short + ["--print-query"], in: scratch.folder).output
        let answer = try scratch.succeed("query", "-", "--json", input: text)
        #expect(try Program.run(short + ["--json"], in: scratch.folder).output == answer)
        #expect(try (object(answer)["steps"] as? [[String: Any]])?.map { $0["count"] as? Int } == [4, 2])
    }

    static let questions: [(name: String, arguments: [String])] = [
        ("funnel", ["funnel", "Sign Up", "Order Completed", "--breakdown", "city", "--trend", "day", "--times"]),
        ("retention", ["retention", "Sign Up", "Order Completed", "--intervals", "3"]),
        ("trends", ["trends", "Order Completed", "--math", "sum", "--of", "total"]),
        ("trends-two", ["trends", "Order Completed", "Sign Up", "--formula", "A / B", "--compare"]),
        ("paths", ["paths", "--start", "Sign Up"]),
        ("lifecycle", ["lifecycle", "Order Completed"]),
        ("stickiness", ["stickiness", "Order Completed", "--cumulative"]),
        ("sessions", ["sessions", "--by-entry"]),
        ("correlation", ["correlation", "Sign Up", "Order Completed", "--property", "city", "--minimum", "1"]),
        ("person", ["person", "dae"]),
        ("events-tail", ["events", "tail", "--last", "3"]),
        ("events-filter", ["events", "filter", "--where", "total>=30", "--time-zone", "Asia/Seoul"]),
        ("events-schema", ["events", "schema", "Order Completed"]),
    ]

    @Test(arguments: questions.indices) func answersAsTablesAreAsTheyWere(_ index: Int) throws {
        let question = QuestionTests.questions[index]
        let scratch = try shop()
        let answer = try Program.run(question.arguments, in: scratch.folder)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.errors.isEmpty)
        // Nothing but text for a program or file: no colour, no cursor movement.
        #expect(!answer.output.contains("\u{1B}"))
        try Snapshot.check("answer-\(question.name).txt", answer.output)
        let csv = try Program.run(question.arguments + ["--csv"], in: scratch.folder)
        try Snapshot.check("answer-\(question.name).csv", csv.output)
    }

    @Test func aPageHoldsEveryQuestionAndNothingFromOutside() throws {
        let scratch = try shop()
        var files: [String] = []
        for (name, arguments) in QuestionTests.questions.prefix(9) {
            let text = try Program.run(arguments + ["--print-query"], in: scratch.folder).output
            files.append(try scratch.write("\(name).json", text))
        }
        let answer = try Program.run(["query"] + files + ["--html", "report.html"], in: scratch.folder)
        #expect(answer.status == 0, "\(answer.errors)")
        let page = try scratch.read("report.html")
        #expect(page.split(separator: "<section").count - 1 == 9)
        #expect(page.split(separator: "<svg").count - 1 >= 9)
        for word in ["<script", "src=", "@import", "href=\"http"] { #expect(!page.contains(word), "\(word)") }
        #expect(page.contains("부산광역시"))
    }

    @Test func explainTellsWhatWasRead() throws {
        let scratch = try shop()
        let text = try scratch.succeed("trends", "Sign Up", "--explain")
        #expect(text.contains("How it was answered") && text.contains("Read "))
        let json = try object(scratch.succeed("trends", "Sign Up", "--explain", "--json"))
        let explanation = try #require(json["explanation"] as? [String: Any])
        #expect((explanation["scan"] as? [String: Any])?["rowsMatched"] as? Int == 4)
    }

    @Test func anUnknownEventIsToldNotHidden() throws {
        let text = try shop().succeed("funnel", "Sign Up", "Order Complete")
        #expect(text.contains("did you mean 'Order Completed'?"))
    }

    @Test func theWorkspaceAndTheFolderCanBeChosen() throws {
        let scratch = try shop()
        let environment = ["DANGOL_DATA": "elsewhere"]
        let missing = try scratch.run("stats", environment: environment)
        #expect(missing.status == 1 && missing.errors.contains("elsewhere"))
        #expect(try scratch.run("stats", "--data", "data", environment: environment).status == 0)
    }

    @Test func agesOfEventsCanBeSetAndForgotten() throws {
        let scratch = try shop()
        #expect(try scratch.succeed("keep").contains("forever"))
        #expect(try scratch.succeed("keep", "1d").contains("1 day"))
        #expect(
            try scratch.eventCount() == 0
                || scratch.succeed("events", "filter", "--csv").split(separator: "\n").count == 1)
        #expect(try scratch.succeed("keep", "forever").contains("forever"))
        #expect(try scratch.succeed("events", "filter", "--csv").split(separator: "\n").count == 10)
    }
}
