@testable import Collection
@testable import EventLog

/// Small texts from outside: user agents, languages, addresses, queries, base64. All of them see the same bytes.
enum FuzzHeaders: FuzzTarget {
    static func seeds() throws -> [[UInt8]] {
        [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4_1 like Mac OS X) Version/17.4 NAVER(inapp; search; 1; 12.7.2)",
            "ko_KR.UTF-8,en;q=0.8", "2001:db8::ffff:1.2.3.4", "https://x/?utm_source=%EC%84%9C+a&gclid=%zz#f",
            "a=b&data=%7B%7D&c", "SGVsbG8-_w==",
        ].map { Array($0.utf8) }
    }

    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        _ = UserAgent(text)
        var tag: [UInt8] = []
        if bytes.withUnsafeBytes({ LocaleTag.normalize($0, into: &tag) }) {
            let once = tag
            let isTag = once.withUnsafeBytes { LocaleTag.normalize($0, into: &tag) }
            Fuzz.expect(isTag && tag == once, "a language tag changes when it is normalised again")
        }
        if let address = NetworkAddress.truncated(text) {
            Fuzz.expect(NetworkAddress.truncated(address) == address, "an address changes when it is shortened again")
        }
        Array(text.utf8).withUnsafeBytes { bytes in
            var value: [UInt8] = []
            CampaignReader.forEachTag(bytes, &value) { _, decoded in
                Fuzz.expect(String(validating: decoded, as: UTF8.self) != nil, "a tag is no UTF-8")
            }
        }
        _ = QueryText(text).value("data")
        if let decoded = Base64.decode(bytes) {
            Fuzz.expect(decoded.count <= bytes.count / 4 * 3 + 3, "base64 became longer")
        }
    }
}
