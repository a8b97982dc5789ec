import EventLog

/// Strings that were met, numbered from 0. What comes after `countMax` different ones is left out and counted.
struct Words: Sendable {
    private(set) var names: [String] = []
    private var numbers: [String: Int32] = [:]
    private let countMax: Int
    /// How often a string was turned away because there were `countMax` already.
    private(set) var refused = 0

    init(countMax: Int) { self.countMax = countMax }

    /// - Returns: -1 when there is no room.
    mutating func number(of name: String) -> Int32 {
        if let number = numbers[name] { return number }
        guard names.count < countMax else {
            refused += 1
            return -1
        }
        let number = Int32(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }

    subscript(number: Int32) -> String { names[Int(number)] }
}

/// One property of one source of a block: strings are looked up once for each dictionary code, not for each row.
struct RowColumn: Sendable {
    private let columns: PropertyColumns
    /// By view: the word of each dictionary code; .min is not looked up yet, -1 has none.
    private var words: [[Int32]]
    private let fold: (@Sendable (String) -> String)?

    /// - Parameter fold: what makes different spellings one word; nil leaves them.
    init(_ columns: PropertyColumns, fold: (@Sendable (String) -> String)? = nil) {
        self.columns = columns
        self.fold = fold
        words = columns.views.map { [Int32](repeating: .min, count: $0.dictionary.count) }
    }

    func number(at row: UInt32) -> Double? {
        switch columns.value(at: row) {
        case .number(let number) where number.isFinite: number
        case .boolean(let flag): flag ? 1 : 0
        case .string(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
        default: nil
        }
    }

    /// The numbers of a list, or the one number.
    func numbers(at row: UInt32) -> [Double] {
        switch columns.value(at: row) {
        case .numbers(let list): list
        case .number(let number): [number]
        default: []
        }
    }

    /// The first word of a row; -1 when it has none.
    mutating func word(at row: UInt32, _ table: inout Words) -> Int32 {
        var first: Int32 = -1
        forEachWord(at: row, &table) { word in
            if first < 0 { first = word }
        }
        return first
    }

    /// Calls `body` with the word of each value of a row; numbers are words as `ItemID.text` writes them.
    mutating func forEachWord(at row: UInt32, _ table: inout Words, _ body: (Int32) -> Void) {
        for (number, view) in columns.views.enumerated() {
            let entry = view.entry(at: row)
            guard entry >= 0 else { continue }
            for value in view.values(of: entry) {
                let word: Int32
                switch view.type.element {
                case .string:
                    let code = view.code(value)
                    if words[number][code] == .min {
                        let text = view.dictionary[code]
                        let folded = fold.map { $0(text) } ?? text
                        words[number][code] = folded.isEmpty ? -1 : table.number(of: folded)
                    }
                    word = words[number][code]
                case .number: word = table.number(of: ItemID.text(view.number(value)))
                default: word = -1
                }
                if word >= 0 { body(word) }
            }
            return
        }
    }
}

/// The properties that a question reads, by their names, and where they are in its selection.
struct PropertyList: Sendable {
    private(set) var numbers: [UInt16] = []
    private let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// - Returns: nil when no event has the property.
    mutating func index(of name: String?) -> Int? {
        guard let name, let number = snapshot.propertyNames.number(of: name) else { return nil }
        if let index = numbers.firstIndex(of: number) { return index }
        numbers.append(number)
        return numbers.count - 1
    }
}

extension Snapshot {
    /// The moment up to which anything is known: now, or the end of a log that ended before.
    func end(_ now: Int64) -> Int64 { min(now, timeRange?.upperBound ?? now) }
}
