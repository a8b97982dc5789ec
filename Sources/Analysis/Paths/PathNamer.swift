/// Renames nodes by the first grouping that matches.
struct PathNamer: Sendable {
    private enum Rule: Sendable {
        case wildcard([UInt8], String)
        case regex(TextPattern, String)
    }

    private let rules: [Rule]

    /// - Throws: `TextPattern.Failure`; decoding has checked.
    init(_ groupings: [PathGrouping]) throws {
        rules = try groupings.map { grouping in
            if let regex = grouping.regex { return .regex(try TextPattern(regex), grouping.name ?? regex) }
            let pattern = grouping.pattern ?? ""
            return .wildcard(Array(pattern.utf8), grouping.name ?? pattern)
        }
    }

    func name(_ original: String) -> String {
        for rule in rules {
            switch rule {
            case .wildcard(let pattern, let name):
                if PathNamer.matches(Array(original.utf8), pattern) { return name }
            case .regex(let pattern, let name):
                if pattern.isFound(in: original) { return name }
            }
        }
        return original
    }

    /// Whether the whole text matches, `*` standing for any bytes.
    ///
    /// - Complexity: O(text x pattern) at worst: only the last `*` is ever taken back.
    static func matches(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        let star = UInt8(ascii: "*")
        var position = 0
        var place = 0
        var retry: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == star {
                retry = (place + 1, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] {
                place += 1
                position += 1
            } else if let back = retry {
                retry = (back.place, back.position + 1)
                place = back.place
                position = back.position + 1
            } else {
                return false
            }
        }
        while place < pattern.count, pattern[place] == star { place += 1 }
        return place == pattern.count
    }
}
