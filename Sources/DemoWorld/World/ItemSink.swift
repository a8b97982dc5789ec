/// Collects what a business offers, as JSON Lines of a catalogue.
///
/// ```json
/// {"id":"title-001","kind":"title","name":"다시, 봄","attributes":{"genre":["romance","comedy"]}}
/// ```
package struct ItemSink: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func add(_ id: String, kind: StaticString, name: String, _ fill: (inout JSONMembers) -> Void) {
        var members = JSONMembers()
        members.set("id", id)
        members.set("kind", kind)
        members.set("name", name)
        fill(&members)
        bytes.append(UInt8(ascii: "{"))
        bytes.append(contentsOf: members.bytes.dropFirst())
        bytes.append(contentsOf: "}\n".utf8)
    }
}
