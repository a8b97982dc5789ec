import Foundation
import Testing

@testable import Server

/// The texts, templates and assets as files, and what is made of them.
struct ConsoleTextTests {
    private let files: ConsoleFiles
    private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Sources/Server/Console").standardized

    init() throws { files = try ConsoleFiles(folder: folder.path + "/Resources") }

    private var templates: [String: Data] {
        get throws { try ConsoleFiles.files(folder.path + "/Resources/templates", ending: ".mustache") }
    }

    @Test func bothLanguagesSayTheSameThingsWithTheSamePlaceholders() {
        let (korean, english) = (files.texts(.korean), files.texts(.english))
        let both = Set(korean.entries.keys).intersection(english.entries.keys)
        #expect(Set(korean.entries.keys).subtracting(both).sorted() == [], "only in Korean")
        #expect(Set(english.entries.keys).subtracting(both).sorted() == [], "only in English")
        for key in both.sorted() {
            var (one, other) = (Set(korean.placeholders(key)), Set(english.placeholders(key)))
            // A plural may say its number in words.
            if case .plural = english.entries[key] { (one, other) = (one.union(["count"]), other.union(["count"])) }
            #expect(one == other, "\(key)")
        }
    }

    @Test func theTemplatesUseOnlyTextsAndSymbolsThatThereAre() throws {
        let symbols = Set(
            String(decoding: try #require(files.assets["icons.svg"]).bytes, as: UTF8.self)
                .matches(of: /<symbol id="([^"]+)"/).map { String($0.1) })
        for (name, data) in try templates {
            let source = String(decoding: data, as: UTF8.self)
            for key in TemplateSource.keys(in: source) {
                for language in Language.allCases {
                    #expect(files.texts(language).plain(key) != nil, "\(name): \(key) in \(language)")
                }
            }
            for icon in TemplateSource.icons(in: source) { #expect(symbols.contains(icon), "\(name): \(icon)") }
            for match in source.matches(of: /\{\{>\s*([^}*]+)\}\}/) {
                let partial = match.1.trimmingCharacters(in: .whitespaces)
                #expect(try templates[partial] != nil, "\(name) holds the template '\(partial)', which is not there")
            }
        }
        for item in NavigationItem.allCases { #expect(symbols.contains(item.icon)) }
    }

    /// Keys that are written out in the code; those that are put together are seen by the tests of their pages.
    @Test func theCodeUsesOnlyTextsThatThereAre() throws {
        for (name, data) in try ConsoleFiles.files(folder.path, ending: ".swift") {
            let source = String(decoding: data, as: UTF8.self)
            for match in source.matches(of: /\btext\("([a-zA-Z]+\.[A-Za-z0-9_.]+)"/)
            where !match.1.hasSuffix(".") {
                #expect(files.texts(.english).has(String(match.1)), "\(name): \(match.1)")
            }
        }
    }

    @Test func aTemplateWithAnUnknownTextIsRefusedWithItsName() {
        let texts = TextCatalogue(empty: .english)
        #expect(throws: ConsoleError("a.mustache: {{t:no.such}} is no text without placeholders of en")) {
            try TemplateSource.resolve("<p>{{t:no.such}}</p>", file: "a.mustache", texts: texts)
        }
    }

    @Test func pluralsAndPlaceholders() throws {
        let json = #"{"n": {"one": "{count} order", "other": "{count} orders"}, "hi": "Hi, {name}!"}"#
        let english = try TextCatalogue(.english, files: ["x": Data(json.utf8)])
        #expect(english.text("x.n", ["count": "1"], count: 1) == "1 order")
        #expect(english.text("x.n", ["count": "0"], count: 0) == "0 orders")
        #expect(english.text("x.n", ["count": "1,000"], count: 1000) == "1,000 orders")
        #expect(english.text("x.hi", ["name": "{count}"]) == "Hi, {count}!", "values are not read again")
        #expect(english.plain("x.hi") == nil)
        #expect(english.text("x.missing") == "x.missing")
        for broken in [#"{"a": "{b"}"#, #"{"a": "{b|은}"}"#, #"{"a": "{}"}"#, #"{"a": {"one": "x"}}"#, "[]"] {
            #expect(throws: ConsoleError.self) { try TextCatalogue(.english, files: ["x": Data(broken.utf8)]) }
        }
    }

    @Test func particlesFollowTheLastSound() throws {
        let json = #"{"a": "{x|은/는}", "b": "{x|이/가}", "c": "{x|을/를}", "d": "{x|으로/로}", "q": "‘{x}’{x~과/와}"}"#
        let korean = try TextCatalogue(.korean, files: ["t": Data(json.utf8)])
        func all(_ word: String) -> [String] { ["a", "b", "c", "d", "q"].map { korean.text("t." + $0, ["x": word]) } }
        #expect(all("구매") == ["구매는", "구매가", "구매를", "구매로", "‘구매’와"])
        #expect(all("주문") == ["주문은", "주문이", "주문을", "주문으로", "‘주문’과"])
        #expect(all("서울") == ["서울은", "서울이", "서울을", "서울로", "‘서울’과"])
        #expect(korean.text("t.b", ["x": "3"]) == "3이")
        #expect(korean.text("t.d", ["x": "1"]) == "1로")
        #expect(korean.text("t.c", ["x": "2,000"]) == "2,000을")
        #expect(korean.text("t.a", ["x": "50%"]) == "50%는")
        #expect(korean.text("t.c", ["x": "Email"]) == "Email을")
        #expect(korean.text("t.a", ["x": "Order"]) == "Order는")
        #expect(korean.text("t.a", ["x": "Shop (서울)"]) == "Shop (서울)은")
        #expect(korean.text("t.c", ["x": "🎉"]) == "🎉을(를)")
    }

    @Test func numbersDatesAndTimesAreWrittenAsTheReaderDoes() throws {
        // 2026-11-29T13:05:09Z is 22:05:09 in Seoul.
        let now: Int64 = 1_795_957_509_000
        let seoul = try #require(TimeZone(identifier: "Asia/Seoul"))
        let korean = LocalFormat(language: .korean, timeZone: seoul, currency: "KRW", now: now)
        let english = LocalFormat(language: .english, timeZone: seoul, currency: "USD", now: now)
        #expect(korean.dateTime(now) == "11월 29일 오후 10:05")
        #expect(english.dateTime(now, seconds: true) == "Nov 29, 10:05:09 PM")
        #expect(korean.date(now - 400 * 86_400_000) == "2025년 10월 25일")
        #expect(english.date(now - 400 * 86_400_000) == "Oct 25, 2025")
        #expect(english.clock(now - (22 * 3600 + 5 * 60 + 9) * 1000) == "12:00 AM")
        #expect(korean.clock(now - 10 * 3_600_000) == "오후 12:05")
        #expect(korean.day(now + 3 * 3_600_000) == "2026-11-30", "the local day")
        #expect(korean.money(1_234_567) == "₩1,234,567")
        #expect(english.money(12.5).hasPrefix("$12.5"))
        #expect(korean.short(123_456) == "12.3만")
        #expect(korean.duration(seconds: 125) == "2분 5초" && english.duration(seconds: 125) == "2 min 5 s")
        #expect(korean.relative(now - 5 * 60_000) == "5분 전")
        #expect(english.relative(now - 60_000) == "1 minute ago")
        #expect(english.relative(now + 2 * 3_600_000) == "in 2 hours")
        #expect(english.relative(now - 30 * 86_400_000) == "Oct 30")
        #expect(english.change(0.125) == "+12.5%")
        #expect(english.percent(.nan) == "–")
    }

    @Test func theBrowsersLanguageIsTakenByWeight() {
        #expect(Language.accepted("ko-KR,ko;q=0.9,en-US;q=0.8") == .korean)
        #expect(Language.accepted("fr-FR, en;q=0.5, ko;q=0.7") == .korean)
        #expect(Language.accepted("en, ko") == .english)
        #expect(Language.accepted("ko;q=0, en;q=0.1") == .english)
        #expect(Language.accepted("de") == nil)
        #expect(Language.accepted("korean, ;;;q") == nil)
    }

    @Test func aFormIsReadAsBrowsersWriteIt() throws {
        let form = try FormValues(body: Array("a=1&b=%ED%99%8D+x&a=2&empty=&c=%zz&lines=x%0D%0Ay&=v".utf8))
        #expect(form["a"] == "1" && form.all("a") == ["1", "2"])
        #expect(form["b"] == "홍 x")
        #expect(form["empty"] == nil && form.raw("empty") == "" && form.has("empty"))
        #expect(form["c"] == "%zz" && form["lines"] == "x\ny" && form["missing"] == nil)
        #expect(throws: Problem.self) { try FormValues(body: Array("a=%ff".utf8)) }
    }
}
