/// The people behind a number of an answer: all of them counted, some of them named.
package struct PeopleList: Sendable, Hashable, Codable {
    package var count: Int
    /// Canonical ids, sorted; a fixed choice of as many as the limit allows.
    package var ids: [String]

    /// Joins what the threads of a scan have found.
    init(_ samples: some Sequence<PeopleSample>, limit: Int) {
        var all = PeopleSample(limit: limit)
        for sample in samples { all.add(sample) }
        count = all.count
        ids = all.ids
    }
}

extension Fields {
    /// How many people to name.
    func peopleLimit() throws -> Int { try integer("limit", in: 1...QueryLimits.people, default: 100) }
}

extension IntervalGrid {
    /// The place of the interval with a label.
    ///
    /// - Throws: `QueryError` for a label that is not on the axis of the answer.
    func position(labelled label: String, field: String) throws -> Int {
        // Labels of hours and dates rise with their places, but are few: see `limit`.
        guard let position = (0..<count).first(where: { self.label($0) == label }) else {
            throw QueryError(
                .invalidValue, field, "is '\(label)', but must be the label of an interval, such as '\(self.label(0))'")
        }
        return position
    }
}
