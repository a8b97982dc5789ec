import EventLog

/// User agents that have been seen, read once each.
struct UserAgentCache {
    /// What an agent gives an event, as bytes, ready to be added.
    struct Entry {
        var values: [(property: KnownProperty, bytes: [UInt8])]
        var isBot: Bool
    }

    private static let entriesMax = 4_096
    /// Longer ones are not read: browsers write a fifth of it.
    private static let bytesMax = 1_024

    private var texts = ByteInterner(key: CollectionScratch.key)
    private var entries: [Entry] = []

    /// The index of the entry of an agent, for `subscript`, until the next call.
    ///
    /// - Complexity: O(length) for a known agent
    mutating func index(_ text: UnsafeRawBufferPointer) -> Int? {
        if text.isEmpty || text.count > Self.bytesMax { return nil }
        if let known = texts.number(of: text) { return Int(known) }
        if entries.count >= Self.entriesMax {
            texts = ByteInterner(key: CollectionScratch.key)
            entries.removeAll()
        }
        _ = texts.intern(text)
        let agent = UserAgent(String(decoding: text, as: UTF8.self))
        let fields: [(KnownProperty, String)] = [
            (.browserName, agent.browser), (.browserVersion, agent.browserVersion), (.osName, agent.system),
            (.osVersion, agent.systemVersion), (.deviceType, agent.device),
        ]
        entries.append(
            Entry(values: fields.filter { !$0.1.isEmpty }.map { ($0.0, Array($0.1.utf8)) }, isBot: agent.isBot))
        return entries.count - 1
    }

    subscript(index: Int) -> Entry { entries[index] }
}
