import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct JourneyMapTests {
    private func map(_ events: String, _ stages: String, _ more: String = "") throws -> JourneyMapResult {
        let text = "{\"kind\":\"journeyMap\",\"stages\":[\(stages)]\(more.isEmpty ? "" : "," + more)}"
        guard case .journeyMap(let result) = try Asker(table(events)).ask(text).result else { throw Asker.WrongKind() }
        return result
    }

    private let abc = #"{"event":"A"},{"event":"B"},{"event":"C"}"#

    @Test func stagesCountWhoReachesThemAndWhoGoesOn() throws {
        let result = try map("u A 0\nu X 1\nu B 2\nu Y 3\nv A 0\nv C 5\nw B 1", abc)
        #expect(result.stages.map(\.count) == [2, 2, 1])
        #expect(result.stages.map(\.onward) == [2, 0, 0])
        #expect(result.stages.map(\.dropped) == [0, 2, 1])
        #expect(result.stages[1].lastEvents == [.init(event: "B", count: 1), .init(event: "Y", count: 1)])
        #expect(
            result.flows == [
                .init(from: 0, to: 1, count: 1, medianSeconds: 120, paths: [.init(events: ["X"], count: 1)]),
                .init(from: 0, to: 2, count: 1, medianSeconds: 300, paths: [.init(events: [], count: 1)]),
            ])
    }

    @Test func aStageBeforeTheOneReachedFirstIsNoWayOn() throws {
        // B comes before A: nobody goes from A to B.
        let result = try map("u B 0\nu A 1", abc)
        #expect(result.stages.map(\.count) == [1, 1, 0] && result.flows.isEmpty)
    }

    @Test func aStageMayWaitForAnother() throws {
        let stages = #"{"event":"A"},{"event":"A","after":0},{"event":"*","after":0,"pause":"1h"}"#
        let result = try map("u A 0\nu B 30\nu B 61\nv A 0\nv A 5", stages)
        #expect(result.stages.map(\.count) == [2, 1, 1])
    }

    @Test func aStageMayTakeSeveralEvents() throws {
        let result = try map("u A 0\nu B 1\nv A 0\nv B 1\nv B 2", #"{"event":"A"},{"event":"B","occurrence":2}"#)
        #expect(result.stages.map(\.count) == [2, 1])
    }

    @Test func mistakesNameTheField() {
        func code(_ stages: String, _ more: String = "") -> String? {
            do {
                _ = try map("u A 0", stages, more)
                return nil
            } catch let error as QueryError {
                return "\(error.field): \(error.code.rawValue)"
            } catch { return "\(error)" }
        }
        #expect(code(#"{"event":"A"}"#)?.hasPrefix("stages: ") == true)
        #expect(code(#"{"event":"A","after":0},{"event":"B"}"#) == "stages[0].after: invalid_value")
        #expect(code(#"{"event":"A"},{"event":"B","pause":"1d"}"#) == "stages[1].pause: conflict")
        #expect(code(abc, #""people":{"stage":3}"#) == "people.stage: invalid_value")
        #expect(code(abc, #""people":{"stage":1,"to":1}"#) == "people.to: invalid_value")
    }

    /// Against whole histories held in arrays, on random ones.
    @Test func countsAgreeWithASlowImplementation() throws {
        for seed in UInt64(1)...Seeds.count(300) {
            var dice = SeededRandom(seed &* 7_919)
            let events = (0..<dice.roll(0...80)).map { _ in
                Event(
                    person: "p\(dice.roll(0...6))", name: dice.pick(["A", "B", "C", "D"]),
                    time: milliseconds("2024-05-10T00:00:00Z") + Int64(dice.roll(0...400)) * 60_000)
            }
            let stages = (0..<dice.roll(2...5)).map { index in
                let after = index > 0 && dice.chance(40) ? dice.roll(0...index - 1) : nil
                return JourneyStage(
                    EventSelector(dice.pick(["A", "B", "C", "*"])), occurrence: dice.roll(1...2), after: after,
                    pause: after != nil && dice.chance(50) ? TimeSpan(minutes: dice.roll(0...90)) : nil)
            }
            var query = JourneyMapQuery(stages: stages, listed: 100)
            let watched = dice.roll(0...stages.count - 1)
            let outcome = dice.pick(JourneyMapQuery.People.Outcome.allCases)
            query.people = .init(stage: watched, outcome: outcome)
            let snapshot = try Snapshot.inMemory(events, segmentCount: 1 + Int(seed) % 3, chunkRows: 8)
            let answer = try AnalysisService(threads: 2).run(.journeyMap(query), on: snapshot, now: 0)
            guard case .journeyMap(let result) = answer.result else { continue }
            let slow = SlowJourney(events, query)
            #expect(result.stages.map(\.count) == slow.counts, "seed \(seed): \(query)")
            #expect(result.stages.map(\.dropped) == slow.lastEvents.map { $0.values.reduce(0, +) }, "seed \(seed)")
            for (stage, expected) in zip(result.stages, slow.lastEvents) {
                let found = Dictionary(uniqueKeysWithValues: stage.lastEvents.map { ($0.event, $0.count) })
                #expect(found == expected, "seed \(seed): \(query)")
            }
            let flows = Dictionary(
                uniqueKeysWithValues: result.flows.map { flow in
                    ("\(flow.from)>\(flow.to)", flow.paths.map { "\($0.events.joined())\($0.count)" }.sorted())
                })
            #expect(flows == slow.flows, "seed \(seed): \(query)")
            #expect(result.people?.ids == slow.people[watched][outcome, default: []].sorted(), "seed \(seed)")
        }
    }
}

