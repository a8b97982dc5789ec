import EventLog

extension PathsQuery {
    /// - Throws: `QueryError`, and whatever the scan throws.
    func run(in context: QueryContext, _ explanation: inout QueryExplanation) throws -> PathsResult {
        let named = (includeEvents ?? []) + excludeEvents + nodes.map(\.event)
        context.noteUnknownEvents(named.map { EventSelector($0) }, &explanation)
        let plan = try explanation.time("prepare") { try PathsPlan(self, context) }
        let folds =
            plan.isEmpty ? [PathsFold(plan)] : try context.scan(plan.selection, &explanation) { PathsFold(plan) }
        var result = explanation.time("combine") { combine(folds) }
        if let people { result.people = PeopleList(folds.map(\.people), limit: people.limit) }
        return result
    }

    /// The step of an edge table that is 0 in the answer.
    var stepOffset: Int { countsBack ? stepLimit - 1 : 0 }

    private func combine(_ folds: [PathsFold]) -> PathsResult {
        var counter = PathCounter(countsBack: countsBack, stepOffset: stepOffset)
        for fold in folds { counter.add(fold) }
        return counter.result(edgeLimit: edgeLimit, minimumWeight: minimumWeight)
    }
}

/// Joins the edges of several scan threads.
private struct PathCounter {
    private struct Place: Hashable {
        var step: Int
        var node: Int
    }

    private struct EdgeKey: Hashable {
        var source: Place
        var target: Int
    }

    private let countsBack: Bool
    /// The step of an edge table that is 0 in the answer.
    private let stepOffset: Int
    private var names: [String] = []
    private var numbers: [String: Int] = [:]
    private var edges: [EdgeKey: (count: Int, time: Int64)] = [:]
    private var anchors: [Int: Int] = [:]
    private var pathCount = 0

    init(countsBack: Bool, stepOffset: Int) {
        self.countsBack = countsBack
        self.stepOffset = stepOffset
    }

    mutating func add(_ fold: PathsFold) {
        pathCount += fold.pathCount
        let own = fold.nodes.names.map { name in
            if let number = numbers[name] { return number }
            numbers[name] = names.count
            names.append(name)
            return names.count - 1
        }
        for (node, count) in fold.anchors.enumerated() where count > 0 { anchors[own[node], default: 0] += count }
        let offset = stepOffset
        fold.edges.visitEdges { step, source, target, count, time in
            let key = EdgeKey(source: Place(step: step - offset, node: own[source]), target: own[target])
            edges[key, default: (0, 0)].count += count
            edges[key, default: (0, 0)].time += time
        }
    }

    func result(edgeLimit: Int, minimumWeight: Int) -> PathsResult {
        var counts: [Place: (into: Int, out: Int)] = [:]
        for (node, count) in anchors { counts[Place(step: 0, node: node), default: (0, 0)].into += count }
        for (key, edge) in edges {
            counts[key.source, default: (0, 0)].out += edge.count
            let target = Place(step: key.source.step + 1, node: key.target)
            if countsBack, target.step == 0 { continue }
            counts[target, default: (0, 0)].into += edge.count
        }
        let kept = edges.filter { $0.value.count >= minimumWeight }
            .map { key, edge in
                PathsResult.Edge(
                    step: key.source.step, source: names[key.source.node], target: names[key.target], count: edge.count,
                    meanSeconds: Double(edge.time) / Double(edge.count) / 1_000)
            }
            .sorted { ($1.count, $0.step, $0.source, $0.target) < ($0.count, $1.step, $1.source, $1.target) }
            .prefix(edgeLimit)
        return PathsResult(edges: Array(kept), nodes: nodes(of: kept, counts), pathCount: pathCount)
    }

    private func nodes(of edges: ArraySlice<PathsResult.Edge>, _ counts: [Place: (into: Int, out: Int)]) -> [PathsResult
        .Node]
    {
        var places: Set<Place> = []
        for edge in edges {
            if let source = numbers[edge.source] { places.insert(Place(step: edge.step, node: source)) }
            if let target = numbers[edge.target] { places.insert(Place(step: edge.step + 1, node: target)) }
        }
        return places.map { place in
            let (into, out) = counts[place] ?? (0, 0)
            // Counting back, a path may begin at any node, so who comes in says nothing about who was there.
            let count = countsBack && place.step < 0 ? out : into
            return PathsResult.Node(step: place.step, name: names[place.node], count: count, exits: max(0, count - out))
        }
        .sorted { ($0.step, $1.count, $0.name) < ($1.step, $0.count, $1.name) }
    }
}
