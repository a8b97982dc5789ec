extension FunnelShape {
    /// The events of one history by the value that makes them belong together, without those that have none (0).
    ///
    /// Exclusions without a value could concern any part, so they come into each.
    ///
    /// - Complexity: O(events x log events), and for each part the number of exclusions without a value.
    func parts(of events: [FunnelEvent], by key: KeyPath<FunnelEvent, Int32>) -> [[FunnelEvent]] {
        var parts: [Int32: [FunnelEvent]] = [:]
        var loose: [FunnelEvent] = []
        for event in events {
            let value = event[keyPath: key]
            if value != 0 {
                parts[value, default: []].append(event)
            } else if event.mask & ~stepBits != 0 {
                var exclusion = event
                exclusion.mask &= ~stepBits
                loose.append(exclusion)
            }
        }
        return parts.sorted { $0.key < $1.key }.map { _, own in
            loose.isEmpty ? own : (own + loose).sorted { $0.time < $1.time }
        }
    }
}
