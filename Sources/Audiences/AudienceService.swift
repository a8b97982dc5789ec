package import Analysis
import EventLog
package import State
import Synchronization

/// Everything that can be done with audiences.
///
/// ```swift
/// let audiences = try AudienceService(state: state, history: log, facts: people, zone: zone, now: clock)
/// try audiences.create(AudienceDefinition("VIP", where: AudiencePredicate(text: #"did "Order" at least 5 times"#)))
/// try audiences.evaluate([PersonChange("u1", events: ["Order"])])     // after new events
/// try audiences.evaluateDue(limit: 1_000)                             // as time goes by
/// ```
///
/// Members are decided and stored in one transaction with the events that announce it. Calls may come from several
/// threads: an evaluation of everybody does not hold up those of single persons.
package final class AudienceService: Sendable {
    let store: AudienceStore
    let history: any EventHistory
    let facts: any PersonFactsSource
    private let currentZone: Mutex<ZoneName>
    /// Milliseconds UTC.
    let now: @Sendable () -> Int64
    /// Threads of a scan; nil lets the log choose.
    let threads: Int?
    let state: Mutex<EvaluationState>
    /// Held by one change of definitions, or evaluation of everybody, at a time.
    let maintenance = Mutex<Void>(())
    /// Held by one evaluation of single persons at a time.
    let persons = Mutex<Void>(())

    /// - Parameter state: with `AudienceMigrations.all`.
    package init(
        state: StateDatabase, history: any EventHistory, facts: any PersonFactsSource, zone: ZoneName = .utc,
        threads: Int? = nil, now: @escaping @Sendable () -> Int64 = EventLog.systemTime
    ) throws {
        store = AudienceStore(state: state)
        self.history = history
        self.facts = facts
        currentZone = Mutex(zone)
        self.threads = threads
        self.now = now
        self.state = Mutex(EvaluationState(audiences: try store.read { try $0.audiences() }))
    }
}

extension AudienceService {
    /// The workspace's, whose days `today` and the like are.
    package var zone: ZoneName { currentZone.withLock { $0 } }

    /// Changes the workspace's zone, and evaluates everybody by it.
    package func setZone(_ zone: ZoneName) throws {
        try maintenance.withLock { _ in
            currentZone.withLock { $0 = zone }
            state.withLock { state in
                state.revision += 1
                state.plan = nil
                state.program = nil
            }
            _ = try evaluateEverybody(nil)
        }
    }
}

/// What is kept in memory between evaluations.
struct EvaluationState: Sendable {
    /// Rises with every change of definitions.
    var revision = 0
    var audiences: [Audience]
    /// Of all audiences; made when it is needed.
    var plan: AudiencePlan?
    var program: AudienceProgram?
    /// Persons that were evaluated while everybody is; nil when nobody evaluates everybody.
    var touched: Set<String>?

    init(audiences: [Audience]) { self.audiences = audiences }

    static func plan(_ state: inout EvaluationState, zone: ZoneName) throws(AudienceError) -> AudiencePlan {
        if let plan = state.plan { return plan }
        let plan = try AudiencePlan(state.audiences.map(\.target), zone: zone)
        state.plan = plan
        return plan
    }
}

// MARK: - Definitions

extension AudienceService {
    package func list() throws -> [Audience] { try store.read { try $0.audiences() } }

    /// - Throws: `AudienceError` with `notFound` and the nearest name.
    package func audience(_ name: String) throws -> Audience {
        if let audience = try store.read({ try $0.audience(named: name) }) { return audience }
        let hint = NearestName.hint(for: name, among: try list().map(\.name))
        throw AudienceError(.notFound, "there is no audience '\(name)'\(hint)")
    }

    /// Its earlier definitions too, the oldest first.
    package func versions(_ name: String) throws -> [(version: Int, predicate: AudiencePredicate?, time: Int64)] {
        let id = try audience(name).id
        return try store.read { try $0.versions(id) }
    }

