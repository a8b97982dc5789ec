import Foundation
import Statistics

/// What a customer is like. Hidden: no event says it.
struct ShopNature: Sendable {
    /// How much of the interest goes to each department; sums to 1.
    var taste: [Double]
    /// How strongly a price deters: purchases fall by about so many per cent for each per cent of price.
    var priceSensitivity: Double
    /// How readily somebody buys what they look at; about 1.
    var propensity: Double
    /// Visits a day of somebody who is at home in the shop and needs nothing.
    var visitRate: Double
    /// How fast things are used up, compared with others: 0.7 is sooner.
    var cycleFactor: Double
    /// The chance of a day to lose interest for good, before habit and satisfaction count.
    var hazard: Double
    /// Hours by which their day is later than that of others.
    var hourShift: Double
    /// How readily messages are opened, by channel; about 0 (of a logit).
    var openness: [WorldAction.Channel: Double]
    /// How much a message too many annoys; about 1.
    var irritability: Double
    /// Index into `ShopCampaign.all`.
    var campaign: Int
    var usesApp: Bool
    /// What is used besides the phone, if anything.
    var secondDevice: Device.Kind?

    init(campaign: Int, _ random: inout RandomSource, departments: [ShopCatalogue.Department]) {
        self.campaign = campaign
        // A Dirichlet around the departments' weights: most people care for two or three.
        let draws = departments.map { random.gamma(shape: 6 * $0.share + 0.1) + 1e-6 }
        let sum = draws.reduce(0, +)
        taste = draws.map { $0 / sum }
        priceSensitivity = random.logNormal(mean: 0.35, deviation: 0.45)
        propensity = random.gamma(shape: 2.2, scale: 1 / 2.2) * ShopCampaign.all[campaign].quality
        visitRate = 0.006 + random.gamma(shape: 0.9, scale: 0.05)
        cycleFactor = random.logNormal(mean: 0, deviation: 0.25)
        hazard = random.gamma(shape: 1.6, scale: 0.075)
        hourShift = random.normal(mean: 0, deviation: 1.8)
        openness = [:]
        for channel in WorldAction.Channel.allCases {
            openness[channel] = random.normal(mean: 0, deviation: 0.8)
        }
        irritability = random.logNormal(mean: 0, deviation: 0.5)
        usesApp = random.chance(0.48)
        let second = random.uniform()
        secondDevice = second < 0.22 ? .computer : second < 0.28 ? .tablet : nil
    }
}
