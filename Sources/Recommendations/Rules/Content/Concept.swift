import Foundation
package import Statistics

/// The audience of something that does not exist yet, described by attributes: learned from the items that do.
package struct ConceptForecast: Sendable, Hashable {
    /// Whether the attributes tell more than the average does.
    package enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        case told
        /// Too few items have an audience to learn from.
        case tooFewItems = "too_few_items"
        /// Leaving items out shows that attributes foretell nothing here.
        case noBetterThanAverage = "no_better_than_average"
        /// Nothing like it was ever there.
        case unknownAttributes = "unknown_attributes"
    }

    package struct Part: Sendable, Hashable {
        package var name: String
        package var value: String
        /// Items to learn from that have it.
        package var items: Int
        /// The audience of items with it over that of those without, all else equal.
        package var factor: Double
    }

    package struct Neighbour: Sendable, Hashable {
        package var item: String
        /// Attributes in common.
        package var shared: Int
        package var reach: Double
    }

    package var verdict: Verdict
    /// The share of those who are active within four weeks that begins it; 80 of 100 such intervals hold the truth.
    /// When attributes tell nothing, that of any item.
    package var reach: Interval?
    /// The same in persons.
    package var persons: Interval?
    /// How much of the differences between items the attributes foretell, from left-out items; at most 1.
    package var explained: Double?
    package var learnedFrom: Int
    package var parts: [Part]
    /// Attributes that no item has.
    package var unknown: [String]
    package var neighbours: [Neighbour]
}

/// Learns from items how large an audience attributes foretell.
struct ConceptModel: Sendable {
    static let itemsMin = 30
    private static let itemsMax = 2_000
    private static let featuresMax = 150
    /// An attribute of fewer items than this is not learned.
    private static let featureItemsMin = 3
    /// Of the explained share, below which attributes are said to tell nothing.
    private static let explainedMin = 0.02
    /// In standard errors: the ridge was chosen by the same numbers, so a little more than one in twenty asks for.
    private static let advantageMin = 2.0
    private static let confidence = 0.8
    /// The first weeks of an item, over which its audience is counted.
    private static let launchWeeks = 4
    /// Differences between items that no attribute explains, as a variance of the logarithm.
    private static let ownVariance = 0.3

    private struct Sample {
        var item: Int
        var reach: Double
        var starters: Int
        /// Whether it came while people were watched.
        var isLaunch: Bool
    }

    private let tables: ContentTables
    private let samples: [Sample]
    /// By attribute: its place among the features; 0 is the constant, 1 says that it was a launch.
    private let places: [Int32: Int]
    private let fit: RidgeFit?
    private let activePersons: Double

