import Statistics

/// The scores of one request, for candidates only; higher is better, 0 is average.
struct ServingScores {
    /// What a list is made from.
    enum Basis: Sendable, Hashable {
        /// All that the person did.
        case person
        /// Only what goes with some items, by links of these models (all when empty).
        case items(models: Set<String>)
    }

    let serving: ServingModel
    private(set) var scratch: ServingScratch
    private let history: History
    private let group: Int
    /// Parallel to the serving model's linked ones; nil when the model has nothing to say.
    private var linkedScales: [StandardScale?] = []
    private var staticScales: [StandardScale?] = []
    private var person: [Float] = []
    private var alsScale: StandardScale?
    private let isPersonal: Bool

    /// - Parameters:
    ///   - history: what is followed.
    ///   - excluded: items that do not take part in the averages, such as those the person knows.
    ///   - more: candidates beside those that the models find.
    /// - Complexity: O(entries × links + candidates)
    init(
        _ serving: ServingModel, _ history: History, basis: Basis, excluded: Set<Int>, more: [[UInt32]]
    ) {
        self.serving = serving
        self.history = history
        group = history.group
        isPersonal = basis == .person
        scratch = serving.takeScratch()
        let entries = history.entries.suffix(ServingModel.entriesMax)
        for (place, part) in serving.linked.enumerated() {
            var scale: StandardScale?
            if isIncluded(part.name, basis), !entries.isEmpty {
                let weights = Array(history.weights(halfLife: part.halfLife).suffix(entries.count))
                scratch.follow(
                    place, part.links, entries, weights, serving.model.cold, isDirect: Blend.isDirect(part.name))
                scale = standard(place, excluded)
            }
            linkedScales.append(scale)
            scratch.add(scratch.touched[place])
        }
        for list in more { scratch.add(list) }
        for part in serving.statics {
            let isTie = part.weight == Blend.tieWeight
            staticScales.append(isPersonal || isTie ? scores(part.groups).standard(excluding: excluded) : nil)
        }
        if let als = serving.als, !entries.isEmpty, isPersonal || isIncluded("als", basis) {
            prepare(als.factors, als.sum, excluded)
        }
    }

    private func isIncluded(_ name: String, _ basis: Basis) -> Bool {
        switch basis {
        case .person: true
        case .items(let models): models.isEmpty || models.contains(name)
        }
    }

    private func standard(_ place: Int, _ excluded: Set<Int>) -> StandardScale? {
        let sums = scratch.sums[place]
        var (sum, squares) = (0.0, 0.0)
        for item in scratch.touched[place] {
            let value = Double(sums[Int(item)])
            sum += value
            squares += value * value
        }
        for item in excluded where item < sums.count {
            let value = Double(sums[item])
            sum -= value
            squares -= value * value
        }
        return StandardScale(sum: sum, squares: squares, count: sums.count - excluded.count)
    }

    private mutating func prepare(_ factors: ItemFactors, _ sumOfRows: [Float], _ excluded: Set<Int>) {
        let halfLife = serving.model.settings.models.als?.halfLifeItems ?? 0
        person = factors.person(history, weights: history.weights(halfLife: halfLife))
        var sum = zip(sumOfRows, person).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        var squares = factors.rows.squares(with: person)
        for item in excluded where item < factors.itemCount {
            let value = Double(factor(item, factors))
            sum -= value
            squares -= value * value
        }
        alsScale = StandardScale(sum: sum, squares: squares, count: factors.itemCount - excluded.count)
        let asksAll = serving.linked.isEmpty || factors.itemCount <= ServingModel.factorItemsMax
        if asksAll, alsScale != nil { scratch.add((0..<UInt32(factors.itemCount)).map { $0 }) }
    }

    private func factor(_ item: Int, _ factors: ItemFactors) -> Float {
        let rank = factors.rank
        guard (item + 1) * rank <= factors.rows.factors.count else { return 0 }
        return FloatRows.dot(factors.rows.factors, item, person, 0, rank: rank)
    }

    private func scores(_ groups: [StaticScores]) -> StaticScores { group < groups.count ? groups[group] : groups[0] }

    /// Everything that any model has something to say about.
    var candidates: [UInt32] { scratch.candidates }

    /// The sum over models, as `Blend.scores` has it.
    func score(_ item: Int) -> Float {
        var sum: Float = 0
        for (place, part) in serving.linked.enumerated() {
            if let scale = linkedScales[place] { sum += part.weight * scale.value(scratch.sums[place][item]) }
        }
        if let als = serving.als, let alsScale { sum += als.weight * alsScale.value(factor(item, als.factors)) }
        for (place, part) in serving.statics.enumerated() {
            if let scale = staticScales[place] { sum += part.weight * scale.value(scores(part.groups).values[item]) }
        }
        return sum
    }

    /// The same for many items, model after model: what a model has is looked up once and not for each item.
    func scores(of items: [UInt32]) -> [Float] {
        var sums = [Float](repeating: 0, count: items.count)
        sums.withUnsafeMutableBufferPointer { sums in
            items.withUnsafeBufferPointer { items in
                for (place, part) in serving.linked.enumerated() {
                    guard let scale = linkedScales[place] else { continue }
                    Self.add(scratch.sums[place], scale, part.weight, items, sums)
                }
                for (place, part) in serving.statics.enumerated() {
                    guard let scale = staticScales[place] else { continue }
                    Self.add(scores(part.groups).values, scale, part.weight, items, sums)
                }
                guard let als = serving.als, let alsScale else { return }
                for place in items.indices {
                    sums[place] += als.weight * alsScale.value(factor(Int(items[place]), als.factors))
                }
            }
        }
        return sums
    }

    private static func add(
        _ own: [Float], _ scale: StandardScale, _ weight: Float, _ items: UnsafeBufferPointer<UInt32>,
        _ sums: UnsafeMutableBufferPointer<Float>
    ) {
        own.withUnsafeBufferPointer { own in
            for place in items.indices { sums[place] += weight * scale.value(own[Int(items[place])]) }
        }
    }

    /// The model that says most for an item, and why.
    func reason(_ item: Int) -> (source: String, reason: Reason) {
        var best: (name: String, value: Float) = ("", 0)
        func offer(_ name: String, _ value: Float) { if value > best.value { best = (name, value) } }
        for (place, part) in serving.linked.enumerated() {
            if let scale = linkedScales[place] {
                offer(part.name, part.weight * scale.value(scratch.sums[place][item]))
            }
        }
        if let als = serving.als, let alsScale { offer("als", als.weight * alsScale.value(factor(item, als.factors))) }
        for (place, part) in serving.statics.enumerated() where part.weight > Blend.tieWeight {
            if let scale = staticScales[place] {
                offer(part.name, part.weight * scale.value(scores(part.groups).values[item]))
            }
        }
        let tie = serving.model.trending == nil ? "popular" : "trending"
        if best.name.isEmpty { best.name = tie }
        return (best.name, serving.blend.reason(best.name, history, item))
    }

    /// To be called at the end, so that the next request finds the memory.
    mutating func finish() { serving.give(back: &scratch) }
}
