import Foundation
import Statistics

/// One visit while it runs: from the first page to the last.
struct ShopVisit {
    enum Reason {
        case usual
        /// Something is used up.
        case restock(product: Int)
        /// Brought by a message.
        case message(WorldAction.Message)
        /// Shown a row of items and chose one.
        case item(product: Int)
        /// Helped to go on with a purchase.
        case help
    }

    let setting: ShopSetting
    let reason: Reason
    let day: Int
    var random: RandomSource
    /// Now, in milliseconds UTC.
    var time: Int64
    let device: Device
    let deviceNumber: Int
    var sender: Sender
    private let context: JSONMembers
    /// How ready the person is to buy: 1 is usual.
    var readiness = 1.0
    /// What was done that an observer sees.
    var reactions: [WorldResponse.Reaction] = []

    init(
        _ setting: ShopSetting, _ customer: ShopCustomer, at time: Int64, for reason: Reason,
        campaign: ShopCampaign?, random: RandomSource
    ) {
        self.setting = setting
        self.reason = reason
        self.time = time
        var random = random
        day = KoreanCalendar.day(of: time)
        let wantsSecond = random.chance(0.3)
        let usesSecond = customer.nature.secondDevice != nil && wantsSecond
        // 0: the phone's browser, 1: another device's, 2: the app.
        deviceNumber = usesSecond ? 1 : customer.isKnown && customer.nature.usesApp ? 2 : 0
        let device = customer.device(usesSecond ? 1 : 0, setting)
        self.device = device
        let onWifi = random.chance(KoreanCalendar.isHoliday(day) ? 0.75 : 0.55)
        self.random = random
        context = device.context { context in
            if device.isApp {
                context.object("network") { network in
                    network.set("wifi", onWifi)
                    network.set("cellular", !onWifi)
                }
            }
            if let campaign, !campaign.name.isEmpty {
                context.object("campaign") { tags in
                    tags.set("source", campaign.source)
                    tags.set("medium", campaign.medium)
                    tags.set("name", campaign.name)
                    tags.set("term", optional: campaign.term)
                    tags.set("content", optional: campaign.content)
                }
            }
        }
        let isSignedIn = customer.isKnown && (deviceNumber != 1 || customer.secondSignedIn)
        sender = Sender(
            userID: isSignedIn ? customer.userID : nil, anonymousID: customer.anonymousID(deviceNumber),
            context: context)
        readiness += 0.4 * customer.interest
    }

    var isSignedIn = false

    mutating func signIn(_ customer: ShopCustomer) {
        sender = Sender(
            userID: customer.userID, anonymousID: customer.anonymousID(deviceNumber), context: context)
        isSignedIn = true
    }

    // MARK: Pieces

    /// Some seconds of reading, mostly short.
    mutating func pause(_ secondsMost: Double = 90) {
        let u = random.uniform()
        time += 1_500 + Int64(u * u * secondsMost * 1_000)
    }

    /// Whether somebody goes on, whom this share of people would at usual readiness.
    mutating func goesOn(_ share: Double, _ readiness: Double = 1) -> Bool {
        random.uniform() < pow(min(max(share, 0), 1), 1 / max(0.05, self.readiness * readiness))
    }

    mutating func react(_ deed: WorldResponse.Deed, item: Int? = nil, value: Double = 0) {
        reactions.append(
            WorldResponse.Reaction(
                deed, time: time, item: item.map { setting.catalogue.products[$0].id }, value: value))
    }

    /// A page of the site or a screen of the app.
    func show(
        _ name: StaticString, path: String, title: String, referrer: String? = nil, query: String = "",
        _ events: inout EventSink
    ) {
        if device.isApp {
            events.screen(name, sender, at: time) { $0.set("path", path) }
        } else {
            events.page(name, sender, at: time) { page in
                page.set("path", path)
                page.set("url", "https://shop.example.com\(path)\(query)")
                page.set("title", title)
                page.set("referrer", optional: referrer)
            }
        }
    }
}
