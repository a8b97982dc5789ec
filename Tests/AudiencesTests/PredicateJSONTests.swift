import Analysis
import Audiences
import Foundation
import Testing

struct PredicateJSONTests {
    private func predicate(_ json: String) throws -> AudiencePredicate { try AudiencePredicate(json: Data(json.utf8)) }

    @Test func eachFormIsRead() throws {
        let json = """
            {"and": [
                {"did": "Order", "times": {"op": "gte", "value": 2}, "window": {"last": "30d"},
                 "where": [{"property": "total", "op": "gte", "value": 5}, {"property": "city", "value": ["서울", "부산"]}]},
                {"did": ["A", "B"], "measure": {"of": "total", "by": "average", "op": "between", "value": [1, 2]}},
                {"did": "*", "when": "last", "window": {"before": {"ago": "2w"}}, "localTime": true},
                {"sequence": [{"event": "A"}, {"event": "B", "within": "2h"}], "absent": {"event": "C", "within": "1d"}},
                {"trait": "renews_at", "window": {"next": "7d"}},
                {"group": "*", "trait": "plan", "value": "pro"}, {"inGroup": "company", "id": "acme"},
                {"consents": "email", "purpose": "marketing", "atNight": true}, {"role": ["partner"]},
                {"audience": "VIP"}, {"not": {"everyone": true}}
            ]}
            """
        let text = """
            did "Order" at least 2 times in the last 30 days where total >= 5 and city in ("서울", "부산") and \
            did any of ("A", "B") with average of total between 1 and 2 and \
            last did any event more than 2 weeks ago in local time and \
            did "A" then "B" within 2 hours then not "C" within 1 day and trait renews_at in the next 7 days and \
            group trait plan = "pro" and in group company "acme" and consents to email for marketing at night and \
            role is partner and in audience "VIP" and not everyone
            """
        #expect(try predicate(json).text == text)
        #expect(try predicate(json) == AudiencePredicate(text: text))
    }

    @Test func textInAStringIsAPredicateToo() throws {
        #expect(try predicate(#""did \"A\"""#) == .event(EventCondition(["A"])))
    }

    /// JSON, the field that the error must name, and what it must say.
    static let faults: [(json: String, field: String, message: String)] = [
        (#"{}"#, "predicate", "exactly one of"),
        (#"{"did": "A", "trait": "x"}"#, "predicate.trait", "exactly one of"),
        (#"{"did": "A", "tmes": 3}"#, "predicate.tmes", "did you mean 'times'"),
        (#"{"did": ""}"#, "predicate.did", "must not be empty"),
        (#"{"did": "A", "times": 3}"#, "predicate.times", "must be an object"),
        (#"{"did": "A", "times": {"op": "contains", "value": 3}}"#, "predicate.times.op", "must be one of"),
        (
            #"{"and": [{"did": "A"}, {"did": "B", "window": {"last": "30 days"}}]}"#,
            "predicate.and[1].window.last", "such as \"30d\""
        ),
        (#"{"did": "A", "window": {"next": "3d"}}"#, "predicate.window", "must end now"),
        (#"{"did": "A", "window": {"last": "3d", "on": "2024-05-01"}}"#, "predicate.window.on", "exactly one of"),
        (#"{"did": "A", "window": {"before": "-7d"}}"#, "predicate.window.before", "fixed date"),
        (#"{"did": "A", "where": {"person": "x", "value": 1}}"#, "predicate.where", "use a trait condition"),
        (
            #"{"did": "A", "where": {"property": "x", "op": "date_before", "value": "-7d"}}"#, "predicate.where",
            "fixed date"
        ),
        (#"{"did": "A", "when": "first"}"#, "predicate.window", "must be given"),
        (#"{"did": "A", "when": "first", "window": {"last": "1d"}, "days": {"value": 1}}"#, "predicate.days", "one of"),
        (#"{"sequence": [{"event": "A"}]}"#, "predicate.sequence", "must have two steps"),
        (#"{"sequence": [{"event": "A"}, {"event": "B", "within": "1mo"}]}"#, "predicate.sequence[1].within", "fixed"),
        (#"{"trait": "x", "op": "date_before", "value": "2024-05-01"}"#, "predicate.value", "by 'window'"),
        (#"{"trait": "x", "op": "gte", "value": "5"}"#, "predicate.value", "one number"),
        (#"{"everyone": false}"#, "predicate.everyone", "must be true"),
        (#"{"and": []}"#, "predicate.and", "must have from 1"),
        (#"[1]"#, "predicate", "must be an object"),
        (#"{"not": 5}"#, "predicate.not", "must be an object"),
    ]

    @Test(arguments: faults.indices)
    func anErrorNamesTheField(_ index: Int) {
        let (json, field, message) = Self.faults[index]
        let error = #expect(throws: AudienceError.self) { try predicate(json) }
        #expect(error?.field == field, "\(json): \(error?.description ?? "")")
        #expect(error?.message.contains(message) == true, "\(json): \(error?.description ?? "")")
    }

    @Test func brokenJSONIsAnErrorToo() {
        for json in ["", "{", "nul", #"{"did": }"#, #"{"did": 1e999}"#] {
            #expect(refusal { try predicate(json) }?.code == .invalid, "\(json)")
        }
        let deep = String(repeating: #"{"not":"#, count: 60) + #"{"everyone":true}"# + String(repeating: "}", count: 60)
        #expect(refusal { try predicate(deep) }?.code == .limitExceeded)
    }

    @Test func aDefinitionIsReadStrictlyAndWrittenWithItsText() throws {
        let json = #"{"name": "VIP", "description": "큰손", "where": {"did": "Order", "times": {"value": 5}}}"#
        let definition = try AudienceDefinition(json: Data(json.utf8))
        #expect(
            definition
                == AudienceDefinition(
                    "VIP", description: "큰손", where: try AudiencePredicate(text: #"did "Order" at least 5 times"#)))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(
            String(decoding: try encoder.encode(definition), as: UTF8.self)
                == #"{"description":"큰손","name":"VIP","where":"did \"Order\" at least 5 times"}"#)
        #expect(try AudienceDefinition(json: Data(#"{"name": "Press", "static": true}"#.utf8)).isStatic)
        let faults: [(String, String)] = [
            (#"{"where": "everyone"}"#, "name"), (#"{"name": "x"}"#, "where"),
            (#"{"name": " x", "static": true}"#, "name"),
            (#"{"name": "x", "static": true, "where": "everyone"}"#, "where"),
            (#"{"name": "x", "where": {"did": 5}}"#, "where.did"), (#"{"name": "x", "wher": "everyone"}"#, "wher"),
        ]
        for (json, field) in faults {
            let error = #expect(throws: AudienceError.self) { try AudienceDefinition(json: Data(json.utf8)) }
            #expect(error?.field == field, "\(json): \(error?.description ?? "")")
        }
        let error = #expect(throws: AudienceError.self) {
            try AudienceDefinition(json: Data(#"{"name": "x", "where": "did \"A\" and"}"#.utf8))
        }
        #expect(error?.place?.column == 12)
    }
}
