import Foundation
import Statistics

/// What all customers of a shop share, and what is worked out once.
final class ShopSetting: Sendable {
    let settings: WorldSettings
    let streams: RandomStreams
    let catalogue: ShopCatalogue
    let arrivals: ShopArrivals
    private let workday = Categorical(weights: ShopSeasons.workdayHours)
    private let weekend = Categorical(weights: ShopSeasons.weekendHours)
    /// How busy each day is from the first on.
    private let busyness: [Double]

    init(_ settings: WorldSettings) {
        self.settings = settings
        streams = RandomStreams(seed: settings.seed, Shop.description.name)
        // The assortment is that of the shop, with its seed.
        catalogue = ShopCatalogue(streams.of(-1))
        arrivals = ShopArrivals(settings)
        busyness = (0..<1_500).map { ShopSeasons.weight(ofDay: settings.firstDay + $0) }
    }

    func busyness(ofDay day: Int) -> Double {
        let index = day - settings.firstDay
        return busyness.indices.contains(index) ? busyness[index] : ShopSeasons.weight(ofDay: day)
    }

    /// When a visit of a day begins.
    func start(ofVisitOn day: Int, _ nature: ShopNature, _ random: inout RandomSource) -> Int64 {
        let hour = KoreanCalendar.isHoliday(day) ? weekend.draw(&random) : workday.draw(&random)
        let shifted = Double(hour) + random.uniform() + nature.hourShift * 0.6
        // The small hours of the same day stand for those of the next.
        let hourOfDay = (shifted + 24).truncatingRemainder(dividingBy: 24)
        return KoreanCalendar.midnight(day) + Int64(hourOfDay * Double(KoreanCalendar.hour))
    }

    // MARK: Choosing

    func chooseDepartment(of customer: ShopCustomer, onDay day: Int, _ random: inout RandomSource) -> Int {
        // Everybody looks elsewhere now and then.
        let weights = catalogue.departments.indices.map { index in
            customer.nature.taste[index] * 0.85 + 0.15 * catalogue.departments[index].share
        }
        return random.index(weights: weights)
    }

    func chooseShelf(ofDepartment department: Int, onDay day: Int, _ random: inout RandomSource) -> Int {
        let department = catalogue.departments[department]
        let weights = department.shelves.indices.map { index in
            department.shelfWeights[index] * catalogue.demand(department.shelves[index], onDay: day)
        }
        return department.shelves[random.index(weights: weights)]
    }

    func chooseProduct(onShelf shelf: Int, _ random: inout RandomSource) -> Int {
        catalogue.shelves[shelf].products[catalogue.shelves[shelf].popularity.draw(&random)]
    }

    func chooseProduct(of customer: ShopCustomer, onDay day: Int, _ random: inout RandomSource) -> Int {
        let department = chooseDepartment(of: customer, onDay: day, &random)
        return chooseProduct(onShelf: chooseShelf(ofDepartment: department, onDay: day, &random), &random)
    }

    func price(_ product: Int, for customer: ShopCustomer, onDay day: Int) -> Int {
        customer.ownPrices[product] ?? catalogue.price(product, onDay: day)
    }
}
