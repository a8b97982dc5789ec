package import EventLog

/// The events of a log in the order in which they were stored, a page at a time.
package struct EventTail: Sendable {
    private let log: EventLog
    /// Events that one page looks at, at most, however few of them match.
    private static let readsPerPage = 100_000

    package init(log: EventLog) { self.log = log }

    package struct Page: Sendable {
        package var events: [StoredEvent]
        /// Where the next page begins. It is valid for ever, also when there is nothing there yet.
        package var next: UInt64
        /// Whether there may be more at this moment.
        package var hasMore: Bool

        package init(events: [StoredEvent], next: UInt64, hasMore: Bool) {
            self.events = events
            self.next = next
            self.hasMore = hasMore
        }
    }

    /// The latest events, in the order in which they were stored.
    ///
    /// - Complexity: O(rows in the segments that hold them)
    package func latest(_ count: Int) throws -> [StoredEvent] {
        // Merges and splits have numbers too, thousands of them after an import. Among the events there are gaps where
        // some were removed, so the window grows until it holds enough.
        let end = try log.snapshot().endSequence
        var width = UInt64(max(1, count))
        while true {
            let start = end > width ? end - width : 0
            let events = try log.tail(from: start, limit: Int(min(width, 4_000_000)))
            if events.count >= count || start == 0 { return events.suffix(count) }
            width *= 4
        }
    }

    /// Up to `limit` events that match, from a sequence number on.
    package func page(
        from start: UInt64, limit: Int, where include: (StoredEvent) -> Bool = { _ in true }
    ) throws -> Page {
        let end = log.nextSequence
        var page = Page(events: [], next: start, hasMore: true)
        var reads = 0
        while page.events.count < limit, reads < EventTail.readsPerPage {
            let events = try log.tail(from: page.next, limit: max(limit, 1000))
            guard let last = events.last else {
                // What follows has been deleted, or is not there yet.
                page.next = max(page.next, end)
                page.hasMore = false
                return page
            }
            reads += events.count
            for event in events where include(event) {
                page.events.append(event)
                if page.events.count == limit {
                    page.next = event.sequence + 1
                    page.hasMore = page.next < end
                    return page
                }
            }
            page.next = last.sequence + 1
        }
        page.hasMore = page.next < end
        return page
    }
}
