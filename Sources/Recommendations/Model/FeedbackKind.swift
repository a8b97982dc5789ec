/// What an event says about an item: from a look to a refusal.
package enum FeedbackKind: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
    /// It was in sight: a list, a row, a search result that was opened.
    case view
    /// Its own page was looked at.
    case detail
    /// Liked, wished for, saved, followed.
    case like
    case cart
    /// Bought, booked, subscribed to.
    case purchase
    /// A portion of it was watched, listened to or read: `value` is the portion.
    case watched
    /// Rated: `value` is the rating.
    case rating
    /// Not wanted: never shown again.
    case dismissed

    /// How much it says when nobody has decided otherwise, beside a purchase as 1. A dismissal has no strength.
    package var standardStrength: Double {
        switch self {
        case .view: 0.1
        case .detail: 0.2
        case .like, .cart: 0.5
        case .purchase, .watched, .rating: 1
        case .dismissed: 0
        }
    }
}
