/// What a reader of the tail wants to see of events. Nothing is made of what it leaves out, which is most of an event
/// for a projection that follows persons.
package struct TailSelection: Sendable {
    /// Whether events of a name are wanted at all; nil for every event.
    let wantsEvent: (@Sendable (_ event: String) -> Bool)?
    /// Whether events of a name are wanted with a property.
    package let wants: @Sendable (_ event: String, _ property: String) -> Bool
    let messageIDs: Bool

    package init(
        messageIDs: Bool = false, events wantsEvent: (@Sendable (_ event: String) -> Bool)? = nil,
        wants: @escaping @Sendable (_ event: String, _ property: String) -> Bool
    ) {
        self.messageIDs = messageIDs
        self.wantsEvent = wantsEvent
        self.wants = wants
    }

    package static let everything = TailSelection(messageIDs: true) { _, _ in true }

    /// For each event name whether its events are wanted; nil when all of them are.
    func wanted(_ names: [String]) -> [Bool]? {
        guard let wantsEvent else { return nil }
        let wanted = names.map(wantsEvent)
        return wanted.contains(false) ? wanted : nil
    }

    /// For each event name, those of some columns that it is wanted with, in their order.
    func columns<Column>(_ columns: [(name: String, column: Column)], ofEvents names: [String]) -> [[Int]] {
        names.map { event in columns.indices.filter { wants(event, columns[$0].name) } }
    }
}
