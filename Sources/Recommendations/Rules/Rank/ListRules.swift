package import Statistics

/// Rules about a list as a whole.
package enum ListRules {
    /// Leaves out what exceeds a number of items of the same category. Items without one are never too many.
    package static func capped(_ order: [Int], per limit: Int, category: (Int) -> String?) -> [Int] {
        var counts: [String: Int] = [:]
        return order.filter { candidate in
            guard let name = category(candidate) else { return true }
            counts[name, default: 0] += 1
            return counts[name, default: 0] <= limit
        }
    }

    /// Puts items at places, counted from 1, wherever they were before; two for one place come one after the other.
    ///
    /// - Returns: at most `count`, the pinned ones in any case.
    package static func pinned<Element: Hashable>(
        _ order: [Element], pins: [(element: Element, place: Int)], count: Int
    ) -> [Element] {
        let chosen = Set(pins.map(\.element))
        var rest = order.filter { !chosen.contains($0) }[...]
        var waiting = pins.enumerated().sorted { ($0.element.place, $0.offset) < ($1.element.place, $1.offset) }
            .map(\.element)[...]
        var placed: Set<Element> = []
        var result: [Element] = []
        while result.count < count {
            if let pin = waiting.first, pin.place <= result.count + 1 || rest.isEmpty {
                waiting.removeFirst()
                if placed.insert(pin.element).inserted { result.append(pin.element) }
            } else if let next = rest.popFirst() {
                result.append(next)
            } else {
                break
            }
        }
        return result
    }

    /// A place of a list and how likely its item was to get it.
    package struct Placed<Element: Sendable>: Sendable {
        package var element: Element
        package var propensity: Double
        package var isExploration: Bool
    }

    /// Gives each place to the next item of the order, or with probability `share` to one that is drawn evenly from all
    /// that are not placed yet, the next one among them. Every item can come to every place, so logs of such lists can
    /// be used to judge other lists.
    ///
    /// - Returns: with each place the probability that its item got it, given the places before.
    package static func explored<Element: Sendable>(
        _ order: [Element], count: Int, share: Double, _ random: inout RandomSource
    ) -> [Placed<Element>] {
        var rest = order
        var result: [Placed<Element>] = []
        while result.count < count, !rest.isEmpty {
            let even = share / Double(rest.count)
            let place = random.chance(share) ? random.index(below: rest.count) : 0
            let propensity = place == 0 ? 1 - share + even : even
            result.append(
                Placed(element: rest.remove(at: place), propensity: propensity, isExploration: place != 0))
        }
        return result
    }
}
