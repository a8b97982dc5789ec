import Analysis
import Foundation
import Testing

@testable import Insights

@Suite struct InsightRulesTests {
    @Test(arguments: [
        ("ord", "Order Completed", 0), ("comp", "Order Completed", 1), ("der", "Order Completed", 2),
        ("주문", "주문 완료", 0), ("ㅈㅁ", "주문 완료", 0), ("ㅇㄹ", "주문 완료", 1), ("주무", "주문 완료", 0), ("ㅈ", "상품 조회", 1),
    ])
    func namesAreFoundByAFewLetters(_ text: String, _ name: String, _ rank: Int) {
        #expect(NameSearch(text).rank(name) == rank)
        #expect(NameSearch(text.decomposedStringWithCanonicalMapping).rank(name) == rank)
    }

    @Test func whatDoesNotFitIsNotFound() {
        for (text, name) in [("주문", "주무"), ("ㅁㅈ", "주문"), ("orders", "Order"), ("문", "무늬"), ("자무", "주문")] {
            #expect(NameSearch(text).rank(name) == nil, "\(text) \(name)")
        }
        #expect(NameSearch("").search(["b", "a"], limit: 1) == ["b"])
        #expect(NameSearch("a").search(["ba", "a b", "b a", "x"], limit: 9) == ["a b", "b a", "ba"])
    }

    @Test func theOrderIsRecognisedAndItsCancellationIsNot() {
        let guess = EventGuess([
            ("Product Viewed", 900), ("Order Cancelled", 500), ("Order Completed", 100), ("Signed Up", 80),
            ("Product Added", 300), ("Identify", 950),
        ])
        #expect(guess.event(.buy) == "Order Completed" && guess.event(.signUp) == "Signed Up")
        #expect(guess.steps == ["Product Viewed", "Product Added", "Order Completed"])
        let korean = EventGuess([("상품 조회", 9), ("장바구니 담기", 5), ("주문 취소", 4), ("주문 완료", 3), ("회원가입", 2)])
        #expect(korean.steps == ["상품 조회", "장바구니 담기", "주문 완료"])
        #expect(
            korean.journey(names: ["1", "2", "3", "4", "5", "6", "7"]).map(\.selector.label) == [
                "1", "2", "3", "4", "5", "6", "7",
            ])
        #expect(EventGuess([("X", 1), ("Y", 2)]).steps == ["Y", "X"])
    }

    /// Whatever the log holds, each kind of starter is a query that decodes again.
    @Test func startersAreValidQueries() throws {
        let logs: [[(name: String, count: Int)]] = [
            [], [("X", 1)], [("Product Viewed", 9), ("Order Completed", 1)], [("Order Completed", 3)],
        ]
        for log in logs {
            let starters = StarterQueries(
                EventGuess(log), lastEvent: log.isEmpty ? nil : 1_717_200_000_000, now: 1_718_000_000_000,
                zone: try #require(ZoneName("Asia/Seoul")))
            for kind in Query.Kind.allCases where !(kind == .correlation && log.count < 2) {
                let query = starters.query(kind, stageNames: ["1", "2", "3", "4", "5", "6", "7"])
                let json = try JSONEncoder().encode(query)
                #expect(try Query(json: json) == query, "\(kind) \(log)")
            }
        }
        let old = StarterQueries(
            EventGuess([]), lastEvent: 1_717_200_000_000, now: 1_720_000_000_000, zone: .utc)
        #expect(
            old.range(days: 7).to?.description == "2024-06-01" && old.range(days: 7).from?.description == "2024-05-26")
    }
}
