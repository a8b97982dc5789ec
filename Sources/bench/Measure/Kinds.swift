import Analysis
import Foundation

/// One question or more of every kind, for the time that a person waits who asks them on a page.
enum Kinds {
    private static let range = "\"from\":\"2024-01-01\",\"to\":\"2024-03-30\",\"timeZone\":\"Asia/Seoul\""
    private static let month = "\"from\":\"2024-03-01\",\"to\":\"2024-03-30\",\"timeZone\":\"Asia/Seoul\""
    private static let steps =
        "[{\"event\":\"Product Viewed\"},{\"event\":\"Checkout Started\"},{\"event\":\"Order Completed\"}]"

    static let questions: [(name: String, json: String)] = [
        ("funnel of the last month", funnel("\"window\":\"7d\"", range: month)),
        ("funnel, strict", funnel("\"order\":\"strict\"")),
        ("funnel, unordered", funnel("\"order\":\"unordered\"")),
        ("funnel, trend by week", funnel("\"trend\":{\"interval\":\"week\"}")),
        (
            "funnel with an exclusion",
            funnel("\"exclusions\":[{\"event\":\"Support Asked\",\"fromStep\":0,\"toStep\":2}]")
        ),
        ("funnel by session", funnel("\"aggregateBy\":\"session\"")),
        ("funnel, time to convert", funnel("\"timeToConvert\":{\"fromStep\":0,\"toStep\":2}")),
        ("funnel, all events by city", funnel(by("city", "\"attribution\":\"all_events\""))),
        ("funnel, same device", funnel("\"holdConstant\":\"device\"")),
        (
            "correlation with city and device",
            "{\"kind\":\"correlation\",\"funnel\":\(funnel("\"window\":\"7d\"")),\"properties\":[\"city\",\"device\"]}"
        ),
        ("retention by day, first time", retention("\"period\":\"day\",\"type\":\"first_time\"")),
        (
            "retention, any event",
            "{\"kind\":\"retention\",\"targetEvent\":\"*\",\"period\":\"week\",\"intervals\":13,\(range)}"
        ),
        ("retention, rolling", retention("\"period\":\"week\",\"windowMode\":\"rolling\"")),
        ("retention by city", retention("\"period\":\"week\",\"breakdown\":{\"property\":\"city\"}")),
        ("trend of people, filtered", trend("dau", "\"filters\":[{\"property\":\"city\",\"value\":\"Seoul\"}]")),
        ("trend of people by city", trend("dau", by("city"))),
        ("trend of weekly active people", trend("weekly_active")),
        ("trend of monthly active people", trend("monthly_active")),
        ("trend of sessions", trend("unique_sessions")),
        ("trend of first times", trend("first_time")),
        ("trend of a sum", trend("sum", of: "amount")),
        ("trend of a mean by city", trend("avg", of: "amount", by("city"))),
        ("trend of a median", trend("median", of: "amount")),
        ("trend of a 99th percentile", trend("p99", of: "amount")),
        ("trend of events a person", trend("avg_count_per_actor")),
        (
            "trend of a rate, compared",
            """
            {"kind":"trends","interval":"day","series":[{"event":"Order Completed","math":"dau"},{"event":"Page Viewed",\
            "math":"dau"}],"formula":"A / B","compare":true,\(month)}
            """
        ),
        ("paths from a page", "{\"kind\":\"paths\",\"startPoint\":\"Product Viewed\",\(range)}"),
        ("paths to an order", "{\"kind\":\"paths\",\"endPoint\":\"Order Completed\",\(range)}"),
        ("lifecycle by week", "{\"kind\":\"lifecycle\",\"interval\":\"week\",\(range)}"),
        (
            "lifecycle of orders by week",
            "{\"kind\":\"lifecycle\",\"event\":\"Order Completed\",\"interval\":\"week\",\(range)}"
        ),
        (
            "stickiness by day",
            "{\"kind\":\"stickiness\",\"series\":[\"App Opened\",\"Order Completed\"],\"interval\":\"day\",\(range)}"
        ),
        ("sessions by day", "{\"kind\":\"sessions\",\"interval\":\"day\",\(range)}"),
        (
            "sessions by first event",
            "{\"kind\":\"sessions\",\"interval\":\"day\",\"breakdown\":{\"entryEvent\":true},\(range)}"
        ),
    ]

    private static func by(_ property: String, _ more: String = "") -> String {
        "\"breakdown\":{\"property\":\"\(property)\"\(more.isEmpty ? "" : ",")\(more)}"
    }

    private static func funnel(_ more: String, range: String = range) -> String {
        "{\"kind\":\"funnel\",\"steps\":\(steps),\(more),\(range)}"
    }

    private static func retention(_ more: String) -> String {
        "{\"kind\":\"retention\",\"targetEvent\":\"App Opened\",\"returnEvent\":\"Order Completed\",\(more),\(range)}"
    }

    private static func trend(_ math: String, of property: String? = nil, _ more: String = "") -> String {
        let reads = property.map { ",\"property\":\"\($0)\"" } ?? ""
        let rest = more.isEmpty ? "" : more + ","
        return
            "{\"kind\":\"trends\",\"interval\":\"day\",\"series\":[{\"event\":\"Product Viewed\",\"math\":\"\(math)\"\(reads)}],\(rest)\(range)}"
    }

    static func query(_ name: String) throws -> Query? {
        guard let json = questions.first(where: { $0.name == name })?.json else { return nil }
        return try JSONDecoder().decode(Query.self, from: Data(json.utf8))
    }
}
