import Analysis
import EventLog
package import Recommendations

/// Which decisions are looked for.
package struct DecisionSearch: Sendable, Hashable {
    package var placement: String?
    /// Any id of the person.
    package var person: String?
    package var onlyFallbacks = false
    package var days = 7
    package var limit = 50

    package init() {}
}

/// The latest decisions that match.
package struct FoundDecisions: Sendable {
    /// The latest first.
    package var decisions: [Decision]
    package var matched: Int
}

extension LiveWorkspace {
    /// The latest decisions, the latest first.
    ///
    /// - Throws: `EventLogError`.
    /// - Complexity: one scan of the decisions of those days
    package func decisions(_ search: DecisionSearch) throws -> FoundDecisions {
        try? decisions.journal.flush()
        let snapshot = try log.snapshot()
        guard snapshot.eventNames.number(of: Vocabulary.decisionMade) != nil else {
            return FoundDecisions(decisions: [], matched: 0)
        }
        var filters: [Filter] = []
        if let placement = search.placement { filters.append(.property("placement", .equals, .string(placement))) }
        if search.onlyFallbacks { filters.append(.property("fallback", .isSet)) }
        let found = try EventSearch(
            selector: EventSelector(Vocabulary.decisionMade, filters: filters),
            range: DateRange(from: DayPoint("-\(search.days)d")),
            person: search.person, limit: search.limit
        ).run(on: snapshot, now: now())
        return FoundDecisions(decisions: found.events.reversed().compactMap { Decision($0) }, matched: found.matched)
    }
}

extension LiveWorkspace {
    /// How much was decided at each placement in the last days.
    ///
    /// - Complexity: one scan of the decisions of those days
    package func decisionCounts(days: Int) throws -> [String: Int] {
        let snapshot = try log.snapshot()
        guard let made = snapshot.eventNames.number(of: Vocabulary.decisionMade),
            let placement = snapshot.propertyNames.number(of: "placement")
        else { return [:] }
        let since = now() - Int64(days) * 86_400_000
        let selection = Selection(events: [made], times: since..<Int64.max, properties: [placement])
        let folds = try snapshot.scan(selection) { CountByPlacement() }.folds
        return folds.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: +) }
    }
}

private struct CountByPlacement: PersonFold, Sendable {
    private var columns: [PropertyColumns] = []
    private(set) var counts: [String: Int] = [:]

    mutating func enter(_ block: ScanBlock) {
        columns = (0..<block.sourceCount).map { block.column(0, source: $0) }
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        for row in person.rows {
            guard case .string(let name)? = columns[Int(row.source)].value(at: row.row) else { continue }
            counts[name, default: 0] += 1
        }
    }
}

package struct DecisionListView: Encodable, Sendable {
    package struct Entry: Encodable, Sendable {
        package var decision: DecisionView
        package var person: String?

        private enum Name: String, CodingKey { case person }

        package func encode(to encoder: any Encoder) throws {
            try decision.encode(to: encoder)
            var object = encoder.container(keyedBy: Name.self)
            try object.encodeIfPresent(person, forKey: .person)
        }
    }

    package var decisions: [Entry]
    package var matched: Int

    package init(_ found: FoundDecisions, _ teller: DecisionTeller) {
        decisions = found.decisions.map { Entry(decision: teller.view($0), person: $0.person) }
        matched = found.matched
    }
}
