/// Little-endian bytes, growing.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    var count: Int { bytes.count }

    mutating func write<T: FixedWidthInteger>(_ value: T) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ value: Double) { write(value.bitPattern) }

    mutating func write(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

    /// A length of four bytes, then the UTF-8 bytes.
    mutating func write(_ text: String) {
        write(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A count of four bytes, then the elements.
    mutating func write<T: FixedWidthInteger>(array: [T]) {
        write(UInt32(array.count))
        writeElements(array)
    }

    mutating func write(array: [Double]) {
        write(UInt32(array.count))
        array.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    mutating func writeElements<T: FixedWidthInteger>(_ array: [T]) {
        #if _endian(little)
        array.withUnsafeBytes { bytes.append(contentsOf: $0) }
        #else
        for element in array { write(element) }
        #endif
    }

    /// Appends zeros up to a multiple of `alignment`.
    mutating func align(_ alignment: Int) {
        let rest = bytes.count % alignment
        if rest != 0 { bytes.append(contentsOf: repeatElement(0, count: alignment - rest)) }
    }

    mutating func pad(_ count: Int) { bytes.append(contentsOf: repeatElement(0, count: count)) }

    mutating func replace<T: FixedWidthInteger>(at offset: Int, with value: T) {
        withUnsafeBytes(of: value.littleEndian) { raw in
            for i in 0..<raw.count { bytes[offset + i] = raw[i] }
        }
    }
}

/// What bytes are, for errors. Put into words only when there is one: a scan opens several parts of every chunk.
struct Subject: CustomStringConvertible {
    let file: String
    var chunk: Int?
    var part: String?

    var description: String {
        [file, chunk.map { "chunk \($0)" }, part].compactMap(\.self).joined(separator: ": ")
    }
}

/// Reads what `ByteWriter` wrote, and throws when the bytes end too early, so that no input can trap.
struct ByteReader {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0
    /// For errors: what is being read.
    let subject: Subject

    init(_ bytes: UnsafeRawBufferPointer, subject: Subject) {
        self.bytes = bytes
        self.subject = subject
    }

    init(_ bytes: UnsafeRawBufferPointer, subject: String) { self.init(bytes, subject: Subject(file: subject)) }

    var remaining: Int { bytes.count - offset }

    mutating func skip(_ count: Int) throws {
        guard count >= 0, count <= remaining else { throw short() }
        offset += count
    }

    mutating func read<T: FixedWidthInteger>(_: T.Type = T.self) throws -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw short() }
        defer { offset += size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    mutating func readDouble() throws -> Double { Double(bitPattern: try read()) }

    mutating func readBytes(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else { throw short() }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + count)])
    }

    mutating func readString() throws -> String {
        let count = Int(try read(UInt32.self))
        let raw = try readBytes(count)
        guard let text = String(validating: raw, as: UTF8.self) else {
            throw EventLogError(.corrupt, "\(subject): text at byte \(offset - count) is not UTF-8")
        }
        return text
    }

    /// - Parameter limit: more elements than this are corruption.
    mutating func readArray<T: FixedWidthInteger>(of: T.Type = T.self, limit: Int = .max) throws -> [T] {
        let count = Int(try read(UInt32.self))
        let size = MemoryLayout<T>.size
        guard count <= limit, count <= remaining / size else { throw short() }
        let raw = try readBytes(count * size)
        return [T](unsafeUninitializedCapacity: count) { target, filled in
            for i in 0..<count {
                target.initializeElement(
                    at: i, to: T(littleEndian: raw.loadUnaligned(fromByteOffset: i * size, as: T.self)))
            }
            filled = count
        }
    }

    mutating func readDoubles() throws -> [Double] {
        let patterns: [UInt64] = try readArray()
        return patterns.map(Double.init(bitPattern:))
    }

    private func short() -> EventLogError {
        EventLogError(.corrupt, "\(subject): ends too early, at byte \(offset) of \(bytes.count)")
    }
}
