package import EventLog

/// The figures of a log as JSON.
package struct StatisticsView: Sendable, Hashable, Codable {
    package var workspace: String
    package var events: Int
    package var identities: Int
    package var merges: Int
    package var eventNames: Int
    package var propertyColumns: Int
    package var firstEvent: String?
    package var lastEvent: String?
    package var segments: Int
    package var segmentBytes: Int
    package var writeAheadLogBytes: Int
    package var recentEvents: Int
    package var keepMilliseconds: Int64?

    package init(workspace: String, _ statistics: LogStatistics) {
        self.workspace = workspace
        events = statistics.events
        identities = statistics.identities
        merges = statistics.merges
        eventNames = statistics.eventNames.count
        propertyColumns = statistics.properties.count
        firstEvent = statistics.timeRange.map { Timestamp.text($0.lowerBound) }
        lastEvent = statistics.timeRange.map { Timestamp.text($0.upperBound) }
        segments = statistics.segments
        segmentBytes = statistics.segmentBytes
        writeAheadLogBytes = statistics.writeAheadLogBytes
        recentEvents = statistics.recentEvents
        keepMilliseconds = statistics.retention
    }
}
