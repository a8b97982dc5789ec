import Foundation

/// A regular expression that takes time linear in the text whatever the pattern is, so that nobody can stop a query
/// with `(a+)+$`: it follows all ways through the pattern at once (Thompson 1968) and never goes back.
///
/// The usual syntax: `.`, `[a-z]`, `[^0-9]`, `\d \w \s \b` and their capitals, `^`, `$`, groups, `|`, `* + ? {2,5}` (a
/// `?` after them changes nothing here), `(?i)` in front for no regard to case, `(?s)` for a `.` that also takes line
/// ends. What needs going back is refused: references to groups, looking ahead and behind. Letters and digits of any
/// script are `\w`. Pattern and text are compared in Unicode's composed form (NFC).
struct TextPattern: Sendable {
    private let program: PatternProgram

    struct Failure: Error {
        let message: String
    }

    init(_ pattern: String) throws(Failure) {
        var parser = PatternParser(pattern.precomposedStringWithCanonicalMapping)
        let node = try parser.parse()
        program = try PatternProgram(node, ignoresCase: parser.ignoresCase)
    }

    /// Whether the pattern matches anywhere in the text.
    ///
    /// - Complexity: O(length of the text x length of the pattern).
    func isFound(in text: String) -> Bool {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        return program.isFound(in: Array((isASCII ? text : text.precomposedStringWithCanonicalMapping).unicodeScalars))
    }
}
