import Analysis
import EventLog
import Foundation

/// The questions that Dangol and its peers answer, as a user would ask them: `Benchmarks/peers/questions.py` describes
/// them.
enum Questions {
    static let names = [
        "funnel", "funnel_filtered", "funnel_by_city", "retention", "daily_uniques", "trends_total", "paths",
        "rare_funnel", "rare_count",
    ]

    private static let range = "\"from\":\"2024-01-01\",\"to\":\"2024-03-30\",\"timeZone\":\"UTC\""

    static func json(_ name: String) -> String {
        switch name {
        case "funnel":
            funnel("{\"event\":\"Product Viewed\"},{\"event\":\"Checkout Started\"},{\"event\":\"Order Completed\"}")
        case "funnel_filtered":
            funnel(
                """
                {"event":"Product Viewed","filters":[{"property":"city","value":"Seoul"}]},{"event":"Checkout Started"},\
                {"event":"Order Completed","filters":[{"property":"amount","op":"gte","value":500}]}
                """)
        case "funnel_by_city":
            funnel(
                "{\"event\":\"Product Viewed\"},{\"event\":\"Checkout Started\"},{\"event\":\"Order Completed\"}",
                more: ",\"breakdown\":{\"property\":\"city\",\"attribution\":\"first_touch\",\"limit\":25}")
        case "retention":
            """
            {"kind":"retention","targetEvent":"App Opened","returnEvent":"Order Completed","period":"week","intervals":13,\
            "type":"recurring","weekStart":"monday",\(range)}
            """
        case "daily_uniques": trends(SyntheticEvents.names, "dau")
        case "trends_total": trends(SyntheticEvents.names, "total")
        case "paths":
            "{\"kind\":\"paths\",\"stepLimit\":5,\"edgeLimit\":10000,\"sessionTimeout\":\"30m\",\(range)}"
        case "rare_funnel": funnel("{\"event\":\"Account Deleted\"},{\"event\":\"App Opened\"}")
        default: trends(["Account Deleted"], "total")
        }
    }

    private static func funnel(_ steps: String, more: String = "") -> String {
        "{\"kind\":\"funnel\",\"steps\":[\(steps)],\"order\":\"ordered\",\"window\":\"7d\",\(range)\(more)}"
    }

    private static func trends(_ names: [String], _ math: String) -> String {
        let series = names.map { "{\"event\":\"\($0)\",\"math\":\"\(math)\"}" }.joined(separator: ",")
        return "{\"kind\":\"trends\",\"interval\":\"day\",\"series\":[\(series)],\(range)}"
    }

    static func query(_ name: String) throws -> Query {
        try JSONDecoder().decode(Query.self, from: Data(json(name).utf8))
    }

    /// The answer in the shape that the peers give.
    static func answer(_ name: String, _ result: QueryResult) -> JSON {
        switch result {
        case .funnel(let funnel):
            if let groups = funnel.breakdown {
                return .object(
                    Dictionary(
                        uniqueKeysWithValues: groups.filter { $0.value != .other }.map { group in
                            (group.value.description, .array(group.steps.map { .number(Double($0.count)) }))
                        }))
            }
            return .array(funnel.steps.map { .number(Double($0.count)) })
        case .retention(let retention):
            return .array(retention.cohorts.map { cohort in .array(cohort.values.map { .number(Double($0)) }) })
        case .trends(let trends):
            let points = trends.series.map { series in JSON.array(series.points.map { .number($0 ?? 0) }) }
            if name == "rare_count" { return points.first ?? .array([]) }
            return .object(Dictionary(uniqueKeysWithValues: zip(SyntheticEvents.names, points)))
        case .paths(let paths):
            // The peers count positions from 1; ties are in the order of position and names.
            let sorted = paths.edges.sorted { a, b in
                (b.count, a.step, a.source, a.target) < (a.count, b.step, b.source, b.target)
            }
            return .array(
                sorted.prefix(50).map { edge in
                    .array([
                        .number(Double(edge.step + 1)), .string(edge.source), .string(edge.target),
                        .number(Double(edge.count)),
                    ])
                })
        default: return .array([])
        }
    }
}

/// Any JSON value.
enum JSON: Encodable {
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .number(let number): try container.encode(number)
        case .string(let text): try container.encode(text)
        case .array(let values): try container.encode(values)
        case .object(let fields): try container.encode(fields)
        }
    }
}