    /// Defines an audience and finds its members.
    ///
    /// - Throws: `AudienceError`: `exists`, `invalid`, `cycle`.
    @discardableResult
    package func create(_ definition: AudienceDefinition) throws -> Audience {
        try maintenance.withLock { _ in
            try check(definition, replacing: nil)
            let id = try store.write { try $0.insert(definition, now: now()) }
            try reload()
            if !definition.isStatic { _ = try evaluateEverybody([id]) }
        }
        return try audience(definition.name)
    }

    /// Changes an audience; its members change with it.
    ///
    /// - Parameter version: when given, the one that the change was made from.
    /// - Throws: `AudienceError`: `notFound`, `conflict`, `invalid`, `cycle`, `inUse` when it is renamed while another
    ///   mentions it.
    @discardableResult
    package func update(_ name: String, to definition: AudienceDefinition, version: Int? = nil) throws -> Audience {
        try maintenance.withLock { _ in
            let old = try audience(name)
            if let version, version != old.version {
                throw AudienceError(
                    .conflict, "'\(name)' has changed since (it is at version \(old.version)); look at it again")
            }
            guard definition != old.definition else { return }
            if definition.isStatic != old.definition.isStatic {
                throw AudienceError(
                    .invalid, "a list stays a list and a predicate a predicate; make another audience", field: "where")
            }
            if definition.name != name { try refuseWhenMentioned(name, "renamed") }
            try check(definition, replacing: old)
            let asksAgain = definition.predicate != old.definition.predicate
            try store.write {
                try $0.update(old.id, definition, version: old.version + 1, asksAgain: asksAgain, now: now())
            }
            try reload()
            // Whoever mentions it may change too.
            if asksAgain { _ = try evaluateEverybody(dependents(of: [old.id])) }
        }
        return try audience(definition.name)
    }

    /// Creates the audience or changes the one of that name.
    ///
    /// - Returns: whether anything changed.
    package func apply(_ definition: AudienceDefinition) throws -> Bool {
        if let old = try store.read({ try $0.audience(named: definition.name) }) {
            return try update(definition.name, to: definition).version != old.version
        }
        try create(definition)
        return true
    }

    /// - Throws: `AudienceError`: `notFound`, `inUse`.
    package func delete(_ name: String) throws {
        try maintenance.withLock { _ in
            let old = try audience(name)
            try refuseWhenMentioned(name, "deleted")
            try store.write { try $0.delete(old.id) }
            try reload()
        }
    }

    private func refuseWhenMentioned(_ name: String, _ what: String) throws {
        let others = try list().filter { $0.definition.predicate?.audiences.contains(name) ?? false }
        if let other = others.first {
            throw AudienceError(.inUse, "'\(name)' cannot be \(what) while the audience '\(other.name)' mentions it")
        }
    }

    private func check(_ definition: AudienceDefinition, replacing old: Audience?) throws {
        try definition.check()
        var targets = try list().filter { $0.id != old?.id }.map(\.target)
        let names = targets.map(\.name)
        if old != nil, names.contains(definition.name) {
            throw AudienceError(.exists, "there is an audience '\(definition.name)' already", field: "name")
        }
        for name in definition.predicate?.audiences.sorted() ?? [] where name != definition.name {
            guard !names.contains(name) else { continue }
            throw AudienceError(
                .invalid,
                "mentions the audience '\(name)', which does not exist\(NearestName.hint(for: name, among: names))",
                field: "predicate")
        }
        targets.append(
            AudiencePlan.Target(id: old?.id ?? .max, name: definition.name, predicate: definition.predicate))
        _ = try AudienceOrder.sorted(targets)
    }

    /// These audiences and all that depend on them.
    private func dependents(of ids: Set<Int64>) -> Set<Int64> {
        let audiences = state.withLock { $0.audiences }
        var names = Set(audiences.filter { ids.contains($0.id) }.map(\.name))
        while true {
            let more = audiences.filter { !($0.definition.predicate?.audiences.isDisjoint(with: names) ?? true) }
            let count = names.count
            names.formUnion(more.map(\.name))
            if names.count == count { break }
        }
        return Set(audiences.filter { names.contains($0.name) }.map(\.id))
    }

    /// After a change of definitions.
    func reload() throws {
        let audiences = try list()
        state.withLock { state in
            state.revision += 1
            state.audiences = audiences
            state.plan = nil
            state.program = nil
        }
    }
}
