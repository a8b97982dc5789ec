/// Reads a source stretch by stretch, passing over what the log has already.
///
/// A stretch ends at a line break, after lines 16, 256 and 65,536 and then whenever a batch is full. Its mark names it
/// by content: the digest of the place where it begins and of the place where it ends. Before a stretch is read, the
/// marks that begin at its place are looked up; when the bytes of one are the next bytes, they are in the log and are
/// passed over. So importing a file again changes nothing, an import that was interrupted goes on where it stopped, and
/// a file that has grown gives its new lines only, while equal lines within a file stay separate events.
///
/// ```swift
/// let source = try FileSource(path: path)
/// let session = try ImportSession(source, name: path, options: options, key: log.key, marks: log.marks)
/// while let stretch = try session.next() {
///     try log.load(stretch.batch, mark: stretch.mark)
/// }
/// ```
package final class ImportSession {
    /// Lines after which the first stretches end, so that a source is soon known by its beginning.
    static let firstStretchLines: [UInt64] = [16, 256, 65_536]
    /// Lines between two looks at the clock of progress and the wish to stop.
    private static let linesPerLook: UInt64 = 16_384

    private let options: ImportOptions
    private let key: HashKey
    private let marks: (SourceMark.Digest) throws -> [SourceMark]
    private let text: InputText
    private var reader: any RecordReader
    private var place: SourceMark.Digest
    /// Whether the beginning of this source is known from an earlier import.
    private var isKnown = false
    private var ended = false

    package private(set) var progress = ImportProgress()
    /// Called now and then, and at the end of every stretch.
    package var onProgress: ((ImportProgress) -> Void)?
    /// Asked now and then; true ends the import with an error of code `cancelled`.
    package var isCancelled: () -> Bool = { false }
    /// `EventLog.names`: a line is then rejected when its names are more than the log can take. Nil leaves that to the
    /// log, which refuses the whole stretch.
    package var names: () -> NameTables? = { nil }
    /// The names of the stretches so far, which may not be in the log yet.
    private var ownNames = NameTables()

    /// - Parameters:
    ///   - name: what errors call the source.
    ///   - marks: `EventLog.marks(after:)`.
    /// - Throws: `ImportError` when the source is not text, or the mapping does not fit it.
    package init(
        _ source: any ByteSource, name: String, options: ImportOptions, key: HashKey,
        marks: @escaping (SourceMark.Digest) throws -> [SourceMark]
    ) throws {
        self.options = options
        self.key = key
        self.marks = marks
        text = InputText(try source.asText(name: name, encoding: options.encoding), name: name)
        try text.skipByteOrderMark()
        switch options.layout {
        case .jsonLines:
            reader = try JSONLinesReader(key: key)
            place = options.origin(header: [], key: key)
        case .delimited(let delimited):
            let delimitedReader = try DelimitedReader(delimited, text)
            reader = delimitedReader
            place = options.origin(header: delimitedReader.headerBytes, key: key)
        }
        progress.totalBytes = text.totalBytes
    }

    /// The next stretch that the log does not have; nil at the end.
    ///
    /// - Throws: `ImportError`: `cancelled`, `diverged`, `rejected` (strict), `io`, `corruptGzip`; what `marks` throws.
    package func next() throws -> ImportStretch? {
        if ended { return nil }
        try skipKnownStretches()
        let stretch = try readStretch()
        report()
        return stretch
    }

    // MARK: Known stretches

    private func skipKnownStretches() throws {
        while true {
            let known = try marks(place)
            if known.isEmpty { return }
            if let mark = try text.skipKnown(known, StretchDigest(key: key, from: place)) {
                place = mark.to
                isKnown = true
                progress.linesSkipped += mark.lines
                try look()
                continue
            }
            // Many sources begin at the same place: that their first stretches differ from this one's means nothing.
            if !isKnown || options.allowsDivergence { return }
            if try !text.ensure(1) { return }
            throw diverged()
        }
    }

    private func diverged() -> ImportError {
        let last = text.line - 1
        return ImportError(
            .diverged,
            "lines 1 to \(last) have been imported before, but what follows differs from what followed them "
                + "then: the file was changed or cut short. To import the rest, from line \(last + 1) on, as "
                + "new events use --again",
            source: text.name)
    }

    // MARK: New stretches

    private func readStretch() throws -> ImportStretch? {
        let firstLine = text.line
        let from = place
        let room = room()
        var batch = EventBatch(key: key, room: room)
        var rejections: [Rejection] = []
        reader.startBatch()
        text.beginStretch(StretchDigest(key: key, from: place))
        let stop = Self.firstStretchLines.first { $0 >= firstLine }
        var nextLook = firstLine + Self.linesPerLook
        reading: while true {
            switch try reader.readRecord(text, into: &batch) {
            case .event, .blank: break
            case .rejected(let rejection):
                if options.isStrict {
                    throw ImportError(.rejected, rejection.reason, source: text.name, line: rejection.line)
                }
                rejections.append(rejection)
                progress.rejected += 1
            case .end:
                ended = true
                break reading
            }
            if text.line >= nextLook {
                try look()
                nextLook = text.line + Self.linesPerLook
            }
            // A stretch of one blank line has no bytes that it could be known by.
            if let stop, text.line > stop, text.stretchBytes > 0 { break }
            if batch.count >= options.batchRows || text.stretchBytes >= UInt64(options.batchBytes) { break }
        }
        progress.events += batch.count
        if room != nil { _ = try ownNames.map(batch) }
        let end = text.endStretch()
        // Nothing but the end, or blank lines before it.
        if ended, batch.isEmpty, rejections.isEmpty { return nil }
        place = end.place
        let mark = SourceMark(from: from, to: place, length: end.length, lines: text.line - firstLine)
        return ImportStretch(batch: batch, rejections: rejections, mark: mark, firstLine: firstLine)
    }

    private func room() -> NameTables? {
        guard var room = names() else { return nil }
        room.formUnion(ownNames)
        return room
    }

    // MARK: Progress

    private func look() throws {
        if isCancelled() { throw ImportError(.cancelled, "stopped before line \(text.line)", source: text.name) }
        report()
    }

    private func report() {
        progress.bytesRead = text.bytesRead
        progress.lines = text.line - 1
        onProgress?(progress)
    }
}
