/// Values by name, of which those are forgotten that have not been touched for longest. The same touches in the same
/// order keep the same names, wherever they are repeated.
package struct BoundedTable<Value: Codable & Sendable & Hashable>: Sendable, Hashable, Codable {
    private struct Entry: Codable, Sendable, Hashable {
        var value: Value
        var touched: UInt64
    }

    /// The most values. Beyond, the quarter that was touched least recently goes.
    package let max: Int
    private var entries: [String: Entry] = [:]
    private var touches: UInt64 = 0

    package init(max: Int) {
        precondition(max >= 4, "a table needs room for 4 values at least")
        self.max = max
    }

    package var count: Int { entries.count }
    package subscript(name: String) -> Value? { entries[name]?.value }

    /// - Complexity: O(1) on average over many changes
    package mutating func change(_ name: String, default standard: Value, _ body: (inout Value) -> Void) {
        touches += 1
        body(&entries[name, default: Entry(value: standard, touched: 0)].value)
        entries[name]?.touched = touches
        if entries.count > max { forget() }
    }

    package mutating func remove(_ name: String) { entries[name] = nil }

    private mutating func forget() {
        let order = entries.map(\.value.touched).sorted()
        let bound = order[order.count - max * 3 / 4]
        entries = entries.filter { $0.value.touched >= bound }
    }
}
