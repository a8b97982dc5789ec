import Statistics

/// Factors of persons and items, in turn (Hu, Koren and Volinsky, 2008, "Collaborative filtering for implicit feedback
/// datasets"), each row by a few conjugate gradients (Takács, Pilászy and Tikk, 2011).
enum TrainALS {
    private static let steps = 3
    /// Rows that one thread solves at a time.
    private static let rowsPerPart = 256

    /// - Returns: nil when `progress` ended it.
    /// - Complexity: O(rounds × (entries × rank + rows × rank²)) time, 4 × rank × (persons + items) bytes.
    static func train(
        _ settings: ALSSettings, _ histories: [History], _ visits: ItemPersons, seed: Int, threads: Int,
        progress: (Double) -> Bool
    ) -> ItemFactors? {
        let rank = settings.rank
        let regularization = Float(settings.regularization)
        let byPerson = Side(histories, confidence: Float(settings.confidence))
        let byItem = Side(visits, histories, confidence: Float(settings.confidence))
        var random = RandomSource(seed: UInt64(seed), stream: 1)
        var items = (0..<byItem.count * rank).map { _ in
            Float(random.normal(deviation: 0.1 / Double(rank).squareRoot()))
        }
        var persons = [Float](repeating: 0, count: byPerson.count * rank)
        for round in 0..<settings.rounds {
            guard progress(Double(round) / Double(settings.rounds)) else { return nil }
            let itemRows = ImplicitRows(factors: items, rank: rank, regularization: regularization)
            byPerson.solve(&persons, against: itemRows, threads: threads)
            let personRows = ImplicitRows(factors: persons, rank: rank, regularization: regularization)
            byItem.solve(&items, against: personRows, threads: threads)
        }
        return ItemFactors(
            factors: items, rank: rank, regularization: regularization, confidence: Float(settings.confidence))
    }

    /// Observations by row of one side.
    private struct Side: Sendable {
        private var ends: [Int] = []
        private var columns: [UInt32] = []
        private var weights: [Float] = []

        var count: Int { ends.count }

        init(_ histories: [History], confidence: Float) {
            for history in histories {
                for entry in history.entries {
                    columns.append(UInt32(entry.item))
                    weights.append(confidence * entry.strength)
                }
                ends.append(columns.count)
            }
        }

        init(_ visits: ItemPersons, _ histories: [History], confidence: Float) {
            ends = visits.ends
            columns = visits.persons.map { UInt32($0) }
            weights = columns.indices.map { visit in
                confidence * histories[Int(columns[visit])].entries[Int(visits.places[visit])].strength
            }
        }

        func solve(_ rows: inout [Float], against other: ImplicitRows, threads: Int) {
            let rank = other.rank
            let parts = (count + TrainALS.rowsPerPart - 1) / TrainALS.rowsPerPart
            rows.withUnsafeMutableBufferPointer { rows in
                // Each part solves rows of its own.
                nonisolated(unsafe) let rows = rows
                Workers.run(parts, threads: threads) { part in
                    let own = part * TrainALS.rowsPerPart..<min((part + 1) * TrainALS.rowsPerPart, count)
                    columns.withUnsafeBufferPointer { columns in
                        weights.withUnsafeBufferPointer { weights in
                            for row in own {
                                let range = (row == 0 ? 0 : ends[row - 1])..<ends[row]
                                other.solve(
                                    columns: UnsafeBufferPointer(rebasing: columns[range]),
                                    weights: UnsafeBufferPointer(rebasing: weights[range]), steps: TrainALS.steps,
                                    into: UnsafeMutableBufferPointer(rebasing: rows[row * rank..<(row + 1) * rank]))
                            }
                        }
                    }
                }
            }
        }
    }
}
