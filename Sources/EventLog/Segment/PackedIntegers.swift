import CEventLog

/// Integers as offsets of a fixed number of bits from a minimum, in units of a common divisor: frame of reference.
///
/// `value(i) = minimum + divisor * stored(i)`, where `stored` has 0 to 57 bits, or 64. At least eight readable bytes
/// follow the last.
@frozen
public struct PackedIntegers: @unchecked Sendable {
    // A view of immutable, checksummed bytes that its segment keeps mapped. Public, because only what is public is put
    // in place in the loops of other modules; a call would cost more than a row.
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let bits: Int
    @usableFromInline let mask: UInt64
    @usableFromInline let minimum: Int64
    @usableFromInline let divisor: Int64

    @usableFromInline
    init(base: UnsafeRawPointer, bits: Int, minimum: Int64, divisor: Int64) {
        self.base = base
        self.bits = bits
        self.mask = bits == 0 ? 0 : UInt64.max &>> UInt64(64 &- bits)
        self.minimum = minimum
        self.divisor = divisor
    }

    /// The value at an index, which is not checked.
    ///
    /// - Complexity: O(1), without a branch: the word that the value begins in, shifted and masked.
    @inlinable @inline(__always)
    public subscript(index: Int) -> Int64 { value(ofStored: stored(index)) }

    /// What is stored for a value: as large among its kind as the value is, in units of the divisor.
    ///
    /// - Complexity: O(1)
    @inlinable @inline(__always)
    public func stored(_ index: Int) -> UInt64 {
        let bit = index &* bits
        let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
        return (word &>> UInt64(truncatingIfNeeded: bit & 7)) & mask
    }

    @inlinable @inline(__always)
    public func value(ofStored stored: UInt64) -> Int64 { minimum &+ divisor &* Int64(bitPattern: stored) }

    /// The largest difference of two stored values whose values differ by at most `span`, which is not negative.
    @inlinable
    public func stored(span: Int64) -> UInt64 { UInt64(bitPattern: span) / UInt64(bitPattern: max(divisor, 1)) }

    /// No stored value is larger.
    package var storedLimit: UInt64 { mask }

    /// The least that a stored value must be for its value to be at least `value`; may be beyond the limit.
    package func stored(from value: Int64) -> UInt64 {
        guard value > minimum else { return 0 }
        let unit = UInt64(bitPattern: max(divisor, 1))
        let (whole, rest) = UInt64(bitPattern: value &- minimum).quotientAndRemainder(dividingBy: unit)
        return rest > 0 ? whole + 1 : whole
    }

    /// Writes the values of some indices: several times quicker than one by one.
    func unpack(_ indices: Range<Int>, into values: UnsafeMutablePointer<Int64>) {
        ceventlog_unpack(
            base, UInt32(truncatingIfNeeded: bits), minimum, divisor, indices.lowerBound, indices.count, values)
    }

    /// Asks for the memory of a value.
    @inline(__always)
    func prefetch(_ index: Int) { ceventlog_prefetch(base + (index &* bits) &>> 3) }

    /// Asks for the memory of some values, which may lie beyond the last.
    @inline(__always)
    func prefetch(_ indices: Range<Int>) {
        let end = (indices.upperBound &* bits) &>> 3
        var offset = (indices.lowerBound &* bits) &>> 3
        while offset < end {
            ceventlog_prefetch(base + offset)
            offset &+= 64
        }
    }
}
