/// How a list of integers was packed: see `PackedIntegers`.
struct PackedParameters {
    /// Bits of an integer: 0 to 57, or 64. Up to 57 fit into a word wherever in a byte they begin.
    var bits = 0
    var minimum: Int64 = 0
    var divisor: Int64 = 1

    static let encodedBytes = 24
    static let widestShifted = 57

    func write(to writer: inout ByteWriter) {
        writer.write(minimum)
        writer.write(divisor)
        writer.write(UInt64(bits))
    }

    init() {}

    init(from reader: inout ByteReader) throws {
        minimum = try reader.read()
        divisor = try reader.read()
        let bits: UInt64 = try reader.read()
        guard bits <= UInt64(PackedParameters.widestShifted) || bits == 64 else {
            throw EventLogError(.corrupt, "\(reader.subject): integers of \(bits) bits")
        }
        self.bits = Int(bits)
    }

    /// The fewest bits for these values.
    ///
    /// - Complexity: O(count), with a common divisor looked for only while there is one.
    init(packing values: UnsafeBufferPointer<Int64>) {
        guard let first = values.first else { return }
        var low = first
        var high = first
        for value in values {
            if value < low { low = value }
            if value > high { high = value }
        }
        minimum = low
        let span = UInt64(bitPattern: high &- low)
        guard span > 0 else { return }
        var common: UInt64 = 0
        for value in values {
            common = PackedParameters.greatestCommonDivisor(common, UInt64(bitPattern: value &- low))
            if common == 1 { break }
        }
        if common > UInt64(Int64.max) { common = 1 }
        divisor = Int64(common)
        bits = 64 - (span / common).leadingZeroBitCount
        if bits > PackedParameters.widestShifted { bits = 64 }
    }

    private static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// Bytes of `count` values, without the eight that follow; nil when there can be no so many.
    func byteCount(_ count: Int) -> Int? {
        let (size, overflow) = count.multipliedReportingOverflow(by: bits)
        return overflow || count < 0 ? nil : (size + 7) / 8
    }

    /// The packed bytes, followed by eight zero bytes so that every value can be read as a whole word.
    func pack(_ values: UnsafeBufferPointer<Int64>) -> [UInt8] {
        let size = (values.count * bits + 7) / 8 + 8
        return [UInt8](unsafeUninitializedCapacity: size) { target, filled in
            let raw = UnsafeMutableRawBufferPointer(target)
            raw.initializeMemory(as: UInt8.self, repeating: 0)
            filled = size
            guard bits > 0 else { return }
            let divisor = UInt64(bitPattern: self.divisor)
            var bit = 0
            for value in values {
                var stored = UInt64(bitPattern: value &- minimum)
                if divisor != 1 { stored /= divisor }
                let offset = bit &>> 3
                let before = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                let word = before | (stored &<< UInt64(truncatingIfNeeded: bit & 7))
                raw.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
                bit &+= bits
            }
        }
    }
}
