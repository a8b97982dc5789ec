import Analysis
package import EventLog
import Foundation
package import Recommendations
import State

/// What choosing for each person has brought at a placement.
package struct PlacementResultsView: Codable, Sendable, Hashable {
    package struct Line: Codable, Sendable, Hashable {
        /// The item whose pictures these are; absent for all together.
        package var subject: String?
        package var title: String?
        package var trials: Int
        package var persons: Int
        /// The mean reward as it was chosen.
        package var chosen: IntervalView
        /// What the first action would have brought to everybody.
        package var standard: IntervalView?
        /// How much more, as a share: 0.1 is 10 %.
        package var lift: IntervalView?
        package var effectiveTrials: Double
        package var isConclusive: Bool

        init(_ line: Lift.Line, title: String?) {
            subject = line.subject
            self.title = title
            trials = line.trials
            persons = line.persons
            chosen = IntervalView(line.chosen)
            standard = line.standard.map(IntervalView.init)
            lift = line.lift.map(IntervalView.init)
            effectiveTrials = line.effectiveTrials
            isConclusive = line.isConclusive
        }
    }

    /// What the policy has learned so far.
    package struct Learned: Codable, Sendable, Hashable {
        package var trials: Int
        package var rewarded: Int
        /// Of these, those whose reward came after its time.
        package var late: Int
    }

    package var placement: String
    package var policy: String
    package var days: Int
    package var overall: Line
    package var subjects: [Line]
    /// Absent for policies that learn nothing, and where nobody follows the log.
    package var learned: Learned?
}

/// What another policy would have brought.
package struct WhatIfView: Codable, Sendable, Hashable {
    package struct Estimate: Codable, Sendable, Hashable {
        /// `IPW`, `SNIPW`, `DR` and so on.
        package var estimator: String
        package var value: IntervalView
    }

    package struct Share: Codable, Sendable, Hashable {
        package var action: String
        package var before: Double
        package var after: Double
    }

    package var placement: String
    package var days: Int
    package var trials: Int
    /// The mean reward of the policy that made the decisions.
    package var actual: Double
    package var effectiveTrials: Double
    package var meanWeight: Double
    package var estimates: [Estimate]
    package var shares: [Share]
    /// Machine-readable: why nothing should be concluded.
    package var refusal: String?
    /// The verdict in words.
    package var verdict: String

    init(_ placement: String, days: Int, _ what: WhatIf, korean: Bool) {
        self.placement = placement
        self.days = days
        let report = what.report
        trials = report.decisions
        actual = report.actual
        effectiveTrials = report.effectiveDecisions
        meanWeight = report.meanWeight
        estimates = report.lines.map { Estimate(estimator: $0.estimator.name, value: IntervalView($0.value)) }
        shares = what.shares.map { Share(action: $0.action, before: $0.before, after: $0.after) }
        refusal = report.refusal?.code
        verdict = report.verdict(korean: korean)
    }
}

/// What to ask of another policy.
package struct WhatIfBody: Codable, Sendable {
    package var policy: PolicySettings
    package var days: Int?
    package var language: String?

    package init(policy: PolicySettings, days: Int? = nil, language: String? = nil) {
        self.policy = policy
        self.days = days
        self.language = language
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a question about a policy", allowed: ["policy", "days", "language"])
        self.init(
            policy: try fields.required("policy"), days: try fields.optional("days"),
            language: try fields.text("language"))
    }
}

/// Questions about the decisions of a placement, answered from the log.
package struct PlacementQuestions {
    private let log: EventLog
    private let now: Int64

    package static let daysMax = 3_650
    /// The newest trials that results are made of.
    private static let trialsMax = 500_000

    package init(log: EventLog, now: Int64) {
        self.log = log
        self.now = now
    }

    private func times(_ days: Int) -> Range<Int64> {
        now - Int64(min(max(1, days), Self.daysMax)) * 86_400_000..<now + 1
    }

    /// - Parameter title: what people call an item.
    package func results(
        _ placement: Placement, days: Int, learned: PolicyLearner.Counts? = nil,
        title: (String) -> String? = { _ in nil }
    ) throws -> PlacementResultsView {
        let trials = try log.snapshot().trials(
            of: placement.name, reward: placement.reward, features: nil, times: times(days), limit: Self.trialsMax)
        let lift = Lift.make(trials)
        return PlacementResultsView(
            placement: placement.name, policy: placement.policy.kind.rawValue, days: days,
            overall: .init(lift.overall, title: nil),
            subjects: lift.subjects.map { .init($0, title: $0.subject.flatMap(title)) },
            learned: learned.map { .init(trials: $0.trials, rewarded: $0.rewarded, late: $0.late) })
    }

    package func whatIf(_ policy: PolicySettings, _ placement: Placement, days: Int, korean: Bool) throws -> WhatIfView
    {
        var features = policy.features
        if let segment = policy.segment { features.append(segment) }
        let trials = try log.snapshot().trials(
            of: placement.name, reward: placement.reward, features: features, times: times(days),
            limit: WhatIf.trialsMax)
        return WhatIfView(placement.name, days: days, WhatIf.judge(policy, by: trials), korean: korean)
    }
}

extension LiveWorkspace {
    /// - Throws: `RecommendationError` with `notFound`.
    package func placementResults(_ name: String, days: Int) throws -> PlacementResultsView {
        let placement = try placements.placement(name).placement
        try decisions.journal.flush()
        return try PlacementQuestions(log: log, now: now()).results(
            placement, days: days, learned: policies.book.pages[name]?.learner.counts
        ) { [decisions] in decisions.catalogued($0, placement.model)?.title }
    }

    /// - Throws: `RecommendationError` with `notFound`.
    package func whatIf(_ policy: PolicySettings, at name: String, days: Int, korean: Bool) throws -> WhatIfView {
        let placement = try placements.placement(name).placement
        try decisions.journal.flush()
        return try PlacementQuestions(log: log, now: now()).whatIf(policy, placement, days: days, korean: korean)
    }
}

extension Workspace {
    /// A placement as it is stored; read also while a server has the folder open.
    ///
    /// - Throws: `RecommendationError` with `notFound`; `StateError`.
    package func readPlacement(_ name: String) throws -> Placement {
        guard FileManager.default.fileExists(atPath: statePath) else {
            throw RecommendationError(.notFound, "there is no placement '\(name.prefix(100))'")
        }
        let state = try StateDatabase.openForReading(statePath)
        defer { try? state.close() }
        return try PlacementService.placement(name, in: state)
    }
}
