/// The answer to a funnel.
package struct FunnelResult: Sendable, Hashable, Codable {
    package struct Step: Sendable, Hashable, Codable {
        package var name: String
        /// People (or sessions, or values) that did the step.
        package var count: Int
        /// From 0 to 1, of step 1 or of the step before, as `reference` says. 0 when nobody could convert.
        package var conversionRate: Double
        /// From the step before it that was done. Absent for step 1 and for steps that nobody did.
        package var averageSeconds: Double?
        package var medianSeconds: Double?
    }

    package struct Group: Sendable, Hashable, Codable {
        package var value: BreakdownValue
        package var steps: [Step]
    }

    package struct TrendPoint: Sendable, Hashable, Codable {
        /// The label of the period: its first local day, or for hours its local time.
        package var start: String
        package var entered: Int
        package var converted: Int
        package var conversionRate: Double
    }

    package struct TimeToConvert: Sendable, Hashable, Codable {
        package struct Bin: Sendable, Hashable, Codable {
            /// Included; the last bin includes its end too.
            package var fromSeconds: Double
            package var toSeconds: Double
            package var count: Int
        }

        package var fromStep: Int
        package var toStep: Int
        package var count: Int
        package var averageSeconds: Double?
        package var medianSeconds: Double?
        package var bins: [Bin]
    }

    package var steps: [Step]
    package var breakdown: [Group]?
    package var trend: [TrendPoint]?
    package var timeToConvert: TimeToConvert?
    /// Canonical ids.
    package var people: [String]?
}
