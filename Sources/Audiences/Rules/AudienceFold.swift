import EventLog

/// The persons of a scan: their facts, and where each is.
final class PersonDirectory: Sendable {
    let facts: [PersonFacts]
    private let places: [String: Int]

    init(_ facts: [PersonFacts]) {
        self.facts = facts
        places = Dictionary(facts.enumerated().map { ($1.person, $0) }, uniquingKeysWith: { first, _ in first })
    }

    func place(of person: String) -> Int? { places[person] }
}

/// Which audiences each of some persons is in: a row of bits for each person.
struct AudienceAnswers: Sendable {
    /// Words a person.
    let width: Int
    private(set) var places: [Int32] = []
    private(set) var nextChanges: [Int64] = []
    private var words: [UInt64] = []

    init(audiences: Int) { width = max(1, (audiences + 63) / 64) }

    mutating func append(place: Int, _ evaluator: PersonEvaluator) {
        places.append(Int32(place))
        nextChanges.append(evaluator.nextChange)
        var word: UInt64 = 0
        for index in evaluator.members.indices {
            if index > 0, index % 64 == 0 {
                words.append(word)
                word = 0
            }
            if evaluator.members[index] { word |= 1 << UInt64(index % 64) }
        }
        words.append(word)
    }

    /// Whether the person at an index of `places` is in an audience of the plan.
    func isMember(_ index: Int, _ audience: Int) -> Bool {
        words[index * width + audience / 64] >> UInt64(audience % 64) & 1 == 1
    }

    func words(_ index: Int) -> ArraySlice<UInt64> { words[index * width..<(index + 1) * width] }
}

/// Evaluates everybody in a scan.
struct AudienceFold: PersonFold, Sendable {
    let evaluator: PersonEvaluator
    private let directory: PersonDirectory
    private let isStored: @Sendable (Int, Int64) -> Bool
    private(set) var answers: AudienceAnswers

    /// - Parameter isStored: whether the person at a place of the directory is in a static audience.
    init(
        _ program: AudienceProgram, _ moment: AudienceMoment, _ directory: PersonDirectory,
        isStored: @escaping @Sendable (Int, Int64) -> Bool
    ) {
        evaluator = PersonEvaluator(program, moment)
        self.directory = directory
        self.isStored = isStored
        answers = AudienceAnswers(audiences: program.plan.targets.count)
    }

    mutating func enter(_ block: ScanBlock) { evaluator.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        guard let place = directory.place(of: person.id) else { return }
        evaluator.collect(person.rows)
        evaluate(place, person.rows)
    }

    /// A person of whom the scan has no row.
    mutating func visit(placeWithoutRows place: Int) {
        evaluator.collectNothing()
        evaluate(place, UnsafeBufferPointer(start: nil, count: 0))
    }

    private mutating func evaluate(_ place: Int, _ rows: UnsafeBufferPointer<Row>) {
        let isStored = isStored
        evaluator.evaluate(
            PersonEvaluator.Person(facts: directory.facts[place], rows: rows) { isStored(place, $0) })
        answers.append(place: place, evaluator)
    }
}

/// Evaluates one person.
struct OnePersonFold: PersonFold {
    let evaluator: PersonEvaluator
    let facts: PersonFacts
    let isStored: (Int64) -> Bool
    /// Called while the person's rows are valid, after the evaluation.
    var examine: ((PersonEvaluator, PersonEvaluator.Person) -> Void)?
    private(set) var hasRows = false

    init(
        _ evaluator: PersonEvaluator, _ facts: PersonFacts, isStored: @escaping (Int64) -> Bool,
        examine: ((PersonEvaluator, PersonEvaluator.Person) -> Void)? = nil
    ) {
        self.evaluator = evaluator
        self.facts = facts
        self.isStored = isStored
        self.examine = examine
    }

    mutating func enter(_ block: ScanBlock) { evaluator.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        hasRows = true
        evaluator.collect(person.rows)
        finish(person.rows)
    }

    mutating func visitWithoutRows() {
        evaluator.collectNothing()
        finish(UnsafeBufferPointer(start: nil, count: 0))
    }

    private func finish(_ rows: UnsafeBufferPointer<Row>) {
        let person = PersonEvaluator.Person(facts: facts, rows: rows, isStored: isStored)
        evaluator.evaluate(person)
        examine?(evaluator, person)
    }
}
