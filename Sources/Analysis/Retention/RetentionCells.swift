/// The cells of a cohort: cell 0 is the cohort's own period, each later cell one period or a bracket of several.
struct RetentionCells: Sendable, Hashable {
    /// The offset, in periods from the cohort's own, at which each cell starts; one more for the end of the last.
    let starts: [Int]
    /// The cell of each offset below `horizon`.
    let cellOfOffset: [Int32]

    init(intervals: Int, brackets: [Int]?) {
        var starts = [0, 1]
        for length in brackets ?? Array(repeating: 1, count: max(0, intervals - 1)) {
            starts.append(starts[starts.count - 1] + length)
        }
        self.starts = starts
        var cells: [Int32] = []
        for cell in 0..<(starts.count - 1) {
            cells += repeatElement(Int32(cell), count: starts[cell + 1] - starts[cell])
        }
        cellOfOffset = cells
    }

    var count: Int { starts.count - 1 }
    /// The periods that the cells cover.
    var horizon: Int { cellOfOffset.count }

    /// The cells whose first period lies within a range of `periods`, for the cohort of period `cohort`.
    func visible(cohort: Int, periods: Int) -> Int {
        var cell = 0
        while cell < count, cohort + starts[cell] < periods { cell += 1 }
        return cell
    }

    /// `Day 0`, `Day 3`, `Days 5-11`.
    func label(_ cell: Int, _ period: Period) -> String {
        let unit = period.title
        let first = starts[cell]
        let last = starts[cell + 1] - 1
        return first == last ? "\(unit) \(first)" : "\(unit)s \(first)-\(last)"
    }
}
