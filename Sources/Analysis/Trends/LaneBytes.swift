/// Counts people by interval and series in bytes, eight series in a word: to count a person in any of them at once is one
/// addition for each word, without a branch.
struct LaneBytes: Sendable {
    /// By interval: `words` of eight series each.
    private(set) var counts: [UInt64]
    let words: Int
    /// Persons since the counts were last zero; a byte holds as many.
    private(set) var persons = 0

    static let personLimit = 255
    /// Counts are read out every `personLimit` persons, so there should be few beside what those cost.
    private static let wordLimit = 1_024

    /// By eight bits: a byte of 1 for each that is set.
    static let spread: [UInt64] = (0..<256).map { bits in
        (0..<8).reduce(0) { word, place in word | UInt64(bits >> place & 1) << UInt64(8 * place) }
    }

    /// Nil when there are too many cells.
    init?(lanes: Int, intervals: Int) {
        words = (lanes + 7) / 8
        guard words * intervals <= Self.wordLimit else { return nil }
        counts = Array(repeating: 0, count: words * intervals)
    }

    /// To be called for each person, whom every cell counts at most once. False when the counts must be read out first.
    @inline(__always)
    mutating func beginPerson() -> Bool {
        if persons == Self.personLimit { return false }
        persons += 1
        return true
    }

    /// Calls `body` with the counts that are not zero, and sets them to zero.
    mutating func drain(_ body: (_ lane: Int, _ interval: Int, _ count: Int) -> Void) {
        persons = 0
        for place in counts.indices where counts[place] != 0 {
            let (interval, word) = (place / words, place % words)
            for byte in 0..<8 {
                let count = Int(counts[place] >> UInt64(8 * byte) & 255)
                if count > 0 { body(8 * word + byte, interval, count) }
            }
            counts[place] = 0
        }
    }

    mutating func withCounts<Result>(_ body: (UnsafeMutablePointer<UInt64>) -> Result) -> Result {
        counts.withUnsafeMutableBufferPointer { counts in
            // There is at least one series and one interval.
            guard let base = counts.baseAddress else { preconditionFailure("bytes without cells") }
            return body(base)
        }
    }
}
