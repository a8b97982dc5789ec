/// How a source is imported.
package struct ImportOptions: Sendable, Hashable {
    package enum Layout: Sendable, Hashable {
        /// One JSON object a line, in Segment's shape: see `JSONLinesReader`.
        case jsonLines
        case delimited(DelimitedOptions)
    }

    package var layout: Layout
    /// What iconv calls the text's encoding; nil is UTF-8.
    package var encoding: String?
    /// A stretch ends when it has so many events ...
    package var batchRows = 1_000_000
    /// ... or so many bytes of text.
    package var batchBytes = 64 << 20
    /// The first line that is rejected ends the import.
    package var isStrict = false
    /// A source that begins like one that has been imported but goes on differently is imported from there on;
    /// otherwise that is an error.
    package var allowsDivergence = false

    package init(_ layout: Layout) { self.layout = layout }

    /// What the digest of a source begins with.
    func origin(header: [UInt8], key: HashKey) -> SourceMark.Digest {
        var parts = ["dangol import 1"]
        switch layout {
        case .jsonLines: parts.append("json lines")
        case .delimited(let options): parts += options.fingerprint
        }
        var digest = StretchDigest(key: key, from: SourceMark.Digest(high: 0, low: 0))
        // Each part is preceded by its length, so that no two lists of parts give the same bytes.
        for part in parts.map({ Array($0.utf8) }) + [header] {
            withUnsafeBytes(of: UInt64(part.count).littleEndian) { digest.absorb($0) }
            part.withUnsafeBytes { digest.absorb($0) }
        }
        return digest.digest
    }
}

/// How far an import has come.
package struct ImportProgress: Sendable, Hashable {
    /// Of the file as it is stored, compressed or not.
    package var bytesRead = 0
    package var totalBytes: Int?
    package var lines: UInt64 = 0
    /// Lines that had been imported before.
    package var linesSkipped: UInt64 = 0
    package var events = 0
    package var rejected = 0

    package init() {}
}

/// The events of one stretch of a source, with the mark that says that it has been imported.
package struct ImportStretch: Sendable {
    package var batch: EventBatch
    package var rejections: [Rejection]
    package var mark: SourceMark
    /// The line that the stretch begins with, counted from 1.
    package var firstLine: UInt64
}
