/// Why something was done or not at a moment of a session, in words.
package enum MomentWords {
    private static let words: [String: (en: String, ko: String)] = [
        "buys_anyway": ("about to buy anyway", "어차피 구매하려는 참이에요"),
        "nothing_in_cart": ("about to leave with nothing in the cart", "장바구니가 빈 채로 떠나려 해요"),
        "leaves_cart": ("about to leave something in the cart", "장바구니에 담아 둔 채 떠나려 해요"),
        "hesitates_with_cart": ("hesitates with something in the cart", "장바구니에 담고 망설여요"),
        "hesitates": ("hesitates", "망설이고 있어요"), "compares": ("compares", "비교하고 있어요"),
        "looks_for_help": ("looks for help", "도움을 찾고 있어요"), "browses": ("browses", "둘러보고 있어요"),
        "no_coupon": ("no coupon is set", "정해 둔 쿠폰이 없어요"),
        "likely_to_buy": ("likely to buy without a coupon", "쿠폰 없이도 살 것 같아요"),
        "coupon_limit_of_person": ("has had their coupons", "받을 수 있는 쿠폰을 이미 받았어요"),
        "coupon_budget_spent": ("the day's budget for coupons is spent", "오늘의 쿠폰 예산을 다 썼어요"),
        "session_limit": ("enough was done in this session", "이번 방문에서는 할 만큼 했어요"),
        "no_profiling": ("does not want to be profiled", "프로필 분석에 동의하지 않았어요"),
        "no_session": ("no session goes on", "지금 방문 중이 아니에요"), "off": ("actions are off", "개입이 꺼져 있어요"),
        "holdout": ("held out, so that the difference can be seen", "효과를 비교하려고 아무것도 하지 않는 쪽이에요"),
    ]

    /// - Parameter codes: as decisions have them; what is not known stays as it is.
    package static func text(_ codes: [String], korean: Bool) -> String {
        codes.map { code in words[code].map { korean ? $0.ko : $0.en } ?? code }.joined(separator: korean ? ", " : "; ")
    }
}
