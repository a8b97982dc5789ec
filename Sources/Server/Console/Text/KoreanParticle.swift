/// A particle whose form depends on how the word before it ends: 은/는, 이/가, 을/를, 과/와, 으로/로.
enum KoreanParticle {
    /// - Parameters:
    ///   - forms: the one after a final consonant, and the one after a vowel.
    ///   - word: may end in digits or Latin letters, which are read aloud in Korean.
    static func form(_ forms: (closed: String, open: String), after word: String) -> String {
        guard let ending = ending(of: word) else { return "\(forms.closed)(\(forms.open))" }
        // 으로 is the one that ㄹ does without: 서울로, 부산으로.
        if forms.closed == "으로" { return ending == .rieul || ending == .open ? forms.open : forms.closed }
        return ending == .open ? forms.open : forms.closed
    }

    private enum Ending { case open, rieul, closed }

    private static func ending(of word: String) -> Ending? {
        // Closing marks are not read.
        let last = word.unicodeScalars.last { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "%₩$".unicodeScalars.contains(scalar)
        }
        guard let last else { return nil }
        switch last.value {
        case 0xAC00...0xD7A3:
            // A syllable is (initial × 21 + vowel) × 28 + final; final 8 is ㄹ.
            let final = (last.value - 0xAC00) % 28
            return final == 0 ? .open : final == 8 ? .rieul : .closed
        case 0x30...0x39:
            // 영 일 이 삼 사 오 육 칠 팔 구
            return [.closed, .rieul, .open, .closed, .open, .open, .closed, .rieul, .rieul, .open][
                Int(last.value) - 0x30]
        case 0x25, 0x24: return .open  // 퍼센트, 달러
        case 0x20A9: return .closed  // 원
        default: return latin(word)
        }
    }

    /// By the letters that English words end in when written in Korean; only l, m, n and ng keep a final consonant,
    /// and so do k, p, t after a short vowel, which is guessed at.
    private static func latin(_ word: String) -> Ending {
        let letters = word.lowercased().filter(\.isLetter)
        guard let last = letters.last else { return .open }
        switch last {
        case "l": return .rieul
        case "m", "n": return .closed
        case "g": return letters.hasSuffix("ng") ? .closed : .open
        case "k", "p", "t", "b":
            let before = letters.dropLast().last
            let beforeThat = letters.dropLast(2).last
            let isShort =
                before.map { "aeiou".contains($0) } == true && beforeThat.map { !"aeiou".contains($0) } != false
            return isShort && last != "b" ? .closed : .open
        default: return .open
        }
    }
}
