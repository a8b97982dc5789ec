import EventLog
import Foundation
import RandomCases

@testable import Analysis

/// A small random history, with the query surroundings that the slow implementations share.
struct RandomHistory {
    var events: [Event] = []
    var merges: [Merge] = []
    let zone: ZoneName
    let weekStart: WeekStart
    let period: Period
    let calendar: SlowCalendar
    let from: String
    let to: String
    let range: Range<Int64>
    /// Keys of the periods of the range in order, each with the times between which it lies.
    private(set) var periods: [(key: String, times: Range<Int64>)] = []

    static let quarter: Int64 = 900_000

    init(_ dice: inout SeededRandom, periods allowed: [Period] = Period.allCases) throws {
        zone = ZoneName(dice.pick(testZones))!
        weekStart = dice.pick(WeekStart.allCases)
        period = dice.pick(allowed)
        calendar = SlowCalendar(zone.zone, weekStart)
        let length = period == .hour ? dice.roll(1...4) : period == .day ? dice.roll(1...30) : dice.roll(1...80)
        // Around a change of the clocks more often than not.
        let anchor =
            dice.chance(60)
            ? dice.pick([
                "2024-03-10", "2024-03-31", "2024-11-03", "2024-10-27", "2024-10-06", "2024-04-07", "2011-12-30",
            ])
            : "20\(dice.roll(10...29))-0\(dice.roll(1...9))-\(dice.roll(10...28))"
        let first = Int(milliseconds(anchor + "T00:00:00Z") / 86_400_000) - dice.roll(0...length)
        from = CivilDate(dayNumber: first).label
        to = CivilDate(dayNumber: first + length - 1).label
        range = try DateRange(from: DayPoint(from), to: DayPoint(to), timeZone: zone).resolve(now: 0, data: nil)
        fillPeriods()
        fillEvents(&dice)
    }

    var dates: DateRange { DateRange(from: DayPoint(from), to: DayPoint(to), timeZone: zone) }

    private mutating func fillPeriods() {
        // The range starts with a local day, our zones' clocks change by half hours, and hours may start at any
        // quarter.
        let step = period == .hour ? Self.quarter : 2 * Self.quarter
        var time = range.lowerBound
        while time < range.upperBound {
            let key = calendar.label(period, time)
            if periods.last?.key == key {
                periods[periods.count - 1].times =
                    periods[periods.count - 1].times.lowerBound..<min(time + step, range.upperBound)
            } else {
                periods.append((key, time..<min(time + step, range.upperBound)))
            }
            time += step
        }
    }

    private mutating func fillEvents(_ dice: inout SeededRandom) {
        let people = dice.roll(1...7)
        let length = range.upperBound - range.lowerBound
        let wide = range.lowerBound - max(length, 40 * 86_400_000)..<range.upperBound + length / 2
        let near = range.lowerBound - length / 4..<range.upperBound + length / 4
        for _ in 0..<dice.roll(0...80) {
            let person = "p\(dice.roll(0...people))"
            var time = Int64.random(in: dice.chance(30) ? wide : near, using: &dice)
            if let last = events.last, dice.chance(40) {
                // Close to another event: sessions, ties, exactly the timeout apart.
                time = last.time + dice.pick([0, 0, 60_000, 1_799_999, 1_800_000, 1_800_001, 1_200_000])
            }
            var properties: [Event.Property] = []
            if dice.chance(70) { properties.append(.init("v", .number(Double(dice.roll(-8...8)) / 2))) }
            if dice.chance(80) { properties.append(.init("c", .string(dice.pick(["x", "y", "z", "w"])))) }
            if dice.chance(50) {
                properties.append(
                    .init("tags", .strings((0..<dice.roll(1...3)).map { _ in dice.pick(["s", "t", "u"]) })))
            }
            if dice.chance(30) {
                properties.append(
                    .init("prices", .numbers((0..<dice.roll(1...3)).map { _ in Double(dice.roll(0...9)) })))
            }
            events.append(
                Event(person: person, name: dice.pick(["A", "A", "B", "C"]), time: time, properties: properties))
        }
        if dice.chance(30) { merges.append(Merge(alias: "p0", person: "p1")) }
    }

