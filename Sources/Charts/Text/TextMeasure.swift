/// Estimates of text width without a font: good to about 5 % for Latin and exact for the square scripts (Korean,
/// Chinese, Japanese), which is what laying out labels needs.
package enum TextMeasure {
    /// The width in the unit of `size`.
    package static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
        var ems = 0.0
        for character in text {
            // Emoji that are joined to one picture are as wide as one.
            ems += min(character.unicodeScalars.reduce(0) { $0 + width($1) }, 1.25)
        }
        return ems * size * (bold ? 1.06 : 1)
    }

    /// The text, or as much of its beginning as fits with an ellipsis; at least one character.
    package static func fit(_ text: String, into room: Double, size: Double, bold: Bool = false) -> String {
        if width(text, size: size, bold: bold) <= room { return text }
        let ellipsis = width("…", size: size, bold: bold)
        var used = 0.0
        var kept = ""
        for character in text {
            let next = width(String(character), size: size, bold: bold)
            if !kept.isEmpty && used + next + ellipsis > room { break }
            kept.append(character)
            used += next
        }
        while kept.last == " " && kept.count > 1 { kept.removeLast() }
        return kept.count == text.count ? text : kept + "…"
    }

    /// At most `lines` lines, broken at spaces where possible (Korean may break anywhere), the last one cut with an
    /// ellipsis.
    package static func wrap(_ text: String, into room: Double, lines: Int, size: Double) -> [String] {
        var result: [String] = []
        var rest = text[...]
        while !rest.isEmpty && result.count < lines - 1 {
            if width(String(rest), size: size) <= room { break }
            var end = rest.startIndex
            var lastBreak: String.Index?
            var used = 0.0
            while end < rest.endIndex {
                used += width(String(rest[end]), size: size)
                if rest[end] == " " || (isSquare(rest[end]) && end > rest.startIndex) { lastBreak = end }
                if used > room && end > rest.startIndex { break }
                end = rest.index(after: end)
            }
            let cut = lastBreak.map { $0 > rest.startIndex ? $0 : end } ?? end
            result.append(String(rest[..<cut]))
            rest = rest[cut...].drop { $0 == " " }
        }
        if !rest.isEmpty { result.append(fit(String(rest), into: room, size: size)) }
        return result
    }

    private static func isSquare(_ character: Character) -> Bool {
        character.unicodeScalars.first.map { width($0) >= 0.95 && $0.value > 0x1100 } ?? false
    }

    /// In ems: a typical sans-serif (an average of Inter, Helvetica and Segoe UI).
    private static func width(_ scalar: Unicode.Scalar) -> Double {
        switch scalar.value {
        case 0x20: 0.28
        case 0x21...0x7E: latin[Int(scalar.value) - 0x21]
        case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x200B...0x200F, 0xFE00...0xFE0F: 0
        case 0x300...0x36F, 0x1160...0x11FF, 0x20D0...0x20FF: 0
        case 0xA0...0x24F: 0.57
        case 0x250...0x10FF: 0.6
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF01...0xFF60: 1
        case 0x2010...0x2015: 0.7
        case 0x2026: 0.9
        case 0x1F300...0x1FAFF, 0x20000...0x3FFFD: 1.25
        default: 0.65
        }
    }

    // From "!" to "~".
    private static let latin: [Double] = [
        0.29, 0.40, 0.62, 0.62, 0.88, 0.68, 0.24, 0.36, 0.36, 0.45, 0.64, 0.28, 0.42, 0.28, 0.34,
        0.60, 0.48, 0.60, 0.60, 0.62, 0.60, 0.60, 0.56, 0.60, 0.60, 0.28, 0.29, 0.64, 0.64, 0.64, 0.52,
        0.95, 0.69, 0.66, 0.72, 0.72, 0.60, 0.58, 0.75, 0.74, 0.28, 0.55, 0.66, 0.56, 0.88, 0.75, 0.77,
        0.63, 0.77, 0.65, 0.64, 0.64, 0.73, 0.68, 0.97, 0.67, 0.67, 0.63, 0.36, 0.34, 0.36, 0.50, 0.50,
        0.34, 0.56, 0.61, 0.56, 0.61, 0.58, 0.36, 0.61, 0.59, 0.25, 0.26, 0.55, 0.25, 0.87, 0.59, 0.60,
        0.61, 0.61, 0.39, 0.53, 0.36, 0.59, 0.55, 0.80, 0.54, 0.55, 0.55, 0.36, 0.29, 0.36, 0.64,
    ]
}
