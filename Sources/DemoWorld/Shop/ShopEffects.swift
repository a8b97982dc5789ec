import Foundation

/// The true effects of what is done to a customer. They are written into the ground truth; a capability that learns
/// should find them.
enum ShopEffects {
    // MARK: Messages

    /// Of the logit of opening, by channel.
    static func openBase(_ channel: WorldAction.Channel) -> Double {
        switch channel {
        case .email: -1.7
        case .push: -1.9
        case .sms: -1.1
        case .kakao: -0.6
        case .inApp: -0.3
        }
    }
    /// Added to the logit of opening at the best hour; as much is taken away at the worst.
    static let openAtBestHour = 0.7
    /// Taken from the logit of opening for each message of late.
    static let openPerMessage = -0.22
    /// Of the logit of going on to the shop once it is open.
    static let clickBase = -1.5
    /// Added to both logits by how much the message is about what the person wants: from 0 to 1.
    static let relevance = 1.9
    /// Added to the logit of a click by an offer: times its share of the price and the person's price sensitivity.
    static let clickPerOffer = 4.0
    /// Interest that a message leaves behind even when it is not opened.
    static let interestUnopened = 0.05
    /// What a message that leads to a visit adds to the readiness to buy what it is about.
    static let readinessAfterClick = 0.35
    /// Of the chance to unsubscribe, for each message; it grows with the messages of late.
    static let unsubscribeBase = 0.0008
    static let unsubscribePerMessage = 0.55
    /// What each message of late adds to the chance of losing interest for good.
    static let hazardPerMessage = 0.06
    /// Of somebody who has left: the chance that an opened message wins them back, before an offer counts.
    static let winBack = 0.12
    static let winBackPerOffer = 0.9

    // MARK: Price, help, amends

    /// Purchases of a product change by this power of its price, times the person's price sensitivity.
    static let priceExponent = -1.0
    /// How much satisfaction 10,000 KRW of amends give back, at most `compensationMax`.
    static let compensationPerTenThousand = 0.12
    static let compensationMax = 0.25
    /// What help adds to the chance of going on with a purchase that was left, when it is about where it stopped.
    static let helpWhereStopped = 0.22
    static let helpElsewhere = 0.04
    /// The share of people who look at each place in a row of items.
    static func examination(_ position: Int) -> Double { 1 / pow(Double(position + 1), 0.6) }

    // MARK: Satisfaction

    static let lateDelivery = -0.08
    static let poorProduct = -0.10
    static let goodProduct = 0.04
    static let slowAnswer = -0.06
    static let quickAnswer = 0.05

    static let all: [(name: String, value: Double)] =
        WorldAction.Channel.allCases.map { ("openBase.\($0.rawValue)", openBase($0)) } + [
            ("openAtBestHour", openAtBestHour), ("openPerMessage", openPerMessage), ("clickBase", clickBase),
            ("relevance", relevance), ("clickPerOffer", clickPerOffer), ("interestUnopened", interestUnopened),
            ("readinessAfterClick", readinessAfterClick), ("unsubscribeBase", unsubscribeBase),
            ("unsubscribePerMessage", unsubscribePerMessage), ("hazardPerMessage", hazardPerMessage),
            ("winBack", winBack), ("winBackPerOffer", winBackPerOffer), ("priceExponent", priceExponent),
            ("compensationPerTenThousand", compensationPerTenThousand), ("compensationMax", compensationMax),
            ("helpWhereStopped", helpWhereStopped), ("helpElsewhere", helpElsewhere), ("lateDelivery", lateDelivery),
            ("poorProduct", poorProduct), ("goodProduct", goodProduct), ("slowAnswer", slowAnswer),
            ("quickAnswer", quickAnswer),
        ]
}
