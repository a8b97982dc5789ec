import Analysis
import EventLog
import Foundation
import Insights
import Testing

@testable import Server

struct InsightFormTests {
    private static let queries = [
        #"{"kind":"funnel","steps":[{"event":"View","filters":[{"property":"city","op":"in","value":["서울","부산, 해운대"]}]},{"event":"Order","optional":true}],"window":"7d","from":"-27d","to":"0d","timeZone":"Asia/Seoul"}"#,
        #"{"kind":"funnel","steps":["View","Order"],"trend":{"interval":"week"},"timeToConvert":true,"aggregateBy":"session","breakdown":"city","exclusions":[{"event":"Refund","fromStep":0,"toStep":1}]}"#,
        #"{"kind":"funnel","steps":[{"events":["A","B"]},"C"],"aggregateBy":{"property":"order_id"},"filters":[{"or":[{"property":"a","value":"1"},{"property":"b","op":"is_set"}]}]}"#,
        #"{"kind":"trends","series":[{"event":"Order","math":"sum","property":"total"},{"event":"*","math":"dau"}],"formula":"A / B","compare":"year","smoothing":7,"from":"2024-01-01","to":"2024-06-30","breakdown":{"person":"plan","limit":5}}"#,
        #"{"kind":"retention","targetEvent":"Sign Up","returnEvent":{"event":"Order","filters":[{"property":"total","op":"gte","value":10}]},"period":"week","intervals":9,"type":"first_time"}"#,
        #"{"kind":"retention","targetEvent":"Sign Up","brackets":[1,3,7],"windowMode":"rolling"}"#,
        #"{"kind":"paths","startPoint":"View","excludeEvents":["Scroll","Page, Left"],"stepLimit":4,"nodes":[{"event":"View","property":"path"}],"groupings":[{"pattern":"/p/*","name":"P"}],"collapseRepeats":true}"#,
        #"{"kind":"lifecycle","event":"Order","interval":"month","filters":[{"person":"vip","op":"equals","value":true}]}"#,
        #"{"kind":"stickiness","series":["Open"],"interval":"week","cumulative":true}"#,
        #"{"kind":"sessions","timeout":"1h","breakdown":{"entryEvent":true,"limit":5}}"#,
        #"{"kind":"correlation","funnel":{"steps":["View","Order"],"window":"3d","from":"-6d","to":"0d"},"properties":["city","device"],"traits":["plan"]}"#,
        #"{"kind":"journeyMap","stages":[{"name":"유입","event":"*"},{"event":"Order"},{"name":"재방문","event":"*","after":1,"pause":"1d"}]}"#,
    ]

    /// Whatever a query says, its fields say the same: a saved question can be opened in a builder and saved again.
    @Test(arguments: queries) func theFieldsOfAQueryAskTheSame(_ json: String) throws {
        let query = try Query(json: Data(json.utf8))
        let form = try InsightForm(query)
        let types: [String: PropertyType] = ["city": .string, "total": .number]
        let again = InsightForm(query.kind, fields: try FormValues(body: form.address { $0 }.utf8).pairs)
        var read = try again.query(types: types, zone: "UTC")
        if json.contains("vip") {
            // A trait's type is not known: its values are read as texts.
            guard case .lifecycle(var lifecycle) = read else { return }
            lifecycle.event.filters = [.test(.init(subject: .person("vip"), op: .equals, values: [.boolean(true)]))]
            read = .lifecycle(lifecycle)
        }
        #expect(read == query, "\(form.address { $0 })")
    }

    @Test func valuesAreReadByTheTypeOfTheirProperty() throws {
        func filter(_ name: String, _ value: String, op: String = "equals") throws -> [FilterValue] {
            let fields = [
                ("event", "*"), ("filters.0.of", "property"), ("filters.0.name", name), ("filters.0.op", op),
                ("filters.0.value", value),
            ].map { (name: $0.0, value: $0.1) }
            let form = InsightForm(.lifecycle, fields: fields)
            let types: [String: PropertyType] = ["count": .number, "isNew": .boolean, "code": .string]
            guard case .lifecycle(let query) = try form.query(types: types, zone: "UTC"),
                case .test(let test)? = query.event.filters.first
            else { return [] }
            return test.values
        }
        #expect(try filter("count", "12") == [.number(12)])
        #expect(try filter("code", "12") == [.string("12")])
        #expect(try filter("isNew", "true") == [.boolean(true)])
        #expect(try filter("count", "1, 2.5", op: "in") == [.number(1), .number(2.5)])
        #expect(try filter("code", "a, b\\, c", op: "in") == [.string("a"), .string("b, c")])
        let error = #expect(throws: QueryError.self) { try filter("count", "much", op: "gt") }
        #expect(error?.field == "filters[0].value")
    }

    @Test func whatIsStillBeingChosenIsLeftOut() throws {
        let fields = try FormValues(
            body: "steps.0.event=A&steps.1.event=&steps.2.event=B&filters.0.name=&breakdown.limit=5&days=28".utf8
        ).pairs
        guard case .funnel(let query) = try InsightForm(.funnel, fields: fields).query(types: [:], zone: "Asia/Seoul")
        else { return #expect(Bool(false)) }
        #expect(query.steps.map(\.selector.label) == ["A", "B"] && query.filters.isEmpty && query.breakdown == nil)
        #expect(query.range.from?.description == "-27d" && query.range.timeZone.identifier == "Asia/Seoul")
    }

    @Test func buttonsAddMoveAndRemoveRows() throws {
        var form = InsightForm(.funnel, fields: try FormValues(body: "steps.0.event=A&steps.1.event=B".utf8).pairs)
        func does(_ name: String, _ value: String) -> [String] {
            let isChanged = form.apply([(name: name, value: value)])
            #expect(isChanged)
            return form.tree.list("steps").map { $0.text("event") ?? "" }
        }
        #expect(does("add", "steps") == ["A", "B", ""])
        #expect(does("move", "steps.1.0") == ["B", "A", ""])
        #expect(does("remove", "steps.2") == ["B", "A"])
        #expect(does("add", "steps.0.filters") == ["B", "A"])
        #expect(form.tree.list("steps.0.filters").count == 1)
        #expect(does("move", "steps.9.0") == ["B", "A"] && does("remove", "nowhere.1") == ["B", "A"])
        let isChanged = form.apply([(name: "days", value: "7")])
        #expect(!isChanged)
    }

    /// Fields from outside never trap, however they are built.
    @Test func anyFieldsAreATree() {
        for seed in UInt64(1)...400 {
            var state = seed &* 0x9E37_79B9_7F4A_7C15
            func roll(_ bound: Int) -> Int {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int(state >> 33) % bound
            }
            let parts = ["steps", "0", "1", "filters", "name", "", "-1", "99999999999", "a.b", "days"]
            let fields = (0..<roll(20)).map { _ in
                (
                    name: (0..<(1 + roll(12))).map { _ in parts[roll(parts.count)] }.joined(separator: "."),
                    value: ["", "1", "x", "-5", "\u{0}"][roll(5)]
                )
            }
            var form = InsightForm(.funnel, fields: fields)
            for name in ["add", "remove", "move"] {
                _ = form.apply([(name: name, value: fields.first?.name ?? "steps.0.1")])
            }
            _ = try? form.query(types: [:], zone: "UTC")
            let again = FormTree(form.tree.fields)
            #expect(FormTree(again.fields) == again, "seed \(seed)")
        }
    }
}
