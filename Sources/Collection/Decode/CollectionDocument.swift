import EventLog

/// The body of a request, parsed once.
///
/// It borrows buffers that are used again for later requests, so it should live no longer than its request; one task
/// uses it.
package final class CollectionDocument {
    /// With `/batch` decided: Amplitude's or PostHog's.
    package let endpoint: CollectionEndpoint
    /// Of the body, decompressed.
    package let byteCount: Int
    /// The write key that the body names. One in a header counts more.
    package let writeKey: String?

    let root: JSONValue
    let scratch: CollectionScratch

    /// Decompresses and parses a body.
    ///
    /// - Parameters:
    ///   - contentEncoding: the header; a body that is gzip is recognised without it too.
    ///   - query: of the URL, without `?`: `compression`, `data` and `writeKey` are read.
    /// - Throws: `CollectionError`: `unreadable`, `tooLarge`.
    package static func parse(
        _ body: UnsafeRawBufferPointer, endpoint: CollectionEndpoint, contentEncoding: String? = nil,
        query: String = ""
    ) throws(CollectionError) -> CollectionDocument {
        let scratch: CollectionScratch
        do {
            scratch = try CollectionScratch.pool.take()
        } catch {
            throw CollectionError(.unavailable, "there is not enough memory", retryAfterSeconds: 5)
        }
        do {
            return try CollectionDocument(body, endpoint, contentEncoding, query, scratch)
        } catch let error as CollectionError {
            scratch.giveBack()
            throw error
        } catch {
            scratch.giveBack()
            throw CollectionError(.unreadable, "the body cannot be read: \(LineProblem.reason(of: error))")
        }
    }

    package static func parse(
        _ body: [UInt8], endpoint: CollectionEndpoint, contentEncoding: String? = nil, query: String = ""
    ) throws(CollectionError) -> CollectionDocument {
        let result: Result<CollectionDocument, CollectionError> = body.withUnsafeBytes { bytes in
            do throws(CollectionError) {
                return .success(
                    try parse(bytes, endpoint: endpoint, contentEncoding: contentEncoding, query: query))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private init(
        _ body: UnsafeRawBufferPointer, _ endpoint: CollectionEndpoint, _ contentEncoding: String?, _ query: String,
        _ scratch: CollectionScratch
    ) throws {
        let query = QueryText(query)
        let limit = endpoint.bodyBytesMax
        let decoded = try BodyDecoder.decode(body, contentEncoding: contentEncoding, query: query, bytesMax: limit)
        let root: JSONValue
        if let decoded {
            root = try decoded.withUnsafeBytes { try scratch.reader.read($0, wrappingArrayAs: "batch") }
        } else {
            root = try scratch.reader.read(body, wrappingArrayAs: "batch")
        }
        let detected = CollectionDocument.detect(root, endpoint)
        let byteCount = decoded?.count ?? body.count
        if byteCount > detected.bodyBytesMax { throw BodyDecoder.tooLarge(detected.bodyBytesMax) }
        self.root = root
        self.endpoint = detected
        self.byteCount = byteCount
        self.scratch = scratch
        writeKey = CollectionDocument.key(root, detected) ?? query.text("writeKey") ?? query.text("api_key")
    }

    deinit { scratch.giveBack() }

    private static func detect(_ root: JSONValue, _ endpoint: CollectionEndpoint) -> CollectionEndpoint {
        switch endpoint {
        case .sharedBatch: root["events"] != nil && root["batch"] == nil ? .amplitudeBatch : .posthogBatch
        // Segment's single endpoints take batches too, and `/v1/batch` from beacons a single message.
        case .segment where root["batch"]?.isArray == true: .segmentBatch
        default: endpoint
        }
    }

    private static func key(_ root: JSONValue, _ endpoint: CollectionEndpoint) -> String? {
        let names: [StaticString] =
            switch endpoint.dialect {
            case .segment: ["writeKey"]
            case .amplitude: ["api_key"]
            case .posthog: ["api_key", "token", "$token"]
            }
        if let key = key(of: root, names) { return key }
        guard endpoint.dialect == .posthog else {
            // analytics.js puts the key into each message of a batch.
            return root["batch"]?.children.first { _ in true }.flatMap { key(of: $0, names) }
        }
        let first = root["batch"]?.children.first { _ in true } ?? root
        return key(of: first, names) ?? first["properties"].flatMap { key(of: $0, names) }
    }

    private static func key(of object: JSONValue, _ names: [StaticString]) -> String? {
        for name in names {
            if let value = object.present(name), value.isString { return value.text }
        }
        return nil
    }
}
