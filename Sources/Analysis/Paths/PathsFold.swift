import EventLog

/// A paths query compiled against a log.
struct PathsPlan: Sendable {
    let nodes: PathNodePlan
    let classifier: EventClassifier
    let selection: Selection
    let pause: Int64
    let stepLimit: Int
    let collapses: Bool
    let startPoint: String?
    let endPoint: String?
    /// The edge whose people are asked for, its step as edge tables count.
    let people: PathsQuery.People?

    init(_ query: PathsQuery, _ context: QueryContext) throws {
        var properties = PropertyList(context.snapshot.propertyNames)
        nodes = try PathNodePlan(query, &properties, context)
        classifier = try EventClassifier(
            [(EventSelector(query.includeEvents), "includeEvents")], filters: query.filters, &properties, context,
            query.timeZone)
        let range = try query.range.resolve(now: context.now, data: context.snapshot.timeRange)
        let point = (query.startPoint ?? query.endPoint).flatMap(nodes.codes(of:))
        selection = Selection(events: nodes.codes, anchors: point, times: range, properties: properties.numbers)
        pause = query.sessionTimeout.milliseconds
        stepLimit = query.stepLimit
        collapses = query.collapseRepeats
        startPoint = query.startPoint
        endPoint = query.endPoint
        people = query.people.map { people in
            var people = people
            people.step += query.stepOffset
            return people
        }
    }

    /// Whether no event of the log can be on a path.
    var isEmpty: Bool {
        selection.times?.isEmpty ?? false || selection.events?.isEmpty ?? false || selection.anchors?.isEmpty ?? false
    }
}

/// Counts the edges of each person's paths.
struct PathsFold: PersonFold, Sendable {
    /// What stands for the middle of paths that are too long between two points.
    static let gap = "..."

    private let plan: PathsPlan
    private let isPlain: Bool
    private var matcher: EventMatcher
    private(set) var nodes: PathNodes
    private(set) var edges = EdgeTable()
    /// Who goes along the watched edge.
    private(set) var people: PeopleSample
    private let watched: (step: Int, source: Int32, target: Int32)
    private var isWatched = false
    /// Paths whose first node (with only an end point, whose last node) is each.
    private(set) var anchors: [Int] = []
    private(set) var pathCount = 0
    private let start: Int32?
    private let end: Int32?
    private let gapNode: Int32

    /// The nodes and times of one session, when points cut paths out of it.
    private var path: [(node: Int32, time: Int64)] = []

    init(_ plan: PathsPlan) {
        self.plan = plan
        isPlain = plan.classifier.isPlain
        matcher = plan.classifier.makeMatcher()
        var nodes = PathNodes(plan.nodes)
        start = plan.startPoint.map { nodes.number(of: $0) }
        end = plan.endPoint.map { nodes.number(of: $0) }
        gapNode = start != nil && end != nil ? nodes.number(of: PathsFold.gap) : -1
        watched =
            plan.people.map { ($0.step, nodes.number(of: $0.source), nodes.number(of: $0.target)) } ?? (-1, -1, -1)
        people = PeopleSample(limit: plan.people?.limit ?? 0)
        self.nodes = nodes
    }

    mutating func enter(_ block: ScanBlock) throws {
        matcher.enter(block)
        nodes.enter(block)
    }

    mutating func visit(_ person: borrowing PersonView) throws {
        try matcher.enter(person)
        if start == nil, end == nil {
            countEdges(person.rows)
        } else {
            countBetweenPoints(person.rows)
        }
        if isWatched {
            people.add(person)
            isWatched = false
        }
    }

    @inline(__always)
    private mutating func addEdge(step: Int, source: Int32, target: Int32, time: Int64) {
        edges.add(step: step, source: source, target: target, time: time)
        if step == watched.step, source == watched.source, target == watched.target { isWatched = true }
    }

    /// Counts edges as the rows come, without keeping paths.
    private mutating func countEdges(_ rows: UnsafeBufferPointer<Row>) {
        let pause = plan.pause
        let limit = plan.stepLimit
        let collapses = plan.collapses
        var step = 0
        var previous: Int32 = -1
        var previousTime = Int64.min / 2
        // When the current node began: later than that only when repeats collapse into it.
        var nodeTime = previousTime
        for row in rows {
            let node = nodes.node(of: row)
            if node < 0 || (!isPlain && matcher.mask(row) == 0) { continue }
            let elapsed = row.time &- previousTime
            previousTime = row.time
            if elapsed > pause {
                step = 0
                anchor(node)
            } else if collapses, node == previous {
                continue
            } else {
                step &+= 1
                if step < limit {
                    addEdge(step: step &- 1, source: previous, target: node, time: row.time &- nodeTime)
                }
            }
            previous = node
            nodeTime = row.time
        }
    }

    private mutating func anchor(_ node: Int32) {
        pathCount &+= 1
        while anchors.count <= Int(node) { anchors.append(0) }
        anchors[Int(node)] &+= 1
    }

    private mutating func countBetweenPoints(_ rows: UnsafeBufferPointer<Row>) {
        path.removeAll(keepingCapacity: true)
        var previousTime = Int64.min / 2
        for row in rows {
            let node = nodes.node(of: row)
            if node < 0 || (!isPlain && matcher.mask(row) == 0) { continue }
            if row.time &- previousTime > plan.pause { endSession() }
            previousTime = row.time
            if plan.collapses, path.last?.node == node { continue }
            path.append((node, row.time))
        }
        endSession()
    }

    /// Cuts the path between the points out of the session and counts it.
    private mutating func endSession() {
        defer { path.removeAll(keepingCapacity: true) }
        var first = 0
        if let start {
            guard let index = path.firstIndex(where: { $0.node == start }) else { return }
            first = index
        }
        var beyond = path.count
        if let end {
            let from = start == nil ? first : first + 1
            guard let index = path[min(from, path.count)...].firstIndex(where: { $0.node == end }) else { return }
            beyond = index + 1
        }
        if first == beyond { return }
        if start != nil, end != nil {
            countShortened(first..<beyond)
        } else if start != nil {
            anchor(path[first].node)
            count(first..<min(beyond, first + plan.stepLimit), step: 0)
        } else {
            anchor(path[beyond - 1].node)
            // Positions count back from the end; in the table they count to it.
            let from = max(first, beyond - plan.stepLimit)
            count(from..<beyond, step: plan.stepLimit - (beyond - from))
        }
    }

    private mutating func count(_ range: Range<Int>, step: Int) {
        for index in range.dropLast() {
            let (source, target) = (path[index], path[index + 1])
            addEdge(
                step: step + index - range.lowerBound, source: source.node, target: target.node,
                time: target.time - source.time)
        }
    }

    /// A path from one point to another, whose middle is left out when it is too long.
    private mutating func countShortened(_ range: Range<Int>) {
        anchor(path[range.lowerBound].node)
        if range.count <= plan.stepLimit { return count(range, step: 0) }
        let head = plan.stepLimit / 2
        let tail = plan.stepLimit - head - 1
        let middle = range.lowerBound + head
        count(range.lowerBound..<middle, step: 0)
        let (last, next) = (path[middle - 1], path[range.upperBound - tail])
        addEdge(step: head - 1, source: last.node, target: gapNode, time: path[middle].time - last.time)
        addEdge(
            step: head, source: gapNode, target: next.node, time: next.time - path[range.upperBound - tail - 1].time)
        count(range.upperBound - tail..<range.upperBound, step: head + 1)
    }
}
