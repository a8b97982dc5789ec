import Foundation
import Statistics

struct ShopProduct: Sendable {
    var id: String
    var name: String
    var brand: String
    var department: Int
    /// Counted over all departments.
    var shelf: Int
    /// In KRW, without sales.
    var price: Int
    /// From 0 to 1: how good it really is. Reviews and returns follow it.
    var quality: Double
    /// Its `productId`, `name`, `brand`, `category` and `subcategory`.
    var members: JSONMembers
}

/// A shelf as it stands: what is on it, and how much it is wanted through the year.
struct ShopShelf: Sendable {
    var name: String
    var slug: String
    var department: Int
    var cycleDays: Double
    var season: ShopAssortment.Season
    var returnShare: Double
    var searches: [String]
    /// Indices of products, the most popular first.
    var products: [Int]
    var popularity: Categorical
    /// The price in the middle of the shelf, in KRW, with which others are compared.
    var usualPrice: Double
}

struct ShopCatalogue: Sendable {
    struct Department: Sendable {
        var name: String
        var slug: String
        /// Of the interest that goes there; all sum to 1.
        var share: Double
        /// Indices of its shelves.
        var shelves: [Int]
        var shelfWeights: [Double]
    }

    private(set) var departments: [Department] = []
    private(set) var shelves: [ShopShelf] = []
    private(set) var products: [ShopProduct] = []
    private let streams: RandomStreams

    init(_ streams: RandomStreams) {
        self.streams = streams
        var random = streams.source(.setting)
        let total = ShopAssortment.departments.reduce(0) { $0 + $1.weight }
        for (index, plan) in ShopAssortment.departments.enumerated() {
            let first = shelves.count
            for shelf in plan.shelves { add(shelf, of: plan, index, &random) }
            departments.append(
                Department(
                    name: plan.name, slug: plan.slug, share: plan.weight / total, shelves: Array(first..<shelves.count),
                    shelfWeights: plan.shelves.map(\.weight)))
        }
    }

    private mutating func add(
        _ shelf: ShopAssortment.Shelf, of plan: ShopAssortment.Department, _ department: Int,
        _ random: inout RandomSource
    ) {
        let first = products.count
        for (noun, price) in shelf.goods {
            var brands = plan.brands
            brands.shuffle(using: &random)
            // Each thing in three makes or so, at prices that differ.
            for (round, brand) in brands.prefix(2 + random.index(below: 3)).enumerated() {
                let manner = plan.manners[random.index(below: plan.manners.count)]
                let factor = random.logNormal(mean: round == 0 ? 0 : 0.06, deviation: 0.24)
                let rounded = max(1_900, Int(Double(price) * factor) / 1_000 * 1_000 + 900)
                add(
                    "\(brand) \(manner) \(noun)", brand, price: rounded, quality: random.beta(6, 2.2),
                    plan.name, shelf.name, department)
            }
        }
        let range = first..<products.count
        var order = Array(range)
        order.shuffle(using: &random)
        let prices = range.map { Double(products[$0].price) }.sorted()
        shelves.append(
            ShopShelf(
                name: shelf.name, slug: shelf.slug, department: department, cycleDays: shelf.cycleDays,
                season: shelf.season, returnShare: shelf.returnShare, searches: shelf.searches, products: order,
                popularity: Categorical(weights: order.indices.map { 1 / pow(Double($0 + 1), 0.9) }),
                usualPrice: prices[prices.count / 2]))
    }

    private mutating func add(
        _ name: String, _ brand: String, price: Int, quality: Double, _ department: String, _ shelf: String,
        _ departmentIndex: Int
    ) {
        let number = String(products.count + 1)
        let id = "P" + String(repeating: "0", count: 4 - number.count) + number
        let members = JSONMembers { members in
            members.set("productId", id)
            members.set("name", name)
            members.set("brand", brand)
            members.set("category", department)
            members.set("subcategory", shelf)
        }
        products.append(
            ShopProduct(
                id: id, name: name, brand: brand, department: departmentIndex, shelf: shelves.count, price: price,
                quality: quality, members: members))
    }

    /// - Complexity: O(1).
    func index(ofProduct id: String) -> Int? {
        guard id.hasPrefix("P"), let number = Int(id.dropFirst()), products.indices.contains(number - 1) else {
            return nil
        }
        return number - 1
    }

    // MARK: Prices and seasons

    /// What everybody is asked for a product on a day, in KRW: some of it is on sale each week.
    func price(_ product: Int, onDay day: Int) -> Int {
        let full = products[product].price
        let share = saleShare(product, onDay: day)
        return share == 0 ? full : Int(Double(full) * (1 - share)) / 100 * 100
    }

    /// Sales begin on Thursdays and last a week; in the first eleven days of November more is on sale.
    func saleShare(_ product: Int, onDay day: Int) -> Double {
        let week = day / 7
        let draw = streams.of(product).uniform(.setting, week, 1)
        let date = KoreanCalendar.date(day)
        let isSaleSeason = date.month == 11 && date.day <= 11
        guard draw < (isSaleSeason ? 0.22 : 0.07) else { return 0 }
        let depths = [0.1, 0.15, 0.2, 0.3]
        return depths[Int(streams.of(product).word(.setting, week, 2) % 4)]
    }

    /// How much a shelf is wanted on a day; about 1 over a year.
    func demand(_ shelf: Int, onDay day: Int) -> Double {
        let season = KoreanCalendar.seasonOfYear(day)
        func wave(_ peak: Double, _ strength: Double) -> Double {
            1 + strength * cos(2 * .pi * (season - peak))
        }
        switch shelves[shelf].season {
        case .always: return 1
        case .winter: return wave(0.98, 0.5)
        case .spring: return wave(0.28, 0.4)
        case .summer: return wave(0.52, 0.75)
        case .autumn: return wave(0.8, 0.45)
        case .feast:
            let days = max(
                daysBefore(KoreanCalendar.daysAfterSeollal(day)), daysBefore(KoreanCalendar.daysAfterChuseok(day)))
            return 0.25 + days
        }
    }

    /// Gifts are bought from three weeks before the feast until two days before.
    private func daysBefore(_ daysAfter: Int) -> Double {
        switch daysAfter {
        case -20 ... -13: 4
        case -12 ... -2: 12
        default: 0
        }
    }
}
