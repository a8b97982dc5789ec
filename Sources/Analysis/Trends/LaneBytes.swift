/// Counts people by interval and series in bytes, eight series in a word: to count a person in any of them at once is
/// one addition for each word, without a branch.
struct LaneBytes: Sendable {
    /// By interval: `words` of eight series each. One more interval stands for the whole range.
    private var counts: [UInt64]
    let words: Int
    private let intervals: Int
    /// Persons since the counts were last zero; a byte holds as many.
    private var persons = 0

    private static let personLimit = 255
    /// Counts are moved out every `personLimit` persons, so there should be few beside what those cost.
    private static let wordLimit = 1_024

    /// By eight bits: a byte of 1 for each that is set.
    static let spread: [UInt64] = (0..<256).map { bits in
        (0..<8).reduce(0) { word, place in word | UInt64(bits >> place & 1) << UInt64(8 * place) }
    }

    /// Nil when there are too many cells.
    init?(lanes: Int, intervals: Int) {
        words = (lanes + 7) / 8
        self.intervals = intervals
        guard words * intervals <= Self.wordLimit else { return nil }
        counts = Array(repeating: 0, count: words * (intervals + 1))
    }

    /// Whether another person may be counted, whom each cell counts at most once. Else `move` the counts first.
    @inline(__always)
    mutating func beginPerson() -> Bool {
        if persons == Self.personLimit { return false }
        persons &+= 1
        return true
    }

    /// The words of interval 0, those of the others after them.
    @inline(__always)
    mutating func withCells<Value>(_ body: (UnsafeMutablePointer<UInt64>) -> Value) -> Value {
        counts.withUnsafeMutableBufferPointer { counts in
            // There is at least one series and one interval.
            guard let base = counts.baseAddress else { preconditionFailure("bytes without cells") }
            return body(base)
        }
    }

    /// Adds the counts to tables and sets them to zero.
    ///
    /// - Parameters:
    ///   - cells: `lane * intervals + interval`.
    ///   - totals: of the whole range, by lane.
    mutating func move(to cells: inout [Int], _ totals: inout [Int]) {
        persons = 0
        let (words, intervals) = (words, intervals)
        cells.withUnsafeMutableBufferPointer { cells in
            totals.withUnsafeMutableBufferPointer { totals in
                counts.withUnsafeMutableBufferPointer { counts in
                    for place in counts.indices where counts[place] != 0 {
                        let interval = place / words
                        var lane = place % words * 8
                        var left = counts[place]
                        counts[place] = 0
                        while left != 0 {
                            let count = Int(truncatingIfNeeded: left & 255)
                            if interval == intervals {
                                totals[lane] &+= count
                            } else {
                                cells[lane &* intervals &+ interval] &+= count
                            }
                            left &>>= 8
                            lane &+= 1
                        }
                    }
                }
            }
        }
    }
}
