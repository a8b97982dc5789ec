/// An immutable view of the log at one moment. Taking one neither blocks nor is blocked by writers; it stays readable
/// while segments are compacted away underneath.
package struct Snapshot: Sendable {
    /// Numbers of event names.
    package let eventNames: NameTable
    /// Numbers of property names.
    package let propertyNames: NameTable
}

/// The names of a log in the order in which they first came; the number of a name never changes.
package struct NameTable: Sendable, Hashable {
    package private(set) var names: [String] = []
    private var numbers: [String: UInt16] = [:]

    package init() {}

    package subscript(number: UInt16) -> String { names[Int(number)] }
    package func number(of name: String) -> UInt16? { numbers[name] }
    package var count: Int { names.count }

    mutating func add(_ name: String) -> UInt16 {
        if let number = numbers[name] { return number }
        let number = UInt16(names.count)
        names.append(name)
        numbers[name] = number
        return number
    }
}

// The part of the interface that queries use. (Being built.)
extension Snapshot {
    /// All events that are visible, after deletions. Includes retention's limit.
    package var eventCount: Int { fatalError() }
    /// The times of the first and the last event in milliseconds, or nil for an empty log.
    package var timeRange: ClosedRange<Int64>? { fatalError() }

    /// Runs a fold over every person who has a matching row, on several threads, one fold each.
    ///
    /// - Throws: `EventLogError` with code `corrupt` when a part that had to be read does not match its checksum;
    ///   whatever the fold throws.
    package func scan<Fold: PersonFold & Sendable>(
        _ selection: Selection, threads: Int? = nil, makeFold: @Sendable () -> Fold
    ) throws -> (folds: [Fold], report: ScanReport) { fatalError() }

    /// Runs a fold over one person's history; does nothing when the person is unknown. Follows merges.
    package func visit<Fold: PersonFold>(person id: String, _ selection: Selection, _ fold: inout Fold) throws {
        fatalError()
    }

    /// The events of one person in time order.
    package func history(of id: String) throws -> [StoredEvent] { fatalError() }
}

extension Snapshot {
    /// A snapshot of some events without a log, for tests and small tools.
    package static func inMemory(_ events: [Event], merges: [Merge] = []) throws -> Snapshot { fatalError() }
}
