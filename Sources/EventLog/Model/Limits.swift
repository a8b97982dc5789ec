/// What one event, one batch and one log may hold. Every limit is checked on the way in, with an error
/// that names it; nothing is cut silently.
package enum Limits {
    /// A person's id, in UTF-8 bytes.
    package static let personIDBytes = 512
    /// An event name or a (flattened) property name, in UTF-8 bytes.
    package static let nameBytes = 256
    /// A message id, in UTF-8 bytes.
    package static let messageIDBytes = 256
    /// One string value, in UTF-8 bytes.
    package static let valueBytes = 65_536
    /// Values in one multi-valued property.
    package static let valuesPerList = 10_000
    /// Properties of one event.
    package static let propertiesPerEvent = 512
    /// Different event names in one log.
    package static let distinctEventNames = 8_192
    /// Different property names in one log.
    package static let distinctPropertyNames = 16_384
    /// Events in one durable append.
    package static let eventsPerBatch = 50_000
    /// Appended events that wait in memory for a reader of the tail.
    package static let tailBacklogEvents = 500_000
    /// Event times lie from 1970-01-01T00:00:00Z ...
    package static let earliestTime: Int64 = 0
    /// ... to 2199-12-31T23:59:59.999Z, in milliseconds.
    package static let latestTime: Int64 = 7_258_118_399_999
}
