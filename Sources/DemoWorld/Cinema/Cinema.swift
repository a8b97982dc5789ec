import Foundation
import Statistics

/// A streaming service: households with a subscription, whose members watch films and series.
///
/// A circle is a household. What is talked about (`StandardPage.buzz`) is a function of the catalogue and the day, so
/// households need nothing from each other.
package struct Cinema: Business {
    package static let description = BusinessDescription(name: "cinema", korean: "달빛극장", english: "Moonlight Cinema")
    package static let definitions = CinemaDefinitions.yaml
    static let appName = "달빛극장"

    package let settings: WorldSettings
    package let catalogue: CinemaCatalogue
    package let circleCount: Int
    let streams: RandomStreams
    let appeal: Appeal
    let standardPage: StandardPage
    let outages: [Outage]
    let labels: TitleLabels
    private let maker: HouseholdMaker
    private let lists: WeekLists

    package init(_ settings: WorldSettings) {
        self.settings = settings
        streams = RandomStreams(seed: settings.seed, Cinema.description.name)
        catalogue = CinemaCatalogue(streams: streams)
        circleCount = settings.scaled(1_000)
        appeal = Appeal(catalogue: catalogue, whims: streams.of(-1))
        let page = StandardPage(catalogue: catalogue, streams: streams.of(-2))
        standardPage = page
        outages = Outage.all(settings: settings, streams: streams)
        labels = TitleLabels(catalogue: catalogue)
        maker = HouseholdMaker(settings: settings, streams: streams, catalogue: catalogue)
        lists = WeekLists(page: page)
    }

    package func circle(_ index: Int) -> Household { maker.household(index) }

    func plan(for household: Household, _ random: inout RandomSource) -> Plan { maker.plan(household, &random) }

    func dayLists(on day: Int) -> StandardPage.DayLists { lists.week((day - settings.firstDay) / 7) }

    // MARK: Ids

    static func number(_ household: Int) -> Int { 100_000 + household }
    static func householdID(_ index: Int) -> String { "household-\(number(index))" }
    static func viewerID(household: Int, member: Int) -> String { "viewer-\(number(household))-\(member + 1)" }
    /// Of the app or browser on a device; a television has one for all who sit before it.
    static func deviceID(_ household: Household, member: Int, _ screen: Screen) -> String {
        screen == .tv ? household.televisionID : "\(screen.slug)-\(number(household.index))-\(member + 1)"
    }

    package func circleIndex(ofPerson id: String) -> Int? {
        let parts = id.split(separator: "-")
        guard parts.count >= 2, let number = Int(parts[1]), number >= 100_000 else { return nil }
        return number - 100_000 < circleCount ? number - 100_000 : nil
    }

    func memberIndex(ofPerson id: String, in household: Household) -> Int? {
        if id == household.televisionID { return 0 }
        guard let last = id.split(separator: "-").last, let number = Int(last) else { return nil }
        return household.members.indices.contains(number - 1) ? number - 1 : nil
    }
}

/// Some hours in which nothing plays for some households.
package struct Outage: Sendable, Hashable {
    package var start: Int64
    package var end: Int64
    /// Of the households that are hit.
    package var share: Double
    private let draw: RandomStreams

    func hits(_ household: Household, at time: Int64) -> Bool {
        time >= start && time < end && draw.of(household.index).uniform(.setting) < share
    }

    /// About one every ten weeks, in the evening, when most people watch.
    static func all(settings: WorldSettings, streams: RandomStreams) -> [Outage] {
        var random = streams.source(.setting, 1)
        var day = settings.firstDay + 25
        return (0..<16).map { number in
            day += 40 + random.index(below: 60)
            let start = KoreanCalendar.midnight(day) + Int64(random.uniform(19.5, 21.5) * Double(KoreanCalendar.hour))
            let length = Int64(random.uniform(0.7, 2.5) * Double(KoreanCalendar.hour))
            return Outage(
                start: start, end: start + length, share: random.uniform(0.4, 0.9), draw: streams.of(-10 - number))
        }
    }
}

/// What the events about a title say of it, written once.
struct TitleLabels: Sendable {
    /// By title.
    let members: [JSONMembers]

    init(catalogue: CinemaCatalogue) {
        members = catalogue.titles.map { title in
            JSONMembers { members in
                members.set("titleId", title.id)
                members.set("title", title.korean)
                members.set("kind", title.kind.rawValue)
                members.set("genre", title.genre.slug)
            }
        }
    }
}
