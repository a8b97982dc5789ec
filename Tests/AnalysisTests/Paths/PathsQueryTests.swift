import EventLog
import RandomCases
import Testing

@testable import Analysis

@Suite struct PathsQueryTests {
    private func edges(_ events: String, _ more: String = "") throws -> [String: Int] {
        let result = try Asker(table(events)).paths("{\"kind\":\"paths\"\(more.isEmpty ? "" : "," + more)}")
        return Dictionary(uniqueKeysWithValues: result.edges.map { ("\($0.step) \($0.source)>\($0.target)", $0.count) })
    }

    @Test func edgesCountPathsStepByStep() throws {
        let asker = try Asker(table("u A 0\nu B 1\nu C 3\nv A 0\nv B 2"))
        let result = try asker.paths(#"{"kind":"paths"}"#)
        #expect(
            result.edges == [
                .init(step: 0, source: "A", target: "B", count: 2, meanSeconds: 90),
                .init(step: 1, source: "B", target: "C", count: 1, meanSeconds: 120),
            ])
        #expect(
            result.nodes == [
                .init(step: 0, name: "A", count: 2, exits: 0), .init(step: 1, name: "B", count: 2, exits: 1),
                .init(step: 2, name: "C", count: 1, exits: 1),
            ])
        #expect(result.pathCount == 2)
    }

    @Test func aPauseLongerThanTheTimeoutBreaksAPath() throws {
        #expect(try edges("u A 0\nu B 30\nu C 60.001") == ["0 A>B": 1])
        #expect(try edges("u A 0\nu B 30\nu C 61", "\"sessionTimeout\":\"31m\"") == ["0 A>B": 1, "1 B>C": 1])
    }

    @Test func theStepLimitCutsPaths() throws {
        #expect(try edges("u A 0\nu B 1\nu C 2\nu D 3", "\"stepLimit\":3") == ["0 A>B": 1, "1 B>C": 1])
    }

    @Test func pointsCutPaths() throws {
        let events = "u A 0\nu B 1\nu C 2\nu D 3\nu E 4\nv A 0\nv C 1"
        #expect(
            try edges(events, "\"startPoint\":\"B\"") == ["0 B>C": 1, "1 C>D": 1, "2 D>E": 1])
        #expect(
            try edges(events, "\"endPoint\":\"C\",\"stepLimit\":3") == ["-2 A>B": 1, "-1 B>C": 1, "-1 A>C": 1])
        #expect(
            try edges(events, "\"startPoint\":\"A\",\"endPoint\":\"C\"") == ["0 A>B": 1, "1 B>C": 1, "0 A>C": 1])
        #expect(
            try edges(events, "\"startPoint\":\"A\",\"endPoint\":\"E\",\"stepLimit\":4")
                == ["0 A>B": 1, "1 B>...": 1, "2 ...>E": 1])
    }

    @Test func eventsMayBeIncludedAndExcluded() throws {
        #expect(try edges("u A 0\nu B 1\nu C 2", "\"excludeEvents\":[\"B\"]") == ["0 A>C": 1])
        #expect(try edges("u A 0\nu B 1\nu C 2", "\"includeEvents\":[\"A\",\"B\"]") == ["0 A>B": 1])
        #expect(
            try edges("u A 0 k=1\nu B 1\nu C 2 k=1", #""filters":{"property":"k","op":"is_set"}"#) == ["0 A>C": 1])
    }

    @Test func nodesMayBeNamedAndGrouped() throws {
        let events = "u View 0 path=/\nu View 1 path=/product/1\nu View 2 path=/product/2\nu Buy 3\nu View 4"
        #expect(
            try edges(
                events,
                #""nodes":[{"event":"View","property":"path"}],"groupings":[{"pattern":"/product/*","name":"Product"}]"#
            )
                == ["0 />Product": 1, "1 Product>Product": 1, "2 Product>Buy": 1, "3 Buy>View": 1])
        #expect(
            try edges(
                events,
                #""nodes":[{"event":"View","property":"path"}],"groupings":[{"regex":"^/p.*[0-9]$","name":"P"}],"collapseRepeats":true"#
            )
                == ["0 />P": 1, "1 P>Buy": 1, "2 Buy>View": 1])
    }

    @Test func rareEdgesAreLeftOut() throws {
        let events = "u A 0\nu B 1\nv A 0\nv B 1\nw A 0\nw C 1"
        #expect(try edges(events, "\"minimumWeight\":2") == ["0 A>B": 2])
        #expect(try edges(events, "\"edgeLimit\":1") == ["0 A>B": 2])
    }

    @Test func wildcardsMatchWholeNames() {
        func matches(_ text: String, _ pattern: String) -> Bool {
            PathNamer.matches(Array(text.utf8), Array(pattern.utf8))
        }
        #expect(matches("/a/b/c", "/a/*") && matches("/a/", "/a/*") && matches("/x/edit", "/*/edit"))
        #expect(!matches("/ab", "/a") && !matches("/a", "/ab*") && !matches("x/a/", "/a/*"))
        #expect(matches("aXbXc", "a*b*c") && matches("", "*") && !matches("abcx", "a*b*c"))
    }

    /// Against dictionaries of strings over whole paths, on random histories.
    @Test func countsAgreeWithASlowImplementation() throws {
        for seed in UInt64(1)...Seeds.count(400) {
            var dice = SeededRandom(seed &* 104_729)
            let events = (0..<dice.roll(0...60)).map { _ in
                Event(
                    person: "p\(dice.roll(0...3))", name: dice.pick(["A", "B", "C", "D"]),
                    time: milliseconds("2024-05-10T00:00:00Z") + Int64(dice.roll(0...300)) * 60_000)
            }
            var query = PathsQuery()
            query.stepLimit = dice.roll(3...6)
            query.collapseRepeats = dice.chance(40)
            if dice.chance(50) { query.startPoint = dice.pick(["A", "B"]) }
            if dice.chance(50) { query.endPoint = dice.pick(["A", "C"]) }
            query.edgeLimit = 10_000
            let snapshot = try Snapshot.inMemory(events, segmentCount: 1 + Int(seed) % 3, chunkRows: 8)
            let answer = try AnalysisService(threads: 2).run(.paths(query), on: snapshot, now: 0)
            guard case .paths(let result) = answer.result else { continue }
            let counted = Dictionary(
                uniqueKeysWithValues: result.edges.map {
                    (
                        "\($0.step) \($0.source)>\($0.target)",
                        [Double($0.count), ($0.meanSeconds * Double($0.count)).rounded()]
                    )
                })
            #expect(counted == slowEdges(events, query), "seed \(seed): \(query)")
            guard let edge = result.edges.randomElement(using: &dice) else { continue }
            let people = Set(events.map(\.person)).filter { person in
                slowEdges(events.filter { $0.person == person }, query)["\(edge.step) \(edge.source)>\(edge.target)"]
                    != nil
            }
            query.people = .init(step: edge.step, source: edge.source, target: edge.target)
            let listed = try AnalysisService(threads: 2).run(.paths(query), on: snapshot, now: 0)
            guard case .paths(let found) = listed.result else { continue }
            #expect(found.people?.ids == people.sorted(), "seed \(seed): \(query)")
            #expect(found.people?.count == people.count && found.edges == result.edges, "seed \(seed)")
        }
    }

    private func slowEdges(_ events: [Event], _ query: PathsQuery) -> [String: [Double]] {
        var edges: [String: [Double]] = [:]
        for (_, own) in Dictionary(grouping: events.enumerated(), by: { $0.element.person }) {
            var sessions: [[Event]] = []
            for event in own.sorted(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }).map(\.element)
            {
                if let last = sessions.last?.last, event.time - last.time <= 1_800_000 {
                    sessions[sessions.count - 1].append(event)
                } else {
                    sessions.append([event])
                }
            }
            for session in sessions {
                for (key, seconds) in slowPath(session, query) {
                    let old = edges[key] ?? [0, 0]
                    edges[key] = [old[0] + 1, old[1] + seconds]
                }
            }
        }
        return edges
    }

    private func slowPath(_ session: [Event], _ query: PathsQuery) -> [(String, Double)] {
        var path: [(name: String, time: Int64)] = []
        for event in session where !(query.collapseRepeats && path.last?.name == event.name) {
            path.append((event.name, event.time))
        }
        if let start = query.startPoint {
            guard let first = path.firstIndex(where: { $0.name == start }) else { return [] }
            path.removeSubrange(..<first)
        }
        if let end = query.endPoint {
            let after = query.startPoint == nil ? 0 : 1
            guard let last = path.dropFirst(after).firstIndex(where: { $0.name == end }) else { return [] }
            path.removeSubrange((last + 1)...)
        }
        var edges = zip(path, path.dropFirst()).enumerated().map { step, pair in
            (step, "\(pair.0.name)>\(pair.1.name)", Double(pair.1.time - pair.0.time) / 1_000)
        }
        if query.startPoint == nil, query.endPoint != nil {
            let count = path.count
            edges = edges.map { ($0.0 - count + 1, $0.1, $0.2) }.filter { $0.0 > -query.stepLimit }
        } else if query.startPoint != nil, query.endPoint != nil, path.count > query.stepLimit {
            let head = query.stepLimit / 2
            let tail = query.stepLimit - head - 1
            let (before, after) = (path[head - 1], path[path.count - tail])
            edges =
                Array(edges.prefix(head - 1))
                + [
                    (head - 1, "\(before.name)>...", Double(path[head].time - before.time) / 1_000),
                    (head, "...>\(after.name)", Double(after.time - path[path.count - tail - 1].time) / 1_000),
                ]
                + edges.suffix(tail - 1).enumerated().map { (head + 1 + $0, $1.1, $1.2) }
        } else {
            edges = edges.filter { $0.0 < query.stepLimit - 1 }
        }
        return edges.map { ("\($0.0) \($0.1)", $0.2) }
    }
}
