/// Finds names by a few letters of them. Korean names are found by their initial consonants too (`ㅈㅁ` finds `주문`),
/// and while a syllable is still being typed (`주무` finds `주문`).
package struct NameSearch: Sendable {
    private let pattern: [Unicode.Scalar]

    package init(_ text: String) {
        pattern = Self.scalars(text)
    }

    /// How well a name fits: 0 from its beginning, 1 from the beginning of a word, 2 anywhere; nil not at all.
    ///
    /// - Complexity: O(letters of the name × letters of the pattern).
    package func rank(_ name: String) -> Int? {
        if pattern.isEmpty { return 0 }
        let letters = Self.scalars(name)
        guard letters.count >= pattern.count else { return nil }
        var best: Int?
        for start in 0...letters.count - pattern.count where fits(letters, at: start) {
            let isWord = start > 0 && !letters[start - 1].properties.isAlphabetic
            let rank = start == 0 ? 0 : isWord ? 1 : 2
            best = min(best ?? rank, rank)
            if rank == 0 { break }
        }
        return best
    }

    /// The names that fit, the best first; of those that fit equally well the order stays.
    package func search(_ names: some Sequence<String>, limit: Int) -> [String] {
        let ranked = names.compactMap { name in rank(name).map { (rank: $0, name: name) } }
        return (0...2).flatMap { rank in ranked.filter { $0.rank == rank } }.prefix(limit).map(\.name)
    }

    private func fits(_ letters: [Unicode.Scalar], at start: Int) -> Bool {
        for (offset, wanted) in pattern.enumerated() {
            let letter = letters[start + offset]
            if letter == wanted { continue }
            if Self.initial(letter) == wanted { continue }
            // The last syllable may still want its final consonant.
            if offset == pattern.count - 1, Self.isOpen(wanted), Self.openForm(letter) == wanted { continue }
            return false
        }
        return true
    }

    /// Lower case, composed.
    private static func scalars(_ text: String) -> [Unicode.Scalar] {
        // Iterating by character composes what was decomposed: a decomposed syllable is one character.
        text.lowercased().flatMap { character -> [Unicode.Scalar] in
            let own = Array(character.unicodeScalars)
            return compose(own).map { [$0] } ?? own
        }
    }

    /// A syllable out of conjoining jamo (Unicode Standard, 3.12).
    private static func compose(_ jamo: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard (2...3).contains(jamo.count), (0x1100...0x1112).contains(jamo[0].value),
            (0x1161...0x1175).contains(jamo[1].value)
        else { return nil }
        var value = 0xAC00 + ((jamo[0].value - 0x1100) * 21 + jamo[1].value - 0x1161) * 28
        if jamo.count == 3 {
            guard (0x11A8...0x11C2).contains(jamo[2].value) else { return nil }
            value += jamo[2].value - 0x11A7
        }
        return Unicode.Scalar(value)
    }

    private static let initials = Array("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ".unicodeScalars)

    private static func isSyllable(_ scalar: Unicode.Scalar) -> Bool { (0xAC00...0xD7A3).contains(scalar.value) }

    /// The initial consonant of a syllable.
    private static func initial(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        isSyllable(scalar) ? initials[Int(scalar.value - 0xAC00) / 588] : nil
    }

    /// Whether it is a syllable without a final consonant.
    private static func isOpen(_ scalar: Unicode.Scalar) -> Bool {
        isSyllable(scalar) && (scalar.value - 0xAC00) % 28 == 0
    }

    /// A syllable without its final consonant.
    private static func openForm(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        guard isSyllable(scalar) else { return nil }
        return Unicode.Scalar(0xAC00 + (scalar.value - 0xAC00) / 28 * 28)
    }
}
