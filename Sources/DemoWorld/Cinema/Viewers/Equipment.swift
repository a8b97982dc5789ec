/// What a title is watched on.
package enum Screen: Int, CaseIterable, Sendable {
    case tv, phone, tablet, computer

    package var slug: String {
        switch self {
        case .tv: "tv"
        case .phone: "mobile"
        case .tablet: "tablet"
        case .computer: "web"
        }
    }

    var system: String {
        switch self {
        case .tv: "Tizen"
        case .phone: "Android"
        case .tablet: "iPadOS"
        case .computer: "Windows"
        }
    }

    /// Attention that the first row of a page gets goes down the page by this factor from row to row: a thumb scrolls
    /// further than a remote control.
    var depth: Double {
        switch self {
        case .tv: 0.72
        case .phone: 0.82
        case .tablet: 0.78
        case .computer: 0.76
        }
    }
}

/// How the screen is connected.
package enum Network: Int, CaseIterable, Sendable {
    case ethernet, wifi, fiveG, lte

    package var slug: String {
        switch self {
        case .ethernet: "ethernet"
        case .wifi: "wifi"
        case .fiveG: "5g"
        case .lte: "lte"
        }
    }

    /// The usual rate in megabits a second.
    var megabits: Double {
        switch self {
        case .ethernet: 95
        case .wifi: 48
        case .fiveG: 60
        case .lte: 14
        }
    }
}

/// How much a phone may load on the road in a month.
package enum DataPlan: Int, CaseIterable, Sendable {
    case threeGigabytes, elevenGigabytes, unlimited

    package var slug: String {
        switch self {
        case .threeGigabytes: "3gb"
        case .elevenGigabytes: "11gb"
        case .unlimited: "unlimited"
        }
    }
}

/// The picture that a session gets.
package enum PictureQuality: Int, CaseIterable, Sendable, Comparable {
    case p360, p720, p1080, p2160

    package var slug: String {
        switch self {
        case .p360: "360p"
        case .p720: "720p"
        case .p1080: "1080p"
        case .p2160: "2160p"
        }
    }

    /// What a stream of this quality needs, in megabits a second.
    var megabits: Double {
        switch self {
        case .p360: 0.8
        case .p720: 3
        case .p1080: 6
        case .p2160: 18
        }
    }

    package static func < (left: PictureQuality, right: PictureQuality) -> Bool { left.rawValue < right.rawValue }

    /// The player's rule: the best that fits the screen, the plan, the contract of the phone and half of the line.
    static func chosen(on screen: Screen, over network: Network, data: DataPlan, plan: Plan) -> PictureQuality {
        var best = plan.bestQuality
        if screen == .phone || screen == .tablet { best = min(best, .p1080) }
        if network == .lte || network == .fiveG {
            switch data {
            case .threeGigabytes: best = min(best, .p360)
            case .elevenGigabytes: best = min(best, .p720)
            case .unlimited: break
            }
        }
        while best > .p360, best.megabits > network.megabits / 2 {
            best = PictureQuality(rawValue: best.rawValue - 1) ?? .p360
        }
        return best
    }
}

/// What a household pays for.
package enum Plan: Int, CaseIterable, Sendable {
    case withAds, basic, standard, premium

    package var slug: String {
        switch self {
        case .withAds: "ads"
        case .basic: "basic"
        case .standard: "standard"
        case .premium: "premium"
        }
    }

    package var korean: String {
        switch self {
        case .withAds: "광고형"
        case .basic: "베이직"
        case .standard: "스탠다드"
        case .premium: "프리미엄"
        }
    }

    /// A month, in won.
    package var price: Int {
        switch self {
        case .withAds: 5_500
        case .basic: 9_500
        case .standard: 13_500
        case .premium: 17_000
        }
    }

    var bestQuality: PictureQuality {
        switch self {
        case .withAds, .basic: .p720
        case .standard: .p1080
        case .premium: .p2160
        }
    }
}

/// Why somebody cancels.
package enum CancelReason: Int, CaseIterable, Sendable {
    case tooExpensive, nothingToWatch, noTime, technicalTrouble, otherService

    package var slug: String {
        switch self {
        case .tooExpensive: "too_expensive"
        case .nothingToWatch: "nothing_to_watch"
        case .noTime: "no_time"
        case .technicalTrouble: "technical_trouble"
        case .otherService: "other_service"
        }
    }
}
