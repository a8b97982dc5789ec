import ChildProcess
import Foundation
import Testing

/// A server of its own process, with a data folder.
final class ServerProcess {
    let address: String
    private let process: ChildProcess
    private let output: URL

    init(_ scratch: Scratch, _ arguments: String..., environment: [String: String] = [:]) throws {
        let id = UUID().uuidString
        output = scratch.folder.appendingPathComponent(".serve-\(id)")
        let errors = scratch.folder.appendingPathComponent(".serve-errors-\(id)")
        process = try Program.start(
            ["serve", "--data", "data", "--port", "0"] + arguments, in: scratch.folder, output: output, errors: errors,
            environment: environment)
        var found: String?
        // The address is the first thing that is printed; a process that ends prints none.
        while found == nil, process.isRunning {
            let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("Listening on ") }
            if let line, text.contains("\n") { found = String(line.dropFirst(13)) }
            sched_yield()
        }
        let failure = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        address = try #require(found, "the server did not start: \(failure)")
    }

    var printed: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// Asks it to end, and gives its exit status.
    func end() -> Int32 {
        process.send(SIGTERM)
        return process.wait()
    }

    func kill() { process.kill() }
}

/// The commands against a running server.
struct ServeTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func makeData() throws {
        try scratch.write("events.jsonl", try events("3000", seed: "7").text)
        _ = try scratch.succeed("import", "events.jsonl", "--data", "data")
    }

    /// Lines of a made-up shop, about as many events as asked for, and how many there are.
    private func events(_ count: String, seed: String) throws -> (text: String, count: Int) {
        let text = try scratch.succeed("generate", "--events", count, "--seed", seed)
        return (text, text.split(separator: "\n").count)
    }

    private func key(_ scopes: String...) throws -> String {
        let arguments = scopes.flatMap { ["--scope", $0] }
        let answer = try Program.run(
            ["key", "create", "--data", "data", "--kind", "api"] + arguments, in: scratch.folder)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.output.split(separator: "\n").count == 1, "the key alone")
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Without what opening a log for writing changes.
    private static func lines(_ answer: Program.Answer) -> [Substring] {
        answer.output.split(separator: "\n").filter { !$0.hasPrefix("write-ahead log") }
    }

    @Test func everyCommandPrintsTheSameOfAFolderAndOfAServer() throws {
        try makeData()
        let person = try #require(
            try scratch.succeed("events", "tail", "--last", "1", "--json", "--data", "data")
                .firstMatch(of: /"userId":"([^"]+)"/)?.1)
        let commands: [[String]] = [
            ["stats"], ["stats", "--csv"], ["events", "schema"], ["events", "schema", "--csv"],
            ["events", "schema", "Order Completed"], ["events", "tail"], ["events", "tail", "--last", "7", "--json"],
            ["events", "filter", "--event", "Order Completed", "--where", "total>=50", "--limit", "9"],
            ["events", "filter", "--person", String(person), "--json"], ["person", String(person)],
            ["person", String(person), "--last", "3", "--json"], ["person", "nobody"],
            ["funnel", "App Opened", "Order Completed", "--window", "7d"],
            ["funnel", "App Opened", "Order Completed", "--breakdown", "city", "--times", "--json"],
            ["retention", "Order Completed", "--period", "month"],
            ["trends", "Order Completed", "--math", "sum", "--of", "total"],
            ["trends", "Order Completed", "--breakdown", "city", "--csv"], ["paths"], ["lifecycle", "App Opened"],
            ["stickiness", "App Opened"], ["sessions"], ["correlation", "App Opened", "Order Completed"],
            ["trends", "Order Compleetd"], ["funnel", "A", "B", "--window", "7x"], ["export"],
            ["export", "--format", "csv", "--event", "Order Completed"], ["events", "schema", "Nothing"],
        ]
        let local = try commands.map { try Program.run($0 + ["--data", "data"], in: scratch.folder) }
        let server = try ServerProcess(scratch)
        let environment = ["DANGOL_SERVER": server.address, "DANGOL_KEY": try key("all")]
        for (command, expected) in zip(commands, local) {
            let answer = try Program.run(command, in: scratch.folder, environment: environment)
            #expect(answer.status == expected.status, "\(command): \(answer.errors)")
            #expect(Self.lines(answer) == Self.lines(expected), "\(command)")
            #expect(answer.errors == expected.errors, "\(command)")
        }
        #expect(server.end() == 0)
    }

    @Test func importsAndDeletionsThroughAServerDoWhatTheyDoToAFolder() throws {
        let server = try ServerProcess(scratch)
        let key = try key("all")
        let remote = ["--server", server.address, "--key", key]
        let (events, count) = try events("2000", seed: "3")
        try scratch.write("events.jsonl", events + "not JSON\n")
        let first = try Program.run(["import", "events.jsonl", "--json"] + remote, in: scratch.folder)
        #expect(first.status == 2, "\(first.errors)")
        #expect(first.output.contains("\"stored\":\(count)}"))
        #expect(try scratch.read("events.jsonl.rejected").contains("\"line\":\(count + 1),"))
        let again = try Program.run(
            ["import", "-", "--json"] + remote, in: scratch.folder, input: Data((events + "not JSON\n").utf8))
        #expect(again.output.contains("\"stored\":0"), "\(again.errors)")
        try scratch.write("orders.csv", "customer,day,total\n1,2024-05-01,3\n2,2024-05-02,4\n")
        let columns = try Program.run(
            ["import", "orders.csv", "--person", "customer", "--time", "day", "--event", "Order"] + remote,
            in: scratch.folder)
        #expect(columns.output.contains("2 events stored"), "\(columns.errors)")
        let forgotten = try Program.run(["forget", "2", "--yes"] + remote, in: scratch.folder)
        #expect(forgotten.output.contains("1 event was removed"), "\(forgotten.errors)")
        #expect(server.end() == 0)
        #expect(try scratch.eventCount("--data", "data") == count + 1)
    }

    @Test func whatWasAcknowledgedIsThereAfterAKill() throws {
        var server = try ServerProcess(scratch)
        let key = try key("events:write", "query")
        var total = 0
        for round in 1...3 {
            let (events, count) = try events("500", seed: "\(round)")
            total += count
            try scratch.write("events\(round).jsonl", events)
            let answer = try Program.run(
                ["import", "events\(round).jsonl", "--server", server.address, "--key", key], in: scratch.folder)
            #expect(answer.status == 0, "\(answer.errors)")
            server.kill()
            server = try ServerProcess(scratch)
            let stats = try Program.run(
                ["stats", "--json", "--server", server.address, "--key", key], in: scratch.folder)
            #expect(stats.output.contains("\"events\":\(total),"), "\(stats.output)")
        }
        #expect(server.end() == 0)
    }

    @Test func keysAreMadeAndRevokedWhileTheServerRuns() throws {
        let server = try ServerProcess(scratch)
        let key = try key("query")
        let remote = ["--server", server.address, "--key", key]
        #expect(try Program.run(["stats"] + remote, in: scratch.folder).status == 0)
        let refused = try Program.run(["export"] + remote, in: scratch.folder)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("events:read"))
        let list = try Program.run(["key", "list", "--json", "--data", "data"], in: scratch.folder)
        #expect(!list.output.contains(key))
        let id = try #require(list.output.firstMatch(of: /key_[a-z0-9]+/)).0
        _ = try scratch.succeed("key", "revoke", String(id), "--data", "data")
        // At most a quarter of a second.
        var status: Int32 = 0
        for _ in 0..<100 where status == 0 {
            status = try Program.run(["stats"] + remote, in: scratch.folder).status
        }
        #expect(status == 1)
        #expect(
            try Program.run(
                ["key", "create", "--data", "data", "--kind", "write", "--workspace", "nope"], in: scratch.folder
            ).status == 1)
    }

    @Test func theFirstStartPrintsTheOwnersLinkAndALaterOneDoesNot() throws {
        let server = try ServerProcess(scratch)
        #expect(server.printed.contains("/setup?token="))
        try scratch.write("password", "correct horse\n")
        let added = try Program.run(
            [
                "user", "add", "owner@example.com", "--role", "owner", "--everywhere", "--password-stdin", "--data",
                "data",
            ],
            in: scratch.folder, input: Data("correct horse\n".utf8))
        #expect(added.output == "owner@example.com is owner in every workspace.\n", "\(added.errors)")
        #expect(server.end() == 0)
        let second = try ServerProcess(scratch)
        #expect(!second.printed.contains("/setup"))
    }

    @Test func theFolderOfARunningServerIsReadByOthersAndWrittenByNone() throws {
        try makeData()
        let count = try scratch.eventCount("--data", "data")
        let server = try ServerProcess(scratch)
        #expect(try scratch.eventCount("--data", "data") == count)
        try scratch.write(
            "more.jsonl",
            "{\"type\":\"track\",\"userId\":\"u\",\"event\":\"E\",\"timestamp\":\"2024-05-01T00:00:00Z\"}\n")
        let answer = try scratch.run("import", "more.jsonl", "--data", "data")
        #expect(answer.status == 75)
        _ = server
    }

    @Test func settingsComeFromFlagsThenTheEnvironmentThenTheFile() throws {
        try scratch.write("dangol.yaml", "host: 0.0.0.0\nport: 1111\nqueries: 7\nlogFormat: json\n")
        let answer = try scratch.run(
            "config", "--config", "dangol.yaml", "--port", "3333", "--json",
            environment: ["DANGOL_PORT": "2222", "DANGOL_HOST": "::1", "DANGOL_DATA": "there"])
        #expect(answer.status == 0, "\(answer.errors)")
        let view = try JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: [[String: String]]]
        let settings = try #require(view?["settings"])
        func setting(_ name: String) -> [String]? {
            settings.first { $0["name"] == name }.map { [$0["value"] ?? "", $0["source"] ?? ""] }
        }
        #expect(setting("port") == ["3333", "--port"])
        #expect(setting("host") == ["::1", "DANGOL_HOST"])
        #expect(setting("queries") == ["7", "dangol.yaml"])
        #expect(setting("logFormat") == ["json", "dangol.yaml"])
        #expect(setting("data") == ["there", "DANGOL_DATA"])
        #expect(setting("bodySeconds") == ["60", "default"])
    }

    @Test func aSettingThatIsWrongIsNamedWithItsPlace() throws {
        try scratch.write("misspelt.yaml", "prot: 1\n")
        let misspelt = try scratch.run("config", "--config", "misspelt.yaml")
        #expect(misspelt.status == 64)
        #expect(misspelt.errors.contains("misspelt.yaml:1: there is no setting 'prot'"))
        let wrong = try scratch.run("config", environment: ["DANGOL_PORT": "many"])
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("'many' (DANGOL_PORT)"))
        #expect(try scratch.run("config", "--config", "missing.yaml").status == 1)
    }
}
