import Analysis

/// `"30d"`
extension TimeLength: Codable {
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.singleValueContainer()
        guard let text = try? fields.decode(String.self), let length = TimeLength(code: text) else {
            throw WindowProblem.error(
                decoder, "must be a length such as \"30d\" (s, m, h, d, w, mo, y; up to a century)")
        }
        self = length
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}

/// `"2024-05-31"`, `{"ago": "30d"}`, `{"fromNow": "7d"}`
extension TimePoint: Codable {
    package init(from decoder: any Decoder) throws {
        if (try? decoder.singleValueContainer().decode(String.self)) != nil {
            self = .date(try WindowProblem.fixed(DayPoint(from: decoder), decoder))
            return
        }
        let fields = try Fields(decoder, of: "a point in time", allowed: ["ago", "fromNow"])
        switch (
            try fields.optional("ago", as: TimeLength.self), try fields.optional("fromNow", as: TimeLength.self)
        ) {
        case (let length?, nil): self = .ago(length)
        case (nil, let length?): self = .fromNow(length)
        default: throw fields.error(.conflict, "ago", "exactly one of ago and fromNow must be given")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        if case .date(let point) = self { return try point.encode(to: encoder) }
        var container = encoder.container(keyedBy: PredicateKey.self)
        switch self {
        case .date: break
        case .ago(let length): try container.encode(length, forKey: PredicateKey("ago"))
        case .fromNow(let length): try container.encode(length, forKey: PredicateKey("fromNow"))
        }
    }
}

/// An object with one field: `{"last": "30d"}`, `{"period": "this_month"}`, `{"between": ["2024-05-01", "2024-05-31"]}`
extension TimeWindow: Codable {
    private static let fields = ["last", "next", "period", "before", "after", "since", "between", "on"]

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a window", allowed: Self.fields)
        let given = Self.fields.filter(fields.has)
        guard let name = given.first, given.count == 1 else {
            throw QueryError(
                given.isEmpty ? .missingField : .conflict,
                given.count > 1 ? fields.field(given[1]) : decoder.codingPath.fieldText,
                "a window has exactly one of \(Self.fields.joined(separator: ", "))")
        }
        switch name {
        case "last": self = .last(try fields.required(name))
        case "next": self = .next(try fields.required(name))
        case "period": self = .period(try fields.choice(name, default: .today))
        case "before": self = .before(try fields.required(name))
        case "after": self = .after(try fields.required(name))
        case "since": self = .since(try fields.required(name))
        case "between":
            let points = try fields.list(name, of: TimePoint.self, counts: 2...2) ?? []
            self = .between(points[0], points[1])
        default:
            let day: DayPoint = try fields.required(name)
            guard day.isDay, !day.isRelative else {
                throw fields.error(.invalidValue, name, "must be a day such as \"2024-05-31\"")
            }
            self = .on(day)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: PredicateKey.self)
        func put(_ value: some Encodable, _ name: String) throws {
            try container.encode(value, forKey: PredicateKey(name))
        }
        switch self {
        case .last(let length): try put(length, "last")
        case .next(let length): try put(length, "next")
        case .period(let period): try put(period.rawValue, "period")
        case .before(let point): try put(point, "before")
        case .after(let point): try put(point, "after")
        case .since(let point): try put(point, "since")
        case .between(let first, let last): try put([first, last], "between")
        case .on(let day): try put(day, "on")
        }
    }
}

private enum WindowProblem {
    static func error(_ decoder: any Decoder, _ message: String) -> QueryError {
        QueryError(.invalidValue, decoder.codingPath.fieldText, message)
    }

    static func fixed(_ point: DayPoint, _ decoder: any Decoder) throws -> DayPoint {
        guard !point.isRelative else {
            throw error(decoder, "must be a fixed date; write {\"ago\": \"30d\"} for one that moves")
        }
        return point
    }
}
