import Foundation

/// Text search without regard to case and composition: both sides are brought to Unicode's composed form (NFC) in lower
/// case and compared as bytes.
struct FoldedText: Sendable, Hashable {
    let bytes: [UInt8]

    init(_ text: String) {
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            bytes = text.utf8.map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
        } else {
            bytes = Array(text.precomposedStringWithCanonicalMapping.lowercased().utf8)
        }
    }

    /// - Complexity: O(length x length of `other`), in practice O(length).
    func contains(_ other: FoldedText) -> Bool {
        guard let first = other.bytes.first else { return true }
        let last = bytes.count - other.bytes.count
        guard last >= 0 else { return false }
        var start = 0
        while start <= last {
            if bytes[start] == first, bytes[start..<start + other.bytes.count].elementsEqual(other.bytes) {
                return true
            }
            start += 1
        }
        return false
    }
}
