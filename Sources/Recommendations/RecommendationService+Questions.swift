import EventLog

extension RecommendationService {
    /// What goes with an item: taken by the same persons at the same time or some days after.
    ///
    /// - Parameter model: whose settings say which events are about items.
    /// - Throws: `notFound` when the model was never trained, or nobody took the item.
    /// - Complexity: a scan
    package func companions(
        of item: String, in model: String, _ settings: Companions.Settings = Companions.Settings()
    ) throws -> [Companion] {
        let interactions = try history.snapshot().interactions(try self.settings(model))
        guard interactions.items.contains(item) else {
            throw RecommendationError(.notFound, "nobody has had to do with '\(item.prefix(100))' yet")
        }
        return Companions.of(item, in: interactions, settings)
    }

    /// Persons whose taste is like that of some others, with the cosine to the mean of these, the most alike first. Who
    /// does not want to be profiled is neither asked about nor found.
    ///
    /// - Parameter seeds: any ids of theirs.
    /// - Throws: `insufficient` when the model has no factors, or the seeds no history; `notFound`.
    /// - Complexity: a scan, and O(entries × rank)
    package func lookalikes(
        of seeds: [String], in model: String, count: Int
    ) throws -> [(person: String, likeness: Double)] {
        let trained = try open(model).model
        var persons: Set<String> = []
        for seed in seeds where DecisionService.isID(seed) && gate.mayProfile(seed) {
            persons.formUnion(try history.view(of: seed).interactions(of: seed, trained.settings).persons)
        }
        let found = try Lookalikes.find(
            persons, among: try history.snapshot().interactions(trained.settings), trained, count: .max)
        var wanted: [(person: String, likeness: Double)] = []
        for entry in found where wanted.count < count && gate.mayProfile(entry.person) { wanted.append(entry) }
        return wanted
    }

    /// What the catalogue calls items, by id.
    package func titles(of ids: [String]) throws -> [String: String] {
        Dictionary(try items.items(ids).compactMap { item in item.title.map { (item.id, $0) } }) { first, _ in first }
    }
}
