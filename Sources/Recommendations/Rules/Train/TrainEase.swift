import Statistics

/// Embarrassingly shallow autoencoder (Steck, 2019, "Embarrassingly shallow autoencoders for sparse data"): the best
/// linear model from each person's history to itself in which no item may explain itself.
///
///     P = (XᵀX + λ I)⁻¹,  B_ij = -P_ij / P_jj,  B_ii = 0
enum TrainEase {
    /// - Parameter progress: called with the share that is done; false ends the training.
    /// - Returns: nil when `progress` ended it.
    /// - Complexity: O(Σ history² + items³ / 2) time, 4 × items² bytes, with items at most `itemsMax`.
    static func train(
        _ settings: EaseSettings, _ histories: [History], _ visits: ItemPersons, threads: Int,
        progress: (Double) -> Bool
    ) throws -> ItemLinks? {
        let itemCount = visits.ends.count
        let chosen = visits.mostVisited(settings.itemsMax)
        var places = [Int32](repeating: -1, count: itemCount)
        for (place, item) in chosen.enumerated() { places[item] = Int32(place) }
        var matrix = gram(histories, places, order: chosen.count, threads: threads)
        for place in chosen.indices { matrix[place, place] += Float(settings.regularization) }
        do {
            guard try matrix.invert(threads: threads, progress: progress) else { return nil }
        } catch let error as SymmetricMatrix.NotPositiveDefinite {
            throw RecommendationError(
                .invalid,
                "EASE cannot be solved: \(error). Raise models.ease.regularization (\(settings.regularization))")
        }
        let inverse = matrix
        let rows = places
        return ItemLinks(itemCount: itemCount, keep: settings.keep, threads: threads) { item, row in
            let own = Int(rows[item])
            guard own >= 0 else { return }
            for (place, target) in chosen.enumerated() where place != own {
                row[target] = -inverse[own, place] / inverse[place, place]
            }
        }
    }

    /// XᵀX over the chosen items.
    private static func gram(
        _ histories: [History], _ places: [Int32], order: Int, threads: Int
    ) -> SymmetricMatrix {
        var matrix = SymmetricMatrix(order: order)
        let parts = max(1, threads)
        matrix.values.withUnsafeMutableBufferPointer { values in
            // Each part adds to rows of its own.
            nonisolated(unsafe) let values = values
            Workers.run(parts, threads: threads) { part in
                var own: [(place: Int, strength: Float)] = []
                for history in histories {
                    own.removeAll(keepingCapacity: true)
                    for entry in history.entries where places[entry.item] >= 0 {
                        own.append((Int(places[entry.item]), entry.strength))
                    }
                    own.sort { $0.place < $1.place }
                    for (last, (row, strength)) in own.enumerated() where row % parts == part {
                        for other in own[...last] { values[row * order + other.place] += strength * other.strength }
                    }
                }
            }
        }
        return matrix
    }
}
