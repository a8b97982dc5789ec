import EventLog
package import Lifecycle

/// Answers about moments as JSON, which the API writes and commands read.
package struct IntentView: Codable, Sendable {
    package struct State: Codable, Sendable {
        package var state: IntentState
        package var probability: Double?
        package var holds: Bool
    }

    package struct Session: Codable, Sendable {
        package var start: String
        package var last: String
        package var idleSeconds: Double
        package var events: Int
        package var itemsViewed: Int
        package var searches: Int
        package var cartItems: Int
        package var hasBought: Bool
        package var signs: [SessionSign]
    }

    package struct Recommended: Codable, Sendable {
        package var action: MomentAction
        package var reasons: [String]
    }

    package var key: String?
    /// Whether a session goes on.
    package var isActive: Bool
    package var state: IntentState?
    package var states: [State] = []
    package var outcomes: [String: Double]?
    package var session: Session?
    package var recommended: Recommended?
    package var modelVersion: Int?

    package init(
        key: String?, _ reading: IntentReading?, _ recommended: (action: MomentAction, reasons: [String])? = nil
    ) {
        self.key = key
        isActive = reading != nil
        guard let reading else { return }
        state = reading.state
        states = reading.states.map {
            State(state: $0.state, probability: $0.probability.map(rounded), holds: $0.holds)
        }
        outcomes = reading.outcomes.map { outcomes in
            Dictionary(uniqueKeysWithValues: outcomes.map { ($0.key.rawValue, rounded($0.value)) })
        }
        let summary = reading.session
        session = Session(
            start: Timestamp.text(summary.start), last: Timestamp.text(summary.last),
            idleSeconds: summary.idleSeconds.rounded(), events: summary.events, itemsViewed: summary.itemsViewed,
            searches: summary.searches, cartItems: summary.cartItems, hasBought: summary.hasBought,
            signs: summary.signs)
        self.recommended = recommended.map { Recommended(action: $0.action, reasons: $0.reasons) }
        modelVersion = reading.version
    }
}

/// Four digits: what a probability is good for.
private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

package struct MomentView: Codable, Sendable {
    package var decisionId: String?
    package var action: MomentAction
    package var coupon: String?
    package var reasons: [String]
    package var isRepeated: Bool
    package var state: IntentState?

    package init(_ decision: MomentDecision) {
        decisionId = decision.id
        action = decision.action
        coupon = decision.couponCode
        reasons = decision.reasons
        isRepeated = decision.isRepeated
        state = decision.reading?.state
    }
}

package struct IntentOverviewView: Codable, Sendable {
    package struct State: Codable, Sendable {
        package struct Person: Codable, Sendable {
            package var key: String
            package var probability: Double?
            package var idleSeconds: Double
            package var cartItems: Int
        }

        package var state: IntentState
        package var count: Int
        package var people: [Person]
    }

    package var time: String
    package var total: Int
    package var waiting: Int
    package var states: [State]
}

package struct MomentResultsView: Codable, Sendable {
    package struct Arm: Codable, Sendable {
        package var people: Int
        package var buyers: Int
        package var value: Double

        init(_ arm: MomentResults.Arm) {
            people = arm.people
            buyers = arm.buyers
            value = arm.value
        }
    }

    package struct Difference: Codable, Sendable {
        package var estimate: Double
        package var low: Double
        package var high: Double
    }

    package struct Group: Codable, Sendable {
        /// `all`, or the action.
        package var action: String
        package var with: Arm
        package var without: Arm
        package var difference: Difference?
        package var isEnough: Bool
        package var coupons: Int
        package var cost: Double
    }

    package var hours: Int
    package var open: Int
    package var groups: [Group]

    package init(_ results: MomentResults) {
        hours = results.hours
        open = results.open
        groups = results.groups.map { group in
            Group(
                action: group.action?.rawValue ?? "all", with: Arm(group.treated), without: Arm(group.held),
                difference: group.difference.map {
                    Difference(estimate: rounded($0.estimate), low: rounded($0.low), high: rounded($0.high))
                }, isEnough: group.isEnough, coupons: group.coupons, cost: group.cost)
        }
    }
}

package struct IntentVersionsView: Codable, Sendable {
    package var active: Int?
    package var versions: [IntentVersion]
    package var damage: [String]

    package init(_ found: IntentService.Versions) {
        active = found.active
        versions = found.versions
        damage = found.damage
    }
}
