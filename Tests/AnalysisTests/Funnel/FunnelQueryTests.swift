import EventLog
import Foundation
import Testing

@testable import Analysis

@Suite struct FunnelQueryTests {
    /// The counts of the steps A, B (and C), with more fields of the query.
    private func counts(_ events: String, _ more: String = "", steps: String = "ABC") throws -> [Int] {
        let list = steps.map { "{\"event\":\"\($0)\"}" }.joined(separator: ",")
        let json = "{\"kind\":\"funnel\",\"steps\":[\(list)]\(more.isEmpty ? "" : "," + more)}"
        return try Asker(table(events)).funnel(json).steps.map(\.count)
    }

    @Test func theContractsExampleGivesTheContractsAnswer() throws {
        let asker = try Asker(table("u1 A 0\nu1 B 10\nu2 A 0\nu2 B 10\nu3 A 5\nu3 x 6"))
        let text = try asker.text(
            """
            {"kind":"funnel","steps":[{"event":"A"},{"event":"B"}],"order":"ordered","window":"14d","from":"2024-05-01",
             "to":"2024-05-31","timeZone":"UTC","exclusions":[{"event":"y","fromStep":0,"toStep":1}]}
            """)
        #expect(
            text
                == #"{"steps":[{"conversionRate":1,"count":3,"name":"A"},{"averageSeconds":600,"conversionRate":0.6666666666666666,"count":2,"medianSeconds":600,"name":"B"}]}"#
        )
    }

    @Test func orderedStepsLetOtherEventsBetween() throws {
        #expect(try counts("u A 0\nu x 1\nu B 2\nu C 3") == [1, 1, 1])
        #expect(try counts("u B 0\nu A 1\nu C 3") == [1, 0, 0])
    }

    @Test func strictStepsLetNoEventBetween() throws {
        let strict = "\"order\":\"strict\""
        #expect(try counts("u A 0\nu x 1\nu B 2\nu C 3", strict) == [1, 0, 0])
        #expect(try counts("u A 0\nu x 1\nu A 2\nu B 3\nu C 4", strict) == [1, 1, 1])
        #expect(try counts("u A 0\nu A 1\nu B 2\nu C 3", strict) == [1, 1, 1])
        #expect(try counts("u x 0\nu A 0\nu x 1\nu x 2\nu x 3\nu x 4\nu B 4\nu C 4", strict) == [1, 0, 0])
        #expect(try counts("u x 0\nu x 0\nu x 0\nu A 0\nu B 1\nu x 1\nu x 1\nu x 2", strict) == [1, 1, 0])
    }

    @Test func unorderedStepsCountHowManyHappenInAWindow() throws {
        let unordered = "\"order\":\"unordered\",\"window\":\"10m\""
        #expect(try counts("u C 0\nu B 1\nu A 2", unordered) == [1, 1, 1])
        #expect(try counts("u C 0\nu B 11\nu A 12", unordered) == [1, 1, 0])
        #expect(try counts("u C 0\nu C 1", unordered) == [1, 0, 0])
    }

    @Test func theWindowRunsFromStepOneAndIncludesItsEnd() throws {
        #expect(try counts("u A 0\nu B 5\nu C 10", "\"window\":\"10m\"") == [1, 1, 1])
        #expect(try counts("u A 0\nu B 5\nu C 10.0001", "\"window\":\"10m\"") == [1, 1, 0])
        #expect(try counts("u A 0\nu A 3\nu B 5\nu C 12", "\"window\":\"10m\"") == [1, 1, 1])
    }

    @Test func oneEventNeverFillsTwoSteps() throws {
        #expect(try counts("u A 0", steps: "AA") == [1, 0])
        #expect(try counts("u A 0\nu A 0", steps: "AA") == [1, 1])
        #expect(try counts("u A 0", "\"order\":\"unordered\"", steps: "AA") == [1, 0])
    }

    @Test func eventsOfOneInstantCountInStepOrder() throws {
        #expect(try counts("u C 0\nu B 0\nu A 0") == [1, 1, 1])
        #expect(try counts("u C 0\nu B 0\nu A 0", "\"order\":\"strict\"") == [1, 1, 1])
    }

    @Test func anExclusionBetweenItsStepsRemovesThePersonFromTheFunnel() throws {
        let exclusion = #""exclusions":[{"event":"x","fromStep":0,"toStep":1}]"#
        #expect(try counts("u A 0\nu x 1\nu B 2\nv A 0\nv B 1\nv x 2\nv C 3", exclusion) == [1, 1, 1])
        #expect(try counts("u A 0\nu x 1", exclusion) == [0, 0, 0])
        // After the window it does no harm, and a later clean attempt counts.
        #expect(try counts("u A 0\nu x 11", exclusion + ",\"window\":\"10m\"") == [1, 0, 0])
        #expect(try counts("u A 0\nu x 1\nu A 2\nu B 3", exclusion) == [1, 1, 0])
    }

    @Test func anExclusionLeavesStepOneOfAnUnorderedFunnel() throws {
        let more = #""order":"unordered","exclusions":[{"event":"x","fromStep":0,"toStep":2}]"#
        #expect(try counts("u B 0\nu x 1\nu A 2\nu C 3", more) == [1, 1, 0])
        #expect(try counts("u B 0\nu x 1", more) == [1, 0, 0])
    }

    @Test func optionalStepsMayBeSkipped() throws {
        let asker = try Asker(table("u A 0\nu C 2\nv A 0\nv B 1\nv C 3\nw A 0\nw C 1\nw B 2"))
        let result = try asker.funnel(
            #"{"kind":"funnel","steps":[{"event":"A"},{"event":"B","optional":true},{"event":"C"}]}"#)
        #expect(result.steps.map(\.count) == [3, 1, 3])
        #expect(result.steps[2].averageSeconds == 100)
    }

    @Test func fromAndToBoundStepOneOnly() throws {
        let days = #""from":"2024-05-10","to":"2024-05-10""#
        #expect(try counts("u A 1439\nu B 1441\nv A 1440\nv B 1441\nw A -1\nw B 1", days, steps: "AB") == [1, 1])
    }

    @Test func datesAreLocalOverAChangeOfTheClocks() throws {
        // On 2024-03-31 in Berlin, 02:00 became 03:00: the day has 23 hours, from 23:00Z to 22:00Z.
        let events = ["2024-03-30T22:59:59Z", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z"]
            .enumerated().map { Event(person: "u\($0)", name: "A", time: milliseconds($1)) }
        let result = try Asker(events).funnel(
            #"{"kind":"funnel","steps":["A"],"from":"2024-03-31","to":"2024-03-31","timeZone":"Europe/Berlin"}"#)
        #expect(result.steps[0].count == 2)
    }

    @Test func stepsTakeAnyOfSeveralEventsAndFilters() throws {
        let asker = try Asker(table("u A 0 total=10\nu B 1\nv A 0 total=99\nv C 1\nw A 0\nw B 1"))
        let result = try asker.funnel(
            """
            {"kind":"funnel","steps":[{"event":"A","filters":[{"property":"total","op":"gte","value":10}]},
             {"events":["B","C"],"name":"next"}]}
            """)
        #expect(result.steps.map(\.count) == [2, 2])
        #expect(result.steps.map(\.name) == ["A", "next"])
    }

    @Test func ratesMayRelateToTheStepBefore() throws {
        let asker = try Asker(table("u A 0\nu B 1\nu C 2\nv A 0\nv B 1\nw A 0\nz A 1"))
        let steps = try asker.funnel(#"{"kind":"funnel","steps":["A","B","C"],"reference":"previous"}"#).steps
        #expect(steps.map(\.conversionRate) == [1, 0.5, 0.5])
    }

    @Test func aBreakdownAttributesPeopleToValues() throws {
        let events = """
            u A 0 city=Seoul
            u B 1 city=Busan
            v A 0
            v B 1 city=Busan
            w A 0 city=Jeju
            w A 5
            z A 1
            """
        func groups(_ attribution: String) throws -> [String: [Int]] {
            let result = try Asker(table(events)).funnel(
                "{\"kind\":\"funnel\",\"steps\":[\"A\",\"B\"],\"breakdown\":{\"property\":\"city\",\(attribution)}}")
            #expect(result.steps.map(\.count) == [4, 2])
            return Dictionary(
                uniqueKeysWithValues: result.breakdown!.map { ($0.value.description, $0.steps.map(\.count)) })
        }
        #expect(
            try groups("\"attribution\":\"first_touch\"")
                == ["Seoul": [1, 1], "Busan": [1, 1], "Jeju": [1, 0], "(none)": [1, 0]])
        #expect(
            try groups("\"attribution\":\"last_touch\"") == ["Busan": [2, 2], "Jeju": [1, 0], "(none)": [1, 0]])
        #expect(
            try groups("\"attribution\":\"all_events\"") == ["Seoul": [1, 0], "Jeju": [1, 0], "(none)": [3, 0]])
        #expect(
            try groups("\"step\":0") == ["Seoul": [1, 1], "Jeju": [1, 0], "(none)": [3, 1]])
        #expect(
            try groups("\"step\":1") == ["Busan": [2, 2], "(none)": [2, 0]])
        #expect(
            try groups("\"limit\":1") == ["Busan": [1, 1], "(other)": [3, 1]])
    }

    @Test func theTimeToConvertHasAHistogram() throws {
        let asker = try Asker(table("a A 0\na B 1\nb A 0\nb B 2\nc A 0\nc B 3\nd A 0\nd B 9"))
        let result = try asker.funnel(#"{"kind":"funnel","steps":["A","B"],"timeToConvert":{"bins":4}}"#)
        #expect(result.timeToConvert?.bins.map(\.count) == [2, 1, 0, 1])
        #expect(result.timeToConvert?.bins.map(\.fromSeconds) == [60, 180, 300, 420])
        #expect(result.timeToConvert?.averageSeconds == 225)
        #expect(result.steps[1].medianSeconds == 150)
    }

    @Test func theTrendIsAFunnelForEachPeriodOfEntry() throws {
        let asker = try Asker(table("u A 0\nu A 1450\nu B 1460\nv A 10\nv B 20"))
        let result = try asker.funnel(
            #"{"kind":"funnel","steps":["A","B"],"window":"1h","trend":"day","from":"2024-05-10","to":"2024-05-12"}"#)
        #expect(result.trend?.map(\.start) == ["2024-05-10", "2024-05-11", "2024-05-12"])
        #expect(result.trend?.map(\.entered) == [2, 1, 0])
        #expect(result.trend?.map(\.converted) == [1, 1, 0])
    }

    @Test func aPropertyCanBeHeldConstant() throws {
        let more = "\"holdConstant\":\"id\""
        #expect(try counts("u A 0 id=1\nu B 1 id=2", more, steps: "AB") == [1, 0])
        #expect(try counts("u A 0 id=1\nu A 1 id=2\nu B 2 id=1", more, steps: "AB") == [1, 1])
        #expect(try counts("u A 0\nu B 1", more, steps: "AB") == [0, 0])
    }

    @Test func unitsMayBeSessionsOrValues() throws {
        #expect(
            try counts("u A 0\nu B 40\nu A 100\nu x 120\nu B 145", "\"aggregateBy\":\"session\"", steps: "AB") == [
                2, 1,
            ])
        #expect(
            try counts("u A 0 id=1\nu A 1 id=2\nu B 2 id=1", #""aggregateBy":{"property":"id"}"#, steps: "AB") == [
                2, 1,
            ])
    }

    @Test func thePeopleBehindAStepAreNamed() throws {
        let asker = try Asker(table("u A 0\nu B 1\nv A 0\nw A 0"))
        let dropped = try asker.funnel(
            #"{"kind":"funnel","steps":["A","B"],"people":{"step":1,"outcome":"dropped"}}"#)
        #expect(dropped.people.map(Set.init) == ["v", "w"])
        let converted = try asker.funnel(
            #"{"kind":"funnel","steps":["A","B"],"people":{"step":1,"outcome":"converted","limit":5}}"#)
        #expect(converted.people == ["u"])
    }

    @Test func onePersonsHistoryAnswersTheSameQuestion() throws {
        let asker = try Asker(table("u A 0\nu B 1\nv A 0"))
        #expect(try asker.funnel(#"{"kind":"funnel","steps":["A","B"]}"#, person: "u").steps.map(\.count) == [1, 1])
        #expect(try asker.funnel(#"{"kind":"funnel","steps":["A","B"]}"#, person: "v").steps.map(\.count) == [1, 0])
        #expect(try asker.funnel(#"{"kind":"funnel","steps":["A","B"]}"#, person: "z").steps.map(\.count) == [0, 0])
    }

    @Test func unknownEventsAreNoted() throws {
        let answer = try Asker(table("u Sign_Up 0")).ask(#"{"kind":"funnel","steps":["Sign_Up","Sing_Up"]}"#)
        #expect(answer.explanation.notes == ["the log has no event 'Sing_Up' (did you mean 'Sign_Up'?)"])
        #expect(answer.explanation.parts.map(\.name) == ["prepare", "scan", "combine"])
    }
}
