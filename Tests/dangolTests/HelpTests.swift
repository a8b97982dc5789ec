import Foundation
import Testing

struct HelpTests {
    static let commands = [
        "demo", "import", "generate", "events", "events tail", "events filter", "events schema", "export", "funnel",
        "retention",
        "trends", "paths", "lifecycle", "stickiness", "sessions", "correlation", "query", "person", "merge", "split",
        "forget", "people", "people search", "people show", "people set", "people merge", "people split",
        "people consent", "people group", "people import", "people export", "people export-one", "people delete",
        "people receipts", "people suppress", "people warnings", "rebuild", "rebuild people", "stats", "verify",
        "compact", "keep", "backup", "restore", "dead-letters", "dead-letters list", "dead-letters show",
        "dead-letters replay", "dead-letters discard", "key create", "key list", "key revoke", "user add", "user list",
        "user role", "user password", "user remove", "workspace create", "workspace list", "workspace set",
        "items", "items import", "items list", "items show", "items prices", "items categories", "items delete",
        "items restore",
        "audience", "audience create", "audience update", "audience delete", "audience list", "audience show",
        "audience preview", "audience members", "audience explain", "audience sizes", "audience overlap",
        "audience export", "audience send", "audience add", "audience remove", "apply", "definitions export", "webhook",
        "recommend", "recommend train", "recommend for", "recommend page", "recommend companions",
        "recommend lookalikes", "recommend export", "recommend versions", "recommend rollback",
    ]

    @Test func theOverviewListsEveryCommand() throws {
        let scratch = try Scratch()
        let overview = try scratch.succeed("help")
        for command in HelpTests.commands where !command.contains(" ") {
            #expect(overview.contains("\n  \(command) "), "\(command)")
        }
        #expect(try scratch.succeed() == overview)
        #expect(try scratch.succeed("--help") == overview)
        try Snapshot.check("help.txt", overview)
    }

    @Test(arguments: commands) func helpOfEachCommandHasExamples(_ command: String) throws {
        let scratch = try Scratch()
        let help = try Program.run(command.split(separator: " ").map(String.init) + ["--help"], in: scratch.folder)
        #expect(help.status == 0)
        #expect(help.output.contains("dangol \(command)"))
        #expect(help.output.contains("Example"))
        try Snapshot.check("help-\(command.split(separator: " ").joined(separator: "-")).txt", help.output)
    }

    @Test func theVersionIsPrinted() throws {
        let version = try Scratch().succeed("--version")
        #expect(version.contains(/^[0-9]+\.[0-9]+\.[0-9]+\n$/))
    }

    @Test func aMisspeltCommandIsAnsweredWithTheRightOne() throws {
        let answer = try Scratch().run("funel", "A", "B")
        #expect(answer.status == 64)
        #expect(answer.output.isEmpty)
        #expect(answer.errors.contains("did you mean 'funnel'?"))
    }
}
