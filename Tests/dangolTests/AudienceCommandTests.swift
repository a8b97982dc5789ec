import Foundation
import Testing

/// Audiences, definitions and webhooks from the command line.
struct AudienceCommandTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        var lines: [String] = []
        for index in 0..<12 {
            let city = index % 3 == 0 ? "서울" : "부산"
            lines.append(
                #"{"type":"identify","messageId":"i\#(index)","userId":"u\#(index)","timestamp":"2024-05-01T00:00:00Z","traits":{"city":"\#(city)","email":"u\#(index)@example.com"}}"#
            )
            for order in 0..<index {
                lines.append(
                    #"{"type":"track","messageId":"o\#(index)-\#(order)","userId":"u\#(index)","event":"Order","timestamp":"2024-05-02T00:00:00Z","properties":{"total":\#(order)}}"#
                )
            }
        }
        try scratch.write("events.jsonl", lines.joined(separator: "\n") + "\n")
        _ = try scratch.succeed("import", "events.jsonl", "--data", "data")
    }

    private func audience(_ arguments: String...) throws -> Program.Answer {
        try Program.run(["audience"] + arguments + ["--data", "data"], in: scratch.folder)
    }

    @Test func anAudienceIsMadeLookedAtAndDeleted() throws {
        let made = try audience("create", "서울 단골", "--where", #"did "Order" at least 3 times and trait city = "서울""#)
        #expect(made.status == 0, "\(made.errors)")
        #expect(made.output.contains("'서울 단골' is made: 3 persons"), "\(made.output)")
        #expect(try audience("list", "--csv").output.contains("서울 단골,3,"))
        let members = try audience("members", "서울 단골", "--csv").output
        #expect(
            members.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first }.sorted()
                == ["u3", "u6", "u9"])
        let why = try audience("explain", "서울 단골", "u1").output
        #expect(why.contains("u1 is not in '서울 단골'"))
        #expect(why.contains("no"))
        #expect(try audience("explain", "서울 단골", "u3", "--korean").output.contains("번 이상"))
        let preview = try audience("preview", "--where", "everyone", "--exact", "--json").output
        #expect(preview.contains("\"size\":12"), "\(preview)")
        let changed = try audience("update", "서울 단골", "--name", "VIP", "--where", #"did "Order" at least 10 times"#)
        #expect(changed.output.contains("'VIP' is changed: 2 persons"), "\(changed.output)\(changed.errors)")
        #expect(try audience("sizes", "VIP", "--last", "1", "--csv").output.contains(",2,"))
        _ = try audience("create", "all", "--where", "everyone")
        #expect(try audience("overlap", "VIP", "all").output.contains("2 persons in all of them, 12 in any"))
        #expect(try audience("delete", "VIP").status == 0)
        let gone = try audience("show", "VIP")
        #expect(gone.status == 1)
        #expect(gone.errors.split(separator: "\n").count == 1)
    }

    @Test func whatIsWrongInAPredicateIsOneLineWithThePlace() throws {
        let wrong = try audience("preview", "--where", "trait 도시 서울")
        #expect(wrong.status == 64)
        #expect(wrong.errors.hasPrefix("dangol: --where: line 1, column 10: "), "\(wrong.errors)")
        #expect(wrong.errors.split(separator: "\n").count == 1)
        #expect(try audience("create", "A").status == 64)
    }

    @Test func aListIsKeptByHandFromAFile() throws {
        #expect(try audience("create", "Press", "--static").status == 0)
        try scratch.write("press.csv", "name,user_id\nA,u1\nB,u2\nC,nobody\n")
        let added = try audience("add", "Press", "--file", "press.csv", "--json")
        #expect(added.status == 2, "one id is nobody's")
        #expect(added.output == "{\"changed\":2,\"unknown\":[\"nobody\"]}\n")
        #expect(try audience("remove", "Press", "u1").output.contains("1 person taken out of 'Press'"))
        let hashed = try audience("export", "Press", "--platform", "meta", "--consent", "none")
        #expect(hashed.output.split(separator: "\n").count == 2)
        #expect(hashed.errors.contains("1 of 1 person written"))
        #expect(
            try audience("export", "Press", "--platform", "meta").status == 64, "whom one may hand on is to be said")
    }

    @Test func definitionsAreAppliedOnceAndComeOutAgain() throws {
        try scratch.write(
            "shop.yaml",
            """
            audiences:
              - name: 상위
                where: in audience "단골" and did "Order" at least 10 times
              - name: 단골
                where: did "Order" at least 3 times
            trackingPlan:
              events:
                Order:
                  properties:
                    total: { type: number, required: true }
            """)
        let dry = try scratch.succeed("apply", "-f", "shop.yaml", "--dry-run", "--data", "data")
        #expect(dry.contains("3 changes to make"))
        #expect(try audience("list", "--json").output == "[]\n")
        let done = try scratch.succeed("apply", "-f", "shop.yaml", "--data", "data")
        #expect(done.contains("3 changes made"))
        #expect(try scratch.succeed("apply", "-f", "shop.yaml", "--data", "data").contains("Nothing to change"))
        let out = try scratch.succeed("definitions", "export", "--data", "data", "--json")
        #expect(out == "[\"audiences.yaml\",\"tracking-plan.yaml\"]\n")
        #expect(scratch.exists("data/default/config/audiences.yaml"))
        #expect(try scratch.succeed("apply", "--data", "data").contains("Nothing to change"))
        try scratch.write("wrong.yaml", "audiences:\n  - name: X\n    where: did Order at leest 2 times\n")
        let wrong = try scratch.run("apply", "-f", "wrong.yaml", "--data", "data")
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("wrong.yaml: audiences[0]: line 1, column"), "\(wrong.errors)")
    }

    private static let board = """
        insights:
          - name: 첫 구매
            query: { kind: trends, series: [{ event: Order }], from: -7d }
            view: table
        dashboards:
          - name: 주간 현황
            from: -28d
            tiles:
              - { insight: 첫 구매, width: 8 }
              - { text: "# 이번 주", width: 12, height: 1 }
        journeyMap:
          stages: [{ name: 유입, event: "*" }, { name: 구매, event: Order }]
        """

    @Test func questionsAndDashboardsAreAppliedToAFolderAndToAServerAlike() throws {
        try scratch.write("board.yaml", Self.board)
        let done = try scratch.succeed("apply", "-f", "board.yaml", "--data", "data")
        #expect(done.contains("3 changes made") && done.contains("dashboard '주간 현황'"), "\(done)")
        #expect(try scratch.succeed("apply", "-f", "board.yaml", "--data", "data").contains("Nothing to change"))
        _ = try scratch.succeed("definitions", "export", "out", "--data", "data")
        #expect(try scratch.succeed("apply", "-f", "out", "--data", "data").contains("Nothing to change"))
        try scratch.write("lost.yaml", "dashboards:\n  - name: X\n    tiles: [{ insight: 없음 }]\n")
        let lost = try scratch.run("apply", "-f", "lost.yaml", "--data", "data")
        #expect(lost.errors.contains("there is no insight '없음' for the dashboard 'X'"), "\(lost.errors)")

        let server = try ServerProcess(scratch)
        let environment = try server.environment(scratch)
        let same = try scratch.run("apply", "-f", "board.yaml", environment: environment)
        #expect(same.output.contains("Nothing to change"), "\(same.errors)\(same.output)")
        try scratch.write(
            "board.yaml", Self.board.replacing("width: 8", with: "width: 6").replacing("-7d", with: "-14d"))
        let changed = try scratch.run("apply", "-f", "board.yaml", environment: environment)
        #expect(changed.output.contains("2 changes made") && changed.output.contains("-14d"), "\(changed.errors)")
        let again = try scratch.run("apply", "-f", "board.yaml", environment: environment)
        #expect(again.output.contains("Nothing to change"), "\(again.output)")
        #expect(server.end() == 0)
    }

    @Test func aServerAnswersAsTheFolderDoes() throws {
        _ = try audience("create", "단골", "--where", #"did "Order" at least 3 times"#)
        _ = try audience("create", "Press", "--static")
        _ = try audience("add", "Press", "u4")
        let commands: [[String]] = [
            ["audience", "list"], ["audience", "list", "--json"], ["audience", "show", "단골"],
            ["audience", "members", "단골", "--json"], ["audience", "members", "단골", "--limit", "2"],
            ["audience", "explain", "단골", "u2", "--json"], ["audience", "explain", "단골", "u5"],
            ["audience", "overlap", "단골", "Press", "--csv"], ["audience", "export", "단골", "--trait", "city"],
            ["audience", "export", "Press", "--format", "json"], ["audience", "show", "nothing"],
            ["audience", "export", "단골", "--platform", "google", "--consent", "none"],
            ["audience", "preview", "--where", "in audience \"Nope\""], ["audience", "delete", "nothing"], ["webhook"],
            ["audience", "sizes", "단골", "--last", "2", "--csv"], ["webhook", "--secret"],
            ["audience", "add", "단골", "u1"],
        ]
        let local = try commands.map { try Program.run($0 + ["--data", "data"], in: scratch.folder) }
        let server = try ServerProcess(scratch)
        let environment = try server.environment(scratch)
        try expectTheSame(commands, as: local, in: scratch, environment: environment)
        let other = try Program.run(
            ["audience", "create", "new", "--where", "everyone"], in: scratch.folder, environment: environment)
        #expect(other.output.contains("12 persons"), "\(other.errors)")
        try scratch.write("plan.yaml", "trackingPlan: { strict: true, events: { Order: {} } }\n")
        let applied = try Program.run(["apply", "-f", "plan.yaml"], in: scratch.folder, environment: environment)
        #expect(applied.output.contains("1 change made"), "\(applied.errors)")
        #expect(server.end() == 0)
    }

    @Test func membersAreSentToAWebhookWhoseReceiverCanCheckThem() throws {
        _ = try audience("create", "all", "--where", "everyone")
        let receiver = try HTTPReceiver(statuses: [200, 500, 200])
        let arguments = ["audience", "send", "all", "--to", receiver.address, "--trait", "city", "--data", "data"]
        let refused = try Program.run(arguments, in: scratch.folder)
        #expect(refused.status == 64, "without TLS: \(refused.output)")
        let inside = try Program.run(
            arguments, in: scratch.folder, environment: ["DANGOL_WEBHOOK_HTTP": "true"])
        #expect(inside.status == 2)
        #expect(inside.output.contains("not on the public internet"), "\(inside.output)\(inside.errors)")
        let environment = ["DANGOL_WEBHOOK_HTTP": "true", "DANGOL_WEBHOOK_PRIVATE_ADDRESSES": "true"]
        let sent = try Program.run(arguments, in: scratch.folder, environment: environment)
        #expect(sent.status == 0, "\(sent.output)\(sent.errors)")
        #expect(sent.output.contains("1 delivered"))
        let request = try receiver.request()
        #expect(request.lowercased().contains("webhook-signature: v1,"))
        #expect(request.contains("\"person\":\"u3\"") && request.contains("서울"))
        let failed = try Program.run(arguments, in: scratch.folder, environment: environment)
        #expect(failed.output.contains("1 to be repeated"), "\(failed.output)")
        _ = try receiver.request()
        // The server takes over what waits.
        let server = try ServerProcess(scratch, environment: environment)
        let repeated = try receiver.request()
        #expect(repeated.contains("\"person\":\"u3\""))
        #expect(server.end() == 0)
    }
}
