/// What a score has meant: the share of an outcome as a function of the score that never falls, by pooling neighbours
/// that are in the wrong order (Ayer and others, 1955; for calibration: Zadrozny and Elkan, 2002).
///
/// Between the middles of the blocks it is linear, so that equal scores alone give equal probabilities.
package struct IsotonicRegression: Sendable, Hashable, Codable {
    /// Ascending.
    package private(set) var scores: [Double]
    /// Of the outcome at each score: never falling, within 0 and 1.
    package private(set) var shares: [Double]

    private struct Block {
        var count: Int
        var scores: Double
        var hits: Int

        var share: Double { Double(hits) / Double(count) }

        mutating func take(_ other: Block) {
            count += other.count
            scores += other.scores
            hits += other.hits
        }
    }

    /// - Parameters:
    ///   - scores: finite, in any order.
    ///   - outcomes: by score, whether it came about.
    ///   - blockMin: observations in a block, at least: a share of few is no probability. One observation of the
    ///     overall share is added to each block as well, so that none says never or always.
    /// - Complexity: O(n log n)
    package init(scores: [Double], outcomes: [Bool], blockMin: Int = 50) {
        precondition(scores.count == outcomes.count && blockMin > 0, "scores and outcomes do not fit")
        var blocks: [Block] = []
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        var position = 0
        while position < order.count {
            // Equal scores cannot be told apart.
            var block = Block(count: 0, scores: 0, hits: 0)
            let score = scores[order[position]]
            while position < order.count, scores[order[position]] == score {
                block.take(Block(count: 1, scores: score, hits: outcomes[order[position]] ? 1 : 0))
                position += 1
            }
            while let last = blocks.last, last.count < blockMin || last.share >= block.share {
                block.take(last)
                blocks.removeLast()
            }
            blocks.append(block)
        }
        while blocks.count > 1, let last = blocks.last, last.count < blockMin {
            blocks.removeLast()
            blocks[blocks.count - 1].take(last)
        }
        self.scores = blocks.map { $0.scores / Double($0.count) }
        let overall = Double(outcomes.count { $0 }) / Double(max(outcomes.count, 1))
        var highest = 0.0
        shares = blocks.map { block in
            highest = max(highest, (Double(block.hits) + overall) / (Double(block.count) + 1))
            return highest
        }
    }

    /// The share at a score; 0.5 when there was nothing to learn from.
    ///
    /// - Complexity: O(log blocks)
    package func share(at score: Double) -> Double {
        guard let first = shares.first, let last = shares.last else { return 0.5 }
        var (low, high) = (0, scores.count)
        while low < high {
            let middle = (low + high) / 2
            if scores[middle] <= score { low = middle + 1 } else { high = middle }
        }
        if low == 0 { return first }
        if low == scores.count { return last }
        let (from, to) = (scores[low - 1], scores[low])
        return shares[low - 1] + (shares[low] - shares[low - 1]) * (score - from) / (to - from)
    }

    /// Whether it can be asked: for what was read from a file.
    package var isSound: Bool {
        scores.count == shares.count && scores.allSatisfy(\.isFinite) && shares.allSatisfy { (0...1).contains($0) }
            && zip(scores, scores.dropFirst()).allSatisfy { $0 < $1 }
            && zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 }
    }
}
