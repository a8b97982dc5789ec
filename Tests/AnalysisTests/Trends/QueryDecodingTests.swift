import Foundation
import Testing

@testable import Analysis

@Suite struct TimeQueryDecodingTests {
    private func decode(_ text: String) throws -> Query { try Query(json: Data(text.utf8)) }

    @Test func theContractsRetentionQueryIsRead() throws {
        let query = try decode(
            #"{"kind":"retention","targetEvent":"A","returnEvent":"A","period":"day","intervals":7,"type":"recurring","cumulative":false,"minimumOccurrences":1,"from":"2024-06-10","to":"2024-06-12","timeZone":"UTC"}"#
        )
        guard case .retention(let retention) = query else {
            Issue.record("not a retention query: \(query)")
            return
        }
        #expect(retention.targetEvent == EventSelector("A"))
        #expect(retention.intervals == 7 && retention.kind == .recurring && retention.period == .day)
        #expect(retention.weekStart == .monday && retention.windowMode == .calendar)
    }

    @Test(arguments: [
        #"{"kind":"retention","targetEvent":"A","returnEvent":{"events":["B","C"],"filters":[{"property":"v","op":"gte","value":2}]},"period":"week","brackets":[1,3,7],"type":"first_ever","cumulative":true,"minimumOccurrences":2,"windowMode":"rolling","weekStart":"sunday","filters":[{"property":"v","op":"is_set"}],"breakdown":{"property":"c","limit":3},"people":{"cohort":"2024-06-10","interval":2,"breakdown":"x","limit":5},"from":"2024-06-10","timeZone":"Asia/Seoul"}"#,
        #"{"kind":"trends","series":[{"event":"A","math":"p95","property":"v"},"B",{"event":"*","math":"monthly_active","name":"all"}],"interval":"month","filters":{"property":"c","value":"x"},"formulas":["A/B","B*2"],"breakdown":"c","compare":true,"smoothing":7,"cumulative":true,"sessionTimeout":"10m","from":"-30d","to":"0d"}"#,
        #"{"kind":"lifecycle","event":"A","filters":{"property":"v","op":"is_set"},"interval":"week","weekStart":"sunday","newness":"person","from":"2024-06-10","to":"2024-06-12"}"#,
        #"{"kind":"lifecycle"}"#,
        #"{"kind":"stickiness","series":["A",{"event":"B"}],"interval":"day","filters":[{"not":{"property":"v","op":"is_set"}}],"math":"total","cumulative":true,"minimumOccurrences":3}"#,
        #"{"kind":"sessions","timeout":"5m","interval":"hour","breakdown":{"entryEvent":true,"limit":3},"from":"2024-06-10"}"#,
        #"{"kind":"sessions","event":"A","breakdown":{"person":"plan"}}"#,
    ])
    func queriesComeBackFromTheirOwnJSON(text: String) throws {
        let query = try decode(text)
        let encoded = try JSONEncoder().encode(query)
        #expect(try Query(json: encoded) == query)
    }

    @Test(arguments: [
        (#"{"kind":"retention"}"#, QueryError.Code.missingField, "targetEvent"),
        (#"{"kind":"retention","targetEvent":"A","intervals":0}"#, .invalidValue, "intervals"),
        (#"{"kind":"retention","targetEvent":"A","period":"year"}"#, .invalidValue, "period"),
        (#"{"kind":"retention","targetEvent":"A","brackets":[1,0]}"#, .invalidValue, "brackets[1]"),
        (#"{"kind":"retention","targetEvent":"A","brackets":[1],"intervals":3}"#, .conflict, "brackets"),
        (
            #"{"kind":"retention","targetEvent":"A","people":{"cohort":"2024-01-01","interval":8}}"#, .invalidValue,
            "people.interval"
        ),
        (
            #"{"kind":"retention","targetEvent":"A","people":{"cohort":"2024-01-01","breakdown":"x"}}"#, .conflict,
            "people.breakdown"
        ),
        (#"{"kind":"retention","targetEvent":"A","returnEvnt":"B"}"#, .unknownField, "returnEvnt"),
        (#"{"kind":"trends"}"#, .missingField, "series"),
        (#"{"kind":"trends","series":[]}"#, .invalidValue, "series"),
        (#"{"kind":"trends","series":[{"event":"A","math":"sum"}]}"#, .missingField, "series[0].property"),
        (#"{"kind":"trends","series":[{"event":"A","property":"v"}]}"#, .conflict, "series[0].property"),
        (#"{"kind":"trends","series":[{"event":"A","math":"mean"}]}"#, .invalidValue, "series[0].math"),
        (#"{"kind":"trends","series":["A"],"formula":"A/B"}"#, .invalidValue, "formula"),
        (#"{"kind":"trends","series":["A"],"formulas":["A","A+"]}"#, .invalidValue, "formulas[1]"),
        (#"{"kind":"trends","series":["A"],"formula":"A","formulas":["A"]}"#, .conflict, "formulas"),
        (#"{"kind":"trends","series":["A"],"smoothing":400}"#, .invalidValue, "smoothing"),
        (#"{"kind":"trends","series":["A"],"breakdown":{"property":"c","limit":0}}"#, .invalidValue, "breakdown.limit"),
        (#"{"kind":"lifecycle","newness":"all"}"#, .invalidValue, "newness"),
        (#"{"kind":"stickiness","series":["A"],"minimumOccurrences":0}"#, .invalidValue, "minimumOccurrences"),
        (#"{"kind":"sessions","timeout":"soon"}"#, .invalidValue, "timeout"),
        (#"{"kind":"sessions","breakdown":{"entryEvent":true,"property":"c"}}"#, .conflict, "breakdown.property"),
        (#"{"kind":"sessions","breakdown":{"entryEvent":false}}"#, .invalidValue, "breakdown.entryEvent"),
        (#"{"kind":"sessions","from":"2024-06-12","to":"2024-06-10"}"#, .conflict, "to"),
        (#"{"kind":"sessions","timeZone":"Seoul"}"#, .invalidValue, "timeZone"),
    ])
    func mistakesNameTheirField(text: String, code: QueryError.Code, field: String) throws {
        let error = try #require(throws: QueryError.self) { try decode(text) }
        #expect(error.code == code, "\(error)")
        #expect(error.field == field, "\(error)")
    }
}
