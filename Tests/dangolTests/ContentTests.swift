import Foundation
import Testing

struct ContentTests {
    /// Viewers of a series who jump over its titles; half of them leave in the twelfth minute.
    private func prepare() throws -> Scratch {
        let scratch = try Scratch()
        var lines = ""
        for viewer in 0..<40 {
            func add(_ event: String, _ minute: Int, _ more: String) {
                let time = "2025-03-\(viewer % 9 + 10)T10:\(minute < 10 ? "0" : "")\(minute):00Z"
                lines +=
                    #"{"type":"track","messageId":"\#(viewer)-\#(minute)-\#(event)","timestamp":"\#(time)","#
                    + #""userId":"v\#(viewer)","event":"\#(event)","properties":{"titleId":"show","season":1,"#
                    + #""episode":1,"duration":2400,"genre":"drama",\#(more)}}"# + "\n"
            }
            add("Playback Started", 0, #""position":0"#)
            add("Playback Seeked", 1, #""position":\#(60 + viewer % 4),"to":95"#)
            if viewer % 2 == 0 {
                add("Playback Completed", 40, #""position":2400"#)
            } else {
                add("Playback Stopped", 12, #""position":\#(700 + viewer % 5)"#)
            }
            lines +=
                #"{"type":"track","messageId":"s\#(viewer)","timestamp":"2025-03-10T11:00:00Z","userId":"v\#(viewer)","#
                + #""event":"Search Performed","properties":{"query":"겨울왕구","results":0}}"# + "\n"
        }
        try scratch.write("events.jsonl", lines)
        _ = try scratch.succeed("import", "events.jsonl")
        return scratch
    }

    @Test func curvesIntrosBingesAndGapsAreShown() throws {
        let scratch = try prepare()
        let curve = try scratch.succeed("content", "curve", "show")
        #expect(curve.contains("40 persons began it;"))
        #expect(try scratch.succeed("content", "curve", "show", "--csv").hasPrefix("minute,watching,"))
        let intros = try scratch.succeed("content", "intros", "show")
        #expect(intros.contains("1:00") && intros.contains("1:35"))
        #expect(try scratch.succeed("content", "gaps").contains("겨울왕구"))
        #expect(try scratch.succeed("content", "binge", "--json").contains("\"episodesPerSession\""))
        #expect(try scratch.succeed("content", "forecast", "genre=drama").contains("to learn from"))
        #expect(try scratch.succeed("content", "term", "겨울왕국").contains("Nowhere in particular"))
    }

    @Test func aServerAnswersAsTheFolder() throws {
        let scratch = try prepare()
        _ = try scratch.succeed("audience", "create", "viewers", "--where", #"did "Playback Started""#)
        let commands = [
            ["content", "curve", "show"], ["content", "curve", "show", "--season", "1", "--episode", "1", "--csv"],
            ["content", "intros", "show"], ["content", "gaps"], ["content", "gaps", "--json"],
            ["content", "binge", "--json"], ["content", "forecast", "genre=drama"], ["content", "term", "겨울왕국"],
            ["content", "term", "겨울왕구", "--json"], ["content", "affinities", "--audience", "viewers"],
            ["content", "affinities", "--audience", "viewers", "--attribute", "genre", "--json"],
            ["content", "curve", "nothing"], ["intent", "show", "v1"], ["intent", "show"], ["intent", "results"],
            ["intent", "results", "--json"], ["intent", "versions"], ["intent", "rollback"],
        ]
        let local = try commands.map { try Program.run($0 + ["--data", "data"], in: scratch.folder) }
        let server = try ServerProcess(scratch)
        try expectTheSame(commands, as: local, in: scratch, environment: server.environment(scratch))
        #expect(local[0].output.contains("40 persons began it;") && local[3].output.contains("겨울왕구"))
        #expect(server.end() == 0)
    }

    @Test func whatIsWrongIsSaidInOneLine() throws {
        let scratch = try prepare()
        let unknown = try scratch.run("content", "curve", "nothing")
        #expect(unknown.status == 1 && unknown.errors.contains("nobody has played that episode of 'nothing'"))
        let bad = try scratch.run("content", "forecast", "drama")
        #expect(bad.status == 64 && bad.errors.contains("must be NAME=VALUE"))
        let empty = try Scratch()
        try empty.write(
            "events.jsonl",
            #"{"type":"track","timestamp":"2025-03-10T11:00:00Z","userId":"u","event":"Waved","properties":{}}"# + "\n")
        _ = try empty.succeed("import", "events.jsonl")
        let nothing = try empty.run("content", "curve", "show")
        #expect(nothing.status == 1 && nothing.errors.contains("no event here tells what is played"))
    }
}
