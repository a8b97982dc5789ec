import EventLog

/// Gets the JSON out of a body: gzip, a form's `data` field, base64, or the query's `data`.
enum BodyDecoder {
    /// - Returns: nil when the body is the JSON itself.
    /// - Throws: `CollectionError`.
    static func decode(
        _ body: UnsafeRawBufferPointer, contentEncoding: String?, query: QueryText, bytesMax: Int
    ) throws -> [UInt8]? {
        if body.isEmpty {
            guard let data = query.value("data") else { throw CollectionError(.unreadable, "the body is empty") }
            return try unpack(data, bytesMax)
        }
        if body.count > bytesMax { throw tooLarge(bytesMax) }
        switch contentEncoding?.lowercased() {
        case nil, "", "identity", "gzip", "x-gzip": break
        case let other?:
            throw CollectionError(
                .unreadable, "the content encoding '\(other.prefix(40))' is unknown; send gzip or none")
        }
        if isGzip(body) { return try unpack(inflate(Array(body), bytesMax), bytesMax) }
        if contentEncoding?.lowercased().hasSuffix("gzip") == true {
            throw CollectionError(.unreadable, "the body is announced as gzip, but is not")
        }
        guard startsWithData(body) else { return nil }
        return try form(body, bytesMax)
    }

    /// What a form's field, a query's value or gzip holds may be packed once more.
    private static func unpack(_ bytes: [UInt8], _ bytesMax: Int) throws -> [UInt8] {
        if let first = bytes.first(where: { !isSpace($0) }), first == 0x7b || first == 0x5b { return bytes }
        if let packed = try bytes.withUnsafeBytes({ startsWithData($0) ? try form($0, bytesMax) : nil }) {
            return packed
        }
        guard let decoded = Base64.decode(bytes) else {
            throw CollectionError(.unreadable, "the data is neither JSON nor base64")
        }
        if decoded.withUnsafeBytes({ isGzip($0) }) { return try inflate(decoded, bytesMax) }
        return decoded
    }

    private static func form(_ body: UnsafeRawBufferPointer, _ bytesMax: Int) throws -> [UInt8] {
        guard let data = QueryText(body).value("data") else {
            throw CollectionError(.unreadable, "the form has no field 'data'")
        }
        // Not a form again: bytes that begin with `data=` are no JSON.
        if let first = data.first(where: { !isSpace($0) }), first == 0x7b || first == 0x5b { return data }
        guard let decoded = Base64.decode(data) else {
            throw CollectionError(.unreadable, "the form's 'data' is neither JSON nor base64")
        }
        return decoded.withUnsafeBytes({ isGzip($0) }) ? try inflate(decoded, bytesMax) : decoded
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 9 && byte <= 13) }

    private static func isGzip(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
    }

    private static func startsWithData(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count > 5 && bytes[..<5].elementsEqual("data=".utf8)
    }

    static func tooLarge(_ bytesMax: Int) -> CollectionError {
        CollectionError(
            .tooLarge, "the body has more than \(bytesMax) bytes, the most that this endpoint takes; send fewer events")
    }

    /// Decompresses, and stops as soon as the result is too large: a small body may stand for gigabytes.
    private static func inflate(_ bytes: [UInt8], _ bytesMax: Int) throws -> [UInt8] {
        do {
            let source = try GunzipSource(MemorySource(bytes), name: "the body")
            var result = [UInt8](repeating: 0, count: min(bytesMax + 1, max(4096, bytes.count * 6)))
            var filled = 0
            while true {
                if filled == result.count {
                    if filled > bytesMax { throw tooLarge(bytesMax) }
                    result += [UInt8](repeating: 0, count: min(filled, bytesMax + 1 - filled))
                }
                let count = try result.withUnsafeMutableBytes {
                    try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]))
                }
                if count == 0 { break }
                filled += count
            }
            if filled > bytesMax { throw tooLarge(bytesMax) }
            result.removeLast(result.count - filled)
            return result
        } catch let error as ImportError {
            throw CollectionError(.unreadable, "the body cannot be decompressed: \(error.message)")
        }
    }
}
