/// An id that equals another only when the bytes are the same, as in the log and in SQL. (Swift's strings are equal
/// when they look the same, in whatever way the accents are composed.)
package struct ExactID: Sendable, Hashable {
    let text: String

    package init(_ text: String) { self.text = text }

    package static func == (a: ExactID, b: ExactID) -> Bool {
        let (left, right) = (a.text.utf8, b.text.utf8)
        guard left.count == right.count else { return false }
        return a.text.utf8.withContiguousStorageIfAvailable { own in
            b.text.utf8.withContiguousStorageIfAvailable { own.elementsEqual($0) }
        }?.flatMap { $0 } ?? left.elementsEqual(right)
    }

    package func hash(into hasher: inout Hasher) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable {
            hasher.combine(bytes: UnsafeRawBufferPointer($0))
        }
        if done == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }
}

extension ExactID: Comparable {
    package static func < (a: ExactID, b: ExactID) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }
}
