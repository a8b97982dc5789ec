import CEventLog

// A log file, all numbers little-endian. A header of 64 bytes:
//
//     0  magic "DANGOLWL"                  40  length of the file before, in bytes
//     8  version u32 (1)                   48  end of the file before: a sequence number above all of its records
//    12  zero u32                          56  chain u32: checksum of the last frame (or the header) of the file before
//    16  log id u64                        60  CRC32C u32 of bytes 0 to 59
//    24  first sequence u64, as in the file's name
//    32  first sequence of the file before u64; all ones when there was none
//
// then frames, each of 28 bytes and a payload:
//
//     0  length of the payload u32         16  sequence numbers taken u32, at least 1; 0 in an end mark
//     4  CRC32C u32, see below             20  distance in bytes from the first frame of the group u32
//     8  sequence u64                      24  chain u32: checksum of the frame (or header) before
//
// The checksum of a frame covers the log id, then all of the frame but itself. As the log id is random and secret,
// bytes inside a payload cannot pass for a frame, and neither can frames of another log.
//
// A *group* is what one write and one sync made durable. The distance tells which group a frame is of, and so, when a
// frame is damaged and a later one is not, whether a crash can have left that (both of one group, which was never
// acknowledged) or the disk has lost something (the later one was written only after the damaged one was durable). The
// chain shows a frame or file that has vanished as a whole, even where sequence numbers have gaps, which they may. An
// *end mark* (an empty frame that takes no sequence number) is written when a log is closed: it makes damage of the
// last group tellable from a crash. Every version of the format keeps the header's length, magic, version and checksum.

/// What one file says about the file before it.
struct LogLink: Equatable, Sendable {
    var firstSequence: UInt64
    var length: Int
    var endSequence: UInt64
    var chain: UInt32
}

struct LogFileHeader: Equatable, Sendable {
    static let byteCount = 64
    static let version: UInt32 = 1
    private static let magic: UInt64 = 0x4C57_4C4F_474E_4144
    private static let none = UInt64.max

    var logID: UInt64
    var firstSequence: UInt64
    var previous: LogLink?

    enum Decoded: Equatable {
        /// With the header's checksum, which starts the chain of frames.
        case valid(LogFileHeader, chain: UInt32)
        case newer(version: UInt32)
        case invalid
    }

    func encoded() -> (bytes: [UInt8], chain: UInt32) {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        let chain = bytes.withUnsafeMutableBytes { bytes in
            bytes.put(Self.magic, at: 0)
            bytes.put(Self.version, at: 8)
            bytes.put(logID, at: 16)
            bytes.put(firstSequence, at: 24)
            bytes.put(previous?.firstSequence ?? Self.none, at: 32)
            bytes.put(UInt64(previous?.length ?? 0), at: 40)
            bytes.put(previous?.endSequence ?? 0, at: 48)
            bytes.put(previous?.chain ?? 0, at: 56)
            let checksum = ceventlog_crc32c(0, bytes.baseAddress, 60)
            bytes.put(checksum, at: 60)
            return checksum
        }
        return (bytes, chain)
    }

    static func decode(_ bytes: UnsafeRawBufferPointer) -> Decoded {
        guard bytes.count >= byteCount, bytes.get(UInt64.self, at: 0) == magic else { return .invalid }
        let checksum = bytes.get(UInt32.self, at: 60)
        guard ceventlog_crc32c(0, bytes.baseAddress, 60) == checksum else { return .invalid }
        let version = bytes.get(UInt32.self, at: 8)
        if version > Self.version { return .newer(version: version) }
        guard version == Self.version, let length = Int(exactly: bytes.get(UInt64.self, at: 40)) else {
            return .invalid
        }
        var header = LogFileHeader(
            logID: bytes.get(UInt64.self, at: 16), firstSequence: bytes.get(UInt64.self, at: 24), previous: nil)
        let before = bytes.get(UInt64.self, at: 32)
        if before != none {
            header.previous = LogLink(
                firstSequence: before, length: length, endSequence: bytes.get(UInt64.self, at: 48),
                chain: bytes.get(UInt32.self, at: 56))
        }
        return .valid(header, chain: checksum)
    }
}

