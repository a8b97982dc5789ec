/// A matrix of 64 times 64 bits, a word for each row, the lowest bit first.
enum BitMatrix {
    /// Exchanges rows and columns: halves of the matrix, then halves of its halves, down to single bits (Warren,
    /// Hacker's Delight, second edition, 7-3).
    ///
    /// - Complexity: 192 exchanges of half words.
    static func transpose(_ rows: UnsafeMutableBufferPointer<UInt64>) {
        precondition(rows.count == 64, "a word for each row")
        var width = 32
        var mask: UInt64 = 0x0000_0000_ffff_ffff
        while width != 0 {
            var row = 0
            while row < 64 {
                let other = row &+ width
                let shift = UInt64(truncatingIfNeeded: width)
                let moved = (rows[row] &>> shift ^ rows[other]) & mask
                rows[row] ^= moved &<< shift
                rows[other] ^= moved
                row = (other &+ 1) & ~width
            }
            width &>>= 1
            mask ^= mask &<< UInt64(truncatingIfNeeded: width)
        }
    }
}
