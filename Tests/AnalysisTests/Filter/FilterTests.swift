import EventLog
import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct FilterTests {
    static let events: [Event] = {
        let values: [PropertyValue?] = [
            nil, .string("Seoul"), .string("서울 강남"), .string("3"), .string("2024-05-01"), .number(3), .number(3.5),
            .number(-1), .boolean(true), .time(milliseconds("2024-05-01T09:00:00Z")), .strings(["a", "Seoul"]),
            .strings([]), .numbers([1, 3]), .booleans([false, true]), .times([milliseconds("2024-05-02T00:00:00Z")]),
        ]
        return values.enumerated().map { index, value in
            Event(
                person: "p\(index)", name: "A", time: milliseconds("2024-05-10T00:00:00Z"),
                properties: value.map { [Event.Property("v", $0)] } ?? [])
        }
    }()

    /// Which of the values above match: their indices.
    private func matching(_ filter: String, zone: String = "UTC") throws -> Set<Int> {
        let asker = try Asker(FilterTests.events)
        let result = try asker.funnel(
            """
            {"kind":"funnel","steps":[{"event":"A","filters":\(filter)}],"timeZone":"\(zone)",
             "people":{"step":0,"outcome":"converted"}}
            """)
        return Set((result.people ?? []).compactMap { Int($0.dropFirst()) })
    }

    private let all = Set(0..<15)

    @Test func equalsComparesAsTheOperandIs() throws {
        #expect(try matching(#"{"property":"v","value":"Seoul"}"#) == [1, 10])
        #expect(try matching(#"{"property":"v","value":3}"#) == [3, 5, 12])
        #expect(try matching(#"{"property":"v","value":"3"}"#) == [3, 5, 12])
        #expect(try matching(#"{"property":"v","value":true}"#) == [8, 13])
        #expect(try matching(#"{"property":"v","op":"in","value":["Seoul",3.5]}"#) == [1, 6, 10])
        // Decomposed Hangul is the same text.
        #expect(
            try matching("{\"property\":\"v\",\"value\":\"\("서울 강남".decomposedStringWithCanonicalMapping)\"}") == [2])
    }

    @Test func negationsAreComplements() throws {
        for (positive, negative, value) in [
            ("equals", "not_equals", "\"Seoul\""), ("in", "not_in", "[3,\"Seoul\"]"),
            ("contains", "not_contains", "\"s\""), ("regex", "not_regex", "\"^S\""),
        ] {
            let yes = try matching("{\"property\":\"v\",\"op\":\"\(positive)\",\"value\":\(value)}")
            let no = try matching("{\"property\":\"v\",\"op\":\"\(negative)\",\"value\":\(value)}")
            #expect(!yes.isEmpty && yes.isDisjoint(with: no) && yes.union(no) == all, "\(positive)")
        }
        #expect(try matching(#"{"property":"v","op":"is_not_set"}"#).contains(0))
    }

    @Test func containsIgnoresCaseAndComposition() throws {
        #expect(try matching(#"{"property":"v","op":"contains","value":"SEOUL"}"#) == [1, 10])
        #expect(
            try matching(
                "{\"property\":\"v\",\"op\":\"contains\",\"value\":\"\("강남".decomposedStringWithCanonicalMapping)\"}")
                == [2])
        #expect(try matching(#"{"property":"v","op":"contains","value":["eou","강"]}"#) == [1, 2, 10])
    }

    @Test func comparisonsTakeNumbersAndTextsThatAreNumbers() throws {
        #expect(try matching(#"{"property":"v","op":"gte","value":3}"#) == [3, 5, 6, 12])
        #expect(try matching(#"{"property":"v","op":"gt","value":3}"#) == [6])
        #expect(try matching(#"{"property":"v","op":"lt","value":3}"#) == [7, 12])
        #expect(try matching(#"{"property":"v","op":"lte","value":-1}"#) == [7])
        #expect(try matching(#"{"property":"v","op":"between","value":[1,3]}"#) == [3, 5, 12])
    }

    @Test func datesAreLocalDaysOrMoments() throws {
        #expect(try matching(#"{"property":"v","op":"date_before","value":"2024-05-02"}"#) == [4, 9])
        #expect(try matching(#"{"property":"v","op":"date_after","value":"2024-05-01"}"#) == [14])
        #expect(try matching(#"{"property":"v","op":"date_between","value":["2024-05-01","2024-05-01"]}"#) == [4, 9])
        // 2024-05-02T00:00Z is still the first of May in New York, and 09:00Z of the first is.
        #expect(
            try matching(
                #"{"property":"v","op":"date_between","value":["2024-05-01","2024-05-01"]}"#, zone: "America/New_York")
                == [4, 9, 14])
        #expect(try matching(#"{"property":"v","op":"date_before","value":"2024-05-01T09:00:00.001Z"}"#) == [4, 9])
        // 45 days before 2024-06-15.
        #expect(try matching(#"{"property":"v","op":"date_after","value":"-45d"}"#) == [14])
    }

    @Test func conditionsNest() throws {
        #expect(
            try matching(
                #"{"or":[{"property":"v","value":3.5},{"and":[{"property":"v","op":"gte","value":3},{"not":{"property":"v","value":3}}]}]}"#
            )
                == [6])
        #expect(
            try matching(#"[{"property":"v","op":"gte","value":3},{"not":{"property":"v","op":"gt","value":3}}]"#)
                == [3, 5, 12])
    }

    @Test func aPropertyThatTheLogHasNotSeenIsNotSet() throws {
        #expect(try matching(#"{"property":"nothing","op":"is_set"}"#).isEmpty)
        #expect(try matching(#"{"property":"nothing","op":"not_equals","value":1}"#) == all)
    }

    @Test func traitsComeFromOutside() throws {
        struct Plans: PersonTraits {
            func value(of trait: String, person: String) -> PropertyValue? {
                trait == "plan" && person == "p4" ? .string("pro") : nil
            }
            func value(of trait: String, groupKind: String, person: String) -> PropertyValue? {
                trait == "seats" && groupKind == "company" && person == "p5" ? .numbers([3, 50]) : nil
            }
        }
        let query = #"{"kind":"funnel","steps":[{"event":"A","filters":{"person":"plan","value":"pro"}}]}"#
        #expect(try Asker(FilterTests.events, traits: Plans()).funnel(query).steps[0].count == 1)
        for (test, count) in [("{\"op\":\"gte\",\"value\":50", 1), ("{\"op\":\"gt\",\"value\":50", 0)] {
            let filter = test + #","group":"company","trait":"seats"}"#
            let query = #"{"kind":"funnel","steps":[{"event":"A","filters":\#(filter)}]}"#
            #expect(try Asker(FilterTests.events, traits: Plans()).funnel(query).steps[0].count == count)
        }
        for wrong in [#"{"group":"company","value":1}"#, #"{"person":"a","trait":"b","value":1}"#] {
            #expect(throws: QueryError.self) { try JSONDecoder().decode(Filter.self, from: Data(wrong.utf8)) }
        }
        let error = #expect(throws: QueryError.self) { try Asker(FilterTests.events).funnel(query) }
        #expect(error?.code == .unavailable && error?.field == "steps[0].filters")
    }

    /// Random trees against evaluation by the definition, value by value.
    @Test func compiledFiltersAgreeWithEvaluationByTheTree() throws {
        for seed in UInt64(1)...Seeds.count(300) {
            var dice = SeededRandom(seed &* 15_485_863)
            let filter = random(&dice, depth: 0)
            let json = String(decoding: try JSONEncoder().encode(filter), as: UTF8.self)
            let decoded = try JSONDecoder().decode(Filter.self, from: Data(json.utf8))
            #expect(decoded == filter, "seed \(seed)")
            let expected = Set(all.filter { index in holds(filter, FilterTests.events[index]["v"]) })
            #expect(try matching(json) == expected, "seed \(seed): \(json)")
        }
    }

    private func random(_ dice: inout SeededRandom, depth: Int) -> Filter {
        if depth < 4, dice.chance(60) {
            let list = (0..<dice.roll(1...3)).map { _ in random(&dice, depth: depth + 1) }
            switch dice.roll(0...2) {
            case 0: return .and(list)
            case 1: return .or(list)
            default: return .not(list[0])
            }
        }
        switch dice.roll(0...3) {
        case 0: return .property("v", dice.pick([.isSet, .isNotSet]))
        case 1:
            return .property(
                "v", dice.pick([.equals, .notEquals]), dice.pick([.number(3), .string("Seoul"), .boolean(true)]))
        case 2:
            return .property(
                "v", dice.pick([.greater, .greaterOrEqual, .less, .lessOrEqual]), .number(Double(dice.roll(-2...4))))
        default: return .property("v", dice.pick([.contains, .notContains]), .string(dice.pick(["s", "3", "e", "강"])))
        }
    }

    private func holds(_ filter: Filter, _ value: PropertyValue?) -> Bool {
        switch filter {
        case .and(let list): return list.allSatisfy { holds($0, value) }
        case .or(let list): return list.contains { holds($0, value) }
        case .not(let inner): return !holds(inner, value)
        case .test(let test):
            let positive = holds(test, elements(value))
            return test.op.isNegative ? !positive : positive
        }
    }

    private func elements(_ value: PropertyValue?) -> [PropertyValue]? {
        switch value {
        case nil: nil
        case .strings(let list)?: list.map { .string($0) }
        case .numbers(let list)?: list.map { .number($0) }
        case .booleans(let list)?: list.map { .boolean($0) }
        case .times(let list)?: list.map { .time($0) }
        case let single?: [single]
        }
    }

    private func holds(_ test: FilterTest, _ elements: [PropertyValue]?) -> Bool {
        guard let elements else { return false }
        if test.op == .isSet || test.op == .isNotSet { return true }
        return elements.contains { element in
            let text: String? =
                switch element {
                case .string(let text): text
                case .number(let number): number == number.rounded() ? "\(Int(number))" : "\(number)"
                case .boolean(let flag): "\(flag)"
                default: nil
                }
            let number: Double? =
                if case .number(let number) = element { number } else if case .string(let text) = element {
                    Double(text)
                } else { nil }
            switch (test.op, test.values[0]) {
            case (.equals, .number(let wanted)), (.notEquals, .number(let wanted)): return number == wanted
            case (.equals, let wanted), (.notEquals, let wanted): return text == wanted.description
            case (.greater, .number(let wanted)): return number.map { $0 > wanted } ?? false
            case (.greaterOrEqual, .number(let wanted)): return number.map { $0 >= wanted } ?? false
            case (.less, .number(let wanted)): return number.map { $0 < wanted } ?? false
            case (.lessOrEqual, .number(let wanted)): return number.map { $0 <= wanted } ?? false
            case (.contains, let part), (.notContains, let part):
                return text?.lowercased().contains(part.description.lowercased()) ?? false
            default: return false
            }
        }
    }
}
