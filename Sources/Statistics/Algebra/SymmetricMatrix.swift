import CStatistics

/// A symmetric matrix in single precision. Only the lower triangle counts: `values[row * order + column]` with
/// `column <= row`.
package struct SymmetricMatrix: Sendable {
    package let order: Int
    package var values: [Float]

    /// Zeros. 4 bytes for each of order × order numbers.
    package init(order: Int) {
        self.order = order
        values = [Float](repeating: 0, count: order * order)
    }

    /// An element; the order of its indices does not matter.
    package subscript(row: Int, column: Int) -> Float {
        get { values[max(row, column) * order + min(row, column)] }
        set { values[max(row, column) * order + min(row, column)] = newValue }
    }

    /// A matrix has no inverse, or none that single precision can find.
    package struct NotPositiveDefinite: Error, Sendable, Hashable, CustomStringConvertible {
        /// The row at which it showed.
        package let row: Int

        package init(row: Int) { self.row = row }

        package var description: String { "the matrix is not positive definite (row \(row))" }
    }
}

extension SymmetricMatrix {
    /// Rows that are swept together: enough for the kernel to be at its speed, few enough that inverting them by
    /// themselves costs nothing.
    private static let blockRows = 64
    /// A multiple of both strips.
    private static let tileRows = 96

    /// Replaces a positive definite matrix by its inverse, by sweeping blocks of rows (Goodnight, 1979, "A tutorial on
    /// the SWEEP operator", with blocks in place of pivots). One matrix product does nearly all of the work, on the
    /// lower triangle only, which makes it as short as Cholesky's way.
    ///
    /// - Parameters:
    ///   - threads: the result does not depend on how many.
    ///   - progress: called with the share that is done; false ends the work and leaves the matrix useless.
    /// - Returns: false when `progress` ended it.
    /// - Throws: `NotPositiveDefinite`.
    /// - Complexity: O(order³ / 2) multiplications.
    package mutating func invert(threads: Int = 1, progress: (Double) -> Bool = { _ in true }) throws -> Bool {
        var sweep = Sweep(order: order, blockRows: Self.blockRows)
        for start in stride(from: 0, to: order, by: Self.blockRows) {
            guard progress(Double(start) / Double(order)) else { return false }
            try sweep.gather(values, start..<min(start + Self.blockRows, order))
            update(sweep, threads: threads)
            sweep.scatter(into: &values)
        }
        for index in values.indices { values[index] = -values[index] }
        return true
    }

    /// Takes what the swept rows explain out of all others.
    private mutating func update(_ sweep: Sweep, threads: Int) {
        let order = order
        let depth = sweep.block.count
        let parts = (order + Self.tileRows - 1) / Self.tileRows
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            // Each part writes rows of its own.
            nonisolated(unsafe) let target = base
            sweep.left.withUnsafeBufferPointer { left in
                sweep.right.withUnsafeBufferPointer { right in
                    nonisolated(unsafe) let (left, right) = (left, right)
                    guard let right = right.baseAddress, let left = left.baseAddress else { return }
                    nonisolated(unsafe) let (a, b) = (left, right)
                    Workers.run(parts, threads: threads) { part in
                        let first = part * Self.tileRows
                        let last = min(first + Self.tileRows, order)
                        cstatistics_subtract_product(
                            target + first * order, order, last - first, last, a + first * depth, b, depth)
                    }
                }
            }
        }
    }
}

/// The rows of one block, taken out of the matrix (V) and multiplied by the inverse of their own square (W = V D).
private struct Sweep {
    let order: Int
    private(set) var block = 0..<0
    /// W in strips of 6 rows.
    private(set) var left: [Float] = []
    /// V in strips of 16 rows.
    private(set) var right: [Float] = []
    /// V, later W, row by row.
    private var panel: [Float]
    /// D, block by block rows.
    private var inverse: [Double] = []

    init(order: Int, blockRows: Int) {
        self.order = order
        panel = [Float](repeating: 0, count: order * blockRows)
    }

    mutating func gather(_ values: [Float], _ block: Range<Int>) throws {
        self.block = block
        let depth = block.count
        for row in 0..<order {
            for (k, column) in block.enumerated() {
                // Rows of the block itself are zeros, so that the update passes over them.
                panel[row * depth + k] =
                    block.contains(row)
                    ? 0 : values[row > column ? row * order + column : column * order + row]
            }
        }
        inverse = try Sweep.inverse(values, order, block)
        right = Sweep.packed(panel, order, depth, strip: Int(CSTATISTICS_STRIP_COLUMNS))
        multiply(depth)
        left = Sweep.packed(panel, order, depth, strip: Int(CSTATISTICS_STRIP_ROWS))
    }

    /// panel = panel · D.
    private mutating func multiply(_ depth: Int) {
        let rows = Sweep.packed(panel, order, depth, strip: Int(CSTATISTICS_STRIP_ROWS))
        let columns = Sweep.packed(
            inverse.map { Float(-$0) }, depth, depth, strip: Int(CSTATISTICS_STRIP_COLUMNS))
        for index in 0..<(order * depth) { panel[index] = 0 }
        cstatistics_subtract_product(&panel, depth, order, depth, rows, columns, depth)
    }

    /// Puts W and -D where the block's rows and columns were.
    func scatter(into values: inout [Float]) {
        let depth = block.count
        for row in 0..<order where !block.contains(row) {
            for (k, column) in block.enumerated() {
                values[row > column ? row * order + column : column * order + row] = panel[row * depth + k]
            }
        }
        for (i, row) in block.enumerated() {
            for (j, column) in block.enumerated() where j <= i {
                values[row * order + column] = Float(-inverse[i * depth + j])
            }
        }
    }

    /// The inverse of the block's own square, in double precision.
    private static func inverse(_ values: [Float], _ order: Int, _ block: Range<Int>) throws -> [Double] {
        let size = block.count
        var square = [Double](repeating: 0, count: size * size)
        for (i, row) in block.enumerated() {
            for (j, column) in block.enumerated() where j <= i {
                square[i * size + j] = Double(values[row * order + column])
                square[j * size + i] = square[i * size + j]
            }
        }
        for pivot in 0..<size {
            let value = square[pivot * size + pivot]
            guard value > 0, value.isFinite else {
                throw SymmetricMatrix.NotPositiveDefinite(row: block.lowerBound + pivot)
            }
            let pivotRow = Array(square[pivot * size..<(pivot + 1) * size])
            for row in 0..<size where row != pivot {
                let factor = square[row * size + pivot] / value
                for column in 0..<size { square[row * size + column] -= factor * pivotRow[column] }
                square[row * size + pivot] = factor
            }
            for column in 0..<size { square[pivot * size + column] = pivotRow[column] / value }
            square[pivot * size + pivot] = -1 / value
        }
        return square.map { -$0 }
    }

    /// Rows in strips, as the kernel reads them; the last strip is filled up with zeros.
    private static func packed(_ rows: [Float], _ count: Int, _ depth: Int, strip: Int) -> [Float] {
        let strips = (count + strip - 1) / strip
        var result = [Float](repeating: 0, count: strips * strip * depth)
        for row in 0..<count {
            let start = row / strip * strip * depth + row % strip
            for k in 0..<depth { result[start + k * strip] = rows[row * depth + k] }
        }
        return result
    }
}
