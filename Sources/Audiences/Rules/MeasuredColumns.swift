import EventLog

/// The values of measured properties, read where they lie.
struct MeasuredColumns {
    /// By measured property, the index in the selection.
    private let properties: [Int?]
    /// `columns[source * properties.count + measured]`
    private var columns: [PropertyColumns] = []
    /// Different values by number, so that counting them compares whole numbers.
    private var numbers: [PropertyValue: Int] = [:]

    init(_ properties: [Int?]) { self.properties = properties }

    mutating func enter(_ block: ScanBlock) {
        if properties.isEmpty { return }
        columns.removeAll(keepingCapacity: true)
        for source in 0..<block.sourceCount {
            for property in properties {
                columns.append(property.map { block.column($0, source: source) } ?? .none)
            }
        }
    }

    /// Calls `body` with each number of the row: one, or every one of a list. Other types have none.
    func forEachNumber(_ row: Row, _ measured: Int, _ body: (Double) -> Void) {
        for view in columns[Int(row.source) &* properties.count &+ measured].views
        where view.type.element == .number {
            let entry = view.entry(at: row.row)
            guard entry >= 0 else { continue }
            for index in view.values(of: entry) { body(view.number(index)) }
        }
    }

    /// Calls `body` with a number for each value of the row, the same for equal values.
    mutating func forEachValue(_ row: Row, _ measured: Int, _ body: (Int) -> Void) {
        guard let value = columns[Int(row.source) &* properties.count &+ measured].value(at: row.row) else { return }
        switch value {
        case .strings(let list): for text in list { body(number(of: .string(text))) }
        case .numbers(let list): for number in list { body(self.number(of: .number(number))) }
        case .booleans(let list): for flag in list { body(number(of: .boolean(flag))) }
        case .times(let list): for time in list { body(number(of: .time(time))) }
        default: body(number(of: value))
        }
    }

    private mutating func number(of value: PropertyValue) -> Int {
        if let number = numbers[value] { return number }
        // Bounded: numbers need not be the same from person to person.
        if numbers.count > 100_000 { numbers.removeAll(keepingCapacity: true) }
        let number = numbers.count
        numbers[value] = number
        return number
    }
}
