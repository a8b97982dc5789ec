import EventLog

/// Reads all messages of a document into one batch.
enum RequestReader {
    /// - Parameter clock: nil takes the times of the request.
    /// - Throws: `CollectionError` when the document as a whole is wrong.
    static func read(
        _ document: CollectionDocument, key: HashKey, facts: RequestFacts, settings: CollectionSettings,
        gate: any CollectionGate, clock: RequestClock? = nil
    ) throws(CollectionError) -> BatchAssembly {
        let root = document.root
        var assembly = BatchAssembly(
            key: key, scratch: document.scratch,
            clock: clock ?? RequestClock(received: facts.receivedTime, sent: sentTime(root, document.endpoint)),
            facts: facts, settings: settings, gate: gate)
        let bytesMax = document.endpoint.eventBytesMax
        switch document.endpoint {
        case .segment(let kind):
            let wire = SegmentWire(kind: kind, context: nil)
            assembly.add(root, bytesMax: bytesMax) { try wire.write($0, &$1) }
        case .segmentBatch:
            let wire = SegmentWire(kind: nil, context: root["context"].flatMap { $0.isObject ? $0 : nil })
            // A beacon may hold a single message.
            let isSingle = root["batch"] == nil && root["type"] != nil
            for message in isSingle ? [root] : try list(root, "batch", document.endpoint) {
                assembly.add(message, bytesMax: bytesMax) { try wire.write($0, &$1) }
            }
        case .amplitude, .amplitudeBatch:
            let length = root["options"]?["min_id_length"].flatMap { $0.isNumber ? $0.number : nil } ?? 0
            let wire = AmplitudeWire(idLengthMin: length >= 0 && length <= 512 ? Int(length) : 0)
            for event in try list(root, "events", document.endpoint) {
                assembly.add(event, bytesMax: bytesMax) { try wire.write($0, &$1) }
            }
        case .posthog, .posthogBatch, .posthogEngage, .sharedBatch:
            let wire = PostHogWire(isEngage: document.endpoint == .posthogEngage)
            for event in root["batch"] == nil ? [root] : try list(root, "batch", document.endpoint) {
                assembly.add(event, bytesMax: bytesMax) { try wire.write($0, &$1) }
            }
        }
        return assembly
    }

    private static func list(
        _ root: JSONValue, _ name: StaticString, _ endpoint: CollectionEndpoint
    ) throws(CollectionError) -> [JSONValue] {
        guard let list = root[name], list.isArray else {
            throw CollectionError(.unreadable, "the body has no array '\(name)' of events")
        }
        let events = Array(list.children)
        if events.count > endpoint.eventsMax {
            throw CollectionError(
                .tooManyEvents, "the body has \(events.count) events; at most \(endpoint.eventsMax) are taken at once")
        }
        return events
    }

    /// When the sender says that it sent the request, by its clock.
    private static func sentTime(_ root: JSONValue, _ endpoint: CollectionEndpoint) -> Int64? {
        switch endpoint.dialect {
        case .segment: root.present("sentAt")?.time
        case .amplitude: root.present("client_upload_time")?.time
        case .posthog: (root.present("sent_at") ?? root.present("sentAt"))?.time
        }
    }
}
