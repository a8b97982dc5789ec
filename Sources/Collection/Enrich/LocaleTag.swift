/// Language tags, written as BCP 47 recommends: `ko-KR`, `zh-Hant-TW`.
enum LocaleTag {
    /// Normalises `ko_kr`, `KO-kr`, `ko_KR.UTF-8` and the like into `result`.
    ///
    /// - Returns: false when it is no language tag.
    static func normalize(_ bytes: UnsafeRawBufferPointer, into result: inout [UInt8]) -> Bool {
        result.removeAll(keepingCapacity: true)
        var start = 0
        var end = 0
        // A code set or a variant of POSIX, a quality of a header.
        while end < bytes.count, end <= 35, !endsTag(bytes[end]) { end += 1 }
        if end == 0 || end > 35 { return false }
        while start <= end {
            var stop = start
            while stop < end, bytes[stop] != 0x2d, bytes[stop] != 0x5f { stop += 1 }
            let part = bytes[start..<stop]
            guard !part.isEmpty, part.count <= 8, part.allSatisfy({ isLetter($0) || isDigit($0) }) else { return false }
            let isFirst = start == 0
            if isFirst {
                guard part.count >= 2, part.count <= 3, part.allSatisfy(isLetter) else { return false }
            } else {
                result.append(0x2d)
            }
            append(part, isFirst: isFirst, to: &result)
            start = stop + 1
            if stop == end { break }
        }
        return true
    }

    private static func append(_ part: Slice<UnsafeRawBufferPointer>, isFirst: Bool, to result: inout [UInt8]) {
        let isRegion = !isFirst && part.count == 2 && part.allSatisfy(isLetter)
        let isScript = !isFirst && part.count == 4 && part.allSatisfy(isLetter)
        for (offset, byte) in part.enumerated() {
            if isRegion || (isScript && offset == 0) {
                result.append(isLetter(byte) ? byte & 0xdf : byte)
            } else {
                result.append(isLetter(byte) ? byte | 0x20 : byte)
            }
        }
    }

    /// `.`, `@`, `;`, `,` and the space.
    private static func endsTag(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2e, 0x40, 0x3b, 0x2c, 0x20: true
        default: false
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
