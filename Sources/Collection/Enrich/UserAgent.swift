/// What a User-Agent header says of its sender, as far as it can be trusted.
struct UserAgent: Hashable {
    var browser = ""
    var browserVersion = ""
    var system = ""
    var systemVersion = ""
    /// `desktop`, `mobile`, `tablet` or `tv`.
    var device = ""
    var isBot = false

    init(_ text: String) {
        let lower = text.lowercased()
        isBot = UserAgent.isBot(lower)
        (system, systemVersion) = UserAgent.system(text)
        (browser, browserVersion) = UserAgent.browser(text)
        device = UserAgent.device(text, lower, system)
    }

    // MARK: Bots

    /// Parts of the names of crawlers, previews, monitors and scripts; the Korean ones too.
    private static let botWords = [
        "bot/", "bot;", "bot ", "bot)", "-bot", "googlebot", "bingbot", "crawl", "spider", "slurp", "yeti/", "daumoa",
        "facebookexternalhit", "kakaotalk-scrap", "headlesschrome", "phantomjs", "lighthouse", "pagespeed", "pingdom",
        "uptimerobot", "python-requests", "python-urllib", "aiohttp", "curl/", "wget/", "scrapy", "okhttp-bot",
        "mediapartners", "adsbot", "ia_archiver", "embedly", "preview", "monitor", "gptbot", "claudebot", "ccbot",
        "bytespider", "petalbot", "semrush", "ahrefs", "selenium", "puppeteer", "playwright",
    ]

    private static func isBot(_ lower: String) -> Bool {
        // A brand of telephones.
        if lower.contains("cubot") { return false }
        return lower.hasSuffix("bot") || botWords.contains { lower.contains($0) }
    }

    // MARK: Browser

    /// The word that tells a browser, and its name. The order matters: most browsers also name those that they are
    /// like.
    private static let browsers: [(word: String, name: String)] = [
        ("KAKAOTALK", "KakaoTalk"), ("NAVER(inapp", "Naver"), ("Instagram", "Instagram"), ("FBAV/", "Facebook"),
        ("FBAN/", "Facebook"), ("Line/", "LINE"), ("BytedanceWebview", "TikTok"), ("musical_ly", "TikTok"),
        ("Whale/", "Whale"), ("SamsungBrowser/", "Samsung Internet"), ("MiuiBrowser/", "MIUI Browser"),
        ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("Edg/", "Edge"), ("Edge/", "Edge"), ("OPR/", "Opera"),
        ("OPiOS/", "Opera"), ("Opera/", "Opera"), ("Vivaldi/", "Vivaldi"), ("YaBrowser/", "Yandex"),
        ("UCBrowser/", "UC Browser"), ("DuckDuckGo/", "DuckDuckGo"), ("CriOS/", "Chrome"), ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("MSIE ", "Internet Explorer"),
        ("Trident/", "Internet Explorer"),
    ]

    private static func browser(_ text: String) -> (String, String) {
        for (word, name) in browsers {
            guard let rest = text.rest(after: word) else { continue }
            if word == "Trident/" { return (name, text.rest(after: "rv:")?.version ?? "") }
            // `NAVER(inapp; search; 1010; 12.3.4; 15PRO)`
            if word == "NAVER(inapp" {
                let parts = rest.prefix { $0 != ")" }.split(separator: ";")
                return (name, parts.count > 2 ? parts[2].drop { $0 == " " }.version : "")
            }
            return (name, rest.drop { $0 == " " || $0 == "/" }.version)
        }
        if text.contains("Safari/") {
            return ("Safari", text.rest(after: "Version/")?.version ?? "")
        }
        return ("", "")
    }

    // MARK: System

    private static func system(_ text: String) -> (String, String) {
        if let rest = text.rest(after: "Windows NT ") {
            let names = ["10.0": "10", "6.3": "8.1", "6.2": "8", "6.1": "7", "6.0": "Vista", "5.1": "XP"]
            let version = rest.version
            return ("Windows", names[version] ?? version)
        }
        for word in ["iPhone OS ", "CPU OS "] {
            if let rest = text.rest(after: word) { return ("iOS", rest.version) }
        }
        if text.contains("iPhone") || text.contains("iPad") { return ("iOS", "") }
        if let rest = text.rest(after: "Android") { return ("Android", rest.drop { $0 == " " }.version) }
        if let rest = text.rest(after: "Mac OS X") { return ("macOS", rest.drop { $0 == " " }.version) }
        if text.contains("Macintosh") { return ("macOS", "") }
        if text.contains("CrOS") { return ("ChromeOS", "") }
        if let rest = text.rest(after: "Tizen ") { return ("Tizen", rest.version) }
        if text.contains("Linux") { return ("Linux", "") }
        return ("", "")
    }

    private static func device(_ text: String, _ lower: String, _ system: String) -> String {
        for word in ["smart-tv", "smarttv", "googletv", "appletv", "hbbtv", "netcast", "web0s", "crkey"]
        where lower.contains(word) {
            return "tv"
        }
        if text.contains("iPad") || lower.contains("tablet") { return "tablet" }
        if text.contains("iPhone") || text.contains("iPod") { return "mobile" }
        if system == "Android" { return text.contains("Mobile") ? "mobile" : "tablet" }
        if text.contains("Mobile") { return "mobile" }
        return ["Windows", "macOS", "Linux", "ChromeOS"].contains(system) ? "desktop" : ""
    }
}

extension String {
    /// What follows the first occurrence of a word.
    fileprivate func rest(after word: String) -> Substring? {
        guard let range = firstRange(of: word) else { return nil }
        return self[range.upperBound...]
    }
}

extension Substring {
    /// The digits, dots and underscores at the front, as a version.
    fileprivate var version: String {
        String(prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "_") }.prefix(32))
            .map { $0 == "_" ? "." : $0 }.reduce(into: "") { $0.append($1) }
    }
}
