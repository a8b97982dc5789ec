import EventLog

/// A paths query's nodes compiled against a log.
struct PathNodePlan: Sendable {
    let namer: PathNamer
    /// The names of nodes that are known before the scan.
    fileprivate let names: [String]
    /// The node of each event code when it has no rule; -1 for events that take no part.
    fileprivate let nodeOfCode: [Int32]
    /// The rule of each event code, or -1.
    fileprivate let ruleOfCode: [Int]
    fileprivate let rules: [BreakdownPlan]
    /// Whether an event's name alone says its node.
    let isPlain: Bool

    init(_ query: PathsQuery, _ properties: inout PropertyList, _ context: QueryContext) throws {
        let events = context.snapshot.eventNames
        namer = try PathNamer(query.groupings)
        var names: [String] = []
        var numbers: [String: Int32] = [:]
        let excluded = Set(query.excludeEvents)
        let included = query.includeEvents.map(Set.init)
        var nodeOfCode: [Int32] = []
        for event in events.names {
            let takesPart = included?.contains(event) ?? !Vocabulary.administrative.contains(event)
            guard takesPart, !excluded.contains(event) else {
                nodeOfCode.append(-1)
                continue
            }
            let name = namer.name(event)
            if numbers[name] == nil {
                numbers[name] = Int32(names.count)
                names.append(name)
            }
            nodeOfCode.append(numbers[name] ?? -1)
        }
        self.names = names
        self.nodeOfCode = nodeOfCode
        var ruleOfCode = events.names.map { _ in -1 }
        for (index, rule) in query.nodes.enumerated().reversed() {
            if let code = events.number(of: rule.event) { ruleOfCode[Int(code)] = index }
        }
        self.ruleOfCode = ruleOfCode
        rules = try query.nodes.map {
            try BreakdownPlan(BreakdownKey(property: $0.property), field: "nodes", &properties, context)
        }
        isPlain = !ruleOfCode.contains { $0 >= 0 }
    }

    /// The codes of the events that take part; nil for every one.
    var codes: Set<UInt16>? {
        let codes = nodeOfCode.indices.filter { nodeOfCode[$0] >= 0 }
        return codes.count == nodeOfCode.count ? nil : Set(codes.map(UInt16.init))
    }

    /// The codes of the events that are always this node; nil when others could be too.
    func codes(of node: String) -> Set<UInt16>? {
        guard isPlain else { return nil }
        return Set(
            nodeOfCode.indices.filter { nodeOfCode[$0] >= 0 && names[Int(nodeOfCode[$0])] == node }.map(UInt16.init))
    }
}

/// Numbers the nodes of rows in one scan thread.
struct PathNodes: Sendable {
    private let plan: PathNodePlan
    private(set) var names: [String]
    private var numbers: [String: Int32] = [:]
    private let readers: [BreakdownReader]
    /// For each rule the node of each of its reader's numbers, or -1.
    private var nodeOfValue: [[Int32]]

    init(_ plan: PathNodePlan) {
        self.plan = plan
        names = plan.names
        for (number, name) in names.enumerated() { numbers[name] = Int32(number) }
        readers = plan.rules.map { $0.makeReader() }
        nodeOfValue = plan.rules.map { _ in [] }
    }

    func enter(_ block: ScanBlock) {
        for reader in readers { reader.enter(block) }
    }

    /// The number of a node that may not have come yet.
    mutating func number(of name: String) -> Int32 {
        if let number = numbers[name] { return number }
        let number = Int32(names.count)
        precondition(names.count < EdgeTable.nodeLimit, "a log has fewer different values")
        names.append(name)
        numbers[name] = number
        return number
    }

    /// The node of a row, or -1 when it takes no part.
    @inline(__always)
    mutating func node(of row: Row) -> Int32 {
        let code = Int(row.code)
        let node = plan.nodeOfCode[code]
        if plan.isPlain || node < 0 { return node }
        return namedNode(row, node)
    }

    private mutating func namedNode(_ row: Row, _ plain: Int32) -> Int32 {
        let rule = plan.ruleOfCode[Int(row.code)]
        if rule < 0 { return plain }
        let value = Int(readers[rule].number(of: row))
        if value == 0 { return plain }
        while nodeOfValue[rule].count <= value { nodeOfValue[rule].append(-1) }
        let known = nodeOfValue[rule][value]
        if known >= 0 { return known }
        let node = number(of: plan.namer.name(readers[rule].values[value].description))
        nodeOfValue[rule][value] = node
        return node
    }
}
