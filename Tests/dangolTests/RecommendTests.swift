import Foundation
import Testing

struct RecommendTests {
    /// Two tastes in columns: even persons like a0 ... a9, odd ones b0 ... b9, each all but two of them.
    private func prepare() throws -> Scratch {
        let scratch = try Scratch()
        var lines = ""
        for person in 0..<60 {
            for place in 0..<8 {
                let item = "\(person % 2 == 0 ? "a" : "b")\((person / 2 + place) % 10)"
                lines += "p\(person)\t\(item)\t\(4 + place % 2)\t\(1_700_000_000 + place * 86_400 + person)\n"
            }
        }
        try scratch.write("ratings.tsv", lines)
        try scratch.write(
            "recommend.yaml",
            """
            interactions:
              - { event: Rated, item: item, value: rating, outOf: 5 }
            models:
              ease: { regularization: 5 }
              sequence: {}
            """)
        _ = try scratch.succeed(
            "import", "ratings.tsv", "--no-header", "--delimiter", "tab", "--person", "1", "--property",
            "item=2:string", "--property", "rating=3:number", "--time", "4", "--time-format", "epoch", "--event-name",
            "Rated")
        return scratch
    }

    @Test func trainingForAndExportGoTogether() throws {
        let scratch = try prepare()
        let trained = try scratch.succeed("recommend", "train", "--config", "recommend.yaml")
        #expect(trained.contains("Version 1 of 'default' answers from now on."))
        let list = try scratch.succeed("recommend", "for", "p0", "--top", "2", "--csv")
        #expect(list.hasPrefix("place,item,score,why\n1,a8,") || list.hasPrefix("place,item,score,why\n1,a9,"))
        #expect(list.contains("a8") && list.contains("a9"))
        _ = try scratch.succeed("recommend", "export", "--top", "2", "lists.tsv")
        let lines = try scratch.read("lists.tsv").split(separator: "\n")
        #expect(lines.count == 120 && lines[0].hasPrefix("p0\ta") && lines[0].hasSuffix("\t1"))
        #expect(try scratch.succeed("recommend", "for", "nobody").contains("Nobody of this id"))
    }

    @Test func aServerAnswersAsTheFolder() throws {
        let scratch = try prepare()
        try scratch.write(
            "factors.yaml",
            """
            interactions:
              - { event: Rated, item: item, value: rating, outOf: 5 }
            models:
              ease: { regularization: 5 }
              als: { rank: 4, regularization: 1 }
            """)
        _ = try scratch.succeed("recommend", "train", "--config", "factors.yaml")
        try scratch.write("items.csv", "id,name,stock\na8,여덟째,3\na9,아홉째,5\n")
        _ = try scratch.succeed("items", "import", "items.csv")
        try scratch.write("chosen.txt", "p3\np41\nnobody\n")
        let commands = [
            ["recommend", "for", "p0"], ["recommend", "for", "p0", "--korean", "--json"],
            ["recommend", "page", "p0", "--rows", "3", "--top", "4"], ["recommend", "page", "p1", "--korean", "--csv"],
            ["recommend", "companions", "a1"], ["recommend", "companions", "a1", "--days", "3", "--json"],
            ["recommend", "companions", "nothing"], ["recommend", "lookalikes", "p0", "p2", "--top", "5"],
            ["recommend", "lookalikes", "nobody"], ["recommend", "export", "-", "--top", "3"],
            ["recommend", "export", "-", "--persons", "chosen.txt"], ["recommend", "versions", "--csv"],
            ["recommend", "for", "p0", "--model", "other"],
        ]
        let local = try commands.map { try Program.run($0 + ["--data", "data"], in: scratch.folder) }
        let server = try ServerProcess(scratch)
        try expectTheSame(commands, as: local, in: scratch, environment: server.environment(scratch))
        #expect(server.end() == 0)
        #expect(local[4].output.contains("a") && local[7].output.contains("likeness"))
        let alike = local[7].output.split(separator: "\n").filter { $0.contains(/p\d/) }
        #expect(alike.count == 5 && local[9].output.split(separator: "\n").count == 180)
        #expect(local[9].errors.contains("60 persons.") && local[10].errors.contains("2 persons."))
    }

    @Test func listsOfChosenPersonsAreThoseAmongEverybodys() throws {
        let scratch = try prepare()
        _ = try scratch.succeed("recommend", "train", "--config", "recommend.yaml")
        _ = try scratch.succeed("recommend", "export", "--top", "2", "all.tsv")
        try scratch.write("chosen.txt", "p3\np41\nnobody\n")
        _ = try scratch.succeed("recommend", "export", "--top", "2", "--persons", "chosen.txt", "some.tsv")
        let all = try scratch.read("all.tsv").split(separator: "\n")
        let some = try scratch.read("some.tsv").split(separator: "\n")
        #expect(some.count == 4 && some == all.filter { $0.hasPrefix("p3\t") || $0.hasPrefix("p41\t") })
    }

    @Test func versionsCanBeListedAndRolledBack() throws {
        let scratch = try prepare()
        _ = try scratch.succeed("recommend", "train", "--config", "recommend.yaml")
        _ = try scratch.succeed("recommend", "train", "--force")
        #expect(try scratch.succeed("recommend", "versions", "--csv").split(separator: "\n").count == 3)
        #expect(try scratch.succeed("recommend", "rollback").contains("Version 1"))
    }

    @Test func whatIsWrongIsSaidInOneLine() throws {
        let scratch = try prepare()
        let untrained = try scratch.run("recommend", "for", "p0")
        #expect(untrained.status == 1 && untrained.errors.contains("has not been trained"))
        try scratch.write("bad.yaml", "interactions:\n  - { event: Rated, itme: x }\n")
        let misspelt = try scratch.run("recommend", "train", "--config", "bad.yaml")
        #expect(misspelt.status == 64 && misspelt.errors.contains("bad.yaml: interactions[0].itme"))
        try scratch.write("other.yaml", "interactions:\n  - { event: Bought }\n")
        let nothing = try scratch.run("recommend", "train", "--config", "other.yaml")
        #expect(nothing.status == 1 && nothing.errors.contains("nothing to learn from"))
    }

    @Test func withoutSettingsTheNamesOfEventsAndPropertiesDecide() throws {
        let scratch = try prepare()
        let trained = try scratch.run("recommend", "train")
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors.contains("Learning from Rated (item)."))
        #expect(try scratch.succeed("recommend", "for", "p0", "--top", "2", "--csv").contains("a8"))
        try scratch.write(
            "visits.jsonl", #"{"type":"track","userId":"u","event":"Visit","timestamp":"2024-05-01T00:00:00Z"}"#)
        _ = try scratch.succeed("import", "visits.jsonl", "--workspace", "visits")
        let nothing = try scratch.run("recommend", "train", "--workspace", "visits")
        #expect(nothing.status == 1 && nothing.errors.contains("no event here seems to be about an item"))
    }

    @Test func theCatalogueGivesTitlesAndSaysWhatMayBeOffered() throws {
        let scratch = try prepare()
        _ = try scratch.succeed("recommend", "train", "--config", "recommend.yaml")
        try scratch.write("items.csv", "id,name,stock\na8,여덟째,0\na9,아홉째,5\n")
        _ = try scratch.succeed("items", "import", "items.csv")
        let list = try scratch.succeed("recommend", "for", "p0", "--top", "2", "--csv")
        #expect(!list.contains("a8") && list.contains("a9"))
    }
}
