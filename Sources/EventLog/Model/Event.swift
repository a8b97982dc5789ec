/// Something that a person did or that happened to them.
public struct Event: Sendable, Hashable {
    /// The id of the person, as the sender knows it. Merged ids keep their own rows; reads follow merges.
    public var person: String
    /// What happened, for example `Order Completed`.
    public var name: String
    /// When it happened: milliseconds since 1970-01-01T00:00:00Z.
    public var time: Int64
    /// Names are unique. Nested objects are flattened with dots before they get here.
    public var properties: [Property]
    /// Set by the sender to make retries harmless: within the de-duplication window a repeated id is stored once.
    public var messageID: String?

    public struct Property: Sendable, Hashable {
        public var name: String
        public var value: PropertyValue

        public init(_ name: String, _ value: PropertyValue) {
            self.name = name
            self.value = value
        }
    }

    public init(
        person: String, name: String, time: Int64, properties: [Property] = [], messageID: String? = nil
    ) {
        self.person = person
        self.name = name
        self.time = time
        self.properties = properties
        self.messageID = messageID
    }

    /// The value of a property, or nil when the event does not have it.
    public subscript(property: String) -> PropertyValue? {
        properties.first { $0.name == property }?.value
    }
}

/// An event as it is stored, with what the log added to it.
public struct StoredEvent: Sendable, Hashable {
    public var event: Event
    /// The position in the log: unique, and rising in the order of acknowledgement.
    public var sequence: UInt64
    /// When the log accepted it: milliseconds since 1970-01-01T00:00:00Z.
    public var receivedTime: Int64

    public init(event: Event, sequence: UInt64, receivedTime: Int64) {
        self.event = event
        self.sequence = sequence
        self.receivedTime = receivedTime
    }
}
