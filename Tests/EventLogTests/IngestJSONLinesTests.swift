import Foundation
import RandomCases
import Testing

@testable import EventLog

@Suite struct IngestJSONLinesTests {
    private let noon = "\"timestamp\":\"2024-05-01T12:00:00Z\""

    @Test func aTrackLineBecomesAnEventWithItsProperties() throws {
        let result = try Ingest.json(
            #"{"type":"track","userId":"u1","event":"Order Completed","#
                + #""timestamp":"2024-05-01T10:20:30.456+09:00","messageId":"m1","properties":{"city":"서울","#
                + #""total":12.5,"gift":true,"note":null,"address":{"zip":"00123","geo":{"lat":37.5}}},"#
                + #""context":{"page":{"url":"/x"}},"integrations":{"all":true}}"#
        )
        #expect(result.reasons == [])
        let event = try #require(result.events.first)
        #expect(event.person == "u1")
        #expect(event.name == "Order Completed")
        #expect(event.time == (try Ingest.time("2024-05-01T01:20:30Z")) + 456)
        #expect(event.messageID == "m1")
        #expect(
            event.properties == [
                .init("address.geo.lat", .number(37.5)), .init("address.zip", .string("00123")),
                .init("city", .string("서울")),
                .init("context.page.url", .string("/x")), .init("gift", .boolean(true)), .init("total", .number(12.5)),
            ])
    }

    @Test func identifyKeepsTraitsAndTheAnonymousId() throws {
        let result = try Ingest.json(
            """
            {"type":"identify","userId":"u1","anonymousId":"a1",\(noon),"traits":{"plan":"pro"}}
            {"type":"identify","userId":"u1","anonymousId":"a1",\(noon)}
            {"type":"identify","userId":"u1","anonymousId":"u1",\(noon)}
            {"type":"identify","userId":"u1","anonymousId":"undefined",\(noon)}
            {"type":"track","event":"x","userId":"u2","anonymousId":"a2",\(noon)}
            """)
        #expect(result.reasons == [])
        #expect(result.events.map(\.name) == ["Identified", "Identified", "Identified", "Identified", "x"])
        #expect(result.events[0]["plan"] == .string("pro"))
        #expect(result.events[0]["anonymousId"] == .string("a1"))
    }

    @Test func pagesScreensGroupsAndAliasesFollowSegment() throws {
        let result = try Ingest.json(
            """
            {"type":"page","anonymousId":"a","name":"Home","category":"Docs",\(noon),"properties":{"name":"other","url":"/"}}
            {"type":"screen","userId":"u","name":"Main",\(noon)}
            {"type":"group","userId":"u","groupId":"g1",\(noon),"traits":{"size":3}}
            {"type":"alias","userId":"u","previousId":"old",\(noon)}
            {"type":"alias","userId":"u","previousId":"older"}
            """)
        // Nobody would know of a merge that is no event.
        #expect(result.reasons == ["there is no 'timestamp'"])
        #expect(result.events.map(\.name) == ["Page Viewed", "Screen Viewed", "Group Joined", "Aliased"])
        #expect(result.events.map(\.person) == ["a", "u", "u", "u"])
        #expect(result.events[0]["name"] == .string("Home"))
        #expect(result.events[0]["category"] == .string("Docs"))
        #expect(result.events[0]["url"] == .string("/"))
        #expect(result.events[2]["groupId"] == .string("g1"))
        #expect(result.events[2]["size"] == .number(3))
        #expect(result.events[3]["previousId"] == .string("old"))
    }

    @Test(arguments: ["12345678901234567890123", "9007199254740993", "0", "-7", "1.50", "1e3"])
    func anIdThatIsANumberKeepsItsExactDigits(_ number: String) throws {
        let result = try Ingest.json(#"{"event":"x","userId":\#(number),"messageId":\#(number),\#(noon)}"#)
        #expect(result.events.first?.person == number)
        #expect(result.events.first?.messageID == number)
    }

    @Test(arguments: [
        ("[1,2.5]", PropertyValue.numbers([1, 2.5])), ("[\"a\",\"b\"]", .strings(["a", "b"])),
        ("[true,false]", .booleans([true, false])), ("[1,\"a\",true,null]", .strings(["1", "a", "true"])),
        ("[null,3]", .numbers([3])), ("[[1,2],[ 3 ]]", .strings(["[1,2]", "[ 3 ]"])),
        ("[1,{\"a\" : 2 }]", .strings(["1", "{\"a\" : 2 }"])),
    ])
    func anArrayBecomesAList(_ text: String, _ expected: PropertyValue) throws {
        let result = try Ingest.json(#"{"event":"x","userId":"u",\#(noon),"properties":{"list":\#(text)}}"#)
        #expect(result.reasons == [])
        #expect(result.events.first?.properties == [.init("list", expected)])
    }

    @Test(arguments: ["null", "{}", "[]", "[null]", "[{}]"])
    func whatHoldsNoValueIsAbsent(_ text: String) throws {
        let result = try Ingest.json(#"{"event":"x","userId":"u",\#(noon),"properties":{"p":\#(text)}}"#)
        #expect(result.reasons == [])
        #expect(result.events.first?.properties == [])
    }

    @Test func anArrayOfObjectsBecomesListsThatStayAligned() throws {
        let products =
            #"[{"sku":"a","price":1,"tag":{"x":true}},{"sku":"b","tag":{"x":false}},null,{"price":4,"sizes":[1,2]}]"#
        let result = try Ingest.json(
            #"{"event":"x","userId":"u",\#(noon),"properties":{"products":\#(products),"full":[{"n":1},{"n":2}]}}"#)
        #expect(result.reasons == [])
        #expect(
            result.events.first?.properties == [
                .init("full.n", .numbers([1, 2])),
                .init("products.price", .strings(["1", "", "", "4"])),
                .init("products.sizes", .strings(["", "", "", "[1,2]"])),
                .init("products.sku", .strings(["a", "b", "", ""])),
                .init("products.tag.x", .strings(["true", "false", "", ""])),
            ])
    }

    @Test(arguments: [
        ("\"2024-05-01\"", "2024-05-01T00:00:00Z", 0), ("\"2024-05-01T10:20Z\"", "2024-05-01T10:20:00Z", 0),
        ("\"2024-05-01 10:20:30\"", "2024-05-01T10:20:30Z", 0),
        ("\"2024-05-01T10:20:30.123456789Z\"", "2024-05-01T10:20:30Z", 123),
        ("\"2024-05-01T10:20:30,5-0530\"", "2024-05-01T15:50:30Z", 500),
        ("\"20240501T102030Z\"", "2024-05-01T10:20:30Z", 0),
        ("1714558830", "2024-05-01T10:20:30Z", 0), ("1714558830.25", "2024-05-01T10:20:30Z", 250),
        ("1714558830123", "2024-05-01T10:20:30Z", 123), ("1714558830123456", "2024-05-01T10:20:30Z", 123),
        ("\"1714558830123\"", "2024-05-01T10:20:30Z", 123),
    ])
    func timestampsAreReadInManyForms(_ text: String, _ expected: String, _ milliseconds: Int64) throws {
        let result = try Ingest.json(#"{"event":"x","userId":"u","timestamp":\#(text)}"#)
        #expect(result.reasons == [])
        #expect(result.events.first?.time == (try Ingest.time(expected)) + milliseconds)
    }

    @Test func escapesInKeysAndValuesAreDecoded() throws {
        let result = try Ingest.json(
            #"{"e\u0076ent":"a\"b","userId":"\ud83d\ude00","timestamp":"2024-05-01","#
                + #""properties":{"k\ne\\y":"tab\there\/","":"x"}}"#
        )
        #expect(result.reasons == ["a property name is empty"])
        let good = try Ingest.json(
            #"{"e\u0076ent":"a\"b","userId":"\ud83d\ude00","timestamp":"2024-05-01","#
                + #""properties":{"k\ne\\y":"tab\there\/"}}"#
        )
        #expect(good.events.first?.name == "a\"b")
        #expect(good.events.first?.person == "😀")
        #expect(good.events.first?.properties == [.init("k\ne\\y", .string("tab\there/"))])
    }

    @Test func aRejectedLineLeavesNothingBehindAndTheOthersCount() throws {
        let result = try Ingest.json(
            """
            {"event":"a","userId":"u",\(noon),"properties":{"p":1,"l":[1]}}
            {"event":"b","userId":"u",\(noon),"properties":{"p":2,"l":[2],"a":{"b":1},"a.b":2}}

            {"event":"c","userId":"u",\(noon),"properties":{"p":3,"l":[3]}}
            """)
        #expect(result.rejections.map(\.line) == [2])
        #expect(result.reasons == ["the property 'a.b' comes twice"])
        #expect(result.rejections.first?.text.hasPrefix(#"{"event":"b""#) == true)
        #expect(result.events.map(\.name) == ["a", "c"])
        #expect(result.events[1].properties == [.init("l", .numbers([3])), .init("p", .number(3))])
    }

    @Test(arguments: 0..<Seeds.count(20))
    func randomEventsComeBackFromTheirText(_ seed: UInt64) throws {
        var random = SeededRandom(seed)
        let events = (0..<200).map { _ in RandomEvent.make(&random) }
        let text = events.map(RandomEvent.jsonLine).joined(separator: Bool.random(using: &random) ? "\n" : "\r\n")
        let chunk = Int.random(in: 1...5000, using: &random)
        let result = try Ingest.json(text, chunk: chunk)
        #expect(result.reasons == [], "seed \(seed)")
        #expect(Ingest.difference(result.events, events) == nil, "seed \(seed)")
    }

    @Test func chunksMayEndAtAnyByte() throws {
        var random = SeededRandom(7)
        let events = (0..<20).map { _ in RandomEvent.make(&random) }
        let text = "\u{feff}" + events.map(RandomEvent.jsonLine).joined(separator: "\r\n")
        for chunk in 1...200 {
            let result = try Ingest.json(text, chunk: chunk)
            #expect(Ingest.difference(result.events, events) == nil, "chunks of \(chunk)")
        }
    }
}

/// Random events, and an obvious writer of their text.
enum RandomEvent {
    private static let words = [
        "", "a", "서울", "x y", "\"quoted\"", "back\\slash", "tab\t", "😀", "line\nbreak", "comma, semi;", "00123", "true",
        "1.5",
    ]

    static func make(_ random: inout SeededRandom) -> Event {
        var properties: [Event.Property] = []
        for name in ["amount", "city", "flag", "nested.deep.x", "sizes", "tags", "votes"]
        where Bool.random(using: &random) {
            properties.append(.init(name, value(name, &random)))
        }
        return Event(
            person: "user \(Int.random(in: 0..<30, using: &random))",
            name: ["View", "Buy", "\"Odd\" é"].randomElement(using: &random) ?? "",
            time: Int64.random(in: 0...4_000_000_000_000, using: &random), properties: properties,
            messageID: Bool.random(using: &random) ? "m\(random.next())" : nil)
    }

    private static func value(_ name: String, _ random: inout SeededRandom) -> PropertyValue {
        let count = Int.random(in: 1...4, using: &random)
        func number() -> Double {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: Double(Int.random(in: -1000...1000, using: &random))
            case 1: Double.random(in: -1...1, using: &random)
            case 2: Double(Int.random(in: 0...99_999, using: &random)) / 100
            default:
                Double(
                    sign: .plus, exponent: Int.random(in: -300...300, using: &random),
                    significand: .random(in: 1..<2, using: &random))
            }
        }
        func word() -> String { words.randomElement(using: &random) ?? "" }
        switch name {
        case "amount": return .number(number())
        case "city", "nested.deep.x": return .string(word())
        case "flag": return .boolean(.random(using: &random))
        case "sizes": return .numbers((0..<count).map { _ in number() })
        case "tags": return .strings((0..<count).map { _ in word() })
        default: return .booleans((0..<count).map { _ in .random(using: &random) })
        }
    }

    static func jsonLine(_ event: Event) -> String {
        var members = [
            #""type":"track""#, "\"userId\":\(quoted(event.person))", "\"event\":\(quoted(event.name))",
            "\"timestamp\":\"\(iso(event.time))\"",
        ]
        if let id = event.messageID { members.append("\"messageId\":\(quoted(id))") }
        var properties: [String] = []
        for item in event.properties {
            if item.name == "nested.deep.x" {
                properties.append(" \"nested\" : {\"deep\":{\"x\":\(text(item.value))} , \"none\":null}")
            } else {
                properties.append("\(quoted(item.name)): \(text(item.value))")
            }
        }
        members.append("\"properties\":{\(properties.joined(separator: ","))}")
        return "{" + members.joined(separator: ", ") + "}"
    }

    static func iso(_ time: Int64) -> String {
        let seconds = Date(timeIntervalSince1970: Double(time / 1000)).formatted(.iso8601)
        return seconds.dropLast() + "." + String(1000 + time % 1000).dropFirst() + "Z"
    }

    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .number(let number): "\(number)"
        case .boolean(let boolean): "\(boolean)"
        case .strings(let list): "[" + list.map(quoted).joined(separator: ",") + "]"
        case .numbers(let list): "[" + list.map { "\($0)" }.joined(separator: " , ") + "]"
        case .booleans(let list): "[" + list.map { "\($0)" }.joined(separator: ",") + "]"
        case .time, .times: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": out += "\\\(scalar)"
            case _ where scalar.value < 0x20: out += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
