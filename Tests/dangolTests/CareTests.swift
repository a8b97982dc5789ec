import Foundation
import Testing

/// Care of the data and of access, of a folder and by a server.
struct CareTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func makeData(withAudience: Bool = true) throws -> Int {
        let events = try scratch.succeed("generate", "--events", "2000", "--seed", "5")
        try scratch.write("events.jsonl", events)
        _ = try scratch.succeed("import", "events.jsonl", "--data", "data")
        guard withAudience else { return try scratch.eventCount("--data", "data") }
        try scratch.write("vip.yaml", "audiences:\n  - { name: VIP, where: everyone }\n")
        _ = try scratch.succeed("apply", "-f", "vip.yaml", "--data", "data")
        return try scratch.eventCount("--data", "data")
    }

    private func remote(_ server: ServerProcess, _ scopes: String...) throws -> [String] {
        let key = try Program.run(
            ["key", "create", "--data", "data", "--kind", "api"] + scopes.flatMap { ["--scope", $0] },
            in: scratch.folder)
        #expect(key.status == 0, "\(key.errors)")
        return ["--server", server.address, "--key", key.output.trimmingCharacters(in: .newlines)]
    }

    @Test func aServersBackupIsRestoredToWhatItHas() throws {
        let count = try makeData()
        let server = try ServerProcess(scratch)
        let place = try remote(server, "all")
        let copied = try Program.run(["backup", "copy", "--json"] + place, in: scratch.folder)
        #expect(copied.status == 0, "\(copied.errors)")
        #expect(copied.output.contains("\"events\":\(count),"))
        let again = try Program.run(["backup", "copy"] + place, in: scratch.folder)
        #expect(again.status == 1)
        #expect(again.errors.contains("is not empty"))
        let export = try Program.run(["export"] + place, in: scratch.folder)
        #expect(server.end() == 0)
        _ = try scratch.succeed("restore", "copy", "--data", "second")
        #expect(try scratch.succeed("export", "--data", "second") == export.output)
        #expect(try scratch.succeed("audience", "list", "--csv", "--data", "second").contains("VIP,"))
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path + "/data")
        #expect(!left.contains { $0.hasPrefix(".backup") }, "the copy that was sent is gone")
    }

    @Test func aBackupNeedsEverythingThatIsInIt() throws {
        _ = try makeData()
        let server = try ServerProcess(scratch)
        let place = try remote(server, "export", "events:read", "people:read")
        let refused = try Program.run(["backup", "copy"] + place, in: scratch.folder)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("people:delete"), "\(refused.errors)")
        #expect(server.end() == 0)
    }

    @Test func eventsAreKeptVerifiedAndCompactedByAServerAsInAFolder() throws {
        let count = try makeData(withAudience: false)
        let server = try ServerProcess(scratch)
        let place = try remote(server, "all")
        func run(_ arguments: String...) throws -> Program.Answer {
            try Program.run(arguments + place, in: scratch.folder)
        }
        #expect(try run("verify").output.hasPrefix("All is well:"))
        #expect(try run("keep").output == "Events are kept forever.\n")
        #expect(try run("keep", "30d").output == "Events are now kept for 30 days.\n")
        #expect(try run("keep", "--json").output == "{\"keepMilliseconds\":2592000000}\n")
        #expect(try run("stats", "--json").output.contains("\"events\":0,"), "all of them are older")
        #expect(try run("keep", "forever").output == "Events are now kept forever.\n")
        #expect(try run("stats", "--json").output.contains("\"events\":\(count),"), "until they are removed")
        _ = try run("keep", "30d")
        let compacted = try run("compact", "--json")
        #expect(compacted.status == 0, "\(compacted.errors)")
        #expect(compacted.output.contains("\"events\":0,"))
        _ = try run("keep", "forever")
        #expect(try run("stats", "--json").output.contains("\"events\":0,"), "gone for good")
        let audit = try Program.run(["keep", "0d"] + place, in: scratch.folder)
        #expect(audit.status == 64)
        #expect(server.end() == 0)
    }

    @Test func keysAreMadeListedAndRevokedByAServer() throws {
        let server = try ServerProcess(scratch)
        let place = try remote(server, "keys:manage", "query", "collect")
        func run(_ arguments: String...) throws -> Program.Answer {
            try Program.run(["key"] + arguments + place, in: scratch.folder)
        }
        let made = try run("create", "--kind", "api", "--scope", "query", "--name", "dashboard")
        #expect(made.status == 0, "\(made.errors)")
        let secret = made.output.trimmingCharacters(in: .newlines)
        let stats = ["stats", "--server", server.address, "--key", secret]
        #expect(try Program.run(stats, in: scratch.folder).status == 0)
        let more = try run("create", "--kind", "api", "--scope", "people:read")
        #expect(more.status == 1)
        #expect(more.errors.contains("which you do not have"), "\(more.errors)")
        let list = try run("list", "--csv").output
        #expect(list.contains(",api,dashboard,"))
        #expect(!list.contains(secret))
        let id = try #require(list.firstMatch(of: /(key_[a-z0-9]+),api,dashboard/)?.1)
        #expect(try run("revoke", String(id)).output == "The key \(id) 'dashboard' is revoked.\n")
        #expect(try Program.run(stats, in: scratch.folder).status == 1)
        #expect(server.end() == 0)
    }

    @Test func usersAreKeptByAServerWithinTheKeysWorkspace() throws {
        let server = try ServerProcess(scratch)
        let place = try remote(server, "all")
        func user(_ arguments: String..., input: String = "") throws -> Program.Answer {
            try Program.run(["user"] + arguments + place, in: scratch.folder, input: Data(input.utf8))
        }
        let mina = "mina@example.com"
        let added = try user("add", mina, "--role", "analyst", "--password-stdin", input: "correct horse\n")
        #expect(added.output == "\(mina) is analyst in the key's workspace.\n", "\(added.errors)")
        #expect(try user("role", mina, "editor").output.contains("is now editor"))
        #expect(try user("list", "--csv").output.contains("\(mina),"))
        #expect(try user("password", mina, "--password-stdin", input: "better horse\n").status == 0)
        // Who may do things elsewhere is not this workspace's to sign in as.
        _ = try scratch.succeed("workspace", "create", "shop", "--data", "data")
        _ = try scratch.succeed("user", "role", mina, "owner", "--workspace", "shop", "--data", "data")
        let refused = try user("password", mina, "--password-stdin", input: "other horse\n")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("elsewhere"))
        #expect(try user("remove", mina).output == "\(mina) is removed from the key's workspace.\n")
        #expect(!(try user("list", "--csv").output.contains(mina)))
        let here = try scratch.succeed("user", "list", "--csv", "--data", "data")
        #expect(here.contains("\(mina),") && here.contains("shop: owner"), "\(here)")
        for arguments in [["add", "a@example.com", "--role", "owner", "--everywhere"], ["role", mina, "none"]] {
            #expect(try Program.run(["user"] + arguments + place, in: scratch.folder).status != 0, "\(arguments)")
        }
        let create = try Program.run(["workspace", "create", "cafe"] + place, in: scratch.folder)
        #expect(create.status == 64)
        #expect(create.errors.contains("the whole installation"))
        #expect(
            try Program.run(["workspace", "list", "--csv"] + place, in: scratch.folder).output == "workspace\ndefault\n"
        )
        #expect(server.end() == 0)
    }
}
