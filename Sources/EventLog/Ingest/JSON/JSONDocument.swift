import CEventLog

/// Reads JSON documents that come one after the other, with buffers that are used again.
///
/// It keeps a copy of the bytes of the last document, so that its values stay valid until the next.
package final class JSONDocumentReader {
    private let parser: JSONParser
    // Owned: freed in deinit.
    private var buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)

    package init() throws { parser = try JSONParser() }

    deinit { buffer.deallocate() }

    /// How many bytes the buffers hold; the parser's own are a few times larger.
    package var capacity: Int { buffer.count }

    /// Parses one object, or an array, which is then the member `wrapper` of an object.
    ///
    /// - Throws: `LineProblem` saying what is wrong and where.
    package func read(_ bytes: UnsafeRawBufferPointer, wrappingArrayAs wrapper: StaticString) throws -> JSONValue {
        let isArray = bytes.first { $0 != 0x20 && $0 != 9 && $0 != 10 && $0 != 13 } == 0x5b
        let front = isArray ? "{\"\(wrapper)\":" : ""
        let back = isArray ? "}" : ""
        let count = front.utf8.count + bytes.count + back.utf8.count
        reserve(count + Int(CEVENTLOG_JSON_PADDING))
        buffer.copyBytes(from: front.utf8)
        UnsafeMutableRawBufferPointer(rebasing: buffer[front.utf8.count...]).copyMemory(from: bytes)
        UnsafeMutableRawBufferPointer(rebasing: buffer[(front.utf8.count + bytes.count)...]).copyBytes(from: back.utf8)
        let text = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        let root = JSONValue(try parser.parse(text), 0)
        // Something after the array would have become a member of the object around it.
        if isArray, root.children.dropFirst().first(where: { _ in true }) != nil {
            throw LineProblem("something follows the JSON array")
        }
        return root
    }

    private func reserve(_ count: Int) {
        guard count > buffer.count else { return }
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count + count / 4, alignment: 64)
        buffer.deallocate()
        buffer = larger
    }
}
