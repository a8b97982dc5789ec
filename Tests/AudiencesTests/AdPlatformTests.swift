import Audiences
import Testing

struct AdPlatformTests {
    @Test func theHashIsSHA256InLowerCaseHexadecimal() {
        // The example of FIPS 180-2.
        #expect(AdPlatform.hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    static let emails: [(raw: String, google: String?, others: String?)] = [
        (" Jane.Doe@Example.COM \n", "jane.doe@example.com", "jane.doe@example.com"),
        // The examples of Google's page.
        (
            "cloudy.sanfrancisco+shopping@gmail.com", "cloudysanfrancisco@gmail.com",
            "cloudy.sanfrancisco+shopping@gmail.com"
        ),
        ("user.name+NYC@Example.com", "user.name+nyc@example.com", "user.name+nyc@example.com"),
        ("J.D@GoogleMail.com", "jd@googlemail.com", "j.d@googlemail.com"), ("+a@gmail.com", nil, "+a@gmail.com"),
        ("not an address", nil, nil), ("@example.com", nil, nil), ("a@b", nil, nil), ("a@b@c.com", nil, nil),
        ("홍길동@한국.kr", "홍길동@한국.kr", "홍길동@한국.kr"), ("", nil, nil),
    ]

    @Test(arguments: emails.indices)
    func anAddressIsWrittenAsThePlatformHashesIt(_ index: Int) {
        let (raw, google, others) = Self.emails[index]
        #expect(AdPlatform.google.normalized(email: raw) == google)
        #expect(AdPlatform.meta.normalized(email: raw) == others)
        #expect(AdPlatform.tiktok.normalized(email: raw) == others)
        #expect(AdPlatform.kakao.normalized(email: raw) == nil)
    }

    @Test func blanksWithinAnAddressGoWhereThePlatformTakesThemOut() {
        #expect(AdPlatform.google.normalized(email: "jane doe@example.com") == "janedoe@example.com")
        #expect(AdPlatform.tiktok.normalized(email: "jane doe@example.com") == "janedoe@example.com")
        #expect(AdPlatform.meta.normalized(email: "jane doe@example.com") == nil)
    }

    @Test func theExamplesOfTikTokAreHashedAsItsPageSays() {
        let email = AdPlatform.tiktok.normalized(email: "JaneDoe@gmail.com").map(AdPlatform.tiktok.cell)
        #expect(email == "d6117306485ed0e50afab3ac871e98f81699151f30281527d63ff5f233656c69")
        #expect(
            AdPlatform.kakao.normalized(phone: "+82 10-1234-5678", countryCode: "82").map(AdPlatform.kakao.cell)
                == "01012345678")
    }

    /// The digits of E.164, for numbers from Korea.
    static let phones: [(raw: String, digits: String?)] = [
        ("010-1234-5678", "821012345678"), ("+82 10 1234 5678", "821012345678"),
        ("+82-(0)10-1234-5678", "821012345678"),
        ("82010-1234-5678", "821012345678"), ("821012345678", "821012345678"), ("00821012345678", "821012345678"),
        ("1012345678", "821012345678"), ("02-312-4567", "8223124567"), ("+1 (650) 555-0100", "16505550100"),
        ("001 650 555 0100", "16505550100"), ("010-1234-567a", nil), ("123", nil), ("", nil), ("+0123456789", nil),
        ("+1234567890123456", nil), ("０１０", nil),
    ]

    @Test(arguments: phones.indices)
    func aNumberIsWrittenAsThePlatformHashesIt(_ index: Int) {
        let (raw, digits) = Self.phones[index]
        let expected = digits
        #expect(AdPlatform.meta.normalized(phone: raw, countryCode: "82") == expected, "\(raw)")
        #expect(AdPlatform.google.normalized(phone: raw, countryCode: "82") == expected.map { "+" + $0 })
        #expect(AdPlatform.tiktok.normalized(phone: raw, countryCode: "82") == expected.map { "+" + $0 })
        let domestic = expected.flatMap { $0.hasPrefix("82") ? "0" + $0.dropFirst(2) : nil }
        #expect(AdPlatform.kakao.normalized(phone: raw, countryCode: "82") == domestic)
    }

    @Test func anotherCountryHasItsOwnCode() {
        #expect(AdPlatform.google.normalized(phone: "(650) 555-0100", countryCode: "1") == "+16505550100")
        #expect(AdPlatform.google.normalized(phone: "020 7031 3000", countryCode: "44") == "+442070313000")
    }
}
