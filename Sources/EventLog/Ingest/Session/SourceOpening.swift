extension ByteSource {
    /// This source as UTF-8 text: decompressed when it is gzip (told by its first bytes, not its name), converted when
    /// an encoding is given, and refused when its beginning shows that it is something else.
    ///
    /// - Throws: `ImportError` with code `io`, `corruptGzip`, `notText`, `encoding` or, for an empty source, `layout`.
    func asText(name: String, encoding: String?) throws -> any ByteSource {
        let magic = try readHead(TextCheck.gzipMagic.count)
        var source: any ByteSource = PeekedSource(self, head: magic)
        if magic == TextCheck.gzipMagic { source = try GunzipSource(source, name: name) }
        let sample = try source.readHead(TextCheck.sampleBytes)
        if sample.isEmpty { throw ImportError(.layout, "the file is empty", source: name) }
        let peeked = PeekedSource(source, head: sample)
        if let encoding, !["utf-8", "utf8"].contains(encoding.lowercased()) {
            return try TranscodingSource(peeked, encoding: encoding, name: name)
        }
        try sample.withUnsafeBytes {
            try TextCheck.check($0, isWhole: sample.count < TextCheck.sampleBytes, name: name)
        }
        return peeked
    }
}

extension InputText {
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    func skipByteOrderMark() throws {
        if try ensure(Self.byteOrderMark.count), front(Self.byteOrderMark.count).elementsEqual(Self.byteOrderMark) {
            skip(Self.byteOrderMark.count)
        }
    }
}
