import Foundation
import Testing

@testable import Analysis

/// Every message as its reader sees it: `code field: message`.
@Suite struct QueryErrorTests {
    private func error(_ json: String) -> String {
        do {
            _ = try Query(json: Data(json.utf8))
            return "no error"
        } catch let error as QueryError {
            return "\(error.code.rawValue) \(error)"
        } catch {
            return "another error: \(error)"
        }
    }

    private func funnel(_ more: String, steps: String = #"["A","B"]"#) -> String {
        error("{\"kind\":\"funnel\",\"steps\":\(steps)\(more.isEmpty ? "" : ",\(more)")}")
    }

    @Test func brokenTextIsNotJSON() {
        #expect(error("{").hasPrefix("invalid_json the query is not valid JSON"))
        #expect(error("").hasPrefix("invalid_json the query is not valid JSON"))
        #expect(error("[]") == "wrong_type a query must be an object with the field 'kind'")
    }

    @Test func theKindIsOneOfTheKnown() {
        #expect(error("{}").hasPrefix("missing_field kind: must be given: one of funnel, paths"))
        #expect(error(#"{"kind":"funel"}"#).hasSuffix("(did you mean 'funnel'?)"))
        #expect(error(#"{"kind":7}"#).hasPrefix("wrong_type kind: must be a text"))
    }

    @Test func unknownFieldsAreNamed() {
        #expect(
            funnel(#""windw":"1d""#)
                == "unknown_field windw: a funnel has no field 'windw' (did you mean 'window'?); its fields are aggregateBy, breakdown, exclusions, filters, from, holdConstant, kind, order, people, reference, steps, timeToConvert, timeZone, to, trend, window"
        )
        #expect(funnel("", steps: #"[{"event":"A","evnt":"B"}]"#).hasPrefix("unknown_field steps[0].evnt: "))
    }

    @Test func wrongTypesAreNamed() {
        #expect(funnel("", steps: "7") == "wrong_type steps: must be a list")
        #expect(funnel("", steps: #"["A",7]"#) == "wrong_type steps[1]: must be an object: a funnel step")
        #expect(funnel(#""window":14"#) == "wrong_type window: must be a length of time in quotes, such as \"14d\"")
        #expect(
            funnel(#""exclusions":[{"event":"x","fromStep":0.5,"toStep":1}]"#)
                == "wrong_type exclusions[0].fromStep: must be a whole number")
    }

    @Test func numbersBeyondTheirRangeAreNamed() {
        #expect(funnel(#""people":{"step":0,"limit":1e999}"#).hasPrefix("wrong_type people.limit: "))
        #expect(funnel(#""people":{"step":0,"limit":1e30}"#) == "wrong_type people.limit: must be a whole number")
        #expect(funnel(#""breakdown":{"property":"c","buckets":[1e999]}"#).hasPrefix("wrong_type breakdown.buckets"))
        #expect(funnel(#""filters":{"property":"c","op":"gt","value":1e999}"#).hasPrefix("wrong_type filters.value"))
    }

    @Test func valuesOutOfRangeAreNamed() {
        #expect(
            funnel(#""window":"1mo""#)
                == "invalid_value window: is '1mo', but must be a positive whole number and one of s, m, h, d, w, such as \"30m\" or \"14d\", up to 100 years"
        )
        #expect(
            funnel(#""order":"orderd""#)
                == "invalid_value order: is 'orderd', but must be one of ordered, strict, unordered (did you mean 'ordered'?)"
        )
        #expect(funnel("", steps: "[]") == "invalid_value steps: has 0 elements, but must have from 1 to 30")
        #expect(funnel("", steps: #"[{"event":""}]"#) == "invalid_value steps[0].event: must not be empty")
        #expect(funnel("", steps: "[{}]").hasPrefix("missing_field steps[0].event: must be given"))
    }

