import EventLog

/// The numeric values of rows in one scan thread: a number, or every number of a list. Other types have none.
struct NumberReader: Sendable {
    /// Indices into `Selection.properties`, by series; nil where a series reads none or no event has it.
    private let properties: [Int?]
    /// For each source and series the columns: `source * properties.count + series`.
    private var columns: [Columns] = []

    private struct Columns: Sendable {
        var number: ColumnView?
        var list: ColumnView?
    }

    init(_ properties: [Int?]) { self.properties = properties }

    mutating func enter(_ block: ScanBlock) {
        columns.removeAll(keepingCapacity: true)
        for source in 0..<block.sourceCount {
            for property in properties {
                let views = property.map { block.column($0, source: source) } ?? .none
                columns.append(Columns(number: views.view(.number), list: views.view(.numbers)))
            }
        }
    }

    /// Calls `body` with each number that the row has in the property of a series.
    @inline(__always)
    func forEachNumber(_ row: Row, series: Int, _ body: (Double) -> Void) {
        let index = Int(row.source) &* properties.count &+ series
        if let column = columns[index].number {
            let entry = column.entry(at: row.row)
            if entry >= 0 { return body(column.number(entry)) }
        }
        if let column = columns[index].list {
            let entry = column.entry(at: row.row)
            if entry >= 0 { for value in column.values(of: entry) { body(column.number(value)) } }
        }
    }
}

/// What is kept of numbers to answer for their sum, mean and extremes.
struct NumberCell: Sendable, Hashable {
    var sum = CompensatedSum()
    var count = 0
    var least = Double.infinity
    var greatest = -Double.infinity

    @inline(__always)
    mutating func add(_ number: Double) {
        sum.add(number)
        count &+= 1
        if number < least { least = number }
        if number > greatest { greatest = number }
    }

    mutating func add(_ other: NumberCell) {
        sum.add(other.sum)
        count += other.count
        least = Swift.min(least, other.least)
        greatest = Swift.max(greatest, other.greatest)
    }
}
