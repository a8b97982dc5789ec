import CEventLog
import Glibc

/// The text of a source in a sliding window, with the place of the next unread byte, its line number, and the digest of
/// the stretch that is being read.
///
/// Records are consumed from the front. The window grows when a caller needs to see further (a record that spans
/// chunks, or a whole stretch that may have been imported before) and otherwise stays at a few megabytes.
final class InputText {
    /// The longest line (or record) that is read; a longer one is rejected without being held in memory.
    static let lineBytesMax = 1 << 20
    private static let chunkBytes = 2 << 20
    /// Readable bytes after the window, for parsers that look at blocks.
    private static let slackBytes = 128

    let name: String
    private let source: any ByteSource
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    /// The next unread byte.
    private(set) var start = 0
    /// The end of the bytes that are there.
    private(set) var end = 0
    /// Whether the source has nothing after `end`.
    private(set) var sourceEnded = false
    /// The number of the line at `start`, counted from 1.
    private(set) var line: UInt64 = 1

    /// Bytes before this offset are in the digest; it is never after `recordEnd`.
    private var digested = 0
    /// The end of the last consumed record without its line break. The break belongs to the digest only when more
    /// follows, so that a last line without one is the same place as that line in a file that has grown.
    private var recordEnd = 0
    private var digest: StretchDigest?
    /// The text before this offset is valid UTF-8 without NUL bytes.
    private var checkedEnd = 0
    /// Up to this offset each record needs a check of its own.
    private var suspectEnd = 0

    init(_ source: any ByteSource, name: String) {
        self.source = source
        self.name = name
        // A small file needs no large window; a compressed one grows it.
        capacity = min(Self.chunkBytes, max(source.totalBytes ?? Self.chunkBytes, 1024) * 2)
        memory = UnsafeMutableRawPointer.allocate(byteCount: capacity + Self.slackBytes, alignment: 64)
        memset(memory, 0, Self.slackBytes)
    }

    deinit { memory.deallocate() }

    var bytesRead: Int { source.bytesRead }
    var totalBytes: Int? { source.totalBytes }

