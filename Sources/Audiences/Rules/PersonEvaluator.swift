import Analysis
import EventLog

/// The fold of audiences: decides for one person after another which of a plan's audiences hold.
///
/// Rows are sorted into streams first (one step a row and stream); a condition then looks only at its stream, by binary
/// search, so that windows cost nothing per row. A condition is evaluated at most once a person, and only when an
/// audience's answer needs it.
final class PersonEvaluator: @unchecked Sendable {
    // A fold owns it, and one thread at a time owns the fold. State lies in memory of its own, because it is used for
    // every row: arrays in a class would be checked for uniqueness and exclusive access each time.
    let program: AudienceProgram
    let moment: AudienceMoment
    let plan: AudiencePlan
    private let filters: [RowFilter]
    private let unmanagedFilters: [Unmanaged<RowFilter>]
    let streams: StreamBuffers
    var measured: MeasuredColumns
    private let conditions: UnsafeMutableBufferPointer<AudiencePlan.Condition>
    private let instructions: UnsafeMutableBufferPointer<AudiencePlan.Instruction>
    /// By condition: 0 not asked yet for the present person, 1 no, 2 yes.
    private let answers: UnsafeMutableBufferPointer<UInt8>
    /// Whether the present person is in each of the plan's audiences.
    let members: UnsafeMutableBufferPointer<Bool>
    /// When time alone may change an answer for the present person: the earliest moment, `.max` for never.
    var nextChange = Int64.max
    /// The windows in the workspace's zone, and those of the present person's.
    private let workspaceWindows: UnsafeMutableBufferPointer<ResolvedWindow>
    private var localWindows: UnsafeMutableBufferPointer<ResolvedWindow>
    private var zones: [String: (windows: UnsafeMutableBufferPointer<ResolvedWindow>, resolver: WindowResolver)] = [:]
    private let workspace: WindowResolver
    private var local: WindowResolver
    var reached: [Int32] = []
    var reaching: [Int32] = []

    init(_ program: AudienceProgram, _ moment: AudienceMoment) {
        self.program = program
        self.moment = moment
        plan = program.plan
        filters = program.filters.map { RowFilter($0, traits: nil) }
        unmanagedFilters = filters.map(Unmanaged.passUnretained)
        streams = StreamBuffers(plan.streams.count)
        measured = MeasuredColumns(program.measured)
        conditions = .copy(of: plan.conditions)
        instructions = .copy(of: plan.instructions)
        answers = .copy(of: Array(repeating: 0, count: plan.conditions.count))
        members = .copy(of: Array(repeating: false, count: plan.targets.count))
        workspaceWindows = .copy(of: moment.windows)
        localWindows = workspaceWindows
        workspace = WindowResolver(now: moment.now, zone: plan.zone)
        local = workspace
    }

    deinit {
        for zone in zones.values { zone.windows.deallocate() }
        conditions.deallocate()
        instructions.deallocate()
        answers.deallocate()
        members.deallocate()
        workspaceWindows.deallocate()
    }

    // MARK: Rows

    func enter(_ block: ScanBlock) {
        for filter in filters { filter.enter(block) }
        measured.enter(block)
    }

    /// Sorts the rows of a person into the streams.
    func collect(_ rows: UnsafeBufferPointer<Row>) {
        streams.removeAll()
        program.routes.withUnsafeBufferPointer { routes in
            program.ends.withUnsafeBufferPointer { ends in
                unmanagedFilters.withUnsafeBufferPointer { filters in
                    for place in rows.indices {
                        let row = rows[place]
                        let code = Int(row.code)
                        var index = code == 0 ? 0 : Int(ends[code &- 1])
                        let end = Int(ends[code])
                        while index < end {
                            let route = routes[index]
                            index &+= 1
                            if route.filter >= 0,
                                !filters[Int(route.filter)]._withUnsafeGuaranteedRef({ $0.accepts(row) })
                            {
                                continue
                            }
                            streams.append(place, to: Int(route.stream))
                        }
                    }
                }
            }
        }
    }

    func collectNothing() { streams.removeAll() }

    // MARK: Audiences

    /// What is looked at for the present person.
    struct Person {
        let facts: PersonFacts
        let rows: UnsafeBufferPointer<Row>
        /// Whether the person is in a static audience.
        let isStored: (Int64) -> Bool
    }

    /// Fills `members` and `nextChange`.
    func evaluate(_ person: Person) {
        nextChange = .max
        guard person.facts.mayBeProfiled else {
            members.update(repeating: false)
            return
        }
        answers.update(repeating: 0)
        chooseZone(person.facts.timeZone)
        for target in plan.starts.indices {
            var next = plan.starts[target]
            while next >= 0 {
                let instruction = instructions[next]
                next = holds(instruction.condition, person) ? instruction.onTrue : instruction.onFalse
            }
            members[target] = next == AudiencePlan.accept
        }
    }

    private func chooseZone(_ name: String?) {
        guard plan.needs.timeZone else { return }
        guard let name else {
            localWindows = workspaceWindows
            local = workspace
            return
        }
        if let known = zones[name] {
            localWindows = known.windows
            local = known.resolver
            return
        }
        let resolver = ZoneName(name).map { WindowResolver(now: moment.now, zone: $0) } ?? workspace
        let windows = UnsafeMutableBufferPointer<ResolvedWindow>.copy(
            of: plan.windows.map { resolver.resolve($0.window) })
        zones[name] = (windows, resolver)
        localWindows = windows
        local = resolver
    }

    @inline(__always)
    private func holds(_ condition: Int, _ person: Person) -> Bool {
        let known = answers[condition]
        if known != 0 { return known == 2 }
        let answer = evaluate(conditions[condition], person)
        answers[condition] = answer ? 2 : 1
        return answer
    }

    @inline(__always)
    func changes(at moment: Int64) { if moment < nextChange { nextChange = moment } }

    /// The window of a condition in the zone that it asks for.
    @inline(__always)
    func window(_ number: Int) -> ResolvedWindow {
        plan.windows[number].isLocal ? localWindows[number] : workspaceWindows[number]
    }

    func resolver(ofWindow number: Int) -> WindowResolver { plan.windows[number].isLocal ? local : workspace }

    @inline(__always)
    func view(_ stream: Int, _ person: Person) -> StreamView {
        StreamView(places: streams[stream], rows: person.rows)
    }
}

extension UnsafeMutableBufferPointer {
    /// A copy that the caller deallocates; for elements that need no deinitialisation.
    static func copy(of elements: [Element]) -> UnsafeMutableBufferPointer {
        let buffer = UnsafeMutableBufferPointer.allocate(capacity: elements.count)
        _ = buffer.initialize(from: elements)
        return buffer
    }
}
