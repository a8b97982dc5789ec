import Collection
import Engine
import Foundation
import Testing

/// Rejected events from the command line.
struct DeadLetterTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let strict = """
        trackingPlan:
          strict: true
          events:
            Order Completed:
              properties:
                total: { type: number, required: true }
        """

    /// Two events that a strict plan does not know, one that no plan could save, and one that is stored.
    private func collect() async throws {
        try scratch.write("strict.yaml", Self.strict)
        try scratch.write(
            "events.jsonl",
            #"{"type":"track","userId":"u0","event":"Signed Up","timestamp":"2024-05-01T00:00:00Z"}"# + "\n")
        _ = try scratch.succeed("import", "events.jsonl", "--data", "data")
        _ = try scratch.succeed("apply", "-f", "strict.yaml", "--data", "data")
        let live = try LiveWorkspace.openExisting(
            Workspace(data: scratch.folder.path + "/data"))
        for (index, message) in [
            #""event":"Signed Up","userId":"u1""#, #""userId":"u2""#, #""event":"Cart Viewed","userId":"u3""#,
            #""event":"Order Completed","userId":"u4","properties":{"total":5}"#,
        ].enumerated() {
            let body = #"{"batch":[{"type":"track","messageId":"m\#(index)",\#(message)}]}"#
            let document = try CollectionDocument.parse(Array(body.utf8), endpoint: .segmentBatch)
            _ = await live.collection.collect(
                document, facts: RequestFacts(receivedTime: 1_714_521_600_000 + Int64(index) * 60_000))
        }
        try live.close()
    }

    @Test(arguments: [false, true])
    func lettersAreLookedAtReplayedAndDiscarded(_ onServer: Bool) async throws {
        try await collect()
        let server = onServer ? try ServerProcess(scratch) : nil
        let place =
            try server.map {
                let key = try scratch.succeed("key", "create", "--data", "data", "--kind", "api", "--scope", "all")
                return ["--server", $0.address, "--key", key.trimmingCharacters(in: .newlines)]
            } ?? ["--data", "data"]
        func run(_ arguments: String...) throws -> Program.Answer {
            try Program.run(["dead-letters"] + arguments + place, in: scratch.folder)
        }
        let list = try run("list", "--csv")
        #expect(list.status == 0, "\(list.errors)")
        let rows = list.output.split(separator: "\n")
        #expect(rows.first == "id,came,endpoint,reason,field")
        #expect(rows.dropFirst().compactMap { $0.split(separator: ",").first } == ["3", "2", "1"], "the newest first")
        #expect(try run("list").output.hasPrefix("3 rejected events\n"))
        let page = try run("list", "--limit", "2")
        #expect(page.output.contains("--before 2"))
        #expect(!page.output.contains("2024-05-01 00:00"))
        #expect(try run("list", "--before", "2", "--csv").output.split(separator: "\n").count == 2)
        let shown = try run("show", "2")
        #expect(shown.output.contains("a track message needs an 'event'"), "\(shown.output)\(shown.errors)")
        #expect(shown.output.contains(#""userId":"u2""#))
        let missing = try run("show", "99")
        #expect(missing.status == 1)
        #expect(missing.errors == "dangol: there is no dead letter 99\n")
        // As long as the plan is strict, nothing can be stored, and nothing is lost.
        let early = try run("replay", "--all", "--json")
        #expect(early.status == 2)
        #expect(early.output.contains(#""stored":[]"#))
        #expect(try run("replay", "1", "99").status == 1)
        #expect(try run("list").output.hasPrefix("3 rejected events\n"))

        try scratch.write("open.yaml", Self.strict.replacing("strict: true", with: "strict: false"))
        #expect(try Program.run(["apply", "-f", "open.yaml"] + place, in: scratch.folder).status == 0)
        let replayed = try run("replay", "--all", "--json")
        #expect(replayed.status == 2, "one has no name")
        #expect(replayed.output.contains(#""stored":[1,3]"#), "\(replayed.output)\(replayed.errors)")
        let person = try Program.run(["person", "u3"] + place, in: scratch.folder)
        #expect(person.output.contains("Cart Viewed"))
        #expect(person.output.contains("2024-05-01 00:02"), "at the time at which it came: \(person.output)")

        #expect(try run("discard", "2").status == 64, "nobody can be asked")
        #expect(try run("discard", "--all", "--yes").output == "1 rejected event deleted.\n")
        #expect(try run("list").output.hasPrefix("0 rejected events"))
        #expect(try run("replay", "--all").output == "0 events stored.\n")
        if let server { #expect(server.end() == 0) }
    }

    @Test(arguments: [["replay"], ["replay", "--all", "1"], ["show", "0"], ["show", "x"], ["list", "--limit", "0"]])
    func whatIsCalledWronglyIsSaidBeforeAnythingHappens(_ arguments: [String]) throws {
        let answer = try Program.run(["dead-letters"] + arguments + ["--data", "data"], in: scratch.folder)
        #expect(answer.status == 64)
        #expect(answer.errors.hasPrefix("dangol: "), "\(answer.errors)")
        #expect(!scratch.exists("data"))
    }
}