    @Test func exclusionRangesAreChecked() {
        func exclusion(_ from: Int, _ to: Int) -> String {
            funnel("\"exclusions\":[{\"event\":\"x\",\"fromStep\":\(from),\"toStep\":\(to)}]")
        }
        #expect(exclusion(0, 1) == "no error")
        #expect(
            exclusion(-1, 1)
                == "invalid_value exclusions[0].fromStep: is -1, but must be from 0 to 0: steps count from 0")
        #expect(
            exclusion(1, 1) == "invalid_value exclusions[0].toStep: is 1, but must be greater than fromStep, which is 1"
        )
        #expect(
            exclusion(0, 2) == "invalid_value exclusions[0].toStep: is 2, but the last step is 1: steps count from 0")
    }

    @Test func zonesAreKnownAndSuggested() {
        #expect(
            funnel(#""timeZone":"Asia/Soul""#)
                == "invalid_value timeZone: 'Asia/Soul' is not an IANA time zone (did you mean 'Asia/Seoul'?); names look like Asia/Seoul or UTC"
        )
        #expect(funnel(#""timeZone":"Seoul""#).contains("did you mean 'Asia/Seoul'?"))
        #expect(funnel(#""timeZone":"KST""#).hasPrefix("invalid_value timeZone: 'KST' is not an IANA time zone"))
    }

    @Test func datesAreRealAndInOrder() {
        #expect(
            funnel(#""from":"2024-02-30""#).hasPrefix(
                "invalid_value from: '2024-02-30' is not a date; write 2024-05-31"))
        #expect(
            funnel(#""from":"2024-06-02","to":"2024-06-01""#)
                == "conflict to: is 2024-06-01, before from, which is 2024-06-02")
        #expect(funnel(#""from":"2024-06-01","to":"2024-06-01""#) == "no error")
        #expect(funnel(#""from":"-7d""#) == "no error")
    }

    @Test func funnelOptionsAreChecked() {
        #expect(funnel("", steps: #"[{"event":"A","optional":true},"B"]"#).hasPrefix("conflict steps[0].optional: "))
        #expect(
            funnel(#""order":"strict""#, steps: #"["A",{"event":"B","optional":true}]"#).hasPrefix(
                "conflict steps[1].optional: "))
        #expect(
            funnel(#""order":"unordered","breakdown":{"property":"c","step":1}"#).hasPrefix("conflict breakdown.step: ")
        )
        #expect(funnel(#""people":{"step":0,"outcome":"dropped"}"#).hasPrefix("conflict people.outcome: "))
        #expect(funnel(#""timeToConvert":{"fromStep":1,"toStep":1}"#).hasPrefix("invalid_value timeToConvert: "))
    }

    @Test func filtersAreChecked() {
        func filter(_ json: String) -> String { funnel("\"filters\":\(json)") }
        #expect(
            filter(#"{"property":"a","op":"gte","value":"x"}"#).hasPrefix(
                "wrong_type filters.value: must be one number for 'gte'"))
        #expect(
            filter(#"{"op":"equals"}"#)
                == "missing_field filters: a filter must have exactly one of property, person, group, and, or, not")
        #expect(filter(#"[{"property":"a","value":1},{"property":"a"}]"#).hasPrefix("missing_field filters[1].value: "))
        #expect(
            filter(#"{"and":[{"not":{"property":"a","op":"regex","value":"("}}]}"#).hasPrefix(
                "invalid_value filters.and[0].not.value: "))
        #expect(
            filter(#"{"property":"a","op":"between","value":[2,1]}"#).hasPrefix(
                "invalid_value filters.value: must be two numbers"))
        #expect(
            filter(#"{"property":"a","op":"date_after","value":"soon"}"#).hasPrefix(
                "invalid_value filters.value: 'soon' is not a date"))
        let deep =
            String(repeating: "{\"not\":", count: 60) + "{\"property\":\"a\",\"value\":1}"
            + String(repeating: "}", count: 60)
        #expect(filter(deep).hasPrefix("limit_exceeded filters.not"))
    }

    @Test func pathsAndCorrelationsAreChecked() {
        #expect(error(#"{"kind":"paths","stepLimit":1}"#) == "invalid_value stepLimit: is 1, but must be from 2 to 20")
        #expect(
            error(#"{"kind":"paths","groupings":[{"name":"x"}]}"#).hasPrefix("missing_field groupings[0].pattern: "))
        #expect(
            error(#"{"kind":"paths","includeEvents":["A"],"excludeEvents":["A"]}"#).hasPrefix(
                "conflict excludeEvents: "))
        #expect(error(#"{"kind":"correlation"}"#) == "missing_field funnel: must be given")
        #expect(
            error(#"{"kind":"correlation","funnel":{"steps":["A"]}}"#).hasPrefix("invalid_value funnel.steps: "))
        #expect(
            error(#"{"kind":"correlation","funnel":{"steps":["A","B"],"trend":"day"}}"#)
                == "conflict funnel.trend: cannot be given in a correlation")
    }

    @Test func peopleAreAskedForWhereTheyCanBe() throws {
        #expect(
            error(#"{"kind":"lifecycle","people":{"label":"2024-06-10"}}"#)
                == "missing_field people.state: must be given: one of new, returning, resurrecting, dormant")
        #expect(
            error(#"{"kind":"stickiness","series":["A"],"people":{"series":"B","intervals":1}}"#)
                == "invalid_value people.series: is 'B', but must be one of A")
        #expect(
            error(#"{"kind":"stickiness","series":["A"],"people":{}}"#).hasPrefix("missing_field people.intervals: "))
        #expect(
            error(#"{"kind":"trends","series":["A"],"people":{"label":"2024-06-10","breakdown":"x"}}"#)
                == "conflict people.breakdown: needs the query to have a breakdown")
        #expect(
            error(#"{"kind":"paths","people":{"step":4,"source":"A","target":"B"}}"#)
                == "invalid_value people.step: is 4, but edges have steps from 0 to 3")
        #expect(
            error(#"{"kind":"paths","endPoint":"B","people":{"step":0,"source":"A","target":"B"}}"#)
                == "invalid_value people.step: is 0, but edges have steps from -4 to -1")
        #expect(
            error(#"{"kind":"paths","people":{"step":0,"source":"A"}}"#)
                == "missing_field people.target: must be given: the name of a node")
        // What only the range can tell.
        let asker = try Asker(table("p A 0"))
        for json in [
            #"{"kind":"lifecycle","from":"2024-05-10","to":"2024-05-11","people":{"label":"May","state":"new"}}"#,
            #"{"kind":"trends","series":["A"],"from":"2024-05-10","to":"2024-05-11","people":{"label":"May"}}"#,
        ] {
            let error = #expect(throws: QueryError.self) { try asker.ask(json) }
            #expect(
                error?.description
                    == "people.label: is 'May', but must be the label of an interval, such as '2024-05-10'")
        }
        let error = #expect(throws: QueryError.self) {
            try asker.ask(
                #"{"kind":"stickiness","series":["A"],"from":"2024-05-10","to":"2024-05-11","people":{"intervals":3}}"#)
        }
        #expect(error?.description == "people.intervals: is 3, but the range has 2 intervals")
    }

    @Test(arguments: [
        #"{"kind":"funnel","steps":[{"event":"A","filters":[{"property":"a","op":"in","value":["x",3,true]}],"name":"n"},{"events":["B","C"],"optional":true},"*"],"order":"ordered","window":"2w","exclusions":[{"event":"x","fromStep":0,"toStep":2}],"from":"-7d","timeZone":"Asia/Seoul","filters":{"or":[{"person":"plan","value":"pro"},{"not":{"property":"b","op":"is_set"}}]},"reference":"previous","breakdown":{"property":"c","step":1,"limit":3,"buckets":[0,10]},"trend":"week","timeToConvert":{"fromStep":0,"toStep":2,"bins":5},"holdConstant":"id","aggregateBy":{"session":"45m"},"people":{"step":2,"outcome":"dropped","limit":7}}"#,
        #"{"kind":"paths","startPoint":"A","endPoint":"B","stepLimit":7,"edgeLimit":9,"minimumWeight":2,"excludeEvents":["x"],"nodes":[{"event":"V","property":"path"}],"groupings":[{"pattern":"/a/*"},{"regex":"^b","name":"B"}],"sessionTimeout":"1h","collapseRepeats":true,"people":{"step":2,"source":"A","target":"...","limit":4}}"#,
        #"{"kind":"trends","series":["A","B"],"breakdown":"c","people":{"series":"B","label":"2024-06-10","breakdown":"x","limit":4}}"#,
        #"{"kind":"lifecycle","event":"A","people":{"label":"2024-06-10","state":"dormant","limit":4}}"#,
        #"{"kind":"stickiness","series":["A","B"],"cumulative":true,"people":{"series":"B","intervals":3,"limit":4}}"#,
        #"{"kind":"correlation","funnel":{"steps":["A","B","C"]},"step":1,"properties":["p"],"traits":["t"],"excludeEvents":["e"],"minimumSupport":2,"limit":3}"#,
    ])
    func queriesSurviveEncoding(json: String) throws {
        let query = try Query(json: Data(json.utf8))
        let again = try Query(json: JSONEncoder().encode(query))
        #expect(again == query)
    }
}
