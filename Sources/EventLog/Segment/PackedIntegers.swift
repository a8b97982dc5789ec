/// Integers as fixed-width little-endian offsets from a minimum, in units of a common divisor: frame of reference.
///
/// `value(i) = minimum + divisor * stored(i)`, where `stored` has 0 to 8 bytes. At least eight readable bytes follow the last.
@frozen
package struct PackedIntegers: @unchecked Sendable {
    // A view of immutable, checksummed bytes that its segment keeps mapped.
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let width: Int
    @usableFromInline let mask: UInt64
    @usableFromInline let minimum: Int64
    @usableFromInline let divisor: Int64

    @usableFromInline
    init(base: UnsafeRawPointer, width: Int, minimum: Int64, divisor: Int64) {
        self.base = base
        self.width = width
        self.mask = width == 0 ? 0 : UInt64.max &>> UInt64(64 &- 8 &* width)
        self.minimum = minimum
        self.divisor = divisor
    }

    @inlinable
    package subscript(index: Int) -> Int64 {
        let stored = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: index &* width, as: UInt64.self)) & mask
        return minimum &+ divisor &* Int64(bitPattern: stored)
    }
}