    /// Everybody's events in time order; ties in the order of arrival.
    var histories: [(person: String, events: [Event])] {
        var byPerson: [String: [Event]] = [:]
        for event in events {
            byPerson[merges.first { $0.alias == event.person }?.person ?? event.person, default: []].append(event)
        }
        return byPerson.map { person, events in
            let order = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            return (person, order.map(\.element))
        }
    }

    func period(of time: Int64) -> Int? {
        guard range.contains(time) else { return nil }
        let key = calendar.label(period, time)
        return periods.firstIndex { $0.key == key }
    }

    /// - Parameter layout: spreads the events over several segments and small chunks.
    func snapshot(_ layout: Int = 0) throws -> Snapshot {
        try Snapshot.inMemory(
            events, merges: merges, segmentCount: 1 + layout % 3, latest: layout % 5 < 2 ? 3 : 0,
            chunkRows: layout % 2 == 0 ? 8 : 65_536)
    }

    func answer(_ query: Query, person: String? = nil, layout: Int = 0) throws -> AnalysisService.Answer {
        try AnalysisService(threads: 1 + layout % 2).run(
            query, on: snapshot(layout), now: Limits.latestTime, traits: PlanTraits(), person: person)
    }
}

/// Everybody with an odd number has a plan.
struct PlanTraits: PersonTraits {
    func value(of trait: String, person: String) -> PropertyValue? {
        trait == "plan" && person.hasSuffix("1") || person.hasSuffix("3") ? .string("pro") : nil
    }

    func value(of trait: String, groupKind: String, person: String) -> PropertyValue? { nil }
}

extension EventSelector {
    /// A random selector, and whether an event fits it, told without the filters' code.
    static func random(
        _ dice: inout SeededRandom, isFiltered: Bool? = nil
    ) -> (selector: EventSelector, fits: @Sendable (Event) -> Bool) {
        let names: [String]? = dice.pick([nil, ["A"], ["A"], ["B"], ["A", "C"], ["nothing"]])
        let filtered = isFiltered ?? dice.chance(30)
        return (
            EventSelector(names, filters: filtered ? [.property("c", .equals, .string("x"))] : []),
            { (names?.contains($0.name) ?? true) && (!filtered || $0["c"] == .string("x")) }
        )
    }
}

extension BreakdownKey {
    /// A random breakdown, and the values of an event.
    static func random(
        _ dice: inout SeededRandom
    ) -> (key: BreakdownKey, values: @Sendable (Event, _ person: String) -> [BreakdownValue]) {
        switch dice.roll(0...2) {
        case 0:
            return (
                BreakdownKey(property: "c"),
                { event, _ in
                    if case .string(let text)? = event["c"] { [.string(text)] } else { [.missing] }
                }
            )
        case 1:
            return (
                BreakdownKey(property: "tags"),
                { event, _ in
                    if case .strings(let list)? = event["tags"] { Set(list).map { .string($0) } } else { [.missing] }
                }
            )
        default:
            return (
                BreakdownKey(person: "plan"),
                { _, person in
                    if case .string(let text)? = PlanTraits().value(of: "plan", person: person) {
                        [.string(text)]
                    } else {
                        [.missing]
                    }
                }
            )
        }
    }
}

/// The groups of a breakdown by counts of its values: the most frequent by name, then `other`.
func slowGroups(_ values: [BreakdownValue], limit: Int) -> (names: [BreakdownValue], group: (BreakdownValue) -> Int?) {
    var counts: [BreakdownValue: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let ranked = counts.keys.sorted { (counts[$1]!, $0) < (counts[$0]!, $1) }
    var names = Array(ranked.prefix(limit))
    let named = names
    if ranked.count > limit { names.append(.other) }
    let last = names.count - 1
    return (names, { value in named.firstIndex(of: value) ?? (ranked.count > limit ? last : nil) })
}
