/// Something that can be booked.
package struct HomeService: Sendable {
    package enum Group: String, Sendable, CaseIterable {
        /// Wanted again and again, at each household's own cycle.
        case regular
        /// Wanted when something happens, such as moving.
        case event
        /// Wanted at a time of the year.
        case seasonal
    }

    /// Who can do it.
    package enum Trade: Int, Sendable, CaseIterable {
        case cleaning, laundry, car, animals, care, moving, connection, fitting, repair, climate, nature
        package var slug: String { String(describing: self) }
    }

    package var id: String
    package var korean: String
    package var english: String
    package var group: Group
    package var trade: Trade
    /// In won.
    package var price: Int
    package var minutes: Int
    /// How often a household that wants it wants it, in days, typically.
    var cycleDays = 0.0
    /// How likely a household wants it at all.
    var share = 0.0
    /// How likely somebody who moves needs it as well.
    var withMoving = 0.0
    /// Months (1 to 12, with fractions) around which it is wanted, and how wide the season is.
    var season = 0.0
    var seasonMonths = 1.0

    /// The forty services.
    package static let all: [HomeService] = regular + event + seasonal
    static let moving = all.firstIndex { $0.id == "moving" } ?? 0
    static let smallMoving = all.firstIndex { $0.id == "small-moving" } ?? 0
    /// What comes with moving, and how likely.
    static let movingNeeds = all.indices.filter { all[$0].withMoving > 0 }

    package static func index(id: String) -> Int? { all.firstIndex { $0.id == id } }

    private static func often(
        _ id: String, _ korean: String, _ english: String, _ trade: Trade, _ price: Int, _ minutes: Int,
        every days: Double, share: Double
    ) -> HomeService {
        HomeService(
            id: id, korean: korean, english: english, group: .regular, trade: trade, price: price, minutes: minutes,
            cycleDays: days, share: share)
    }

    private static func once(
        _ id: String, _ korean: String, _ english: String, _ trade: Trade, _ price: Int, _ minutes: Int,
        withMoving: Double, share: Double = 0.05
    ) -> HomeService {
        HomeService(
            id: id, korean: korean, english: english, group: .event, trade: trade, price: price, minutes: minutes,
            share: share, withMoving: withMoving)
    }

    private static func yearly(
        _ id: String, _ korean: String, _ english: String, _ trade: Trade, _ price: Int, _ minutes: Int,
        month: Double, width: Double, share: Double
    ) -> HomeService {
        HomeService(
            id: id, korean: korean, english: english, group: .seasonal, trade: trade, price: price, minutes: minutes,
            share: share, season: month, seasonMonths: width)
    }

    private static let regular: [HomeService] = [
        often("home-cleaning", "가사 청소", "Home cleaning", .cleaning, 55_000, 180, every: 14, share: 0.34),
        often("bathroom-cleaning", "욕실 청소", "Bathroom cleaning", .cleaning, 45_000, 90, every: 45, share: 0.12),
        often("fridge-tidying", "냉장고 정리", "Fridge tidying", .cleaning, 49_000, 120, every: 90, share: 0.07),
        often("office-cleaning", "사무실 청소", "Office cleaning", .cleaning, 75_000, 180, every: 7, share: 0.02),
        often("laundry", "세탁 수거", "Laundry pick-up", .laundry, 22_000, 30, every: 10, share: 0.12),
        often("bedding-laundry", "이불 빨래", "Bedding laundry", .laundry, 35_000, 30, every: 60, share: 0.1),
        often("car-wash", "방문 세차", "Car wash", .car, 29_000, 60, every: 21, share: 0.15),
        often("dog-walking", "반려견 산책", "Dog walking", .animals, 18_000, 60, every: 5, share: 0.03),
        often("cat-sitting", "고양이 돌봄", "Cat sitting", .animals, 25_000, 45, every: 30, share: 0.04),
        often("babysitting", "아이 돌봄", "Babysitting", .care, 52_000, 180, every: 8, share: 0.05),
        often("senior-company", "어르신 동행", "Company for seniors", .care, 48_000, 180, every: 16, share: 0.03),
        often("side-dishes", "반찬 도우미", "Cooking help", .care, 58_000, 180, every: 14, share: 0.05),
        often("pest-control", "정기 방역", "Pest control", .nature, 60_000, 60, every: 90, share: 0.05),
        often("plant-care", "화분 관리", "Plant care", .nature, 30_000, 60, every: 30, share: 0.03),
    ]
    private static let event: [HomeService] = [
        once("moving", "포장 이사", "Full-service moving", .moving, 850_000, 480, withMoving: 0, share: 0),
        once("small-moving", "원룸 이사", "Studio moving", .moving, 280_000, 240, withMoving: 0, share: 0),
        once("move-in-cleaning", "입주 청소", "Move-in cleaning", .cleaning, 280_000, 300, withMoving: 0.52, share: 0.02),
        once("internet", "인터넷 가입", "Internet connection", .connection, 33_000, 40, withMoving: 0.42),
        once("water-purifier", "정수기 렌탈", "Water purifier rental", .connection, 32_000, 40, withMoving: 0.22),
        once("aircon-relocation", "에어컨 이전 설치", "Air conditioner relocation", .climate, 150_000, 120, withMoving: 0.3),
        once("tv-mounting", "TV 벽걸이 설치", "TV mounting", .fitting, 70_000, 60, withMoving: 0.18),
        once("furniture-assembly", "가구 조립", "Furniture assembly", .fitting, 60_000, 90, withMoving: 0.24, share: 0.08),
        once("wallpaper", "도배·장판", "Wallpaper and floors", .fitting, 650_000, 480, withMoving: 0.14, share: 0.02),
        once("blinds", "커튼·블라인드", "Curtains and blinds", .fitting, 180_000, 90, withMoving: 0.16),
        once("lighting", "조명 설치", "Light fitting", .repair, 65_000, 60, withMoving: 0.12),
        once("junk-removal", "폐가구 수거", "Junk removal", .moving, 90_000, 60, withMoving: 0.28),
        once("door-lock", "도어록 교체", "Door lock", .repair, 130_000, 40, withMoving: 0.15),
        once("silicone", "실리콘 보수", "Sealing", .repair, 80_000, 90, withMoving: 0.04),
        once("plumbing", "배관 수리", "Plumbing", .repair, 95_000, 60, withMoving: 0.03, share: 0.12),
    ]
    private static let seasonal: [HomeService] = [
        yearly(
            "aircon-cleaning", "에어컨 청소", "Air conditioner cleaning", .climate, 85_000, 90, month: 6.4, width: 0.9,
            share: 0.4),
        yearly(
            "aircon-repair", "에어컨 수리", "Air conditioner repair", .climate, 110_000, 90, month: 7.6, width: 0.7,
            share: 0.08),
        yearly("boiler-check", "보일러 점검", "Boiler check", .climate, 55_000, 60, month: 10.9, width: 0.8, share: 0.18),
        yearly("boiler-repair", "보일러 수리", "Boiler repair", .climate, 120_000, 90, month: 1.2, width: 1.0, share: 0.06),
        yearly(
            "window-insulation", "단열 시공", "Window insulation", .fitting, 140_000, 150, month: 11.6, width: 0.8,
            share: 0.06),
        yearly(
            "mosquito-screens", "방충망 교체", "Mosquito screens", .fitting, 75_000, 90, month: 5.8, width: 0.8, share: 0.1),
        yearly(
            "washer-cleaning", "세탁기 청소", "Washer cleaning", .cleaning, 79_000, 90, month: 5.2, width: 1.5, share: 0.14),
        yearly("kimjang-help", "김장 도우미", "Kimchi making", .care, 120_000, 300, month: 11.8, width: 0.4, share: 0.06),
        yearly(
            "holiday-cleaning", "명절 대청소", "Holiday cleaning", .cleaning, 110_000, 240, month: 9.6, width: 0.5,
            share: 0.08),
        yearly(
            "mould-removal", "곰팡이 제거", "Mould removal", .cleaning, 130_000, 150, month: 8.0, width: 0.8, share: 0.07),
        yearly(
            "dehumidifier", "제습기 렌탈", "Dehumidifier rental", .connection, 29_000, 30, month: 7.2, width: 0.6,
            share: 0.06),
    ]
}
