package import EventLog

/// The properties that a query reads, numbered in the order in which its parts asked for them:
/// `Selection.properties` and the index that `ScanBlock.column` takes.
package struct PropertyList: Sendable {
    package private(set) var numbers: [UInt16] = []
    private let names: NameTable

    package init(_ names: NameTable) {
        self.names = names
    }

    /// The index of a property, or nil when the log has never seen it.
    package mutating func index(of name: String) -> Int? {
        guard let number = names.number(of: name) else { return nil }
        if let index = numbers.firstIndex(of: number) { return index }
        numbers.append(number)
        return numbers.count - 1
    }
}

/// Filters compiled against a log: tests that each jump to the next one by their outcome, so that and, or and not cost
/// nothing but the tests they need.
package struct FilterProgram: Sendable {
    enum Subject: Sendable {
        /// An index into `Selection.properties`; nil when no event has the property.
        case property(Int?)
        case person(String)
        case group(kind: String, trait: String)
    }

    struct Instruction: Sendable {
        var subject: Subject
        var matcher: ValueMatcher
        var onMatch: Int
        var otherwise: Int
    }

    static let accept = -1
    static let refuse = -2

    private(set) var instructions: [Instruction] = []
    private(set) var start = FilterProgram.accept

    var readsPersons: Bool {
        instructions.contains { if case .property = $0.subject { false } else { true } }
    }

    /// Whether every row is accepted.
    package var isTrivial: Bool { start == FilterProgram.accept }

    /// - Parameters:
    ///   - filters: all must hold.
    ///   - field: where they are in the query, for errors.
    /// - Throws: `QueryError`: `unavailable` for a person filter in an installation without traits.
    package init(
        _ filters: [Filter], field: String, _ properties: inout PropertyList, _ context: QueryContext, _ zone: ZoneName
    ) throws {
        var compiler = FilterCompiler(properties: properties, context: context, zone: zone)
        start = try compiler.compile(
            .and(filters), field, FilterProgram.accept, FilterProgram.refuse)
        instructions = compiler.instructions
        properties = compiler.properties
    }
}

/// Compiles from the last test to the first, so that each jump's target is known.
private struct FilterCompiler {
    var instructions: [FilterProgram.Instruction] = []
    var properties: PropertyList
    let context: QueryContext
    let zone: ZoneName

    init(properties: PropertyList, context: QueryContext, zone: ZoneName) {
        self.properties = properties
        self.context = context
        self.zone = zone
    }

    /// The place where evaluation starts.
    mutating func compile(_ filter: Filter, _ field: String, _ onMatch: Int, _ otherwise: Int) throws -> Int {
        switch filter {
        case .not(let inner):
            return try compile(inner, field, otherwise, onMatch)
        case .and(let list):
            var next = onMatch
            for part in list.reversed() { next = try compile(part, field, next, otherwise) }
            return next
        case .or(let list):
            var next = otherwise
            for part in list.reversed() { next = try compile(part, field, onMatch, next) }
            return next
        case .test(let test):
            return try compile(test, field, onMatch, otherwise)
        }
    }

    private mutating func compile(_ test: FilterTest, _ field: String, _ onMatch: Int, _ otherwise: Int) throws -> Int {
        let subject: FilterProgram.Subject
        switch test.subject {
        case .property(let name):
            subject = .property(properties.index(of: name))
        case .person(let trait):
            guard context.traits != nil else {
                throw QueryError(
                    .unavailable, field,
                    "filters on the person trait '\(trait)', but this log keeps no person traits; filter on a property of the event instead"
                )
            }
            subject = .person(trait)
        case .group(let kind, let trait):
            guard context.traits != nil else {
                throw QueryError(
                    .unavailable, field,
                    "filters on the group trait '\(trait)', but this log keeps no groups; filter on a property of the event instead"
                )
            }
            subject = .group(kind: kind, trait: trait)
        }
        let matcher: ValueMatcher
        do {
            matcher = try ValueMatcher(test, now: context.now, zone: zone)
        } catch let failure as TextPattern.Failure {
            throw QueryError(.invalidValue, field, failure.message)
        }
        let (yes, no) = test.op.isNegative ? (otherwise, onMatch) : (onMatch, otherwise)
        instructions.append(.init(subject: subject, matcher: matcher, onMatch: yes, otherwise: no))
        return instructions.count - 1
    }
}
