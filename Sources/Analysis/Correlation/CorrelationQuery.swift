import Foundation
import Statistics

/// What people who convert in a funnel do and have, that people who drop out do not: events and values of properties,
/// by odds ratio.
///
/// A person counts who is in the funnel, as converted when they reached `step`, else as dropped. What they did is
/// looked at from their entry to their conversion, or to the end of their window: who drops out has more time to do
/// things, so an odds ratio tells of association, not of cause.
package struct CorrelationQuery: Sendable, Hashable, Codable {
    /// Without the options that only shape a funnel's own answer.
    package var funnel: FunnelQuery
    /// The step that counts as converted, from 0. Default: the last.
    package var step: Int?
    /// Properties whose values are compared, over all events of the person in the span.
    package var properties: [String]
    /// Traits whose values are compared.
    package var traits: [String]
    /// Events that are not compared. The funnel's own steps never are.
    package var excludeEvents: [String]
    /// Rows that fewer people fit are left out. Default: 5.
    package var minimumSupport: Int
    /// Rows of events, and of values, that the answer lists. Default: 50.
    package var limit: Int

    private static let fields = [
        "kind", "funnel", "step", "properties", "traits", "excludeEvents", "minimumSupport", "limit",
    ]

    package init(_ funnel: FunnelQuery) {
        self.funnel = funnel
        properties = []
        traits = []
        excludeEvents = []
        minimumSupport = 5
        limit = 50
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a correlation", allowed: CorrelationQuery.fields)
        self.init(try fields.required("funnel"))
        if fields.has("step") {
            step = try fields.integer("step", in: 1...max(1, funnel.steps.count - 1), default: 1)
        }
        properties = try fields.list("properties", counts: 0...50) ?? []
        traits = try fields.list("traits", counts: 0...50) ?? []
        excludeEvents = try fields.list("excludeEvents", counts: 0...QueryLimits.eventsPerSelector) ?? []
        minimumSupport = try fields.integer("minimumSupport", in: 1...Int.max, default: 5)
        limit = try fields.integer("limit", in: 1...10_000, default: 50)
        guard funnel.steps.count > 1 else {
            throw fields.error(
                .invalidValue, "funnel.steps", "must have at least 2 steps: with one nobody can drop out")
        }
        if funnel.aggregateBy != .person {
            throw fields.error(.conflict, "funnel.aggregateBy", "must be person: a correlation compares people")
        }
        let foreign: [(String, Bool)] = [
            ("breakdown", funnel.breakdown != nil), ("trend", funnel.trend != nil),
            ("timeToConvert", funnel.timeToConvert != nil), ("people", funnel.people != nil),
            ("holdConstant", funnel.holdConstant != nil),
        ]
        for (name, isGiven) in foreign where isGiven {
            throw fields.error(.conflict, "funnel.\(name)", "cannot be given in a correlation")
        }
    }
}

/// The answer to a correlation.
package struct CorrelationResult: Sendable, Hashable, Codable {
    /// One event, or one value of a property or trait.
    package struct Row: Sendable, Hashable, Codable {
        package var event: String?
        package var property: String?
        package var person: String?
        package var value: BreakdownValue?
        /// Converted people who did or had it.
        package var converted: Int
        /// Dropped people who did or had it.
        package var dropped: Int
        package var association: OddsRatio
    }

    package var converted: Int
    package var dropped: Int
    /// The most significant first, whichever way they point.
    package var events: [Row]
    package var values: [Row]
}

/// How much more likely converted people are to do or have something: 1 is no difference, 2 twice the odds.
package struct OddsRatio: Sendable, Hashable, Codable {
    package var oddsRatio: Double
    /// The bounds of the 95 % confidence interval.
    package var low: Double
    package var high: Double
    /// Two-sided, that the ratio is 1: the normal approximation of the log odds ratio.
    package var pValue: Double

    /// - Precondition: no count is negative.
    package init(convertedWith: Int, droppedWith: Int, convertedWithout: Int, droppedWithout: Int) {
        let table = TwoByTwo(a: convertedWith, b: droppedWith, c: convertedWithout, d: droppedWithout)
        let ratio = table.oddsRatio()
        (oddsRatio, low, high) = (ratio.estimate, ratio.low, ratio.high)
        let (logarithm, error) = table.logOddsRatio
        score = logarithm / error
        pValue = PValue.normalTwoSided(score)
    }

    /// The logarithm in standard errors.
    package let score: Double

    private enum CodingKeys: String, CodingKey {
        case oddsRatio, low, high, pValue
    }

    /// Reads an answer again. The score is not part of it: it follows from the ratio and its interval.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        oddsRatio = try container.decode(Double.self, forKey: .oddsRatio)
        low = try container.decode(Double.self, forKey: .low)
        high = try container.decode(Double.self, forKey: .high)
        pValue = try container.decode(Double.self, forKey: .pValue)
        // The interval reaches 1.96 standard errors to either side.
        let error = (log(high) - log(low)) / (2 * 1.959963984540054)
        score = error > 0 ? log(oddsRatio) / error : 0
    }
}
