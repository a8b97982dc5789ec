/// Which rows a fold wants to see. The less it asks for, the less is read.
package struct Selection: Sendable {
    /// Event names by their number in the log; nil is every event.
    package var events: Set<UInt16>?
    /// When set, persons without a row of one of these within `times` have nothing to say to the fold: the scan leaves
    /// them out where that saves work, and may hand over others. Must be among `events`.
    package var anchors: Set<UInt16>?
    /// Only rows of this time range, in milliseconds; nil is all time.
    package var times: Range<Int64>?
    /// Sets of event names of which a fold that takes columns gets the rows as bits. With anchors, the first is theirs.
    package var planes: [Set<UInt16>]
    /// The properties that the fold reads, by their number in the log; `ScanBlock.column` takes the index in this list.
    package var properties: [UInt16]

    package init(
        events: Set<UInt16>? = nil, anchors: Set<UInt16>? = nil, times: Range<Int64>? = nil, properties: [UInt16] = [],
        planes: [Set<UInt16>] = []
    ) {
        self.events = events
        self.anchors = anchors
        self.times = times
        self.properties = properties
        self.planes = planes
    }
}
