import Foundation
import RandomCases
import Testing

@testable import Analysis

@Suite struct TextPatternTests {
    private func found(_ pattern: String, _ text: String) -> Bool {
        (try? TextPattern(pattern))?.isFound(in: text) ?? false
    }

    @Test func theUsualSyntaxWorks() {
        #expect(found("^/product/[0-9]+$", "/product/42") && !found("^/product/[0-9]+$", "/product/42/edit"))
        #expect(found("colou?r", "my color") && found("a{2,3}", "caat") && !found("^a{2,3}$", "aaaa"))
        #expect(found(#"\bcat\b"#, "a cat!") && !found(#"\bcat\b"#, "concat"))
        #expect(found("(?i)seoul", "SEOUL") && !found("seoul", "SEOUL"))
        #expect(found(#"\d{4}-\d\d"#, "on 2024-05") && found(#"[^\s,]+@\w+\.com"#, "to a.b@shop.com"))
        #expect(found("^(foo|bar)+$", "foobarfoo") && !found("^(foo|bar)+$", "foobaz"))
        #expect(found("^서울\\w+$", "서울특별시") && found("^[가-힣]+$", "단골".decomposedStringWithCanonicalMapping))
        #expect(found("", "anything") && found("a.c", "abc") && !found("a.c", "a\nc") && found("(?s)a.c", "a\nc"))
        #expect(found("a.*?c", "abbc") && found("b?(ab+(c*?)*?|[ab]?)b", " aba ") && found("a{1,2}?b", "aab"))
        #expect(found("[]a]", "]") && found("a{x", "a{x") && found(#"\x41\u0042"#, "AB") && found("[a-]", "-"))
    }

    @Test func whatIsNoPatternSaysWhyAndWhere() {
        for (pattern, reason) in [
            ("(a", "a '(' without a ')' (at character 3)"), ("a)", "a ')' without a '(' (at character 2)"),
            ("[a", "a '[' without a ']'"), ("*a", "nothing to repeat (at character 1)"),
            ("a**", "two quantifiers in a row"),
            ("a{3,2}", "upside down"), (#"(a)\1"#, "references to groups are not supported"),
            ("(?=a)", "not supported"),
            (#"\q"#, "is not known"), ("a\\", "a '\\' at the end"), ("a{1001}", "more than 1000 repetitions"),
            ("((a{1000}){1000}){1000}", "too large"), (String(repeating: "(", count: 99), "nest deeper"),
        ] {
            let failure = #expect(throws: TextPattern.Failure.self) { try TextPattern(pattern) }
            #expect(failure?.message.contains(reason) ?? false, "\(pattern): \(failure?.message ?? "")")
        }
    }

    @Test func patternsThatExplodeElsewhereTakeLinearTime() {
        let text = String(repeating: "a", count: 20_000)
        let elapsed = ContinuousClock().measure {
            #expect(!found("^(a+)+$", text + "!"))
            #expect(!found("(a|aa)*b", text))
        }
        // Going back would take longer than the universe has existed; this bound only has to tell the two apart.
        #expect(elapsed < .seconds(60))
    }

    /// Against Foundation's engine, on random patterns and texts.
    @Test func answersAgreeWithFoundationsEngine() throws {
        for seed in UInt64(1)...Seeds.count(4_000) {
            var dice = SeededRandom(seed &* 32_452_843)
            let pattern = random(&dice, depth: 0)
            let own = try TextPattern(pattern)
            let reference = try NSRegularExpression(pattern: pattern)
            for _ in 0..<6 {
                let text = String(
                    (0..<dice.roll(0...7)).map { _ in dice.pick(["a", "b", "c", " ", "한"]) as Character })
                let expected = reference.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
                #expect(own.isFound(in: text) == expected, "seed \(seed): '\(pattern)' in '\(text)'")
            }
        }
    }

    private func random(_ dice: inout SeededRandom, depth: Int) -> String {
        let parts = (0..<dice.roll(1...3)).map { _ -> String in
            let atom: String
            switch dice.roll(0...(depth < 3 ? 7 : 5)) {
            case 0...2: atom = dice.pick(["a", "b", "c", "한"])
            case 3: atom = dice.pick([".", "[ab]", "[^a]", #"\w"#, #"\s"#, #"\W"#, "[a-c]"])
            case 4: return dice.pick(["^", "$", #"\b"#, #"\B"#])
            case 5: atom = "ab"
            default:
                atom =
                    "(\(random(&dice, depth: depth + 1))\(dice.chance(40) ? "|" + random(&dice, depth: depth + 1) : ""))"
            }
            // No lazy quantifiers: over parts that may be empty the other engine misses matches ('(a*?)*?b' in 'b'
            // within some patterns), and whether a match exists does not depend on them.
            return atom + dice.pick(["", "", "", "*", "+", "?", "{2}", "{1,2}"])
        }
        return parts.joined()
    }
}
