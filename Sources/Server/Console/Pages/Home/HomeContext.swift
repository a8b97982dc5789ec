import Access
import Analysis
import Engine
import EventLog
import Foundation

/// What the cards of the home page share: the period, and the figures of one reading of the log.
struct HomeContext: Sendable {
    let call: PageCall
    let workspace: LiveWorkspace
    let range: TimeRange
    let hasEvents: Bool
    let figures: ActivityOverview

    static func read(_ call: PageCall) async throws -> HomeContext {
        let workspace = try call.workspace()
        let range = TimeRange(call)
        let (zone, now) = (ZoneName(call.format.timeZone.identifier) ?? .utc, call.now)
        let (figures, hasEvents) = try await call.parts.queries.run {
            let snapshot = try workspace.log.snapshot()
            let figures = try ActivityOverview.read(
                range.dates(zone), before: range.before.dates(zone), on: snapshot, now: now)
            return (figures, snapshot.timeRange != nil)
        }
        return HomeContext(call: call, workspace: workspace, range: range, hasEvents: hasEvents, figures: figures)
    }

    /// `May 3 – May 30`.
    var periodText: String {
        let first = call.format.calendarDay(Int64(range.firstDay) * 86_400_000)
        return first + " – " + call.format.calendarDay(Int64(range.lastDay) * 86_400_000)
    }

    /// "vs. the 28 days before".
    var comparedText: String { call.text("home.compared", count: range.dayCount) }

    /// The list of people who fit a predicate, in the language of audiences.
    func people(_ predicate: String) -> String? {
        call.may(.peopleRead) ? call.link("people", ["where": predicate]) : nil
    }

    /// `between 2024-05-01 and 2024-05-28`, as predicates have it.
    var within: String { "between \(range.from) and \(range.to)" }
    var withinBefore: String { "between \(range.before.from) and \(range.before.to)" }
}

extension TimeRange {
    fileprivate func dates(_ zone: ZoneName) -> DateRange {
        DateRange(from: DayPoint(from), to: DayPoint(to), timeZone: zone)
    }
}
