/// What the shop sells, by shelf. All brands are invented.
enum ShopAssortment {
    struct Department: Sendable {
        var name: String
        var slug: String
        /// How much of the interest goes there.
        var weight: Double
        var brands: [String]
        /// What goes before the noun in a product's name.
        var manners: [String]
        var shelves: [Shelf]
    }

    struct Shelf: Sendable {
        var name: String
        var slug: String
        var weight: Double
        /// Days until the same thing is needed again; 0 for what lasts.
        var cycleDays: Double
        var season: Season
        /// Of the products bought, the share that comes back.
        var returnShare: Double
        /// Nouns with their usual price in KRW.
        var goods: [(noun: String, price: Int)]
        var searches: [String]
    }

    enum Season: String, Sendable {
        case always, winter, spring, summer, autumn
        /// Given at Seollal and Chuseok.
        case feast
    }

    static let departments: [Department] = [
        Department(
            name: "뷰티", slug: "beauty", weight: 25, brands: ["솔빛", "하루결", "라온향", "무늬숲", "이슬담", "온유랩"],
            manners: ["순한", "촉촉한", "맑은", "하루", "진정", "비건"],
            shelves: [
                Shelf(
                    name: "스킨케어", slug: "skincare", weight: 5, cycleDays: 48, season: .always, returnShare: 0.03,
                    goods: [("수분크림", 24_900), ("세럼", 32_900), ("토너", 18_900), ("클렌징폼", 12_900), ("마스크팩 10매", 15_900)],
                    searches: ["수분크림", "세럼 추천", "클렌징폼", "마스크팩"]),
                Shelf(
                    name: "선케어", slug: "suncare", weight: 2, cycleDays: 55, season: .summer, returnShare: 0.03,
                    goods: [("선크림", 16_900), ("선스틱", 17_900), ("톤업 선쿠션", 27_900)], searches: ["선크림", "선스틱"]),
                Shelf(
                    name: "메이크업", slug: "makeup", weight: 3, cycleDays: 85, season: .always, returnShare: 0.06,
                    goods: [("쿠션", 26_900), ("립틴트", 13_900), ("아이섀도 팔레트", 24_900), ("마스카라", 16_900)],
                    searches: ["쿠션", "립틴트", "아이섀도"]),
                Shelf(
                    name: "헤어·바디", slug: "hairbody", weight: 3, cycleDays: 42, season: .winter, returnShare: 0.02,
                    goods: [("샴푸", 15_900), ("트리트먼트", 14_900), ("바디로션", 17_900), ("핸드크림 세트", 12_900)],
                    searches: ["샴푸", "핸드크림", "바디로션"]),
            ]),
        Department(
            name: "식품", slug: "food", weight: 22, brands: ["새벽뜰", "온담", "마루밥상", "달보드레", "들내음", "참살뜰"],
            manners: ["산지직송", "유기농", "갓 담은", "든든한", "두 번 고른", "소담한"],
            shelves: [
                Shelf(
                    name: "과일·채소", slug: "produce", weight: 4, cycleDays: 17, season: .always, returnShare: 0.015,
                    goods: [("감귤 3kg", 16_900), ("샤인머스캣 2kg", 29_900), ("고구마 3kg", 14_900), ("쌈채소 모둠", 9_900)],
                    searches: ["감귤", "샤인머스캣", "고구마"]),
                Shelf(
                    name: "간편식", slug: "readymeals", weight: 4, cycleDays: 14, season: .always, returnShare: 0.01,
                    goods: [("떡볶이 2인분", 8_900), ("손만두 1kg", 11_900), ("곰탕 4팩", 19_900), ("샐러드 5팩", 18_900)],
                    searches: ["떡볶이", "만두", "샐러드"]),
                Shelf(
                    name: "간식·음료", slug: "snacks", weight: 4, cycleDays: 21, season: .always, returnShare: 0.01,
                    goods: [
                        ("아몬드 500g", 13_900), ("드립백 커피 20입", 17_900), ("쌀과자 세트", 8_900), ("탄산수 20병", 15_900),
                        ("그래놀라", 11_900),
                    ],
                    searches: ["드립백 커피", "아몬드", "탄산수", "그래놀라"]),
                Shelf(
                    name: "선물세트", slug: "gifts", weight: 0.7, cycleDays: 0, season: .feast, returnShare: 0.02,
                    goods: [("한우 세트", 149_000), ("사과·배 세트", 59_900), ("홍삼 세트", 89_000), ("한과 세트", 39_900)],
                    searches: ["선물세트", "한우 선물세트", "추석 선물", "설 선물"]),
            ]),
        Department(
            name: "리빙", slug: "living", weight: 16, brands: ["모노온", "서랍장이", "다소니", "고요한집", "바른자리", "포옹"],
            manners: ["포근한", "정갈한", "북유럽풍", "무형광", "넉넉한", "데일리"],
            shelves: [
                Shelf(
                    name: "침구", slug: "bedding", weight: 2, cycleDays: 0, season: .winter, returnShare: 0.07,
                    goods: [("차렵이불", 59_900), ("경추베개", 34_900), ("매트리스 커버", 29_900)], searches: ["이불", "베개"]),
                Shelf(
                    name: "주방", slug: "kitchen", weight: 3, cycleDays: 0, season: .always, returnShare: 0.04,
                    goods: [("프라이팬", 32_900), ("밀폐용기 세트", 24_900), ("텀블러", 19_900), ("머그 2개", 16_900)],
                    searches: ["텀블러", "프라이팬", "밀폐용기"]),
                Shelf(
                    name: "청소·세탁", slug: "cleaning", weight: 4, cycleDays: 36, season: .always, returnShare: 0.01,
                    goods: [("세탁세제 3L", 15_900), ("주방세제", 7_900), ("섬유유연제", 11_900), ("청소포 100매", 9_900)],
                    searches: ["세탁세제", "섬유유연제", "주방세제"]),
                Shelf(
                    name: "향·조명", slug: "scent", weight: 2, cycleDays: 75, season: .autumn, returnShare: 0.04,
                    goods: [("캔들", 22_900), ("디퓨저", 25_900), ("무드등", 34_900)], searches: ["디퓨저", "캔들", "무드등"]),
            ]),
        Department(
            name: "패션", slug: "fashion", weight: 14, brands: ["느루", "가람결", "오르다", "윤슬옷", "바람의결"],
            manners: ["베이직", "오버핏", "소프트", "라이트", "클래식", "워싱"],
            shelves: [
                Shelf(
                    name: "여성의류", slug: "women", weight: 4, cycleDays: 0, season: .spring, returnShare: 0.16,
                    goods: [("원피스", 49_900), ("니트", 39_900), ("블라우스", 34_900), ("슬랙스", 42_900)],
                    searches: ["원피스", "니트", "슬랙스"]),
                Shelf(
                    name: "남성의류", slug: "men", weight: 2, cycleDays: 0, season: .autumn, returnShare: 0.13,
                    goods: [("옥스퍼드 셔츠", 36_900), ("치노팬츠", 39_900), ("맨투맨", 32_900)], searches: ["맨투맨", "셔츠"]),
                Shelf(
                    name: "잡화", slug: "accessories", weight: 3, cycleDays: 90, season: .winter, returnShare: 0.05,
                    goods: [("양말 5켤레", 9_900), ("에코백", 18_900), ("머플러", 27_900), ("볼캡", 21_900)],
                    searches: ["에코백", "양말", "머플러"]),
            ]),
        Department(
            name: "건강", slug: "health", weight: 10, brands: ["튼튼연구소", "하루한알", "푸른숨", "몸담"],
            manners: ["고함량", "데일리", "온가족", "식물성", "매일"],
            shelves: [
                Shelf(
                    name: "영양제", slug: "supplements", weight: 4, cycleDays: 60, season: .always, returnShare: 0.015,
                    goods: [("비타민C", 19_900), ("유산균", 29_900), ("오메가3", 24_900), ("루테인", 22_900)],
                    searches: ["유산균", "비타민C", "오메가3", "루테인"]),
                Shelf(
                    name: "운동", slug: "fitness", weight: 2, cycleDays: 0, season: .spring, returnShare: 0.05,
                    goods: [("요가매트", 29_900), ("폼롤러", 18_900), ("덤벨 세트", 39_900)], searches: ["요가매트", "폼롤러"]),
                Shelf(
                    name: "위생", slug: "hygiene", weight: 2, cycleDays: 40, season: .always, returnShare: 0.01,
                    goods: [("칫솔 8개", 9_900), ("치약 4개", 11_900), ("손세정제", 7_900)], searches: ["칫솔", "치약"]),
            ]),
        Department(
            name: "육아", slug: "kids", weight: 7, brands: ["아장아장", "꼬마숲", "토닥토닥"], manners: ["순면", "무자극", "말랑한", "안심"],
            shelves: [
                Shelf(
                    name: "기저귀·물티슈", slug: "diapers", weight: 4, cycleDays: 19, season: .always, returnShare: 0.01,
                    goods: [("기저귀 4팩", 49_900), ("물티슈 20팩", 19_900)], searches: ["기저귀", "물티슈"]),
                Shelf(
                    name: "장난감", slug: "toys", weight: 2, cycleDays: 0, season: .winter, returnShare: 0.04,
                    goods: [("원목 블록", 34_900), ("촉감책", 16_900), ("역할놀이 세트", 29_900)], searches: ["원목 블록", "촉감책"]),
            ]),
        Department(
            name: "반려", slug: "pets", weight: 6, brands: ["멍냥상회", "꼬리별", "발자국"],
            manners: ["소화 잘되는", "무곡물", "바삭한", "저알러지"],
            shelves: [
                Shelf(
                    name: "사료·간식", slug: "petfood", weight: 4, cycleDays: 27, season: .always, returnShare: 0.01,
                    goods: [
                        ("강아지 사료 3kg", 34_900), ("고양이 사료 2kg", 32_900), ("동결건조 간식", 12_900), ("고양이 모래 3포", 21_900),
                    ],
                    searches: ["강아지 사료", "고양이 모래", "고양이 사료"]),
                Shelf(
                    name: "용품", slug: "petgoods", weight: 1, cycleDays: 0, season: .always, returnShare: 0.06,
                    goods: [("방석", 28_900), ("스크래처", 17_900), ("산책 줄", 19_900)], searches: ["스크래처", "강아지 방석"]),
            ]),
        Department(
            name: "문구·취미", slug: "hobby", weight: 5, brands: ["종이달", "느린손", "여백"],
            manners: ["빈티지", "손으로 만든", "미니", "투명한"],
            shelves: [
                Shelf(
                    name: "문구", slug: "stationery", weight: 2, cycleDays: 70, season: .spring, returnShare: 0.02,
                    goods: [("다이어리", 15_900), ("만년필", 24_900), ("스티커 세트", 5_900)], searches: ["다이어리", "만년필"]),
                Shelf(
                    name: "공예", slug: "craft", weight: 2, cycleDays: 60, season: .winter, returnShare: 0.03,
                    goods: [("뜨개실 세트", 22_900), ("자수 키트", 18_900), ("수채화 키트", 26_900)], searches: ["뜨개실", "자수 키트"]),
            ]),
    ]

    /// Things that are looked for and not found.
    static let missingSearches = ["캠핑 텐트", "노트북", "자전거", "식물 화분", "안마기"]
}
