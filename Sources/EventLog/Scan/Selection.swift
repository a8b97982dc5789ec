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

/// Numbers of event names as bits: asked for every name of every chunk, and a hash for each would take longer than the
/// chunk.
struct NameBits: Sendable {
    private let words: [UInt64]

    init(_ numbers: Set<UInt16>) {
        var words = [UInt64](repeating: 0, count: (numbers.max().map { Int($0) / 64 } ?? -1) + 1)
        for number in numbers { words[Int(number) / 64] |= 1 << UInt64(number % 64) }
        self.words = words
    }

    func contains(_ number: UInt16) -> Bool {
        let word = Int(number) / 64
        return word < words.count && words[word] >> UInt64(number % 64) & 1 == 1
    }
}

/// A selection made ready for a scan.
struct ScanSelection: Sendable {
    let times: Range<Int64>?
    let properties: [UInt16]
    let events: NameBits?
    let anchors: NameBits?
    let planes: [NameBits]

    init(_ selection: Selection) {
        times = selection.times
        properties = selection.properties
        events = selection.events.map(NameBits.init)
        anchors = selection.anchors.map(NameBits.init)
        planes = selection.planes.map(NameBits.init)
    }

    /// The names whose rows make a person worth visiting; nil when everybody is.
    var leads: NameBits? { anchors ?? events }
}
