/// Suggestions for misspelt names.
package enum NearestName {
    /// The candidate with the smallest edit distance to `name` without regard to case, if it is near enough to be
    /// meant.
    ///
    /// - Complexity: O(candidates x length of name x length of candidate).
    package static func find(_ name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased())
        guard wanted.count <= 256 else { return nil }
        let bound = max(1, min(4, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let other = Array(candidate.lowercased())
            guard abs(other.count - wanted.count) <= bound else { continue }
            let distance = editDistance(wanted, other)
            if distance <= bound, best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.name
    }

    /// " (did you mean 'x'?)", or nothing.
    package static func hint(for name: String, among candidates: some Sequence<String>) -> String {
        find(name, among: candidates).map { " (did you mean '\($0)'?)" } ?? ""
    }

    /// Levenshtein's distance: insertions, deletions and substitutions.
    static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
