import RandomCases
import Testing

@testable import Analysis

@Suite struct BitMatrixTests {
    @Test(arguments: 0..<20) func rowsBecomeColumns(seed: Int) {
        var dice = SeededRandom(UInt64(seed) &* 32_452_843)
        let rows = (0..<64).map { _ in UInt64.random(in: 0...(.max), using: &dice) }
        var transposed = rows
        transposed.withUnsafeMutableBufferPointer { BitMatrix.transpose($0) }
        for row in 0..<64 {
            for column in 0..<64 {
                #expect(transposed[column] >> UInt64(row) & 1 == rows[row] >> UInt64(column) & 1)
            }
        }
    }
}
