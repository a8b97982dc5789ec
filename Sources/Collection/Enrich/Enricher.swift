import EventLog

/// Adds what the environment of an event says: its `context`, put into one form, and what can be read from it.
///
/// A value that the sender gave is never replaced. Bots are flagged, not dropped.
struct Enricher {
    private let ip: CollectionSettings.IPStorage
    /// The header's agent, when a browser sent the request: a server's library says nothing of the person.
    private let browserAgent: [UInt8]?
    private let headerLocale: [UInt8]?
    private let headerIP: [UInt8]?

    init(_ facts: RequestFacts, _ settings: CollectionSettings) {
        ip = settings.ip
        let isBrowser = facts.userAgent.map { $0.hasPrefix("Mozilla/") || $0.hasPrefix("Opera/") } ?? false
        browserAgent = isBrowser ? facts.userAgent.map { Array($0.utf8) } : nil
        headerIP = isBrowser ? facts.ip.flatMap { Enricher.address($0, settings.ip) } : nil
        var tag: [UInt8] = []
        let language = isBrowser ? facts.language.map { Array($0.utf8) } : nil
        let isTag = language?.withUnsafeBytes { LocaleTag.normalize($0, into: &tag) } ?? false
        headerLocale = isTag ? tag : nil
    }

    /// An address as it is to be stored.
    private static func address(_ text: String, _ storage: CollectionSettings.IPStorage) -> [UInt8]? {
        switch storage {
        case .none: nil
        case .truncated: NetworkAddress.truncated(text).map { Array($0.utf8) }
        case .full: NetworkAddress.isValid(text) ? Array(text.utf8) : nil
        }
    }

    /// What an event's context holds that more can be read from.
    struct Findings {
        var agent: UnsafeRawBufferPointer?
        var address: UnsafeRawBufferPointer?
        var hasLocale = false
        var hasIP = false
    }

    // MARK: Values that need one form

    func addIP(
        _ value: JSONValue, _ scratch: CollectionScratch, _ batch: inout EventBatch, _ findings: inout Findings
    ) throws {
        guard ip != .none, value.isString, let address = Enricher.address(value.text, ip) else { return }
        findings.hasIP = true
        try address.withUnsafeBytes { try scratch.properties.add(string: $0, as: scratch.place(.ip), to: &batch) }
    }

    func addLocale(
        _ value: JSONValue, _ scratch: CollectionScratch, _ batch: inout EventBatch, _ findings: inout Findings
    ) throws {
        guard value.isString else { return }
        findings.hasLocale = true
        let place = scratch.place(.locale)
        if LocaleTag.normalize(value.bytes, into: &scratch.text) {
            try scratch.text.withUnsafeBytes { try scratch.properties.add(string: $0, as: place, to: &batch) }
        } else {
            try scratch.properties.add(string: value.bytes, as: place, to: &batch)
        }
    }

    // MARK: Segment's context

    /// Adds the members of a context object.
    ///
    /// - Parameter skipsTraits: leaves out `traits`, when they have been added as those of an `identify`.
    func add(
        _ context: JSONValue?, skipsTraits: Bool, _ scratch: CollectionScratch, _ batch: inout EventBatch,
        _ findings: inout Findings
    ) throws {
        guard let context, !context.isNull else { return }
        guard context.isObject else { throw EventProblem.invalid("context", context, "an object") }
        for member in context.children {
            let key = member.key
            switch key.count {
            case 2 where key.equals("ip"):
                try addIP(member, scratch, &batch, &findings)
                continue
            case 4 where key.equals("page") && member.isObject:
                if findings.address == nil { findings.address = member.present("url")?.bytes }
            case 6 where key.equals("locale"):
                try addLocale(member, scratch, &batch, &findings)
                continue
            case 6 where key.equals("traits") && skipsTraits: continue
            case 9 where key.equals("userAgent") && member.isString:
                if findings.agent == nil { findings.agent = member.bytes }
            default: break
            }
            try scratch.properties.addMember(member, below: .context, to: &batch)
        }
    }

    // MARK: What can be read from it

    /// Adds what the findings and the request's headers tell.
    ///
    /// - Returns: whether it is a bot's event.
    func finish(_ findings: Findings, _ scratch: CollectionScratch, _ batch: inout EventBatch) throws -> Bool {
        if let address = findings.address, !address.isEmpty {
            try CampaignReader.forEachTag(address, &scratch.text) { property, value in
                try scratch.properties.add(string: value, as: scratch.place(property), to: &batch)
            }
        }
        if !findings.hasLocale, let headerLocale {
            try headerLocale.withUnsafeBytes {
                try scratch.properties.add(string: $0, as: scratch.place(.locale), to: &batch)
            }
        }
        if !findings.hasIP, let headerIP {
            try headerIP.withUnsafeBytes { try scratch.properties.add(string: $0, as: scratch.place(.ip), to: &batch) }
        }
        if let agent = findings.agent { return try add(agent: agent, scratch, &batch) }
        if let browserAgent {
            return try browserAgent.withUnsafeBytes { try add(agent: $0, scratch, &batch) }
        }
        return false
    }

    private func add(
        agent: UnsafeRawBufferPointer, _ scratch: CollectionScratch, _ batch: inout EventBatch
    ) throws -> Bool {
        guard let index = scratch.agents.index(agent) else { return false }
        let entry = scratch.agents[index]
        for (property, bytes) in entry.values {
            try bytes.withUnsafeBytes {
                try scratch.properties.add(string: $0, as: scratch.place(property), to: &batch)
            }
        }
        if entry.isBot { try scratch.properties.add(boolean: true, as: scratch.place(.isBot), to: &batch) }
        return entry.isBot
    }
}
