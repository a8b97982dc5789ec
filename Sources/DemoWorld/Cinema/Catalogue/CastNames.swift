import Statistics

/// Someone who plays in titles.
package struct CastMember: Sendable {
    package var id: String
    package var korean: String
    package var english: String
    package var country: Country
    /// How well known: 0 to 1.
    package var fame: Double
}

/// Names of people who do not exist, in both scripts.
enum CastNames {
    static func member(_ index: Int, country: Country, fame: Double, random: inout RandomSource) -> CastMember {
        let (given, family) = parts(of: country)
        let first = given[random.index(below: given.count)]
        let last = family[random.index(below: family.count)]
        let korean: String
        let english: String
        switch country {
        case .korea:
            let second = secondSyllables[random.index(below: secondSyllables.count)]
            korean = last.korean + first.korean + second.korean
            english = "\(last.english) \(first.english)-\(second.english)"
        case .japan, .china:
            korean = "\(last.korean) \(first.korean)"
            english = "\(last.english) \(first.english)"
        case .america, .europe, .southeastAsia:
            korean = "\(first.korean) \(last.korean)"
            english = "\(first.english) \(last.english)"
        }
        let number = String(index + 1)
        let id = "cast-" + String(repeating: "0", count: max(0, 3 - number.count)) + number
        return CastMember(id: id, korean: korean, english: english, country: country, fame: fame)
    }

    private static let secondSyllables = BilingualWord.list(
        "담 dam, 롬 rom, 별 byeol, 솔 sol, 온 on, 휘 hwi, 결 gyeol, 령 ryeong, 새 sae, 찬 chan")

    private static func parts(of country: Country) -> (given: [BilingualWord], family: [BilingualWord]) {
        switch country {
        case .korea:
            (
                BilingualWord.list("가 Ga, 나 Na, 다 Da, 라 Ra, 마 Ma, 슬 Seul, 해 Hae, 은 Eun, 도 Do, 율 Yul, 태 Tae, 시 Si"),
                BilingualWord.list(
                    "구 Koo, 남궁 Namgung, 도 Do, 마 Ma, 방 Bang, 선우 Sunwoo, 여 Yeo, 옥 Ok, 제갈 Jegal, 탁 Tak, 함 Ham, 황보 Hwangbo")
            )
        case .america:
            (
                BilingualWord.list("데인 Dane, 코라 Cora, 웨스 Wes, 아이비 Ivy, 모건 Morgan, 셰이 Shay"),
                BilingualWord.list("홀로웨이 Holloway, 브릭스 Briggs, 파인더 Finder, 라크스퍼 Larkspur, 켈도 Keldo, 언더힐 Underhill")
            )
        case .japan:
            (
                BilingualWord.list("하루키요 Harukiyo, 미오리 Miori, 레이타 Reita, 카나호 Kanaho, 슌게 Shunge"),
                BilingualWord.list("아오바시 Aobashi, 쿠로이와 Kuroiwa, 미나토야 Minatoya, 시라카베 Shirakabe, 토오노 Toono")
            )
        case .europe:
            (
                BilingualWord.list("오드레아 Audrea, 마르코 Marco, 이네스 Ines, 루디 Rudi, 셀린느 Celine"),
                BilingualWord.list("벨라니 Bellani, 모르뱅 Morvain, 카스텔루 Castelou, 르누아르 Lenoir, 반데르크 Vanderk")
            )
        case .china:
            (
                BilingualWord.list("란위 Lanyu, 바이헝 Baiheng, 쯔모 Zimo, 윈커 Yunke"),
                BilingualWord.list("상관 Shangguan, 무 Mu, 롱 Rong, 치우 Qiu, 웨이츠 Weichi")
            )
        case .southeastAsia:
            (
                BilingualWord.list("나린 Narin, 수다 Suda, 린다 Linda, 타완 Tawan, 메이 May"),
                BilingualWord.list("프라섯 Prasert, 응우옌타 Nguyenta, 산토 Santo, 차이야 Chaiya")
            )
        }
    }
}