/// A frame at a place of a file's bytes.
struct LogFrame: Sendable {
    static let headerBytes = 28

    var payloadBytes: Int
    var checksum: UInt32
    var sequence: UInt64
    var sequences: UInt32
    /// Bytes from the first frame of its group to this one.
    var distance: Int
    /// The checksum of the frame or header before.
    var chain: UInt32

    var byteCount: Int { Self.headerBytes + payloadBytes }
    var isEndMark: Bool { sequences == 0 }
    /// One above its last sequence number, or nil when that is not a number, which no writer makes.
    var endSequence: UInt64? {
        let (end, overflow) = sequence.addingReportingOverflow(UInt64(sequences))
        return overflow ? nil : end
    }

    enum Decoded {
        case valid(LogFrame)
        /// Why not.
        case invalid(String)
    }

    /// Reads the frame that begins at `offset`, without trusting any of its bytes.
    static func decode(_ bytes: UnsafeRawBufferPointer, at offset: Int, seed: UInt32) -> Decoded {
        let rest = bytes.count - offset
        guard rest >= headerBytes else { return .invalid("\(rest) bytes are left, fewer than the head of a record") }
        let frame = fields(bytes, at: offset)
        guard frame.byteCount <= rest else {
            return .invalid("a record of \(frame.byteCount) bytes, of which \(rest) are there")
        }
        guard
            frame.checksum == checksum(UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + frame.byteCount]), seed)
        else {
            return .invalid("a record of \(frame.byteCount) bytes that does not match its checksum")
        }
        guard frame.endSequence != nil, frame.distance <= offset - LogFileHeader.byteCount,
            !frame.isEndMark || frame.payloadBytes == 0
        else { return .invalid("a record that matches its checksum but makes no sense") }
        return .valid(frame)
    }

    /// The fields as they are. At least `headerBytes` bytes have to be there.
    static func fields(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> LogFrame {
        LogFrame(
            payloadBytes: Int(bytes.get(UInt32.self, at: offset)),
            checksum: bytes.get(UInt32.self, at: offset + 4),
            sequence: bytes.get(UInt64.self, at: offset + 8),
            sequences: bytes.get(UInt32.self, at: offset + 16),
            distance: Int(bytes.get(UInt32.self, at: offset + 20)),
            chain: bytes.get(UInt32.self, at: offset + 24))
    }

    /// Writes everything before the payload of a frame whose payload is already in its place. Returns the checksum.
    static func seal(
        _ frame: UnsafeMutableRawBufferPointer, sequence: UInt64, sequences: UInt32, distance: UInt32, chain: UInt32,
        seed: UInt32
    ) -> UInt32 {
        frame.put(UInt32(frame.count - headerBytes), at: 0)
        frame.put(sequence, at: 8)
        frame.put(sequences, at: 16)
        frame.put(distance, at: 20)
        frame.put(chain, at: 24)
        let checksum = checksum(UnsafeRawBufferPointer(frame), seed)
        frame.put(checksum, at: 4)
        return checksum
    }

    /// The checksum before any byte of a frame: that of the log id.
    static func seed(logID: UInt64) -> UInt32 {
        withUnsafeBytes(of: logID.littleEndian) { ceventlog_crc32c(0, $0.baseAddress, $0.count) }
    }

    private static func checksum(_ frame: UnsafeRawBufferPointer, _ seed: UInt32) -> UInt32 {
        guard let start = frame.baseAddress else { return seed }
        return ceventlog_crc32c(ceventlog_crc32c(seed, start, 4), start + 8, frame.count - 8)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func get<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func put(_ number: some FixedWidthInteger & BitwiseCopyable, at offset: Int) {
        storeBytes(of: number.littleEndian, toByteOffset: offset, as: type(of: number))
    }
}
