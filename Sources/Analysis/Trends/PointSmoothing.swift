/// What is done to the points of a series after they are counted.
enum PointSmoothing {
    /// The mean of each point and up to `width - 1` before it. Missing points count neither above nor below the line; a
    /// missing point stays missing.
    static func rollingMean(_ points: [Double?], width: Int) -> [Double?] {
        guard width > 1 else { return points }
        return points.indices.map { index in
            if points[index] == nil { return nil }
            let window = points[max(0, index - width + 1)...index].compactMap(\.self)
            return window.reduce(0, +) / Double(window.count)
        }
    }

    /// Running sums. A missing point adds nothing.
    static func cumulative(_ points: [Double?]) -> [Double?] {
        var sum = 0.0
        return points.map { point in
            sum += point ?? 0
            return sum
        }
    }
}
