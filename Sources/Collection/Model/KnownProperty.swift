/// Properties that collection itself writes, by their place in the scratch's table.
enum KnownProperty: Int, CaseIterable {
    case browserName, browserVersion, osName, osVersion, deviceType, deviceID, deviceModel, deviceBrand, isBot
    case locale, timezone, ip, userAgent, appVersion, networkCarrier, sessionID, referringDomain
    case libraryName, libraryVersion
    case pageURL, pagePath, pageHost, pageReferrer, pageTitle, pageSearch
    case screenWidth, screenHeight, viewportWidth, viewportHeight
    case locationCountry, locationRegion, locationCity, locationLatitude, locationLongitude
    case campaignName, campaignSource, campaignMedium, campaignTerm, campaignContent, campaignID
    case clickGoogle, clickGoogleBraid, clickGoogleWebBraid, clickDoubleClick, clickMeta, clickTikTok, clickMicrosoft
    case clickNaver, clickKakao, clickX, clickLinkedIn
    case set, setOnce, add, append, prepend, postInsert, preInsert, remove, unset, clearAll
    case revenue, price, quantity, productID, revenueType, currency, groups

    var path: String {
        switch self {
        case .browserName: "context.browser.name"
        case .browserVersion: "context.browser.version"
        case .osName: "context.os.name"
        case .osVersion: "context.os.version"
        case .deviceType: "context.device.type"
        case .deviceID: "context.device.id"
        case .deviceModel: "context.device.model"
        case .deviceBrand: "context.device.manufacturer"
        case .isBot: "context.isBot"
        case .locale: "context.locale"
        case .timezone: "context.timezone"
        case .ip: "context.ip"
        case .userAgent: "context.userAgent"
        case .appVersion: "context.app.version"
        case .networkCarrier: "context.network.carrier"
        case .sessionID: "context.sessionId"
        case .referringDomain: "context.referrer.domain"
        case .libraryName: "context.library.name"
        case .libraryVersion: "context.library.version"
        case .pageURL: "context.page.url"
        case .pagePath: "context.page.path"
        case .pageHost: "context.page.host"
        case .pageReferrer: "context.page.referrer"
        case .pageTitle: "context.page.title"
        case .pageSearch: "context.page.search"
        case .screenWidth: "context.screen.width"
        case .screenHeight: "context.screen.height"
        case .viewportWidth: "context.viewport.width"
        case .viewportHeight: "context.viewport.height"
        case .locationCountry: "context.location.country"
        case .locationRegion: "context.location.region"
        case .locationCity: "context.location.city"
        case .locationLatitude: "context.location.latitude"
        case .locationLongitude: "context.location.longitude"
        case .campaignName: "context.campaign.name"
        case .campaignSource: "context.campaign.source"
        case .campaignMedium: "context.campaign.medium"
        case .campaignTerm: "context.campaign.term"
        case .campaignContent: "context.campaign.content"
        case .campaignID: "context.campaign.id"
        case .clickGoogle: "context.click.gclid"
        case .clickGoogleBraid: "context.click.gbraid"
        case .clickGoogleWebBraid: "context.click.wbraid"
        case .clickDoubleClick: "context.click.dclid"
        case .clickMeta: "context.click.fbclid"
        case .clickTikTok: "context.click.ttclid"
        case .clickMicrosoft: "context.click.msclkid"
        case .clickNaver: "context.click.n_media"
        case .clickKakao: "context.click.kclid"
        case .clickX: "context.click.twclid"
        case .clickLinkedIn: "context.click.li_fat_id"
        case .set: "$set"
        case .setOnce: "$setOnce"
        case .add: "$add"
        case .append: "$append"
        case .prepend: "$prepend"
        case .postInsert: "$postInsert"
        case .preInsert: "$preInsert"
        case .remove: "$remove"
        case .unset: "$unset"
        case .clearAll: "$clearAll"
        case .revenue: "revenue"
        case .price: "price"
        case .quantity: "quantity"
        case .productID: "productId"
        case .revenueType: "revenueType"
        case .currency: "currency"
        case .groups: "groups"
        }
    }

    /// The keys from the outside in, by raw value.
    static let paths: [[String]] = allCases.map { $0.path.split(separator: ".").map(String.init) }
}
