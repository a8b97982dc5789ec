/// Takes the events of a circle, written as an SDK would send them: Segment's messages as JSON.
///
/// ```swift
/// events.track("Product Viewed", sender, at: time) { event in
///     event.add(product.members)
///     event.set("position", 3)
/// }
/// ```
///
/// The order of the calls does not matter; the world sorts by time. Message ids follow from the circle and the number
/// of its event, so sending a history again stores nothing twice.
package struct EventSink: Sendable {
    /// A message without its opening brace and its timestamp, which come when it is sent.
    struct Entry: Sendable {
        var time: Int64
        var start: Int
        var end: Int
        /// Breaks ties of the time, the same way in every run.
        var circle: Int32
        var number: UInt32
    }

    private(set) var text = JSONMembers()
    private(set) var entries: [Entry] = []
    private let streams: RandomStreams
    private var circle: Int32 = 0
    /// Events of the circle so far.
    private var number: UInt32 = 0
    /// What happens before this time is counted and not written.
    var quietBefore = Int64.min

    init(streams: RandomStreams) { self.streams = streams }

    // MARK: Events

    package mutating func track(
        _ name: StaticString, _ sender: Sender, at time: Int64, _ properties: (inout JSONMembers) -> Void = { _ in }
    ) {
        write("track", sender, time) { message in
            message.set("event", name)
            message.object("properties", properties)
        }
    }

    package mutating func page(
        _ name: StaticString, _ sender: Sender, at time: Int64, _ properties: (inout JSONMembers) -> Void = { _ in }
    ) {
        write("page", sender, time) { message in
            message.set("name", name)
            message.object("properties", properties)
        }
    }

    package mutating func screen(
        _ name: StaticString, _ sender: Sender, at time: Int64, _ properties: (inout JSONMembers) -> Void = { _ in }
    ) {
        write("screen", sender, time) { message in
            message.set("name", name)
            message.object("properties", properties)
        }
    }

    package mutating func identify(_ sender: Sender, at time: Int64, _ traits: (inout JSONMembers) -> Void) {
        write("identify", sender, time) { $0.object("traits", traits) }
    }

    package mutating func group(
        _ id: String, _ sender: Sender, at time: Int64, _ traits: (inout JSONMembers) -> Void = { _ in }
    ) {
        write("group", sender, time) { message in
            message.set("groupId", id)
            message.object("traits", traits)
        }
    }

    package mutating func alias(from previous: String, _ sender: Sender, at time: Int64) {
        write("alias", sender, time) { $0.set("previousId", previous) }
    }

    @inline(__always)
    private mutating func write(
        _ type: StaticString, _ sender: Sender, _ time: Int64, _ fill: (inout JSONMembers) -> Void
    ) {
        guard time >= quietBefore else {
            number &+= 1
            return
        }
        let start = text.bytes.count
        text.set("type", type)
        text.setMessageID(streams.of(Int(circle)).word(.other, Int(number), 1), circle, number)
        text.add(sender.members)
        fill(&text)
        entries.append(Entry(time: time, start: start, end: text.bytes.count, circle: circle, number: number))
        number &+= 1
    }

    // MARK: For the world

    mutating func begin(circle: Int, number: UInt32) {
        self.circle = Int32(truncatingIfNeeded: circle)
        self.number = number
    }

    var nextNumber: UInt32 { number }

    /// Takes out what happens before `time`, in order, and keeps the rest.
    mutating func take(before time: Int64) -> WorldEvents {
        var due = entries.filter { $0.time < time }
        due.sort(by: Entry.isEarlier)
        let taken = WorldEvents(text: text.bytes, entries: due)
        let rest = entries.filter { $0.time >= time }
        let old = text
        text = JSONMembers()
        entries = rest.map { entry in
            var moved = entry
            moved.start = text.bytes.count
            text.copy(old, entry.start..<entry.end)
            moved.end = text.bytes.count
            return moved
        }
        return taken
    }
}

extension EventSink.Entry {
    static func isEarlier(_ one: Self, _ other: Self) -> Bool {
        (one.time, one.circle, one.number) < (other.time, other.circle, other.number)
    }
}

extension JSONMembers {
    /// A UUID (version 8: made by the application) that holds the circle and the number, so no two are alike.
    fileprivate mutating func setMessageID(_ word: UInt64, _ circle: Int32, _ number: UInt32) {
        let high = UInt64(UInt32(bitPattern: circle)) &<< 32 | word & 0xFFFF_0FFF | 0x8000
        let low = UInt64(number) | (word &>> 32) & 0x3FFF_FFFF &<< 32 | 0x8000_0000_0000_0000
        setUUID("messageId", high, low)
    }
}
