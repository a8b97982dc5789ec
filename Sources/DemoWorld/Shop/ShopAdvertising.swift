import Foundation
import Statistics

/// What the campaigns cost, as an advertising platform reports it each night.
struct ShopAdvertising: Sendable {
    static let id = "ad-platform"
    private var nextDay: Int
    private var isIntroduced = false

    init(_ setting: ShopSetting) { nextDay = setting.settings.firstDay }

    mutating func live(until: Int64, _ setting: ShopSetting, _ events: inout EventSink) {
        let sender = Sender(userID: Self.id, anonymousID: nil)
        while reportTime < until {
            if !isIntroduced {
                isIntroduced = true
                events.identify(sender, at: reportTime) { traits in
                    traits.set("name", "광고 매체 연동")
                    traits.set("role", "system")
                }
            }
            report(setting, sender, &events)
            nextDay += 1
        }
    }

    /// Shortly before midnight.
    private var reportTime: Int64 {
        KoreanCalendar.midnight(nextDay) + 23 * KoreanCalendar.hour + 50 * KoreanCalendar.minute
    }

    private func report(_ setting: ShopSetting, _ sender: Sender, _ events: inout EventSink) {
        let running = ShopCampaign.all.filter { $0.runs(onDay: nextDay) }
        let weight = running.reduce(0) { $0 + $1.weight }
        let arrivals =
            Double(setting.settings.scaled(ShopArrivals.newVisitors)) / 365 * setting.busyness(ofDay: nextDay)
        for (index, campaign) in running.enumerated() where campaign.isPaid {
            var random = setting.streams.of(-2).source(.day, nextDay, index)
            // Not every click gets to the shop.
            let clicks = Int(arrivals * campaign.weight / weight * random.uniform(1.9, 2.6)) + 1
            let impressions = Int(Double(clicks) / random.uniform(0.008, 0.022))
            let cost = Int(Double(clicks) * campaign.costPerClick * random.uniform(0.85, 1.2)) / 10 * 10
            events.track("Ad Cost Recorded", sender, at: reportTime + 1 + Int64(index)) { event in
                event.set("campaign", campaign.name)
                event.set("source", campaign.source)
                event.set("medium", campaign.medium)
                event.set("impressions", impressions)
                event.set("clicks", clicks)
                event.set("cost", cost)
                event.set("currency", "KRW")
            }
        }
    }
}
