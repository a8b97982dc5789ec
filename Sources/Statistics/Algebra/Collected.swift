import Synchronization

/// Results of numbered parts that several threads work on, in the order of the parts.
package final class Collected<Value: Sendable>: Sendable {
    private let values: Mutex<[Value?]>

    package init(count: Int) { values = Mutex([Value?](repeating: nil, count: count)) }

    package func set(_ part: Int, _ value: Value) { values.withLock { $0[part] = value } }

    /// The values of the parts that were set.
    package var all: [Value] { values.withLock { $0.compactMap(\.self) } }
}
