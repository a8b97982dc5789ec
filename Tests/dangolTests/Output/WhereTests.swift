import Analysis
import Testing

@testable import dangol

struct WhereTests {
    @Test(arguments: [
        ("city=Seoul", Filter.property("city", .equals, .string("Seoul"))),
        ("city=Seoul|Busan", .property("city", .equals, .string("Seoul"), .string("Busan"))),
        ("n=10", .property("n", .equals, .string("10"), .number(10))),
        ("ok!=true", .property("ok", .notEquals, .string("true"), .boolean(true))),
        ("total>=100", .property("total", .greaterOrEqual, .number(100))),
        ("total<2.5", .property("total", .less, .number(2.5))),
        ("name~^A=b", .property("name", .regex, .string("^A=b"))),
        ("name!~x", .property("name", .notRegex, .string("x"))),
        ("coupon:set", .property("coupon", .isSet)),
        ("coupon:unset", .property("coupon", .isNotSet)),
        ("products.sku=A 1", .property("products.sku", .equals, .string("A 1"))),
        ("도시=서울", .property("도시", .equals, .string("서울"))),
    ])
    func conditionsAreRead(_ text: String, _ filter: Filter) throws {
        #expect(try WhereOption.parse(text) == filter)
    }

    @Test(arguments: ["", "city", "=x", "total>many", ">5"])
    func whatIsNoConditionIsRefusedWithAnExample(_ text: String) {
        #expect(throws: Failure.self) { try WhereOption.parse(text) }
    }

    @Test func anEventMayHaveConditionsOfItsOwn() throws {
        let selector = try EventText.parse("Order[total>=100, city=Seoul]", common: [])
        #expect(selector.events == ["Order"])
        #expect(selector.filters.count == 2)
        #expect(selector.label == "Order[total>=100, city=Seoul]")
        #expect(try EventText.parse("Clicked [x", common: []).events == ["Clicked [x"])
    }

    @Test(arguments: [("400d", 400), ("2w", 14), ("1y", 365), ("3mo", 90)])
    func agesAreRead(_ text: String, _ days: Int64) throws {
        #expect(try Keeping.parse(text) == days * 86_400_000)
    }

    @Test(arguments: ["", "d", "0d", "-3d", "5", "5h", "99999999999999999999d"])
    func otherAgesAreRefused(_ text: String) {
        #expect(throws: Failure.self) { try Keeping.parse(text) }
    }

    @Test func foreverIsNoAge() throws {
        #expect(try Keeping.parse("forever") == nil)
    }
}
