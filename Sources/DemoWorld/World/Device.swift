package import Statistics

/// What somebody uses, as an SDK describes it.
package struct Device: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable { case phone, tablet, computer, television }

    package var kind: Kind
    /// Whether the business's app is used; else a browser.
    package var isApp: Bool
    /// The `context` of its events, but for what changes from session to session (campaign, network, page).
    package var context: JSONMembers

    /// A device as people in Korea have them.
    ///
    /// - Parameter appName: of the business's app.
    package init(_ kind: Kind, isApp: Bool, appName: String, random source: inout RandomSource) {
        self.kind = kind
        self.isApp = isApp
        let models = Self.models(kind)
        let model = models[source.index(below: models.count)]
        let version = Self.appVersions[source.index(below: Self.appVersions.count)]
        context = JSONMembers { context in
            context.object("library") { library in
                library.set("name", isApp ? (model.os == "iOS" ? "analytics-ios" : "analytics-android") : "dangol.js")
                library.set("version", isApp ? "4.5.2" : "1.0.0")
            }
            context.set("locale", "ko-KR")
            context.set("timezone", "Asia/Seoul")
            if isApp {
                context.object("app") { app in
                    app.set("name", appName)
                    app.set("version", version)
                }
                context.object("device") { device in
                    device.set("type", kind.wireName)
                    device.set("manufacturer", model.maker)
                    device.set("model", model.name)
                }
                context.object("os") { os in
                    os.set("name", model.os)
                    os.set("version", model.osVersion)
                }
            } else {
                context.set("userAgent", model.userAgent)
            }
        }
    }

    /// The context of one session.
    package func context(_ session: (inout JSONMembers) -> Void) -> JSONMembers {
        var context = context
        session(&context)
        return context
    }

    private struct Model {
        var maker: String
        var name: String
        var os: String
        var osVersion: String
        var userAgent: String
    }

    private static let appVersions = ["5.12.0", "5.12.1", "5.11.3", "5.13.0", "5.10.2"]

    private static func models(_ kind: Kind) -> [Model] {
        switch kind {
        case .phone: phones
        case .tablet: tablets
        case .computer: computers
        case .television: televisions
        }
    }

    private static func android(_ name: String, _ version: String) -> Model {
        Model(
            maker: "Samsung", name: name, os: "Android", osVersion: version,
            userAgent: "Mozilla/5.0 (Linux; Android \(version); \(name)) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "Chrome/140.0.0.0 Mobile Safari/537.36")
    }

    private static func iPhone(_ name: String, _ version: String) -> Model {
        let underscored = String(version.map { $0 == "." ? "_" : $0 })
        return Model(
            maker: "Apple", name: name, os: "iOS", osVersion: version,
            userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS \(underscored) like Mac OS X) AppleWebKit/605.1.15 "
                + "(KHTML, like Gecko) Version/\(version) Mobile/15E148 Safari/604.1")
    }

    private static let phones = [
        android("SM-S931N", "15"), android("SM-S921N", "15"), android("SM-A546S", "14"), android("SM-F741N", "15"),
        android("SM-S911N", "14"), android("SM-A366N", "15"), iPhone("iPhone17,3", "18.5"),
        iPhone("iPhone16,1", "18.4"),
        iPhone("iPhone15,4", "17.6"), iPhone("iPhone14,6", "17.5"),
    ]
    private static let tablets = [
        android("SM-X610", "14"),
        Model(
            maker: "Apple", name: "iPad14,8", os: "iPadOS", osVersion: "18.4",
            userAgent: "Mozilla/5.0 (iPad; CPU OS 18_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "Version/18.4 Mobile/15E148 Safari/604.1"),
    ]
    private static let computers = [
        Model(
            maker: "PC", name: "PC", os: "Windows", osVersion: "10",
            userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "Chrome/140.0.0.0 Safari/537.36"),
        Model(
            maker: "PC", name: "PC", os: "Windows", osVersion: "10",
            userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
                + "Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"),
        Model(
            maker: "Apple", name: "Mac", os: "macOS", osVersion: "15.5",
            userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
                + "Version/18.5 Safari/605.1.15"),
    ]
    private static let televisions = [
        Model(maker: "Samsung", name: "QN65S", os: "Tizen", osVersion: "8.0", userAgent: ""),
        Model(maker: "LG", name: "OLED65", os: "webOS", osVersion: "24", userAgent: ""),
    ]
}

extension Device.Kind {
    /// As `context.device.type` has it.
    package var wireName: String {
        switch self {
        case .phone: "mobile"
        case .tablet: "tablet"
        case .computer: "desktop"
        case .television: "tv"
        }
    }
}
