import EventLog

/// Segment's and RudderStack's messages.
struct SegmentWire {
    /// What a message is when it does not say so: the endpoint's.
    let kind: SegmentMessage.Kind?
    /// Of the whole batch; what a message says itself comes first.
    let context: JSONValue?

    func write(_ value: JSONValue, _ assembly: inout BatchAssembly) throws {
        let message = try SegmentMessage(value, kind: kind)
        guard message.userID != nil || message.anonymousID != nil else {
            throw EventProblem(
                .missing, "userId", "there is neither a 'userId' nor an 'anonymousId', so it is nobody's event")
        }
        let name = try message.eventName()
        try EventName.check(name, field: "event")
        let person = try message.person()
        guard assembly.admits(person, message.anonymousID?.bytes, name: name) else { return }
        let time = message.hasTime ? assembly.clock.corrected(try message.time()) : assembly.clock.received
        try assembly.begin(message, time: time)
        var findings = Enricher.Findings()
        let isIdentify = message.kind == .identify
        try assembly.addContext(message.context, skipsTraits: isIdentify && message.traits == nil, &findings)
        if let context { try assembly.addContext(context, skipsTraits: true, &findings) }
        if findings.address == nil, message.kind == .page {
            findings.address = message.properties?.present("url")?.bytes
        }
        let messageID = try message.messageID.map { try SegmentMessage.id($0, "messageId") }
        try assembly.end(messageID: messageID, findings)
    }
}
