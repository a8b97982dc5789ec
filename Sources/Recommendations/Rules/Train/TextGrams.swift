/// The parts of a text by which texts are compared.
///
/// Korean puts particles and endings after a stem without a space, so its words are cut into pairs of syllables: 청소를
/// and 청소는 share 청소. That needs no dictionary, and new words work from the first day. Other words stay whole, in
/// lower case.
package enum TextGrams {
    package static func grams(of text: String) -> [String] {
        var grams: [String] = []
        var word: [Character] = []
        var isHangul = false
        func end() {
            defer { word.removeAll(keepingCapacity: true) }
            guard !word.isEmpty else { return }
            if isHangul, word.count > 1 {
                for place in 0..<word.count - 1 { grams.append(String(word[place...place + 1])) }
            } else if isHangul || word.count > 1 {
                grams.append(String(word))
            }
        }
        for character in text.lowercased() {
            let hangul = character.unicodeScalars.first.map { Self.isHangul($0) } ?? false
            guard character.isLetter || character.isNumber else {
                end()
                continue
            }
            if hangul != isHangul { end() }
            isHangul = hangul
            word.append(character)
        }
        end()
        return grams
    }

    /// Syllables, and the letters that stand alone.
    private static func isHangul(_ scalar: Unicode.Scalar) -> Bool {
        (0xAC00...0xD7A3).contains(scalar.value) || (0x3130...0x318F).contains(scalar.value)
    }
}
