/// What happens in the synthetic shop. The raw values index the tables of `ShopLineWriter`.
enum ShopEventKind: UInt8, CaseIterable {
    case pageViewed, categoryViewed, productSearched, productViewed, reviewRead
    case appOpened, signedUp, signedIn
    case productWished, productShared, productAdded, productRemoved, cartViewed
    case couponViewed, couponApplied, pointsUsed, pointsEarned
    case checkoutStarted, shippingEntered, paymentEntered, paymentFailed
    case orderCompleted, orderDelivered, orderRefunded, reviewWritten
    case pushReceived, pushOpened, emailOpened
    case friendInvited, supportAsked, settingsChanged, subscriptionStarted
    /// Not an event: the line that joins an anonymous id to a known one.
    case identify

    var name: String {
        switch self {
        case .pageViewed: "Page Viewed"
        case .categoryViewed: "Category Viewed"
        case .productSearched: "Product Searched"
        case .productViewed: "Product Viewed"
        case .reviewRead: "Review Read"
        case .appOpened: "App Opened"
        case .signedUp: "Signed Up"
        case .signedIn: "Signed In"
        case .productWished: "Product Wished"
        case .productShared: "Product Shared"
        case .productAdded: "Product Added"
        case .productRemoved: "Product Removed"
        case .cartViewed: "Cart Viewed"
        case .couponViewed: "Coupon Viewed"
        case .couponApplied: "Coupon Applied"
        case .pointsUsed: "Points Used"
        case .pointsEarned: "Points Earned"
        case .checkoutStarted: "Checkout Started"
        case .shippingEntered: "Shipping Entered"
        case .paymentEntered: "Payment Entered"
        case .paymentFailed: "Payment Failed"
        case .orderCompleted: "Order Completed"
        case .orderDelivered: "Order Delivered"
        case .orderRefunded: "Order Refunded"
        case .reviewWritten: "Review Written"
        case .pushReceived: "Push Received"
        case .pushOpened: "Push Opened"
        case .emailOpened: "Email Opened"
        case .friendInvited: "Friend Invited"
        case .supportAsked: "Support Asked"
        case .settingsChanged: "Settings Changed"
        case .subscriptionStarted: "Subscription Started"
        case .identify: ""
        }
    }

    /// Browsing without consequences: left out or added to meet the exact number of events.
    var isFiller: Bool { rawValue <= ShopEventKind.productSearched.rawValue }
    /// Done by the person within a session, not by the shop some time later.
    var isInSession: Bool {
        switch self {
        case .pushReceived, .orderDelivered, .orderRefunded, .reviewWritten, .identify: false
        default: true
        }
    }
}

/// Under which ids a line is sent.
enum ShopIdentity: UInt8 {
    case anonymous, known, secondAnonymous
    /// Both the known id and the anonymous id of the first or second device: sign-up, sign-in and identify lines.
    case joined, secondJoined
}

/// One line to come, in 16 bytes. Everything else follows from the seed, the person and the session.
struct ShopRecord {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    var time: Int64
    var person: UInt32
    /// The number of the person's session.
    var session: UInt16
    var kind: ShopEventKind
    /// Bits 0-4: a product of the session (0-7 are those in the cart, from 8 on those only looked at), or for an order
    /// the number of products in bits 0-2 and whether a coupon was used in bit 3. Bits 5-7: the identity.
    var detail: UInt8

    var identity: ShopIdentity { ShopIdentity(rawValue: detail >> 5) ?? .known }
    var slot: Int { Int(detail & 31) }
    var cartCount: Int { Int(detail & 7) }
    var hasCoupon: Bool { detail & 8 != 0 }
}
