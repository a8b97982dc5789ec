package import Statistics

/// Who somebody is on paper: a Korean name, a birthday, a home. Invented, and seen to be so: addresses end in
/// example.com, and mobile numbers begin 010-0, a range that is given to nobody.
package struct Resident: Sendable, Hashable {
    package enum Gender: String, Sendable, Hashable { case female, male }

    package var name: String
    package var gender: Gender
    package var birthYear: Int
    /// Index into `Resident.cities`.
    package var city: Int
    /// Index into the city's districts.
    package var district: Int
    /// `010-0123-4567`.
    package var phone: String
    package var email: String

    package var cityName: String { Self.cities[city].name }
    package var districtName: String { Self.cities[city].districts[district] }
    package func age(inYear year: Int) -> Int { year - birthYear }

    /// - Parameters:
    ///   - index: of the person, which goes into the addresses, so that no two are alike.
    ///   - femaleShare: of the customers.
    ///   - meanAge: the age that most are near.
    package init(
        _ index: Int, year: Int, femaleShare: Double = 0.5, meanAge: Double = 36, random source: inout RandomSource
    ) {
        gender = source.chance(femaleShare) ? .female : .male
        let age = min(max(source.normal(mean: meanAge, deviation: 10.5), 18), 79)
        birthYear = year - Int(age)
        let surname = Self.surnames[Self.surnameDraw.draw(&source)]
        // Names have fashions: of those above and below forty.
        let isYoung = age < 40
        let given: [(korean: String, latin: String)] =
            switch gender {
            case .female: isYoung ? Self.youngWomen : Self.olderWomen
            case .male: isYoung ? Self.youngMen : Self.olderMen
            }
        let first = given[source.index(below: given.count)]
        name = surname.korean + first.korean
        city = Self.cityDraw.draw(&source)
        district = source.index(below: Self.cities[city].districts.count)
        phone = Self.phone(index)
        email = "\(first.latin).\(surname.latin)\(index)@example.com"
    }

    private static func phone(_ index: Int) -> String {
        // A bijection of the seven digits, so that neighbours do not look alike.
        let digits = (index * 7_368_787 + 1_203_457) % 10_000_000
        let text = String(digits)
        let padded = String(repeating: "0", count: max(0, 7 - text.count)) + text
        return "010-0\(padded.prefix(3))-\(padded.suffix(4))"
    }

    // MARK: Names

    /// By their share of the population (Statistics Korea, census of 2015), in thousandths.
    private static let surnames: [(korean: String, latin: String, weight: Double)] = [
        ("김", "kim", 215), ("이", "lee", 147), ("박", "park", 84), ("최", "choi", 47), ("정", "jung", 43),
        ("강", "kang", 24), ("조", "cho", 21), ("윤", "yoon", 21), ("장", "jang", 20), ("임", "lim", 17),
        ("한", "han", 15), ("오", "oh", 15), ("서", "seo", 15), ("신", "shin", 15), ("권", "kwon", 14),
        ("황", "hwang", 14), ("안", "ahn", 14), ("송", "song", 14), ("류", "ryu", 13), ("전", "jeon", 11),
        ("홍", "hong", 11), ("고", "ko", 9), ("문", "moon", 9), ("양", "yang", 9), ("손", "son", 9),
        ("배", "bae", 8), ("백", "baek", 8), ("허", "heo", 7), ("남", "nam", 6), ("노", "noh", 6),
    ]
    private static let surnameDraw = Categorical(weights: surnames.map(\.weight))

    private static let youngWomen = [
        ("서연", "seoyeon"), ("지우", "jiwoo"), ("민서", "minseo"), ("수빈", "subin"), ("하은", "haeun"), ("예진", "yejin"),
        ("지민", "jimin"), ("유진", "yujin"), ("다은", "daeun"), ("채원", "chaewon"), ("소연", "soyeon"), ("은지", "eunji"),
        ("가영", "gayoung"), ("혜린", "hyerin"), ("나연", "nayeon"), ("보람", "boram"), ("아름", "areum"), ("슬기", "seulgi"),
        ("세아", "sea"), ("윤서", "yoonseo"),
    ]
    private static let youngMen = [
        ("민준", "minjun"), ("서준", "seojun"), ("지훈", "jihoon"), ("현우", "hyunwoo"), ("준서", "junseo"), ("도윤", "doyoon"),
        ("건우", "gunwoo"), ("우진", "woojin"), ("승현", "seunghyun"), ("재원", "jaewon"), ("태윤", "taeyoon"),
        ("동현", "donghyun"),
        ("시우", "siwoo"), ("한결", "hangyeol"), ("규민", "gyumin"), ("찬영", "chanyoung"), ("은호", "eunho"), ("성민", "sungmin"),
    ]
    private static let olderWomen = [
        ("미경", "mikyung"), ("은주", "eunju"), ("정숙", "jungsook"), ("현주", "hyunju"), ("영미", "youngmi"), ("지영", "jiyoung"),
        ("은경", "eunkyung"), ("혜정", "hyejung"), ("선영", "sunyoung"), ("수진", "sujin"), ("경희", "kyunghee"), ("미선", "misun"),
        ("윤정", "yoonjung"), ("주희", "juhee"),
    ]
    private static let olderMen = [
        ("성호", "sungho"), ("영수", "youngsoo"), ("정훈", "junghoon"), ("상현", "sanghyun"), ("동욱", "dongwook"),
        ("경수", "kyungsoo"), ("재호", "jaeho"), ("용준", "yongjun"), ("진우", "jinwoo"), ("병철", "byungchul"),
        ("승우", "seungwoo"),
        ("기태", "kitae"), ("종민", "jongmin"), ("태식", "taesik"),
    ]

    // MARK: Homes

    package struct City: Sendable, Hashable {
        package var name: String
        /// Of the customers, in thousandths.
        package var weight: Double
        package var districts: [String]
    }

    package static let cities: [City] = [
        City(
            name: "서울", weight: 318,
            districts: [
                "강남구", "서초구", "송파구", "마포구", "성동구", "용산구", "영등포구", "강서구", "관악구", "노원구", "은평구", "광진구", "동작구", "양천구",
                "종로구",
            ]),
        City(name: "수원", weight: 62, districts: ["영통구", "권선구", "장안구", "팔달구"]),
        City(name: "성남", weight: 58, districts: ["분당구", "수정구", "중원구"]),
        City(name: "고양", weight: 52, districts: ["일산동구", "일산서구", "덕양구"]),
        City(name: "용인", weight: 52, districts: ["수지구", "기흥구", "처인구"]),
        City(name: "인천", weight: 82, districts: ["연수구", "남동구", "부평구", "서구", "미추홀구"]),
        City(name: "부산", weight: 92, districts: ["해운대구", "수영구", "동래구", "부산진구", "남구", "사하구"]),
        City(name: "대구", weight: 62, districts: ["수성구", "달서구", "중구", "북구"]),
        City(name: "대전", weight: 46, districts: ["유성구", "서구", "중구"]),
        City(name: "광주", weight: 40, districts: ["서구", "북구", "광산구"]),
        City(name: "울산", weight: 30, districts: ["남구", "중구", "울주군"]),
        City(name: "세종", weight: 20, districts: ["한솔동", "도담동", "새롬동"]),
        City(name: "창원", weight: 28, districts: ["성산구", "의창구", "마산합포구"]),
        City(name: "전주", weight: 22, districts: ["완산구", "덕진구"]),
        City(name: "청주", weight: 20, districts: ["흥덕구", "상당구"]),
        City(name: "제주", weight: 16, districts: ["제주시", "서귀포시"]),
    ]
    private static let cityDraw = Categorical(weights: cities.map(\.weight))
}
