/// A question over the histories of persons, a run of them at a time. A scan makes one fold per thread, feeds it the
/// persons of a block after another, and returns the folds for the caller to combine.
///
/// Most questions are a `PersonFold`. One whose work on a person is shorter than a call takes the runs itself, and one
/// that can do with less than whole rows takes columns where it can get them.
package protocol ScanFold {
    /// Called before the first person of each block. Property columns belong to a block: a fold that reads properties
    /// prepares its dictionary look-ups here.
    mutating func enter(_ block: ScanBlock) throws

    /// Whether `narrow` is worth calling.
    var narrowsAnchors: Bool { get }

    /// Drops anchors that do not make a person worth visiting, such as events that a filter refuses. Called between
    /// `enter` and the first person, where a block is read from bits rather than lists; so it may save work, but must
    /// not be relied upon.
    mutating func narrow(_ anchors: borrowing Anchors)

    /// Called for persons who have at least one row of the selection, each once in a scan; with anchors, persons
    /// without a row of one of them may be left out. A person's rows are in time order; events of the same time are in
    /// the order in which they were acknowledged. Nothing in `run` may be kept after the call but copies.
    mutating func visit(_ run: borrowing PersonRun) throws

    /// Whether the fold takes columns, asked when a block is entered. It gets them for persons without merges who lie
    /// in the block's first source alone, and everybody else's rows by `visit(_: PersonRun)`.
    var columnUse: ColumnUse { get }

    /// Called after `narrow` when persons of the block will come by columns, which are valid until the next block.
    mutating func enter(_ columns: SourceColumns)

    /// The same as the other `visit`, but that all of a person's rows come, of any name and time.
    mutating func visit(_ run: borrowing ColumnRun) throws
}

extension ScanFold {
    package var narrowsAnchors: Bool { false }
    package mutating func narrow(_ anchors: borrowing Anchors) {}
    package var columnUse: ColumnUse { .none }
    package mutating func enter(_ columns: SourceColumns) {}
    package mutating func visit(_ run: borrowing ColumnRun) throws {}
}

/// What a fold wants of persons whose rows all lie in one source.
package enum ColumnUse {
    /// Their rows put together, as of everybody.
    case none
    case columns
    /// Columns, and the times of all of their rows unpacked: `ColumnRun.times`.
    case times
}

/// A question over one person's history. The same fold answers for one person and for everybody.
package protocol PersonFold: ScanFold {
    /// Called once for each person of a run; see `ScanFold.visit`. Nothing in `person` may be kept after the call but
    /// copies.
    mutating func visit(_ person: borrowing PersonView) throws
}

extension PersonFold {
    package mutating func visit(_ run: borrowing PersonRun) throws {
        for index in 0..<run.count { try visit(run.person(index)) }
    }
}
