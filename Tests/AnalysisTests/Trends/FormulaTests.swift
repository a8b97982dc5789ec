import RandomCases
import Testing

@testable import Analysis

@Suite struct FormulaTests {
    private func value(_ text: String, _ series: Double?...) throws -> Double? {
        try Formula(text, seriesCount: series.count).value { series[$0] }
    }

    @Test func operatorsHaveTheirUsualPrecedence() throws {
        #expect(try value("A/B", 6, 3) == 2)
        #expect(try value("(A+B)*100", 1, 2) == 300)
        #expect(try value("A+B*100", 1, 2) == 201)
        #expect(try value("A - B - 1", 9, 3) == 5)
        #expect(try value("A / B / 2", 12, 3) == 2)
        #expect(try value("-A * -B", 2, 3) == 6)
        #expect(try value("2 - -a", 5) == 7)
        #expect(try value("1.5e3 * .5", 0) == 750)
        #expect(try value(" ( ( A ) ) ", 4) == 4)
    }

    @Test func divisionByZeroAndMissingValuesAreNull() throws {
        #expect(try value("A/B", 6, 0) == nil)
        #expect(try value("A/(B-B)", 6, 3) == nil)
        #expect(try value("A+B", 6, nil) == nil)
        #expect(try value("A", 6, nil) == 6)
        #expect(try value("1e308*A", 1e308) == nil)
    }

    @Test(arguments: [
        ("", 1, 1, "empty"), ("A+", 1, 3, "missing at the end"), ("A)", 1, 2, "closes nothing"),
        ("(A", 1, 1, "never closed"), ("A B", 2, 3, "not expected"), ("AB", 2, 1, "one letter each"),
        ("C", 2, 1, "no series C"), ("B", 1, 1, "has A only"), ("A*/B", 2, 3, "not expected"),
        ("A+가", 1, 3, "not expected"),
        ("1..2", 1, 1, "not a number"), ("2A", 1, 2, "not expected"),
    ])
    func mistakesAreNamedWithTheirPlace(text: String, series: Int, column: Int, part: String) throws {
        let error = try #require(throws: Formula.SyntaxError.self) { try Formula(text, seriesCount: series) }
        #expect(error.column == column)
        #expect(error.message.contains(part), "\(error.message)")
    }

    @Test func deepNestingIsRefusedInsteadOfOverflowing() {
        let deep = String(repeating: "(", count: 400) + "A" + String(repeating: ")", count: 400)
        #expect(throws: Formula.SyntaxError.self) { try Formula(deep, seriesCount: 1) }
        #expect(throws: Formula.SyntaxError.self) {
            try Formula(String(repeating: "-", count: 900) + "A", seriesCount: 1)
        }
        #expect(throws: Formula.SyntaxError.self) {
            try Formula(String(repeating: "A+", count: 600) + "A", seriesCount: 1)
        }
    }

    @Test func randomFormulasComputeWhatTheirTreesSay() throws {
        for seed in 0..<Seeds.count(500) {
            var dice = SeededRandom(seed)
            let series = (0..<3).map { _ in Double(dice.roll(-4...4)) }
            let (text, expected) = tree(4, series, &dice)
            let formula = try Formula(text, seriesCount: 3)
            #expect(formula.value { series[$0] } == expected, "seed \(seed): \(text) of \(series)")
        }
    }

    /// A random formula, with every operation in parentheses, and its value.
    private func tree(_ depth: Int, _ series: [Double], _ dice: inout SeededRandom) -> (String, Double?) {
        if depth == 0 || dice.chance(20) {
            if dice.chance(40) {
                let number = dice.roll(0...9)
                return ("\(number)", Double(number))
            }
            let index = dice.roll(0...2)
            return (["A", "b", "C"][index], series[index])
        }
        if dice.chance(15) {
            let inner = tree(depth - 1, series, &dice)
            return ("-\(inner.0)", inner.1.map { -$0 })
        }
        let left = tree(depth - 1, series, &dice)
        let right = tree(depth - 1, series, &dice)
        let sign = dice.pick(["+", "-", "*", "/"])
        guard let a = left.1, let b = right.1 else { return ("(\(left.0)\(sign)\(right.0))", nil) }
        let value: Double? = sign == "+" ? a + b : sign == "-" ? a - b : sign == "*" ? a * b : b == 0 ? nil : a / b
        return ("(\(left.0) \(sign) \(right.0))", value)
    }
}
