import Statistics

/// A market place of services for the home: customers book, partners come.
///
/// A circle is a quarter: some districts with their customers and partners. Nobody books or works across quarters.
package struct Home: Business {
    package static let description = BusinessDescription(name: "home", korean: "집손", english: "Jipson Home Services")
    package static let definitions = HomeDefinitions.yaml
    static let appName = "집손"
    static let partnerAppName = "집손 파트너"
    /// In a quarter of the full world of ordinary size.
    static let customersPerQuarter = 620.0
    static let partnersPerQuarter = 56.0

    package let settings: WorldSettings
    package let weather: Weather
    let streams: RandomStreams
    private let maker: NeighbourhoodMaker

    package init(_ settings: WorldSettings) {
        self.settings = settings
        streams = RandomStreams(seed: settings.seed, Home.description.name)
        weather = Weather(firstDay: settings.firstDay, days: 3 * 365, random: streams.source(.setting))
        maker = NeighbourhoodMaker(settings: settings, streams: streams)
    }

    /// A smaller world has fewer quarters rather than emptier ones: where few live, nobody finds anybody.
    package var circleCount: Int { Home.quarters(settings.scale) }

    static func quarters(_ scale: Double) -> Int {
        min(max(Int((Double(Quarter.all.count) * scale).rounded()), 1), Quarter.all.count)
    }

    package func circle(_ index: Int) -> Neighbourhood { maker.neighbourhood(index) }

    // MARK: Ids

    /// `customer-0300017` is the eighteenth of the fourth quarter.
    static func id(_ kind: String, _ quarter: Int, _ number: Int) -> String {
        "\(kind)-" + String(10_000_000 + quarter * 100_000 + number).dropFirst()
    }

    static func orderID(_ neighbourhood: Int, _ number: Int) -> String { id("order", neighbourhood, number) }

    package func circleIndex(ofPerson id: String) -> Int? {
        guard let number = Home.number(id), number / 100_000 < circleCount else { return nil }
        return number / 100_000
    }

    static func number(_ id: String) -> Int? { id.split(separator: "-").last.flatMap { Int($0) } }

    /// Whom an id means in a neighbourhood.
    enum Who { case customer(Int), partner(Int) }

    func who(_ id: String, in neighbourhood: Neighbourhood) -> Who? {
        guard let number = Home.number(id), number / 100_000 == neighbourhood.index else { return nil }
        let place = number % 100_000
        if id.hasPrefix("partner") {
            return neighbourhood.partners.indices.contains(place) ? .partner(place) : nil
        }
        return neighbourhood.customers.indices.contains(place) ? .customer(place) : nil
    }
}
