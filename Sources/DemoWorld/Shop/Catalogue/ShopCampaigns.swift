import Foundation
import Statistics

/// How people come to the shop for the first time.
struct ShopCampaign: Sendable {
    var name: String
    var source: String
    var medium: String
    /// Of those who come, the weight.
    var weight: Double
    /// KRW a click; 0 for what costs nothing.
    var costPerClick: Double
    /// How much more readily than others those who come by it buy. True, and hidden.
    var quality: Double
    /// In fractions of a year: when it runs. Nil: always.
    var season: ClosedRange<Double>?
    var term: String?
    var content: String?

    var isPaid: Bool { costPerClick > 0 }

    static let all: [ShopCampaign] = [
        ShopCampaign(name: "", source: "direct", medium: "none", weight: 17, costPerClick: 0, quality: 1.25),
        ShopCampaign(name: "", source: "naver", medium: "organic", weight: 20, costPerClick: 0, quality: 1.1),
        ShopCampaign(name: "", source: "google", medium: "organic", weight: 8, costPerClick: 0, quality: 1.05),
        ShopCampaign(
            name: "친구초대", source: "referral", medium: "referral", weight: 5, costPerClick: 0, quality: 1.6),
        ShopCampaign(
            name: "브랜드검색", source: "naver", medium: "cpc", weight: 9, costPerClick: 240, quality: 1.3, term: "들꽃상회"),
        ShopCampaign(
            name: "쇼핑검색", source: "naver", medium: "cpc", weight: 11, costPerClick: 310, quality: 1.0, term: "생활용품"),
        ShopCampaign(
            name: "신규가입쿠폰", source: "instagram", medium: "paid_social", weight: 12, costPerClick: 420, quality: 0.75,
            content: "릴스A"),
        ShopCampaign(
            name: "룩북", source: "instagram", medium: "paid_social", weight: 6, costPerClick: 450, quality: 0.85,
            season: 0.15...0.6, content: "피드B"),
        ShopCampaign(
            name: "카카오선물", source: "kakao", medium: "display", weight: 5, costPerClick: 280, quality: 0.95),
        ShopCampaign(
            name: "유튜브리뷰", source: "youtube", medium: "influencer", weight: 4, costPerClick: 520, quality: 1.35),
        ShopCampaign(
            name: "앱설치", source: "google", medium: "app_campaign", weight: 6, costPerClick: 380, quality: 0.6),
        ShopCampaign(
            name: "11월세일", source: "kakao", medium: "display", weight: 9, costPerClick: 350, quality: 0.9,
            season: 0.82...0.87),
    ]

    init(
        name: String, source: String, medium: String, weight: Double, costPerClick: Double, quality: Double,
        season: ClosedRange<Double>? = nil, term: String? = nil, content: String? = nil
    ) {
        self.name = name
        self.source = source
        self.medium = medium
        self.weight = weight
        self.costPerClick = costPerClick
        self.quality = quality
        self.season = season
        self.term = term
        self.content = content
    }

    func runs(onDay day: Int) -> Bool { season?.contains(KoreanCalendar.seasonOfYear(day)) ?? true }

    /// Chooses among those that run on a day.
    static func draw(onDay day: Int, _ random: inout RandomSource) -> Int {
        let weights = all.map { $0.runs(onDay: day) ? $0.weight : 0 }
        return random.index(weights: weights)
    }

    /// The query of the address under which somebody lands.
    var query: String {
        guard !name.isEmpty else { return "" }
        var query = "?utm_source=\(source)&utm_medium=\(medium)&utm_campaign=\(ShopCampaign.encoded(name))"
        if let term { query += "&utm_term=\(ShopCampaign.encoded(term))" }
        if let content { query += "&utm_content=\(ShopCampaign.encoded(content))" }
        return query
    }

    var referrer: String? {
        switch (source, medium) {
        case ("naver", _): "https://search.naver.com/"
        case ("google", "organic"): "https://www.google.com/"
        case ("instagram", _): "https://l.instagram.com/"
        case ("youtube", _): "https://www.youtube.com/"
        case ("kakao", _): "https://pf.kakao.com/"
        default: nil
        }
    }

    /// For addresses: everything but ASCII letters and digits in percent signs.
    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexadecimal: byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