/// A journey map by the definitions.
private struct SlowJourney {
    var counts: [Int]
    var lastEvents: [[String: Int]]
    var flows: [String: [String]] = [:]
    var people: [[JourneyMapQuery.People.Outcome: [String]]]

    init(_ events: [Event], _ query: JourneyMapQuery) {
        counts = query.stages.map { _ in 0 }
        lastEvents = query.stages.map { _ in [:] }
        people = query.stages.map { _ in [:] }
        var trails: [String: [String: Int]] = [:]
        for (person, own) in Dictionary(grouping: events.enumerated(), by: { $0.element.person }) {
            let history = own.sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
            let reached = Self.reached(history, query.stages)
            for (stage, place) in reached.enumerated() {
                guard let place else { continue }
                counts[stage] += 1
                people[stage][.reached, default: []].append(person)
                let later = reached.indices.filter { $0 > stage && (reached[$0] ?? -1) >= place }
                guard let next = later.min(by: { (reached[$0] ?? 0, $0) < (reached[$1] ?? 0, $1) }) else {
                    lastEvents[stage][history[history.count - 1].name, default: 0] += 1
                    people[stage][.dropped, default: []].append(person)
                    continue
                }
                people[stage][.onward, default: []].append(person)
                var between: [String] = []
                for event in history[place...].dropFirst().prefix(max(0, (reached[next] ?? 0) - place - 1))
                where between.last != event.name { between.append(event.name) }
                trails["\(stage)>\(next)", default: [:]][between.suffix(3).joined(), default: 0] += 1
            }
        }
        flows = trails.mapValues { $0.map { "\($0.key)\($0.value)" }.sorted() }
    }

    private static func reached(_ history: [Event], _ stages: [JourneyStage]) -> [Int?] {
        var reached: [Int?] = []
        for stage in stages {
            var fitting = history.indices.filter { stage.selector.events?.contains(history[$0].name) ?? true }
            if let after = stage.after {
                guard let place = reached[after] else {
                    reached.append(nil)
                    continue
                }
                let earliest = history[place].time + (stage.pause?.milliseconds ?? 0)
                fitting = fitting.filter { $0 > place && history[$0].time >= earliest }
            }
            reached.append(fitting.count < stage.occurrence ? nil : fitting[stage.occurrence - 1])
        }
        return reached
    }
}
