/// Finds where a smooth function of many numbers is least, from its values and gradients: limited-memory BFGS (Nocedal
/// and Wright, "Numerical Optimization", algorithms 7.4 and 7.5) with steps that are halved until the value falls
/// enough (Armijo's condition).
package struct LimitedMemoryBFGS: Sendable {
    /// Steps whose curvature is remembered.
    package var memory = 10
    package var iterationsMax = 100
    /// It ends when no component of the gradient is larger.
    package var gradientMax = 1e-5
    /// It ends when a step lowers the value by less than this share of it.
    package var gainMin = 1e-9

    package init() {}

    package struct Result: Sendable, Hashable {
        package var point: [Double]
        package var value: Double
        package var iterations: Int
        /// False when it ran out of iterations.
        package var hasConverged: Bool
    }

    /// - Parameter function: the value and the gradient at a point; convex for the least value of all.
    /// - Complexity: O(iterations × (function + memory × numbers))
    package func minimize(
        from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> Result {
        var point = start
        var (value, gradient) = function(point)
        var pairs: [(step: [Double], change: [Double], scale: Double)] = []
        for iteration in 0..<iterationsMax {
            if gradient.allSatisfy({ abs($0) <= gradientMax }) {
                return Result(point: point, value: value, iterations: iteration, hasConverged: true)
            }
            var direction = Self.direction(gradient, pairs)
            var slope = Self.dot(direction, gradient)
            if slope >= 0 {
                // Rounding has spoilt what was remembered.
                pairs = []
                direction = gradient.map { -$0 }
                slope = -Self.dot(gradient, gradient)
            }
            // The first step has no scale yet.
            var length = pairs.isEmpty ? min(1, 1 / max(Self.dot(gradient, gradient).squareRoot(), 1e-12)) : 1
            var next = (point: point, value: value, gradient: gradient)
            var isLower = false
            for _ in 0..<30 {
                let candidate = zip(point, direction).map { $0 + length * $1 }
                let found = function(candidate)
                if found.value <= value + 1e-4 * length * slope {
                    next = (candidate, found.value, found.gradient)
                    isLower = true
                    break
                }
                length /= 2
            }
            guard isLower else { return Result(point: point, value: value, iterations: iteration, hasConverged: true) }
            let step = zip(next.point, point).map { $0 - $1 }
            let change = zip(next.gradient, gradient).map { $0 - $1 }
            let curvature = Self.dot(step, change)
            if curvature > 1e-12 {
                pairs.append((step, change, 1 / curvature))
                if pairs.count > memory { pairs.removeFirst() }
            }
            let gain = value - next.value
            (point, value, gradient) = next
            if gain <= gainMin * max(abs(value), 1e-12) {
                return Result(point: point, value: value, iterations: iteration + 1, hasConverged: true)
            }
        }
        return Result(point: point, value: value, iterations: iterationsMax, hasConverged: false)
    }

    /// The two loops.
    private static func direction(
        _ gradient: [Double], _ pairs: [(step: [Double], change: [Double], scale: Double)]
    ) -> [Double] {
        var direction = gradient
        var weights: [Double] = []
        for pair in pairs.reversed() {
            let weight = pair.scale * dot(pair.step, direction)
            weights.append(weight)
            for index in direction.indices { direction[index] -= weight * pair.change[index] }
        }
        if let last = pairs.last {
            let scale = 1 / (last.scale * dot(last.change, last.change))
            for index in direction.indices { direction[index] *= scale }
        }
        for (pair, weight) in zip(pairs, weights.reversed()) {
            let correction = weight - pair.scale * dot(pair.change, direction)
            for index in direction.indices { direction[index] += correction * pair.step[index] }
        }
        return direction.map { -$0 }
    }

    private static func dot(_ x: [Double], _ y: [Double]) -> Double {
        var sum = 0.0
        for index in x.indices { sum += x[index] * y[index] }
        return sum
    }
}
