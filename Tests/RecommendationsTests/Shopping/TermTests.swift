import Foundation
import Statistics
import Testing

@testable import Recommendations

struct TermTests {
    // MARK: Texts

    @Test func onlyOneFormIsLeftOfATerm() {
        #expect(TermText.normal("  드립백   커피 ") == "드립백 커피")
        #expect(TermText.normal("ＩＰｈｏｎｅ 15") == "iphone 15")
        #expect(TermText.normal("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}") == "한글")
        #expect(TermText.normal(String(repeating: "가", count: 500)).count == 60)
        #expect(TermText.normal(" \n") == "")
        #expect(TermText.pieces(of: "드립백커피") == TermText.pieces(of: "드립백 커피"))
        #expect(TermText.pieces(of: "").isEmpty)
        #expect(!TermText.pieces(of: "a").isEmpty)
    }

    @Test func syllablesComeApartIntoLetters() {
        #expect(String(Jamo.letters(of: "값 a")) == "ㄱㅏㅄa")
        #expect(String(Jamo.letters(of: "아몬드")) == "ㅇㅏㅁㅗㄴㄷㅡ")
    }

    @Test(
        arguments: [
            ("dkahsem", "아몬드"), ("tjszmfla", "선크림"), ("Elrnr", "띠국"), ("rhldktn", "괴아수"), ("dkssud 3", "안녕 3"),
            ("ekfrqkq", "닭밥"), ("iphone", nil), ("rkqt", "값"), ("hello", nil), ("", nil), ("QkFfo", "빨래"),
            ("rkqtqlTks", "값비싼"),
        ] as [(String, String?)])
    func whatWasTypedInLatinLettersBecomesKorean(typed: String, korean: String?) {
        #expect(KoreanKeyboard.korean(typed: typed) == korean)
    }

    /// By its definition, with a table for every pair of beginnings.
    private func slowDistance(_ a: [Character], _ b: [Character]) -> Int {
        var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count {
            for j in 0...b.count {
                if i == 0 || j == 0 {
                    table[i][j] = max(i, j)
                    continue
                }
                table[i][j] = min(
                    table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
                }
            }
        }
        return table[a.count][b.count]
    }

    @Test(arguments: 1...200)
    func theDistanceIsThatOfItsDefinition(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        func word() -> [Character] { (0..<random.index(below: 9)).map { _ in Array("ㄱㄴㅏㅓ")[random.index(below: 4)] } }
        let (a, b) = (word(), word())
        let truth = slowDistance(a, b)
        #expect(Jamo.distance(a, b) == truth, "seed \(seed)")
        for most in 0...4 {
            let told = Jamo.distance(a, b, most: most)
            #expect(truth <= most ? told == truth : told > most, "seed \(seed), at most \(most)")
        }
    }

    // MARK: Categories

    private static let known: [String: [String: Int]] = [
        "강아지 사료": ["반려 > 사료": 90, "반려 > 용품": 4], "고양이 사료": ["반려 > 사료": 70], "고양이 모래": ["반려 > 사료": 30],
        "스크래처": ["반려 > 용품": 20], "강아지 방석": ["반려 > 용품": 25], "수분크림": ["뷰티 > 스킨케어": 120],
        "세럼 추천": ["뷰티 > 스킨케어": 40], "클렌징폼": ["뷰티 > 스킨케어": 50], "선크림": ["뷰티 > 선케어": 80, "뷰티 > 스킨케어": 9],
        "선스틱": ["뷰티 > 선케어": 30], "드립백 커피": ["식품 > 간식": 60], "아몬드": ["식품 > 간식": 33], "탄산수": ["식품 > 간식": 44],
        "그래놀라": ["식품 > 간식": 15], "쿠션": ["뷰티 > 메이크업": 30], "립틴트": ["뷰티 > 메이크업": 33],
    ]

    @Test func aTermLeadsWherePeopleWhoUsedItEndedUp() {
        let terms = TermCategories(Self.known)
        for (term, categories) in Self.known {
            let most = categories.max { $0.value < $1.value }?.key
            let answer = terms.answer(term)
            #expect(answer.categories.first?.category == most, "\(term)")
            #expect(answer.leads && answer.basis == .term, "\(term)")
            #expect(abs(answer.categories.reduce(0) { $0 + $1.probability } - 1) < 0.2)
        }
    }

    @Test func anUnseenTermLeadsWhereItsPiecesLead() {
        let terms = TermCategories(Self.known)
        #expect(terms.answer("고양이사료 추천").categories.first?.category == "반려 > 사료")
        #expect(terms.answer("드립백커피").categories.first?.category == "식품 > 간식")
        #expect(terms.answer("강아지 사료를").basis == .similar)
        let unknown = terms.answer("노트북")
        #expect(unknown.basis == .nothing && !unknown.leads)
        #expect(terms.answer("").categories.isEmpty)
        #expect(TermCategories([:]).answer("선크림").categories.isEmpty)
        #expect(TermCategories([:]).answer("선크림").leads == false)
    }

    @Test(arguments: 1...4)
    func probabilitiesOfUnseenTermsAreRightOnAverage(seed: Int) {
        // Terms are made of syllables that each belong to a category, and some that belong to none.
        var random = RandomSource(seed: UInt64(seed))
        let syllables = Array("가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호")
        func term(_ category: Int) -> String {
            String(
                (0..<(2 + random.index(below: 3))).map { _ in
                    random.chance(0.45)
                        ? syllables[category * 8 + random.index(below: 8)] : syllables[random.index(below: 40)]
                })
        }
        var known: [String: [String: Int]] = [:]
        for _ in 0..<600 {
            let category = random.index(below: 5)
            known[term(category), default: [:]]["c\(category)", default: 0] += 1 + random.index(below: 20)
        }
        let terms = TermCategories(known)
        var (sure, right, count, hits) = (0.0, 0, 0, 0)
        for _ in 0..<2_000 {
            let category = random.index(below: 5)
            let answer = terms.answer(term(category))
            guard answer.basis == .similar, let first = answer.categories.first else { continue }
            count += 1
            sure += first.probability
            if first.category == "c\(category)" { right += 1 }
            hits += 1
        }
        #expect(count > 1_000)
        #expect(
            abs(sure / Double(count) - Double(right) / Double(count)) < 0.1,
            "seed \(seed): \(sure), \(right), \(count)")
        #expect(Double(right) / Double(count) > 0.5)
    }
}
