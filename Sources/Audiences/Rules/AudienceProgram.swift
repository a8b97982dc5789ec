import Analysis
package import EventLog

/// A plan bound to the names of a log: which rows go into which stream, and which columns are read.
package struct AudienceProgram: Sendable {
    /// What a row of an event name is tried for.
    struct Route: Sendable {
        var stream: Int32
        /// The number of the filter, -1 for none.
        var filter: Int32
    }

    package let plan: AudiencePlan
    let filters: [FilterProgram]
    /// Routes of event number `n`: `routes[ends[n - 1]..<ends[n]]`.
    let routes: [Route]
    let ends: [Int32]
    let events: Set<UInt16>?
    /// By the number of a measured property, the index in `properties`; nil when no event has it.
    let measured: [Int?]
    let properties: [UInt16]
    /// What the program was bound to: valid for every snapshot with these names.
    private let eventNames: NameTable
    private let propertyNames: NameTable

    /// - Complexity: O(audiences + streams x event names)
    package init(_ plan: AudiencePlan, _ snapshot: Snapshot) throws(AudienceError) {
        self.plan = plan
        eventNames = snapshot.eventNames
        propertyNames = snapshot.propertyNames
        var properties = PropertyList(propertyNames)
        let context = QueryContext(snapshot: snapshot, now: 0)
        var filters: [FilterProgram] = []
        var byEvent: [[Route]] = Array(repeating: [], count: eventNames.count)
        var events: Set<UInt16>? = []
        for (number, stream) in plan.streams.enumerated() {
            var filter: Int32 = -1
            if let condition = stream.filter {
                do {
                    filters.append(
                        try FilterProgram([condition], field: "where", &properties, context, plan.zone))
                } catch {
                    throw AudienceError(decoding: error, in: "predicate")
                }
                filter = Int32(filters.count - 1)
            }
            let codes = stream.events.map { Set($0.compactMap(snapshot.eventNames.number(of:))) }
            events = codes.flatMap { events?.union($0) }
            for code in codes ?? EventSelector(nil).codes(in: eventNames)
                ?? Set(eventNames.names.indices.map { UInt16($0) })
            {
                byEvent[Int(code)].append(Route(stream: Int32(number), filter: filter))
            }
        }
        measured = plan.measured.map { properties.index(of: $0) }
        self.properties = properties.numbers
        self.filters = filters
        self.events = events
        routes = byEvent.flatMap(\.self)
        var end: Int32 = 0
        ends = byEvent.map { list in
            end += Int32(list.count)
            return end
        }
    }

    /// Whether the program can be used for a snapshot.
    ///
    /// - Complexity: O(1) while no new name has come.
    package func fits(_ snapshot: Snapshot) -> Bool {
        eventNames == snapshot.eventNames && propertyNames == snapshot.propertyNames
    }

    /// The rows that it reads.
    ///
    /// - Parameter start: earlier events count for nothing.
    func selection(from start: Int64) -> Selection {
        Selection(
            events: events, times: start == .min ? nil : start..<Int64.max, properties: properties)
    }
}

/// A plan at one moment: windows that do not depend on the person are resolved once.
package struct AudienceMoment: Sendable {
    package let now: Int64
    let windows: [ResolvedWindow]
    /// Events before it count for no condition, in whatever zone; `.min` when some count for ever.
    let earliest: Int64

    package init(_ plan: AudiencePlan, now: Int64) {
        self.now = now
        let resolver = WindowResolver(now: now, zone: plan.zone)
        windows = plan.windows.map { resolver.resolve($0.window) }
        earliest = AudienceMoment.earliest(plan, windows, now: now)
    }

    /// The earliest start of any window of events. Local windows start at most two days before or after the
    /// workspace's, but may be those of the period before.
    private static func earliest(_ plan: AudiencePlan, _ windows: [ResolvedWindow], now: Int64) -> Int64 {
        let day: Int64 = 86_400_000
        let before = WindowResolver(now: now - 2 * day, zone: plan.zone)
        var earliest = Int64.max
        func add(_ number: Int) {
            var start = windows[number].lower
            if plan.windows[number].isLocal, start > .min {
                start = min(start, before.resolve(plan.windows[number].window).lower) - 2 * day
            }
            earliest = min(earliest, start)
        }
        for condition in plan.conditions {
            switch condition {
            case .times(_, let window, _), .days(_, let window, _), .measure(_, let window, _, _, _): add(window)
            case .first, .last: return .min
            case .sequence(let number): add(plan.sequences[number].window)
            default: break
            }
        }
        return earliest == .max ? .min : earliest
    }
}
