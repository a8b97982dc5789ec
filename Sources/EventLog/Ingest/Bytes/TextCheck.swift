import CEventLog
import Glibc

/// Recognises text that is not what the readers need, and says what it is.
enum TextCheck {
    /// How much of the start of a source is looked at.
    static let sampleBytes = 64 << 10

    /// Whether the bytes are UTF-8 without NUL bytes.
    static func isClean(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
        return memchr(base, 0, bytes.count) == nil && isUTF8(bytes)
    }

    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        ceventlog_is_utf8(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) != 0
    }

    /// What is wrong with one line, or nil: the first NUL byte or the first byte that is not UTF-8, by its column in
    /// bytes counted from 1.
    static func problem(_ line: UnsafeRawBufferPointer) -> String? {
        if isClean(line) { return nil }
        let invalid = validPrefix(line)
        if let base = line.baseAddress, let found = memchr(base, 0, invalid) {
            return "there is a NUL byte at column \(UnsafeRawPointer(found) - base + 1); text holds none"
        }
        guard invalid < line.count else { return nil }
        let byte = String(line[invalid], radix: 16)
        let advice =
            isKorean(line)
            ? "it looks like Korean in CP949: give --encoding cp949"
            : "if the file is in another encoding, name it with --encoding"
        return "the byte 0x\(byte) at column \(invalid + 1) is not UTF-8; \(advice)"
    }

    /// The number of bytes before the first that is not part of valid UTF-8.
    static func validPrefix(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        while offset < bytes.count {
            let length = characterLength(bytes, offset)
            if length == 0 { return offset }
            offset += length
        }
        return offset
    }

    /// The length of the UTF-8 sequence at `offset`, or 0 when there is none (Unicode, table 3-7).
    private static func characterLength(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Int {
        let lead = bytes[offset]
        if lead < 0x80 { return 1 }
        let length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
        if lead < 0xc2 || lead > 0xf4 || offset + length > bytes.count { return 0 }
        let second = bytes[offset + 1]
        let low: UInt8 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80
        let high: UInt8 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf
        if second < low || second > high { return 0 }
        for index in (offset + 2)..<(offset + max(2, length)) where bytes[index] & 0xc0 != 0x80 { return 0 }
        return length
    }

    /// Whether the bytes beyond ASCII are all pairs of CP949 (which includes EUC-KR), most of them Hangul.
    static func isKorean(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var offset = 0
        var pairs = 0
        var hangul = 0
        while offset < bytes.count {
            let lead = bytes[offset]
            if lead < 0x80 {
                offset += 1
                continue
            }
            guard lead >= 0x81, lead <= 0xfd, offset + 1 < bytes.count else {
                return offset + 1 >= bytes.count && pairs > 0
            }
            let trail = bytes[offset + 1]
            let isTrail =
                (trail >= 0x41 && trail <= 0x5a) || (trail >= 0x61 && trail <= 0x7a) || (trail >= 0x81 && trail <= 0xfe)
            if !isTrail { return false }
            pairs += 1
            if (lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1) || lead <= 0xa0 || trail < 0xa1 { hangul += 1 }
            offset += 2
        }
        return pairs > 0 && hangul * 2 >= pairs
    }
}

// MARK: Whole sources

extension TextCheck {
    static let gzipMagic: [UInt8] = [0x1f, 0x8b]

    private static let formats: [(magic: [UInt8], name: String)] = [
        (Array("PK\u{3}\u{4}".utf8), "a ZIP archive (or an Excel or other Office file)"),
        ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd"),
        (Array("BZh".utf8), "compressed with bzip2"), ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "compressed with xz"),
        (Array("PAR1".utf8), "a Parquet file"), (Array("SQLite format 3".utf8), "an SQLite database"),
        (Array("%PDF-".utf8), "a PDF"), ([0x89, 0x50, 0x4e, 0x47], "a PNG image"),
        ([0xff, 0xd8, 0xff], "a JPEG image"),
        (Array("GIF8".utf8), "a GIF image"), ([0x7f, 0x45, 0x4c, 0x46], "a program"),
        (Array("Obj\u{1}".utf8), "an Avro file"),
        (Array("ORC".utf8), "an ORC file"), ([0xd0, 0xcf, 0x11, 0xe0], "an old Office file"),
    ]

    /// Refuses a source whose beginning shows that it is not text in UTF-8.
    ///
    /// - Parameter isWhole: whether the sample is all there is.
    /// - Throws: `ImportError` with code `notText` or `encoding`.
    static func check(_ sample: UnsafeRawBufferPointer, isWhole: Bool, name: String) throws {
        let clean = isClean(sample)
        if !clean, let format = formats.first(where: { sample.starts(with: $0.magic) }) {
            throw ImportError(
                .notText, "this is \(format.name), not text; convert it to JSON Lines or CSV first", source: name)
        }
        try checkWideEncodings(sample, name: name)
        if clean {
            try checkLineBreaks(sample, name: name)
            return
        }
        let controls = sample.count { $0 < 0x20 && $0 != 9 && $0 != 10 && $0 != 13 && $0 != 0x0c && $0 != 0x1b }
        if controls * 20 > sample.count {
            throw ImportError(.notText, "this looks like binary data, not text", source: name)
        }
        let invalid = validPrefix(sample)
        // The sample may end inside a character.
        if invalid < sample.count, isWhole || sample.count - invalid > 3, isKorean(sample) {
            let before = UnsafeRawBufferPointer(rebasing: sample[..<invalid])
            let line = before.count { $0 == 10 } + 1
            let column = invalid - (before.lastIndex(of: 10) ?? -1)
            throw ImportError(
                .encoding,
                "the byte 0x\(String(sample[invalid], radix: 16)) at byte column \(column) is not UTF-8; it "
                    + "looks like Korean in CP949: give --encoding cp949",
                source: name, line: UInt64(line))
        }
    }

    private static func checkWideEncodings(_ sample: UnsafeRawBufferPointer, name: String) throws {
        let marks: [(bytes: [UInt8], encoding: String)] = [
            ([0xff, 0xfe, 0, 0], "utf-32"), ([0, 0, 0xfe, 0xff], "utf-32"), ([0xff, 0xfe], "utf-16"),
            ([0xfe, 0xff], "utf-16"),
        ]
        for mark in marks where sample.starts(with: mark.bytes) {
            throw ImportError(
                .encoding, "the byte order mark says \(mark.encoding.uppercased()); give --encoding \(mark.encoding)",
                source: name)
        }
        // Mostly ASCII in UTF-16 without a mark: every second byte is NUL.
        guard sample.count >= 16 else { return }
        let pairs = sample.count / 2
        let even = (0..<pairs).count { sample[2 * $0] == 0 }
        let odd = (0..<pairs).count { sample[2 * $0 + 1] == 0 }
        for (nulls, others, encoding) in [(odd, even, "utf-16le"), (even, odd, "utf-16be")]
        where nulls * 10 > pairs * 7 && others * 10 < pairs {
            throw ImportError(
                .encoding, "every second byte is NUL: this is \(encoding.uppercased()); give --encoding \(encoding)",
                source: name)
        }
    }

    private static func checkLineBreaks(_ sample: UnsafeRawBufferPointer, name: String) throws {
        if sample.contains(13), !sample.contains(10) {
            let returns = sample.count { $0 == 13 }
            if returns > 1 || sample.last != 13 {
                throw ImportError(
                    .notText,
                    "the lines end in a carriage return alone, as on old Macs; convert them with: tr '\\r' '\\n'",
                    source: name)
            }
        }
    }
}
