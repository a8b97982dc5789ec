import Foundation

/// Search terms as texts: one form for each, the pieces by which unknown ones are recognised, and their letters.
package enum TermText {
    package static let lengthMax = 60

    /// Lower case, composed, with single spaces, without those at the ends; at most `lengthMax` characters.
    package static func normal(_ text: String) -> String {
        let composed = text.precomposedStringWithCompatibilityMapping.lowercased()
        return String(composed.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(lengthMax))
    }

    /// Pieces of two and three syllables, across spaces, with marks for the beginning and the end; of other letters
    /// three and four. Korean writes compounds with and without a space, so spaces count for nothing here.
    package static func pieces(of term: String) -> [String] {
        let marked: [Character] = ["^"] + term.filter { !$0.isWhitespace } + ["$"]
        var pieces: Set<String> = []
        for start in marked.indices {
            for length in 1...4 where start + length <= marked.count {
                let piece = marked[start..<start + length]
                let letters = piece.filter { $0 != "^" && $0 != "$" }
                if letters.isEmpty { continue }
                let isKorean = letters.contains { $0.unicodeScalars.first.map(Jamo.isSyllable) ?? false }
                guard isKorean ? (2...3).contains(length) : length >= min(3, marked.count) else { continue }
                pieces.insert(String(piece))
            }
        }
        return pieces.sorted()
    }
}

/// The letters of Korean syllables (Unicode, 3.12: Conjoining Jamo Behavior).
package enum Jamo {
    static let initials: [Character] = Array("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
    static let vowels: [Character] = Array("ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ")
    /// The first is none.
    static let finals: [Character] = Array(" ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")

    static func isSyllable(_ scalar: Unicode.Scalar) -> Bool { (0xAC00...0xD7A3).contains(scalar.value) }

    /// The letters of a text: 값 is ㄱ, ㅏ, ㅄ. What is no syllable stays; spaces go.
    package static func letters(of text: String) -> [Character] {
        var letters: [Character] = []
        for character in text where !character.isWhitespace {
            guard let scalar = character.unicodeScalars.first, isSyllable(scalar) else {
                letters.append(character)
                continue
            }
            let index = Int(scalar.value - 0xAC00)
            letters.append(initials[index / 588])
            letters.append(vowels[index % 588 / 28])
            if index % 28 > 0 { letters.append(finals[index % 28]) }
        }
        return letters
    }

    /// Letters that have to be added, left out, changed, or swapped with their neighbour (optimal string alignment;
    /// Damerau, 1964).
    ///
    /// - Parameter most: more than that is not told apart.
    /// - Complexity: O(product of the lengths)
    package static func distance(_ left: [Character], _ right: [Character], most: Int = .max) -> Int {
        if abs(left.count - right.count) > most { return abs(left.count - right.count) }
        var before: [Int] = []
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, other) in right.enumerated() {
                var best = min(
                    previous[column] + (letter == other ? 0 : 1), min(previous[column + 1], current[column]) + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            if most != .max, current.min() ?? 0 > most { return most + 1 }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}

/// What was typed on a Korean keyboard (KS X 5002) that was set to Latin letters: `dkahsem` is 아몬드.
package enum KoreanKeyboard {
    private static let keys: [Character: Character] = Dictionary(
        uniqueKeysWithValues: zip(
            "qwertyuiopasdfghjklzxcvbnmQWERTOP", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"))
    private static let vowelPairs: [String: Character] = [
        "ㅗㅏ": "ㅘ", "ㅗㅐ": "ㅙ", "ㅗㅣ": "ㅚ", "ㅜㅓ": "ㅝ", "ㅜㅔ": "ㅞ", "ㅜㅣ": "ㅟ", "ㅡㅣ": "ㅢ",
    ]
    private static let finalPairs: [String: Character] = [
        "ㄱㅅ": "ㄳ", "ㄴㅈ": "ㄵ", "ㄴㅎ": "ㄶ", "ㄹㄱ": "ㄺ", "ㄹㅁ": "ㄻ", "ㄹㅂ": "ㄼ", "ㄹㅅ": "ㄽ", "ㄹㅌ": "ㄾ", "ㄹㅍ": "ㄿ",
        "ㄹㅎ": "ㅀ", "ㅂㅅ": "ㅄ",
    ]

    /// - Returns: nil when it makes no whole syllables.
    package static func korean(typed text: String) -> String? {
        var letters: [Character] = []
        var result = ""
        for character in text {
            if let key = keys[character] ?? keys[Character(character.lowercased())] {
                letters.append(key)
            } else if character.isWhitespace || character.isNumber {
                guard let word = compose(letters) else { return nil }
                result += word
                result.append(character)
                letters.removeAll()
            } else {
                return nil
            }
        }
        guard let word = compose(letters) else { return nil }
        result += word
        return result.contains { $0.unicodeScalars.first.map(Jamo.isSyllable) ?? false } ? result : nil
    }

    /// Syllables of initial, vowel and final. A consonant before a vowel begins the next syllable.
    private static func compose(_ letters: [Character]) -> String? {
        var text = ""
        var place = 0
        func isVowel(_ index: Int) -> Bool { index < letters.count && Jamo.vowels.contains(letters[index]) }
        func isConsonant(_ index: Int) -> Bool { index < letters.count && !Jamo.vowels.contains(letters[index]) }
        while place < letters.count {
            guard let initial = Jamo.initials.firstIndex(of: letters[place]), isVowel(place + 1) else { return nil }
            var vowel = letters[place + 1]
            place += 2
            if isVowel(place), let pair = vowelPairs[String([vowel, letters[place]])] {
                vowel = pair
                place += 1
            }
            guard let middle = Jamo.vowels.firstIndex(of: vowel) else { return nil }
            var final = 0
            if isConsonant(place), !isVowel(place + 1), let one = Jamo.finals.firstIndex(of: letters[place]) {
                final = one
                place += 1
                if isConsonant(place), !isVowel(place + 1),
                    let pair = finalPairs[String([Jamo.finals[final], letters[place]])],
                    let two = Jamo.finals.firstIndex(of: pair)
                {
                    final = two
                    place += 1
                }
            }
            guard let scalar = Unicode.Scalar(UInt32(0xAC00 + (initial * 21 + middle) * 28 + final)) else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
