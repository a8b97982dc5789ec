import Statistics

/// What the synthetic shop sells, where its people live, and how they come.
struct TrafficCatalogue {
    struct Product {
        var id: String
        var name: String
        var category: String
        /// In KRW.
        var price: Int
    }

    static let cities = [
        "서울", "부산", "Incheon", "대구", "Daejeon", "광주", "수원", "Seongnam", "고양", "Yongin", "울산", "창원", "Cheongju", "전주",
        "Cheonan", "제주", "Pohang", "김해", "세종", "Gangneung",
    ]
    static let devices = ["ios", "android", "web", "mobile web"]
    static let channels = [
        "direct", "organic", "naver", "google", "kakao", "instagram", "youtube", "affiliate", "email", "push",
    ]
    static let campaigns = ["", "", "", "brand", "spring_sale", "신규가입", "retarget", "추석선물", "newsletter", "comeback"]
    static let plans = ["basic", "plus", "premium"]
    static let coupons = ["WELCOME10", "단골5000", "FREESHIP", "APP3000", "주말특가", "THANKYOU"]
    /// In KRW; 0 is a share of 10 %.
    static let discounts = [0, 5_000, 3_000, 3_000, 4_000, 2_000]
    static let searches = [
        "감귤", "커피", "coffee", "운동화", "선크림", "노트북", "텀블러", "이불", "원피스", "간식", "diapers", "샴푸", "wireless earbuds",
        "쌀 10kg",
        "캠핑 의자", "선물세트",
    ]
    static let pages = ["/", "/home", "/best", "/new", "/event", "/sale", "/my", "/orders", "/help", "/magazine"]

    private static let categories: [(name: String, low: Int, high: Int, items: [String])] = [
        ("신선식품", 4_900, 49_000, ["제주 감귤", "한우 불고기", "유기농 달걀", "Salmon fillet", "샤인머스캣", "두부", "시금치", "쌀"]),
        ("생활용품", 2_900, 39_000, ["Tissue", "세탁세제", "텀블러", "수건 세트", "Storage box", "칫솔", "주방세제", "휴지"]),
        ("뷰티", 7_900, 89_000, ["선크림", "립밤", "Serum", "쿠션", "샴푸", "핸드크림", "Perfume", "마스크팩"]),
        ("패션", 12_900, 159_000, ["원피스", "Sneakers", "니트", "청바지", "Socks", "패딩", "Cap", "가디건"]),
        ("전자제품", 19_900, 890_000, ["무선 이어폰", "Keyboard", "모니터", "가습기", "Power bank", "공기청정기", "Mouse", "스탠드"]),
        ("도서", 9_000, 36_000, ["소설", "에세이", "Cookbook", "그림책", "경제", "만화", "Travel guide", "문제집"]),
        ("육아", 5_900, 119_000, ["기저귀", "분유", "Toy blocks", "물티슈", "유아 의자", "Picture cards", "젖병", "아기 옷"]),
        ("캠핑", 8_900, 259_000, ["텐트", "캠핑 의자", "Lantern", "침낭", "버너", "Cooler", "해먹", "테이블"]),
    ]

    let products: [Product]
    /// 4,096 draws of a product: a few sell much, most sell little.
    let popularity: [UInt16]
    let cityDraw: Categorical

    /// The catalogue is part of the shop: it depends on the seed.
    init(seed: UInt64) {
        var source = RandomSource(seed: seed, stream: 0xCA7A_1060)
        var products: [Product] = []
        for round in 0..<10 {
            for category in Self.categories {
                for item in category.items {
                    let share = source.beta(1.4, 4)
                    let price = Double(category.low) + share * Double(category.high - category.low)
                    let number = products.count + 1
                    let id = "p-" + String(repeating: "0", count: 4 - String(number).count) + String(number)
                    // Prices end in 900, as prices do.
                    products.append(
                        Product(
                            id: id, name: round == 0 ? item : "\(item) \(round + 1)호", category: category.name,
                            price: max(1_900, Int(price) / 1_000 * 1_000 + 900)))
                }
            }
        }
        var ranks = Array(products.indices)
        ranks.shuffle(using: &source)
        popularity = (0..<4_096).map { _ in UInt16(ranks[source.zipf(count: ranks.count, exponent: 0.9) - 1]) }
        self.products = products
        cityDraw = Categorical(weights: (1...Self.cities.count).map { 1 / Double($0 + 1) })
    }

    // MARK: What follows from a person's and a session's number

    /// The product in one slot of a session.
    @inline(__always)
    func product(_ seed: UInt64, _ record: ShopRecord, slot: Int) -> Int {
        let hash = Self.hash(seed, record, UInt64(slot))
        return Int(popularity[Int(hash >> 52)])
    }

    @inline(__always)
    static func hash(_ seed: UInt64, _ record: ShopRecord, _ what: UInt64) -> UInt64 {
        let place = UInt64(record.person) << 24 | UInt64(record.session) << 8 | what
        return SplitMix64.mix(seed ^ (place &+ 1) &* SplitMix64.increment)
    }

    /// The quantity in a cart: mostly 1.
    static func quantity(_ hash: UInt64) -> Int {
        switch hash & 15 {
        case 0: 3
        case 1, 2, 3: 2
        default: 1
        }
    }
}
