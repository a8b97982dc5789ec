import Engine
import EventLog
import Foundation

/// The days that a page looks at: the last so many, or from one to another, in the workspace's time zone. The address
/// says which: `?days=28`, or `?from=2024-05-01&to=2024-05-31`.
package struct TimeRange: Sendable, Hashable {
    package static let presets = [7, 28, 90, 365]

    /// Of a preset; nil when the days were chosen.
    package var days: Int?
    /// The first local day, counted from 1970-01-01, and the last one, which is part of it.
    package var firstDay: Int
    package var lastDay: Int

    /// - Returns: what the address asks for; the preset when it asks for nothing, or for nothing sensible.
    package init(_ call: PageCall, standardDays: Int = 28) {
        let today = TimeRange.dayNumber(call.format.local(call.now))
        if let from = call.query("from").flatMap(TimeRange.dayNumber(of:)),
            let to = call.query("to").flatMap(TimeRange.dayNumber(of:)), from <= to, to - from < 3660
        {
            (days, firstDay, lastDay) = (nil, from, min(to, max(today, from)))
        } else {
            let asked = call.query("days").flatMap { Int($0) }.flatMap { TimeRange.presets.contains($0) ? $0 : nil }
            let count = asked ?? standardDays
            (days, firstDay, lastDay) = (count, today - count + 1, today)
        }
    }

    package var dayCount: Int { lastDay - firstDay + 1 }

    /// `2024-05-01`, as queries take them.
    package var from: String { TimeRange.text(firstDay) }
    package var to: String { TimeRange.text(lastDay) }

    /// As many days before the first one.
    package var before: TimeRange {
        var copy = self
        copy.days = nil
        copy.lastDay = firstDay - 1
        copy.firstDay = firstDay - dayCount
        return copy
    }

    package static func text(_ dayNumber: Int) -> String { Timestamp.day(Int64(dayNumber) * 86_400_000) }

    package static func dayNumber(_ local: Int64) -> Int { Int((Double(local) / 86_400_000).rounded(.down)) }

    static func dayNumber(of text: String) -> Int? {
        Timestamp.milliseconds(text + "T00:00:00.000Z").map { Int($0 / 86_400_000) }
    }
}

/// Chooses a `TimeRange`. Everything else in the address stays.
package struct RangePicker: PageComponent {
    private let range: TimeRange
    private let call: PageCall
    private let path: String
    private let keeps: [(name: String, value: String)]

    /// - Parameters:
    ///   - path: of the page, below the workspace.
    ///   - keeping: the names of the parameters of the address that stay.
    package init(_ range: TimeRange, path: String, keeping names: [String] = [], _ call: PageCall) {
        self.range = range
        self.call = call
        self.path = path
        keeps = names.flatMap { name in call.call.texts(name).map { (name, $0) } }
    }

    package var value: PageValue {
        let rest = keeps.map { "&" + PageCall.escape($0.name) + "=" + PageCall.escape($0.value) }.joined()
        let first = Int64(range.firstDay) * 86_400_000
        let last = Int64(range.lastDay) * 86_400_000
        return [
            "action": .text(call.link(path)),
            "presets": .list(
                TimeRange.presets.map { days in
                    [
                        "text": .text(call.text("range.\(days)d")),
                        "href": .text(call.link(path) + "?days=\(days)" + rest),
                        "isCurrent": .flag(range.days == days),
                    ]
                }),
            "keeps": .list(keeps.map { ["name": .text($0.name), "value": .text($0.value)] }),
            "summary": .text(
                range.days == nil
                    ? call.format.calendarDay(first) + " – " + call.format.calendarDay(last) : call.text("range.custom")
            ),
            "from": .text(range.from), "to": .text(range.to),
            "today": .text(TimeRange.text(TimeRange.dayNumber(call.format.local(call.now)))),
        ]
    }
}
