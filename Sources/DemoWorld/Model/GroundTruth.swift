/// Collects what is hidden, as JSON Lines: one object for each person, item, campaign or effect, with its `kind` and
/// `id` first.
///
/// ```json
/// {"kind":"customer","id":"c-000017","priceSensitivity":1.31,"cycleDays":27.4,"leftAt":1745000000000}
/// ```
package struct TruthSink: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func add(kind: StaticString, id: String, _ fill: (inout JSONMembers) -> Void) {
        var members = JSONMembers()
        members.set("kind", kind)
        members.set("id", id)
        fill(&members)
        bytes.append(UInt8(ascii: "{"))
        bytes.append(contentsOf: members.bytes.dropFirst())
        bytes.append(contentsOf: "}\n".utf8)
    }

    package mutating func clear() { bytes.removeAll(keepingCapacity: true) }
}
