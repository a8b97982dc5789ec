@testable import EventLog

/// What a log should hold, by the slow, obvious way: lists and dictionaries.
struct EventLogModel: Hashable {
    /// In the order of acknowledgement.
    var events: [Event] = []
    /// alias -> the id it was merged into.
    private(set) var parents: [String: String] = [:]
    private(set) var messageIDs: Set<String> = []
    private(set) var marks: [SourceMark] = []

    enum Operation: Hashable {
        case append([Event])
        case load([Event], SourceMark)
        case merge(Merge)
        case split(String)
        case forget(String)
        /// Seals, compactions, reopenings: nothing that a reader could see.
        case maintenance(String)
    }

    func canonical(_ id: String) -> String {
        var id = id
        while let parent = parents[id] { id = parent }
        return id
    }

    mutating func apply(_ operation: Operation) {
        switch operation {
        case .append(let batch): store(batch)
        case .load(let batch, let mark):
            store(batch)
            if !marks.contains(mark) { marks.append(mark) }
        case .merge(let merge): join(merge)
        case .split(let alias): parents[alias] = nil
        case .forget(let person):
            let root = canonical(person)
            let members = Set(parents.keys.filter { canonical($0) == root }).union([root])
            events.removeAll { members.contains($0.person) }
            for id in members { parents[id] = nil }
        case .maintenance: break
        }
    }

    /// The events of a person in time order, ties as acknowledged.
    func history(of person: String) -> [Event] {
        let root = canonical(person)
        let own = events.enumerated().filter { canonical($0.element.person) == root }
        return own.sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    }

    /// The figures that follow from what is held; those of the files are taken over from `found`.
    func statistics(like found: LogStatistics) -> LogStatistics {
        var statistics = found
        statistics.events = events.count
        statistics.identities = Set(events.map(\.person)).count
        statistics.merges = parents.count
        statistics.timeRange = events.map(\.time).min().flatMap { first in
            events.map(\.time).max().map { first...$0 }
        }
        let names = Dictionary(grouping: events, by: \.name).map { name, own in
            LogStatistics.EventName(
                name: name, count: own.count, firstTime: own.map(\.time).min() ?? 0,
                lastTime: own.map(\.time).max() ?? 0)
        }
        statistics.eventNames = names.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        var counts: [String: [PropertyType: Int]] = [:]
        for property in events.flatMap(\.properties) {
            counts[property.name, default: [:]][property.value.type, default: 0] += 1
        }
        statistics.properties = counts.flatMap { name, types in
            types.map { type, count in
                let bytes = found.properties.first { $0.name == name && $0.type == type }?.bytes ?? 0
                return LogStatistics.PropertyColumn(name: name, type: type, count: count, bytes: bytes)
            }
        }.sorted { ($0.name, $0.type.rawValue) < ($1.name, $1.type.rawValue) }
        return statistics
    }

    private mutating func store(_ batch: [Event]) {
        for event in batch {
            if let id = event.messageID, !messageIDs.insert(id).inserted { continue }
            events.append(event)
        }
    }

    private mutating func join(_ merge: Merge) {
        let (alias, person) = (canonical(merge.alias), canonical(merge.person))
        if alias != person { parents[alias] = person }
    }
}
