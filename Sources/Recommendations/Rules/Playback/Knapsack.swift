/// Which things to take so that they are worth the most within a number of bytes to keep, and one to fetch.
///
/// Branch and bound (Kolesar, 1967): things are tried in the order of worth per byte, and a branch ends when even
/// fractions of the rest could not make it the best. It is exact unless it takes more than `stepsMax` steps; then the
/// best so far is given, beside a bound that no choice can exceed.
package enum Knapsack {
    package struct Thing: Sendable, Hashable {
        /// 0 or more.
        package var value: Double
        /// To keep it.
        package var bytes: Int
        /// To get it; 0 for what is there already.
        package var fetchBytes: Int

        package init(value: Double, bytes: Int, fetchBytes: Int = 0) {
            self.value = value
            self.bytes = bytes
            self.fetchBytes = fetchBytes
        }
    }

    package struct Choice: Sendable, Hashable {
        /// Places in the list of things, rising.
        package var chosen: [Int]
        package var value: Double
        /// No choice is worth more.
        package var bound: Double
        package var isExact: Bool
    }

    package static let thingsMax = 1_000
    package static let stepsMax = 20_000

    /// - Parameters:
    ///   - things: at most `thingsMax`; those of no worth are never taken.
    ///   - bytesMax: of all that are taken.
    ///   - fetchMax: of what has to be fetched; nil is any number.
    /// - Complexity: O(steps · things)
    package static func best(
        _ things: [Thing], bytesMax: Int, fetchMax: Int? = nil, stepsMax: Int = stepsMax
    ) -> Choice {
        precondition(things.count <= thingsMax, "\(things.count) things are more than \(thingsMax)")
        let fits = things.indices.filter {
            things[$0].value > 0 && things[$0].bytes >= 0 && things[$0].bytes <= bytesMax
                && things[$0].fetchBytes <= fetchMax ?? .max
        }
        var search = Search(things, fits, bytesMax: max(0, bytesMax), fetchMax: fetchMax ?? .max, stepsMax: stepsMax)
        return search.run()
    }

    private struct Search {
        private let things: [Thing]
        /// Places by worth per byte kept, falling; and the ranks in that order by worth per byte fetched.
        private let order: [Int]
        private let byFetch: [Int]
        private let bytesMax: Int
        private let fetchMax: Int
        private let stepsMax: Int
        private var steps = 0
        private var taken: [Int] = []
        private var best: (value: Double, taken: [Int]) = (0, [])
        /// The largest bound of what was left untried.
        private var untried = 0.0

        init(_ things: [Thing], _ fits: [Int], bytesMax: Int, fetchMax: Int, stepsMax: Int) {
            self.things = things
            self.bytesMax = bytesMax
            self.fetchMax = fetchMax
            self.stepsMax = stepsMax
            func density(_ value: Double, _ bytes: Int) -> Double { value / Double(max(bytes, 1)) }
            let order = fits.sorted {
                let (left, right) = (
                    density(things[$0].value, things[$0].bytes), density(things[$1].value, things[$1].bytes)
                )
                return left != right ? left > right : $0 < $1
            }
            self.order = order
            byFetch = order.indices.sorted {
                let (left, right) = (
                    density(things[order[$0]].value, things[order[$0]].fetchBytes),
                    density(things[order[$1]].value, things[order[$1]].fetchBytes)
                )
                return left != right ? left > right : $0 < $1
            }
        }

        mutating func run() -> Choice {
            let whole = bound(from: 0, bytesMax, fetchMax)
            greedy()
            descend(0, value: 0, bytesMax, fetchMax)
            let isExact = steps <= stepsMax
            return Choice(
                chosen: best.taken.sorted(), value: best.value,
                bound: isExact ? best.value : min(whole, max(best.value, untried)), isExact: isExact)
        }

        /// A first choice, so that branches end early: in order what fits, or the one worth most.
        private mutating func greedy() {
            var (value, bytes, fetch) = (0.0, bytesMax, fetchMax)
            var chosen: [Int] = []
            for place in order where things[place].bytes <= bytes && things[place].fetchBytes <= fetch {
                value += things[place].value
                bytes -= things[place].bytes
                fetch -= things[place].fetchBytes
                chosen.append(place)
            }
            best = (value, chosen)
            if let one = order.max(by: { things[$0].value < things[$1].value }), things[one].value > value {
                best = (things[one].value, [one])
            }
        }

        private mutating func descend(_ rank: Int, value: Double, _ bytes: Int, _ fetch: Int) {
            if value > best.value { best = (value, taken) }
            guard rank < order.count else { return }
            let most = value + bound(from: rank, bytes, fetch)
            // Differences of rounding are no reason to look further.
            guard most > best.value * (1 + 1e-12) + 1e-15 else { return }
            steps += 1
            guard steps <= stepsMax else {
                untried = max(untried, most)
                return
            }
            let thing = things[order[rank]]
            if thing.bytes <= bytes, thing.fetchBytes <= fetch {
                taken.append(order[rank])
                descend(rank + 1, value: value + thing.value, bytes - thing.bytes, fetch - thing.fetchBytes)
                taken.removeLast()
            }
            descend(rank + 1, value: value, bytes, fetch)
        }

        /// What fractions of the things from a rank on would be worth: under the limit to keep, and under that to
        /// fetch.
        private func bound(from rank: Int, _ bytes: Int, _ fetch: Int) -> Double {
            var (keep, rest) = (0.0, Double(bytes))
            for place in order[rank...] {
                let thing = things[place]
                if Double(thing.bytes) > rest {
                    keep += thing.value * rest / Double(thing.bytes)
                    break
                }
                keep += thing.value
                rest -= Double(thing.bytes)
            }
            guard fetch != .max else { return keep }
            var (get, left) = (0.0, Double(fetch))
            for other in byFetch where other >= rank {
                let thing = things[order[other]]
                if Double(thing.fetchBytes) > left {
                    get += thing.value * left / Double(thing.fetchBytes)
                    break
                }
                get += thing.value
                left -= Double(thing.fetchBytes)
            }
            return min(keep, get)
        }
    }
}
