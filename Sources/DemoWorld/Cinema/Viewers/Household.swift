/// People who share an account, a television and a bill: a circle of the world.
package struct Household: Sendable {
    package var index: Int
    package var id: String
    package var members: [Viewer]
    package var televisionID: String
    package var television: Device
    var homeNetwork: Network
    /// The local day on which they subscribe for the first time; it may be before the history begins.
    package var joins: Int
    package var source: Source
    package var subscription: Subscription?
    /// Subscriptions so far.
    package var subscriptions = 0
    /// Who writes on behalf of the account, with no device.
    let server: Sender
    var agenda: Agenda

    package struct Subscription: Sendable {
        package var plan: Plan
        /// The local day of its beginning.
        package var since: Int
        /// What the next bill is lowered by, in won.
        package var credit = 0
        /// A price of their own, in won.
        package var price: Int?

        package var monthlyPrice: Int { price ?? plan.price }
    }

    /// What brought them.
    package struct Source: Sendable {
        package var source: String
        package var medium: String
        package var campaign: String?
    }

    /// What is planned for the day that is being lived.
    struct Agenda: Sendable {
        enum Occasion: Sendable {
            /// Looks around, signs up and subscribes.
            case arrival
            /// Comes back by itself after having cancelled.
            case comeback
            case bill
            case session(member: Int, number: Int)
        }

        /// The local day that is planned next.
        var nextDay: Int
        var occasions: [(time: Int64, what: Occasion)] = []
        /// How many of them are over.
        var done = 0
    }

    /// How content the members are, those who watch more counting more.
    var satisfaction: Double {
        var sum = 0.0
        var weights = 0.0
        for member in members {
            let weight = 0.2 + member.state.hoursSinceBill
            sum += weight * member.state.satisfaction
            weights += weight
        }
        return sum / weights
    }
}
