/// How a list of integers was packed: see `PackedIntegers`.
struct PackedParameters {
    /// Bytes of an integer, 0 to 8.
    var width = 0
    var minimum: Int64 = 0
    var divisor: Int64 = 1

    static let encodedBytes = 24

    func write(to writer: inout ByteWriter) {
        writer.write(minimum)
        writer.write(divisor)
        writer.write(UInt64(width))
    }

    init() {}

    init(from reader: inout ByteReader) throws {
        minimum = try reader.read()
        divisor = try reader.read()
        let width: UInt64 = try reader.read()
        guard width <= 8 else { throw EventLogError(.corrupt, "\(reader.subject): integers of \(width) bytes") }
        self.width = Int(width)
    }

    /// The smallest width for these values.
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
        width = (64 - (span / common).leadingZeroBitCount + 7) / 8
    }

    private static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }

    /// The packed bytes, followed by eight zero bytes so that every value can be read as a whole word.
    func pack(_ values: UnsafeBufferPointer<Int64>) -> [UInt8] {
        let size = values.count * width
        return [UInt8](unsafeUninitializedCapacity: size + 8) { target, filled in
            let raw = UnsafeMutableRawBufferPointer(target)
            raw.storeBytes(of: UInt64(0), toByteOffset: size, as: UInt64.self)
            if width > 0 {
                let divisor = UInt64(bitPattern: self.divisor)
                for (index, value) in values.enumerated() {
                    var stored = UInt64(bitPattern: value &- minimum)
                    if divisor != 1 { stored /= divisor }
                    // Values go in ascending order, so the bytes above `width` are overwritten by the next one.
                    raw.storeBytes(of: stored.littleEndian, toByteOffset: index &* width, as: UInt64.self)
                }
                raw.storeBytes(of: UInt64(0), toByteOffset: size, as: UInt64.self)
            }
            filled = size + 8
        }
    }
}
