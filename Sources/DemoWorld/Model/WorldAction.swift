/// Something that the business (its engine) does to one person. What it truly changes is known to the simulation and
/// written in the ground truth.
package enum WorldAction: Sendable, Hashable, Codable {
    /// A message on a channel, perhaps with an offer or about items.
    case message(Message)
    /// A coupon or another offer put into the person's hands without a message.
    case offer(Offer)
    /// From now on the person sees this price of an item, in KRW; nil gives the usual one back.
    case price(item: String, price: Int?)
    /// The person looks at a title with this picture.
    case artwork(item: String, artwork: String, position: Int)
    /// The person looks at a row of items; the first is seen most.
    case recommendations(placement: String, items: [String])
    /// A job is offered to a partner, with a pay (nil: the usual one).
    case job(order: String, pay: Int?)
    /// A customer's order is given to a partner without asking others.
    case match(order: String, partner: String)
    /// The customer is asked for so much more (or less: below 1) than usual for a service on a day.
    case surcharge(service: String, factor: Double)
    /// Money or points given back after something went wrong, in KRW.
    case compensation(amount: Int)
    /// Help where somebody stopped: a guide, a check list, a call.
    case help(topic: String)

    package struct Message: Sendable, Hashable, Codable {
        package var channel: Channel
        /// What it is about: `cart`, `winback`, `cycle`, `price-drop`, `back-in-stock`, `news`, `season`, ...
        package var topic: String
        /// Items that it shows.
        package var items: [String]
        package var offer: Offer?
        /// An id of the sender's, which the person's events then carry.
        package var id: String

        package init(_ channel: Channel, topic: String, items: [String] = [], offer: Offer? = nil, id: String = "") {
            self.channel = channel
            self.topic = topic
            self.items = items
            self.offer = offer
            self.id = id
        }
    }

    package enum Channel: String, Sendable, Hashable, Codable, CaseIterable {
        case email, push, sms, kakao, inApp

        package var name: StaticString {
            switch self {
            case .email: "email"
            case .push: "push"
            case .sms: "sms"
            case .kakao: "kakao"
            case .inApp: "inApp"
            }
        }
    }

    package struct Offer: Sendable, Hashable, Codable {
        package var code: String
        /// Off the price: 0.1 is 10 %.
        package var share: Double
        /// Off the price, in KRW.
        package var amount: Int
        /// Milliseconds UTC.
        package var expires: Int64

        package init(code: String, share: Double = 0, amount: Int = 0, expires: Int64) {
            self.code = code
            self.share = share
            self.amount = amount
            self.expires = expires
        }
    }
}

/// What was done to whom, and when.
package struct DatedAction: Sendable, Hashable, Codable {
    /// Milliseconds UTC, by the world's clock.
    package var time: Int64
    package var person: String
    package var action: WorldAction

    package init(_ action: WorldAction, to person: String, at time: Int64) {
        self.time = time
        self.person = person
        self.action = action
    }
}

/// What a person did at once because of an action. The events of it went to the log as well.
package struct WorldResponse: Sendable, Hashable {
    package enum Deed: String, Sendable, Hashable {
        /// The message arrived; without it the address was dead or the person had gone.
        case delivered
        case opened, clicked, unsubscribed
        case viewed, added, bought, played, rated
        case accepted, declined, booked, cancelled
    }

    package struct Reaction: Sendable, Hashable {
        package var deed: Deed
        /// Milliseconds UTC.
        package var time: Int64
        /// What it was done to, if anything.
        package var item: String?
        /// KRW for what was bought or booked, seconds for what was played, stars for what was rated.
        package var value: Double

        package init(_ deed: Deed, time: Int64, item: String? = nil, value: Double = 0) {
            self.deed = deed
            self.time = time
            self.item = item
            self.value = value
        }
    }

    /// In the order of time. Empty: nothing that can be seen.
    package var reactions: [Reaction]

    package init(_ reactions: [Reaction] = []) { self.reactions = reactions }

    package func did(_ deed: Deed) -> Bool { reactions.contains { $0.deed == deed } }

    /// The sum of the values of this deed.
    package func total(_ deed: Deed) -> Double { reactions.reduce(0) { $1.deed == deed ? $0 + $1.value : $0 } }
}