    /// What is in the window from the next unread byte on. Valid until the next call that may fill it.
    var window: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory + start, count: end - start) }

    /// The bytes at the front, which must be there.
    func front(_ count: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory + start, count: count) }

    // MARK: Filling

    /// Reads another chunk. Returns false when the source had ended. Offsets into the window change.
    func fill() throws -> Bool {
        if sourceEnded { return false }
        makeRoom()
        let count = try source.read(into: UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end))
        end += count
        memset(memory + end, 0, Self.slackBytes)
        sourceEnded = count == 0
        return count > 0
    }

    /// Drops what has been consumed and digested, and grows the window when that does not leave half of it free.
    private func makeRoom() {
        absorb(to: recordEnd)
        let first = digest == nil ? start : min(digested, start)
        if capacity - (end - first) < capacity / 2 {
            let larger = capacity * 2
            let moved = UnsafeMutableRawPointer.allocate(byteCount: larger + Self.slackBytes, alignment: 64)
            moved.copyMemory(from: memory + first, byteCount: end - first)
            memory.deallocate()
            (memory, capacity) = (moved, larger)
        } else if first > 0 {
            memmove(memory, memory + first, end - first)
        } else {
            return
        }
        start -= first
        end -= first
        digested -= min(digested, first)
        recordEnd -= min(recordEnd, first)
        checkedEnd -= min(checkedEnd, first)
        suspectEnd -= min(suspectEnd, first)
    }

    /// Fills until `count` unread bytes are there. Returns whether they are.
    func ensure(_ count: Int) throws -> Bool {
        while end - start < count {
            if try !fill() { return false }
        }
        return true
    }

    // MARK: Consuming

    /// Passes a record: its content, and its line break up to `next`, both offsets from the front.
    func consume(content: Int, next: Int, lines: UInt64) {
        recordEnd = start + content
        start += next
        line += lines
    }

    /// Passes bytes that belong to no record, such as a byte order mark. Only between stretches.
    func skip(_ count: Int) {
        start += count
        recordEnd = start
        digested = start
    }

    struct Line {
        /// Without the line break.
        var count: Int
        /// With it.
        var next: Int
    }

    /// Finds the end of the line at the front. Returns nil at the end of the text, and a line longer than
    /// `lineBytesMax` with only as much of it as is there: see `consumeLongLine`.
    func peekLine() throws -> Line? {
        var searched = 0
        while true {
            let count = end - start
            if count > searched, let found = memchr(memory + start + searched, 10, count - searched) {
                let length = UnsafeRawPointer(found) - UnsafeRawPointer(memory + start)
                let hasReturn = length > 0 && memory.load(fromByteOffset: start + length - 1, as: UInt8.self) == 13
                return Line(count: hasReturn ? length - 1 : length, next: length + 1)
            }
            searched = count
            if count > Self.lineBytesMax { return Line(count: count, next: count) }
            if try !fill() {
                if end == start { return nil }
                let hasReturn = memory.load(fromByteOffset: end - 1, as: UInt8.self) == 13
                return Line(count: hasReturn ? end - start - 1 : end - start, next: end - start)
            }
        }
    }

    /// Passes the line at the front, however long, in pieces. Returns its length in bytes.
    func consumeLongLine() throws -> Int {
        var length = 0
        while true {
            let count = end - start
            if let found = count > 0 ? memchr(memory + start, 10, count) : nil {
                let rest = UnsafeRawPointer(found) - UnsafeRawPointer(memory + start)
                let hasReturn = rest > 0 && memory.load(fromByteOffset: start + rest - 1, as: UInt8.self) == 13
                consume(content: hasReturn ? rest - 1 : rest, next: rest + 1, lines: 1)
                return length + rest
            }
            // A carriage return at the end of the window may begin the line break, so one byte waits.
            if count > 1 {
                consume(content: count - 1, next: count - 1, lines: 0)
                length += count - 1
            }
            if try !fill() {
                let rest = end - start
                consume(content: rest, next: rest, lines: 1)
                return length + rest
            }
        }
    }

    // MARK: Checking

    /// What is wrong with the encoding of the `count` bytes at the front, or nil. Cheap: whole windows are checked at
    /// once.
    func problem(in count: Int) -> String? {
        let stop = start + count
        if stop <= checkedEnd { return nil }
        if stop > suspectEnd {
            var whole = end
            // Not to stop inside a character, the check ends behind the last line feed.
            while whole > stop, memory.load(fromByteOffset: whole - 1, as: UInt8.self) != 10 { whole -= 1 }
            if TextCheck.isClean(UnsafeRawBufferPointer(start: memory + start, count: whole - start)) {
                checkedEnd = whole
                return nil
            }
            suspectEnd = whole
        }
        return TextCheck.problem(front(count))
    }

    // MARK: Stretches

    func beginStretch(_ digest: StretchDigest) {
        self.digest = digest
        digested = start
        recordEnd = start
    }

    /// Ends the stretch at the last consumed record.
    func endStretch() -> (place: SourceMark.Digest, length: UInt64) {
        absorb(to: recordEnd)
        guard let digest else { preconditionFailure("no stretch was begun") }
        self.digest = nil
        return (digest.digest, digest.length)
    }

    /// Whether anything has been consumed since the stretch began.
    var stretchBytes: UInt64 { (digest?.length ?? 0) &+ UInt64(max(0, recordEnd - digested)) }

    private func absorb(to offset: Int) {
        guard digest != nil, offset > digested else { return }
        digest?.absorb(UnsafeRawBufferPointer(start: memory + digested, count: offset - digested))
        digested = offset
    }

    /// Passes the longest of some known stretches whose bytes are the next bytes, and returns it.
    ///
    /// - Parameter empty: the digest of a stretch that begins here, with nothing absorbed.
    func skipKnown(_ marks: [SourceMark], _ empty: StretchDigest) throws -> SourceMark? {
        var digest = empty
        var absorbed = 0
        var best: (mark: SourceMark, next: Int)?
        for mark in marks.sorted(by: { $0.length < $1.length }) {
            guard mark.length > 0, let length = Int(exactly: mark.length), length < Int.max - 2 else { continue }
            // Two more bytes for the line break, if there is one.
            _ = try ensure(length + 2)
            guard end - start >= length else { break }
            if length > absorbed {
                digest.absorb(UnsafeRawBufferPointer(rebasing: window[absorbed..<length]))
                absorbed = length
            }
            if digest.digest == mark.to, let next = breakEnd(at: length) { best = (mark, next) }
        }
        guard let best else { return nil }
        skip(best.next)
        line += best.mark.lines
        return best.mark
    }

    /// The offset behind the line break at `offset` from the front; nil when the line goes on there.
    private func breakEnd(at offset: Int) -> Int? {
        let bytes = window
        if offset == bytes.count { return offset }
        if bytes[offset] == 10 { return offset + 1 }
        guard bytes[offset] == 13 else { return nil }
        if offset + 1 == bytes.count { return offset + 1 }
        return bytes[offset + 1] == 10 ? offset + 2 : nil
    }
}
