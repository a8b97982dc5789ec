import Analysis

extension AudiencePredicate {
    /// What neither of the two forms can see while it is read.
    ///
    /// - Throws: `AudienceError` with `invalid` or `limitExceeded`.
    package func check() throws(AudienceError) {
        var conditions = 0
        try check("predicate", depth: 1, &conditions)
    }

    private func check(_ field: String, depth: Int, _ conditions: inout Int) throws(AudienceError) {
        try AudiencePredicate.checkDepth(depth, field)
        switch self {
        case .and(let list), .or(let list):
            for (index, part) in list.enumerated() {
                let name = if case .and = self { "and" } else { "or" }
                try part.check("\(field).\(name)[\(index)]", depth: depth + 1, &conditions)
            }
            return
        case .not(let inner): return try inner.check(field + ".not", depth: depth + 1, &conditions)
        case .event(let condition):
            if let filter = condition.filter {
                try AudiencePredicate.checkDepth(filter, field + ".where", depth)
                try AudiencePredicate.check(filter, field + ".where")
            }
        case .sequence(let condition):
            for (index, step) in (condition.steps + [condition.absent].compactMap(\.self)).enumerated() {
                guard let filter = step.filter else { continue }
                try AudiencePredicate.checkDepth(filter, "\(field).sequence[\(index)].where", depth)
                try AudiencePredicate.check(filter, "\(field).sequence[\(index)].where")
            }
        case .trait(let condition), .groupTrait(_, let condition):
            if case .value(let op, let values) = condition.test {
                try AudiencePredicate.checkPattern(op, values, field)
            }
        case .everyone, .group, .consent, .role, .audience: break
        }
        conditions += 1
        if conditions > PredicateLimits.conditions {
            throw AudienceError(
                .limitExceeded,
                "a predicate may have up to \(PredicateLimits.conditions) conditions; put some into other audiences",
                field: "predicate")
        }
    }

    private static func checkDepth(_ depth: Int, _ field: String) throws(AudienceError) {
        guard depth > PredicateLimits.depth else { return }
        throw AudienceError(
            .limitExceeded, "conditions nest deeper than \(PredicateLimits.depth) levels", field: field)
    }

    private static func checkDepth(_ filter: Filter, _ field: String, _ depth: Int) throws(AudienceError) {
        if case .test = filter { return }
        try checkDepth(depth + 1, field)
        switch filter {
        case .test: break
        case .and(let list), .or(let list): for part in list { try checkDepth(part, field, depth + 1) }
        case .not(let inner): try checkDepth(inner, field, depth + 1)
        }
    }

    /// A filter of events is about their properties and does not change with time.
    private static func check(_ filter: Filter, _ field: String) throws(AudienceError) {
        switch filter {
        case .and(let list), .or(let list): for part in list { try check(part, field) }
        case .not(let inner): try check(inner, field)
        case .test(let test):
            switch test.subject {
            case .property: break
            case .person(let trait), .group(_, let trait):
                throw AudienceError(
                    .invalid, "compares the trait '\(trait)'; use a trait condition beside this one", field: field)
            }
            switch test.op {
            case .dateBefore, .dateAfter, .dateBetween:
                for value in test.values where DayPoint(value.description)?.isRelative != false {
                    throw AudienceError(
                        .invalid, "'\(value)' must be a fixed date such as 2024-05-31", field: field)
                }
            default: try checkPattern(test.op, test.values, field)
            }
        }
    }

    private static func checkPattern(
        _ op: FilterOperator, _ values: [FilterValue], _ field: String
    ) throws(AudienceError) {
        do {
            _ = try TraitMatcher(op, values, zone: .utc)
        } catch {
            let message = (error as? QueryError)?.message ?? "\(error)"
            throw AudienceError(.invalid, message, field: field)
        }
    }
}
