import EventLog
import Testing

@testable import Collection

@Suite struct EnrichTests {
    private static let kakao =
        "Mozilla/5.0 (Linux; Android 14; SM-S928N Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
        + "Chrome/124.0.6367.82 Mobile Safari/537.36;KAKAOTALK 2410690"
    private static let chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
    private static let googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

    @Test(
        arguments: [
            (chrome, "Chrome 124.0.0.0", "Windows 10", "desktop", false),
            (kakao, "KakaoTalk 2410690", "Android 14", "mobile", false),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Mobile/15E148 Safari/604.1",
                "Safari 17.4.1", "iOS 17.4.1", "mobile", false
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/120.0.1 Mobile/15E148 Safari/604.1",
                "Chrome 120.0.1", "iOS 16.0", "tablet", false
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Whale/3.25.232.19 Safari/537.36",
                "Whale 3.25.232.19", "macOS 10.15.7", "desktop", false
            ),
            (
                "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/24.0 Chrome/117.0.0.0 Safari/537.36",
                "Samsung Internet 24.0", "Android 13", "tablet", false
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/605.1 NAVER(inapp; search; 2000; 12.7.2; 15PRO)",
                "Naver 12.7.2", "iOS 17.0", "mobile", false
            ),
            (
                "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko", "Internet Explorer 11.0", "Windows 7",
                "desktop", false
            ),
            (
                "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0", "Firefox 125.0",
                "Linux ",
                "desktop",
                false
            ), (googlebot, " ", " ", "", true),
            ("Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)", " ", " ", "", true),
            ("curl/8.5.0", " ", " ", "", true), ("", " ", " ", "", false),
        ] as [(String, String, String, String, Bool)])
    func aUserAgentIsRead(_ text: String, _ browser: String, _ system: String, _ device: String, _ isBot: Bool) {
        let agent = UserAgent(text)
        #expect("\(agent.browser) \(agent.browserVersion)" == browser)
        #expect("\(agent.system) \(agent.systemVersion)" == system)
        #expect(agent.device == device)
        #expect(agent.isBot == isBot)
    }

    @Test func whatTheSenderSaysIsNotReplaced() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"event":"e","userId":"u","context":{"userAgent":"\#(Self.kakao)","os":{"name":"Mine"},"device":{"type":"kiosk"}}}"#,
            to: .segment(.track))
        let event = try bench.one()
        #expect(event["context.browser.name"] == .string("KakaoTalk"))
        #expect(event["context.os.name"] == .string("Mine"))
        #expect(event["context.os.version"] == .string("14"))
        #expect(event["context.device.type"] == .string("kiosk"))
        #expect(event["context.isBot"] == nil)
    }

    @Test func theHeadersOfABrowserFillInWhatIsMissing() async throws {
        let bench = try Bench(settings: CollectionSettings(ip: .truncated))
        await bench.send(
            #"{"event":"e","userId":"u"}"#, to: .segment(.track), agent: Self.chrome, language: "ko-kr,en;q=0.8",
            ip: "203.0.113.77")
        let event = try bench.one()
        #expect(event["context.browser.name"] == .string("Chrome"))
        #expect(event["context.locale"] == .string("ko-KR"))
        #expect(event["context.ip"] == .string("203.0.113.0"))
    }

    @Test func theHeadersOfALibrarySayNothingOfThePerson() async throws {
        let bench = try Bench(settings: CollectionSettings(ip: .full))
        await bench.send(
            #"{"event":"e","userId":"u"}"#, to: .segment(.track), agent: "analytics-python/2.4.0", language: "en",
            ip: "203.0.113.77")
        #expect(try bench.one().properties == [])
    }

    @Test func botsAreFlaggedAndKept() async throws {
        let bench = try Bench()
        let outcome = await bench.send(#"{"event":"e","userId":"u"}"#, to: .segment(.track), agent: Self.googlebot)
        #expect(outcome.counts.bots == 1)
        #expect(try bench.one().properties == [.init("context.isBot", .boolean(true))])
    }

    @Test func addressesAreStoredOnlyAsTheSettingsSay() async throws {
        let body = #"{"event":"e","userId":"u","context":{"ip":"2001:db8:aa:bb:cc::1"}}"#
        let cases: [(CollectionSettings.IPStorage, String?)] = [
            (.none, nil), (.truncated, "2001:db8:aa::"), (.full, "2001:db8:aa:bb:cc::1"),
        ]
        for (storage, expected) in cases {
            let bench = try Bench(settings: CollectionSettings(ip: storage))
            await bench.send(body, to: .segment(.track))
            #expect(try bench.one()["context.ip"] == expected.map { .string($0) })
        }
        #expect(NetworkAddress.truncated("::ffff:203.0.113.7") == "::ffff:203.0.113.0")
        #expect(NetworkAddress.truncated("nonsense") == nil)
    }

    @Test func campaignsAndClicksAreReadFromTheAddress() async throws {
        let bench = try Bench()
        await bench.send(
            #"{"type":"page","userId":"u","context":{"campaign":{"source":"mine"},"page":{"url":"https://s.kr/?utm_source=naver&utm_campaign=%EB%B4%84+sale&gclid=g1&n_media=27758&utm_term=&x=utm_source#utm_medium=no"}}}"#
        )
        let event = try bench.one()
        #expect(event["context.campaign.source"] == .string("mine"))
        #expect(event["context.campaign.name"] == .string("봄 sale"))
        #expect(event["context.click.gclid"] == .string("g1"))
        #expect(event["context.click.n_media"] == .string("27758"))
        #expect(event["context.campaign.term"] == nil)
        #expect(event["context.campaign.medium"] == nil)
    }

    @Test(
        arguments: [
            ("ko_KR", "ko-KR"), ("KO-kr", "ko-KR"), ("ko", "ko"), ("zh_hant_tw", "zh-Hant-TW"),
            ("ko_KR.UTF-8", "ko-KR"),
            ("es-419", "es-419"), ("en-US,en;q=0.9", "en-US"), ("Korean", nil), ("", nil), ("e", nil), ("en-", nil),
            ("한국", nil),
        ] as [(String, String?)])
    func languageTagsHaveOneForm(_ text: String, _ expected: String?) {
        var result: [UInt8] = []
        let isTag = Array(text.utf8).withUnsafeBytes { LocaleTag.normalize($0, into: &result) }
        #expect((isTag ? String(decoding: result, as: UTF8.self) : nil) == expected)
    }
}