    /// - Parameter members: who counts, by person.
    /// - Complexity: O(entries + grid · (items · features² + features³))
    init(_ tables: ContentTables, members: [Bool]) {
        self.tables = tables
        let weeks = tables.weeks + 1
        // By week: who of the audience was active; by item: who began it in which week.
        var active = [Int](repeating: 0, count: weeks)
        var starts: [Int32: [UInt16: Int]] = [:]
        for person in tables.persons.indices where members[person] {
            let entries = tables.entries(of: person)
            for week in Set(entries.map { Int(tables.entryWeeks[$0]) }) where week < weeks { active[week] += 1 }
            for entry in entries {
                starts[tables.entryItems[entry], default: [:]][tables.entryWeeks[entry], default: 0] += 1
            }
        }
        // The last week is not over.
        let last = (active.lastIndex { $0 > 0 } ?? 0) - 1
        let first = active.firstIndex { $0 > 0 } ?? 0
        activePersons =
            last >= first
            ? Double(active[max(first, last - 7)...last].reduce(0, +)) / Double(min(8, last - first + 1)) : 0
        let samples = Self.samples(starts, active, first: first, last: last)
        var counts: [Int32: Int] = [:]
        for sample in samples {
            for attribute in tables.attributesOfItem[sample.item] { counts[attribute, default: 0] += 1 }
        }
        let common = counts.filter { $0.value >= Self.featureItemsMin && $0.value < samples.count }
        let chosen = common.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.featuresMax)
        let places = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1.key, $0 + 2) })
        self.samples = samples
        self.places = places
        guard samples.count >= Self.itemsMin else {
            fit = nil
            return
        }
        fit = RidgeFit(
            rows: samples.map { Self.features(tables.attributesOfItem[$0.item], places, isLaunch: $0.isLaunch) },
            dimension: places.count + 2, targets: samples.map { log($0.reach) },
            weights: samples.map { Self.weight($0.starters) })
    }

    /// What is known of an item's audience: a count's own noise, and what no attribute explains.
    private static func weight(_ starters: Int) -> Double { 1 / (1 / Double(starters + 1) + ownVariance) }

    private static func features(_ attributes: [Int32], _ places: [Int32: Int], isLaunch: Bool) -> [Int] {
        [0] + (isLaunch ? [1] : []) + Set(attributes.compactMap { places[$0] }).sorted()
    }

    /// The weekly audience of items: of those that came later than the first weeks, in their first four; of the others
    /// on average.
    private static func samples(
        _ starts: [Int32: [UInt16: Int]], _ active: [Int], first: Int, last: Int
    ) -> [Sample] {
        guard last > first else { return [] }
        var samples: [Sample] = []
        for (item, byWeek) in starts.sorted(by: { $0.key < $1.key }) {
            let known = byWeek.filter { Int($0.key) >= first && Int($0.key) <= last }
            guard let begin = known.keys.min().map(Int.init) else { continue }
            let isLaunch = begin > first + 2
            let end = isLaunch ? begin + launchWeeks - 1 : last
            guard end <= last else { continue }
            let weeks = isLaunch ? begin...end : first...end
            let starters = known.reduce(0) { weeks.contains(Int($1.key)) ? $0 + $1.value : $0 }
            let personWeeks = weeks.reduce(0) { $0 + active[$1] }
            guard personWeeks > 0 else { continue }
            let perWeek = (Double(starters) + 0.5) / (Double(personWeeks) + 1)
            samples.append(
                Sample(
                    item: Int(item), reach: min(1, perWeek * Double(launchWeeks)), starters: starters,
                    isLaunch: isLaunch))
        }
        let most = samples.sorted { ($1.starters, $0.item) < ($0.starters, $1.item) }.prefix(itemsMax)
        return Array(most)
    }

    /// The share of those who are active within four weeks that began an item; nil when it is not among those learned
    /// from.
    func reach(of item: Int32) -> Double? { samples.first { $0.item == Int(item) }?.reach }

    // MARK: Asking

    /// - Parameter concept: `genre` and `romance`.
    func forecast(_ concept: [(name: String, value: String)]) -> ConceptForecast {
        let numbers = Dictionary(
            uniqueKeysWithValues: tables.attributes.enumerated().map { ("\($1.name)=\($1.value)", Int32($0)) })
        var (known, unknown): ([Int32], [String]) = ([], [])
        for (name, value) in concept {
            let label = "\(name)=\(value)"
            if let number = numbers[label], places[number] != nil {
                known.append(number)
            } else {
                unknown.append(label)
            }
        }
        var forecast = ConceptForecast(
            verdict: .tooFewItems, reach: nil, persons: nil, explained: fit?.explained, learnedFrom: samples.count,
            parts: [], unknown: unknown, neighbours: neighbours(known))
        guard let fit else { return forecast }
        forecast.parts = known.map { number in
            let (name, value) = tables.attributes[Int(number)]
            return ConceptForecast.Part(
                name: name, value: value, items: samples.count { tables.attributesOfItem[$0.item].contains(number) },
                factor: exp(places[number].map { fit.coefficients[$0] } ?? 0))
        }
        let isBetter = fit.explained >= Self.explainedMin && fit.advantage >= Self.advantageMin
        let isTold = isBetter && !known.isEmpty
        forecast.verdict = isTold ? .told : isBetter ? .unknownAttributes : .noBetterThanAverage
        let launched = samples.contains { $0.isLaunch }
        forecast.reach = isTold ? told(Self.features(known, places, isLaunch: launched), fit) : average()
        forecast.persons = forecast.reach.map { reach in
            Interval(
                estimate: reach.estimate * activePersons, low: reach.low * activePersons,
                high: reach.high * activePersons)
        }
        return forecast
    }

    /// The value of a fit with an interval from the errors of left-out items, each brought to a leverage of none
    /// (Chernozhukov and others, 2021, call it conformal; here with the leverage of what is asked).
    private func told(_ features: [Int], _ fit: RidgeFit) -> Interval {
        let value = fit.value(features)
        var errors = fit.residuals.map { abs($0.error) * (1 - $0.leverage).squareRoot() }
        // The next one of n + 1: the quantile is a little further out.
        let n = Double(errors.count)
        let q = min(1, Self.confidence * (n + 1) / n)
        let usualWeight = samples.reduce(0) { $0 + Self.weight($1.starters) } / n
        let half = (Quantile.of(&errors, q) ?? 0) * (1 + fit.variance(features) * usualWeight).squareRoot()
        return Interval(
            estimate: min(1, exp(value)), low: min(1, exp(value - half)), high: min(1, exp(value + half)))
    }

    /// What any item has: the median, and where eight of ten lie.
    private func average() -> Interval? {
        let sorted = samples.map(\.reach).sorted()
        guard let low = Quantile.ofSorted(sorted, 0.1), let middle = Quantile.ofSorted(sorted, 0.5),
            let high = Quantile.ofSorted(sorted, 0.9)
        else { return nil }
        return Interval(estimate: middle, low: low, high: high)
    }

    private func neighbours(_ attributes: [Int32]) -> [ConceptForecast.Neighbour] {
        guard !attributes.isEmpty else { return [] }
        let wanted = Set(attributes)
        return samples.compactMap { sample -> ConceptForecast.Neighbour? in
            let shared = tables.attributesOfItem[sample.item].count { wanted.contains($0) }
            return shared > 0
                ? ConceptForecast.Neighbour(item: tables.items[sample.item], shared: shared, reach: sample.reach) : nil
        }
        .sorted { ($1.shared, $1.reach, $0.item) < ($0.shared, $0.reach, $1.item) }.prefix(5).map { $0 }
    }
}
