import EventLog
import Foundation
import People
import Testing

struct SearchTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        let people: [(String, String, String, String, Double)] = [
            ("u1", "김철수", "서울", "010-1234-5678", 10), ("u2", "김영희", "부산", "010-2222-3333", 20),
            ("u3", "이철", "서울특별시", "+82 10 9999 0000", 30), ("u4", "박수", "대전", "02-345-6789", 40),
            ("u5", "Anna Müller", "Berlin", "+49 30 901820", 50), ("u6", "남궁민수", "제주", "", 60),
        ]
        bench.log.add(
            people.enumerated().map { index, person in
                event(
                    person.0, "Identified", at: Int64(index) * 100,
                    [
                        "name": .string(person.1), "city": .string(person.2), "phone": .string(person.3),
                        "spent": .number(person.4), "email": .string("\(person.0)@Example.com"),
                        "tags": .strings(["all", person.0]), "vip": .boolean(index % 2 == 0),
                    ])
            } + [event("0190a6e0-7c1c-7e4e-8d3f-2b1a0c9d8e7f", "Page Viewed", at: 1)])
        try bench.catchUp()
        return bench
    }

    @Test(
        arguments: [
            ("김철수", ["u1"]), ("철수", ["u1"]), ("김", ["u1", "u2"]), ("수", ["u1", "u4", "u6"]), ("이철", ["u3"]),
            ("궁민", ["u6"]), ("남궁민", ["u6"]), ("서울", ["u1", "u3"]), ("특별시", ["u3"]), ("박수", ["u4"]), ("müll", ["u5"]),
            ("MÜLLER", ["u5"]), ("ü", ["u5"]), ("an", ["u5"]), ("u3", ["u3"]), ("u2@example", ["u2"]),
            ("01012345678", ["u1"]), ("010-1234", ["u1"]), ("1234-5678", ["u1"]), ("+82 2 345 6789", ["u4"]),
            ("없는사람", []), ("%", []), ("_", []), ("\"", []), ("' OR 1=1", []), ("a AND b", []),
            ("0190a6e0-7c1c-7e4e-8d3f-2b1a0c9d8e7f", ["0190a6e0-7c1c-7e4e-8d3f-2b1a0c9d8e7f"]),
        ] as [(String, [String])])
    func personsAreFoundByAnyPartOfTheirTexts(_ text: String, _ expected: [String]) throws {
        let bench = try bench()
        var query = PeopleQuery()
        query.text = text
        #expect(try bench.people.search(query).persons.map(\.canonicalID).sorted() == expected)
        // The same in the form in which other systems write Hangul.
        query.text = text.decomposedStringWithCanonicalMapping
        #expect(try bench.people.search(query).persons.map(\.canonicalID).sorted() == expected)
    }

    @Test func aChangedNameIsFoundAndTheOldOneIsNot() throws {
        let bench = try bench()
        bench.log.add([event("u1", "X", at: 9_000, ["$set.name": .string("최민호")])])
        try bench.catchUp()
        var query = PeopleQuery()
        query.text = "민호"
        #expect(try bench.people.search(query).persons.map(\.name) == ["최민호"])
        query.text = "철수"
        #expect(try bench.people.search(query).persons.isEmpty)
    }

    @Test func filtersCompareTraitsByTypeAndLookIntoLists() throws {
        let bench = try bench()
        func found(_ filters: PeopleQuery.TraitFilter...) throws -> [String] {
            var query = PeopleQuery()
            query.traits = filters
            return try bench.people.search(query).persons.map(\.canonicalID).sorted()
        }
        #expect(try found(.init("city", .equals(.string("서울")))) == ["u1"])
        #expect(try found(.init("city", .oneOf([.string("서울"), .string("부산")]))) == ["u1", "u2"])
        #expect(try found(.init("spent", .between(20, 40))) == ["u2", "u3", "u4"])
        #expect(try found(.init("spent", .between(nil, 15))) == ["u1"])
        #expect(try found(.init("spent", .equals(.string("10")))) == [])
        #expect(try found(.init("tags", .equals(.string("u4")))) == ["u4"])
        #expect(try found(.init("vip", .equals(.boolean(true)))) == ["u1", "u3", "u5"])
        #expect(try found(.init("spent", .missing)) == ["0190a6e0-7c1c-7e4e-8d3f-2b1a0c9d8e7f"])
        #expect(try found(.init("vip", .exists), .init("spent", .between(55, nil))) == ["u6"])
        #expect(throws: PeopleError.self) { try found(.init("tags", .equals(.strings(["a"])))) }
    }

    @Test(arguments: PeopleQuery.Sort.allCases, [false, true])
    func pagesShowEveryPersonOnceInOrder(_ sort: PeopleQuery.Sort, _ ascending: Bool) throws {
        let bench = try bench()
        var query = PeopleQuery()
        query.sort = sort
        query.ascending = ascending
        let all = try bench.people.search(query).persons.map(\.canonicalID)
        #expect(all.count == 7)
        query.limit = 2
        var pages: [String] = []
        repeat {
            let page = try bench.people.search(query)
            pages += page.persons.map(\.canonicalID)
            query.cursor = page.cursor
        } while query.cursor != nil
        #expect(pages == all)
    }

    @Test func aStrangeCursorIsRefused() throws {
        let bench = try bench()
        var query = PeopleQuery()
        for cursor in ["", "x", "bGFzdFNlZW4KMA==", Data("name\n0\n1\nx".utf8).base64EncodedString()] {
            query.cursor = cursor
            #expect(throws: PeopleError.self) { try bench.people.search(query) }
        }
    }

    @Test(
        arguments: [
            ("010-1234-5678", "+821012345678"), ("+82 (0)10-1234-5678", "+821012345678"),
            ("821012345678", "+821012345678"),
            ("0082-10-1234-5678", "+821012345678"), ("02-123-4567", "+8221234567"), ("1588-1234", "+8215881234"),
            ("+1 (415) 555-0100", "+14155550100"), ("０１０-1234-5678", "+821012345678"), ("12345", nil), ("call me", nil),
            ("", nil), ("+", nil), ("010 1234 5678 ext 9", nil),
        ] as [(String, String?)])
    func telephoneNumbersGetOneForm(_ text: String, _ expected: String?) {
        #expect(AddressRules.phone(text) == expected)
    }

    @Test(
        arguments: [
            (" Kim@Example.COM ", "kim@example.com"), ("김@한국.kr", "김@한국.kr"), ("no", nil), ("a@b@c", nil), ("@x", nil),
            ("a b@c", nil),
        ] as [(String, String?)])
    func mailAddressesGetOneForm(_ text: String, _ expected: String?) {
        #expect(AddressRules.email(text) == expected)
    }
}
