import EventLog

/// The rules of sessions bound to a log's names: which rows have a role, and where their properties are.
struct SessionPlan: Sendable {
    struct Bound: Sendable {
        var role: SessionRole
        /// Indices in the selection's properties.
        var item: Int?
        var category: Int?
        var price: Int?
        var query: Int?
        var results: Int?
        var value: Int?
    }

    /// The columns of a decision at a moment, which stands in the same history: see `MomentRecord`.
    struct Decisions: Sendable {
        var code: UInt16
        var placement: Int
        var chosen: Int
        var wanted: Int?
        var id: Int?
        var rules: Int?
        var cost: Int?
    }

    private(set) var selection: Selection
    private(set) var decisions: Decisions?
    private var bounds: [UInt16: Bound] = [:]

    /// Whether the log has any event with a role.
    var isEmpty: Bool { bounds.isEmpty }

    /// - Parameter takesDecisions: whether decisions at moments are read too.
    init(_ rules: [SessionRule], _ snapshot: Snapshot, takesDecisions: Bool = false) {
        var properties: [UInt16] = []
        func index(of name: String?) -> Int? {
            guard let name, let number = snapshot.propertyNames.number(of: name) else { return nil }
            if let index = properties.firstIndex(of: number) { return index }
            properties.append(number)
            return properties.count - 1
        }
        for rule in rules {
            guard let code = snapshot.eventNames.number(of: rule.event) else { continue }
            bounds[code] = Bound(
                role: rule.role, item: index(of: rule.item), category: index(of: rule.category),
                price: index(of: rule.price), query: index(of: rule.query), results: index(of: rule.results),
                value: index(of: rule.value))
        }
        var events = Set(bounds.keys)
        if takesDecisions, let code = snapshot.eventNames.number(of: MomentRecord.event),
            let placement = index(of: MomentRecord.placementName), let chosen = index(of: MomentRecord.chosenName)
        {
            decisions = Decisions(
                code: code, placement: placement, chosen: chosen, wanted: index(of: MomentRecord.wantedName),
                id: index(of: MomentRecord.idName), rules: index(of: MomentRecord.rulesName),
                cost: index(of: MomentRecord.costName))
            events.insert(code)
        }
        selection = Selection(events: events, properties: properties)
    }

    func bound(_ code: UInt16) -> Bound? { bounds[code] }
}

/// Reads the rows of a block as events of sessions.
struct SessionColumns: Sendable {
    private let plan: SessionPlan
    /// By source and property.
    private var readers: [[DigestReader]] = []

    init(_ plan: SessionPlan) { self.plan = plan }

    mutating func enter(_ block: ScanBlock) {
        readers = (0..<block.sourceCount).map { source in
            plan.selection.properties.indices.map { DigestReader(block.column($0, source: source)) }
        }
    }

    /// - Returns: nil for a row without a role.
    mutating func event(_ row: Row) -> SessionEvent? {
        guard let bound = plan.bound(row.code) else { return nil }
        let source = Int(row.source)
        var event = SessionEvent(time: row.time, role: bound.role)
        if let item = bound.item { event.items = readers[source][item].digests(at: row.row) }
        if let category = bound.category { event.category = readers[source][category].digests(at: row.row).first ?? 0 }
        if let query = bound.query { event.query = readers[source][query].digests(at: row.row).first ?? 0 }
        event.price = bound.price.flatMap { readers[source][$0].number(at: row.row) }
        event.results = bound.results.flatMap { readers[source][$0].number(at: row.row) }
        event.value = bound.value.flatMap { readers[source][$0].number(at: row.row) }
        return event
    }

    /// A decision at a moment; nil for other rows and other placements.
    func decision(_ row: Row) -> MomentRecord? {
        guard let places = plan.decisions, row.code == places.code else { return nil }
        let columns = readers[Int(row.source)]
        func text(_ place: Int?) -> String? {
            guard let place, case .string(let text)? = columns[place].value(at: row.row) else { return nil }
            return text
        }
        guard text(places.placement) == MomentRecord.placement,
            let chosen = text(places.chosen).flatMap({ MomentAction(rawValue: $0) })
        else { return nil }
        var rules: [String] = []
        if let place = places.rules, case .strings(let list)? = columns[place].value(at: row.row) { rules = list }
        return MomentRecord(
            time: row.time, id: text(places.id) ?? "", chosen: chosen,
            wanted: text(places.wanted).flatMap { MomentAction(rawValue: $0) } ?? chosen,
            isWithheld: rules.contains(MomentRecord.holdoutRule),
            cost: places.cost.flatMap { columns[$0].number(at: row.row) } ?? 0)
    }
}

/// One property of one source; a string is digested once for each dictionary code, not for each row.
private struct DigestReader: Sendable {
    private let columns: PropertyColumns
    /// By view and dictionary code; 0 is not known yet.
    private var known: [[UInt64]]

    init(_ columns: PropertyColumns) {
        self.columns = columns
        known = columns.views.map { [UInt64](repeating: 0, count: $0.dictionary.count) }
    }

    func value(at row: UInt32) -> PropertyValue? { columns.value(at: row) }

    func number(at row: UInt32) -> Double? {
        switch columns.value(at: row) {
        case .number(let number): number
        case .numbers(let list): list.first
        case .boolean(let flag): flag ? 1 : 0
        case .string(let text): Double(text)
        default: nil
        }
    }

    mutating func digests(at row: UInt32) -> [UInt64] {
        for (number, view) in columns.views.enumerated() {
            let entry = view.entry(at: row)
            guard entry >= 0 else { continue }
            var digests: [UInt64] = []
            for value in view.values(of: entry).prefix(PersonSessions.cartMax) {
                switch view.type.element {
                case .string:
                    let code = view.code(value)
                    if known[number][code] == 0 { known[number][code] = TextDigest.of(view.dictionary.bytes(code)) }
                    digests.append(known[number][code])
                case .number: digests.append(TextDigest.of("\(view.number(value))"))
                default: break
                }
            }
            return digests
        }
        return []
    }
}

/// What is known of one person now: their sessions, and what was decided for them.
struct PersonNow: PersonFold {
    private var columns: SessionColumns
    private(set) var sessions: PersonSessions
    /// The latest are last.
    private(set) var decisions: [MomentRecord] = []

    private static let decisionsMax = 256

    init(_ plan: SessionPlan, gap: Int64) {
        columns = SessionColumns(plan)
        sessions = PersonSessions(gap: gap)
    }

    mutating func enter(_ block: ScanBlock) { columns.enter(block) }

    mutating func visit(_ person: borrowing PersonView) {
        for row in person.rows {
            if let event = columns.event(row) {
                sessions.add(event)
            } else if let decision = columns.decision(row) {
                if decisions.count == Self.decisionsMax { decisions.removeFirst() }
                decisions.append(decision)
            }
        }
    }
}
