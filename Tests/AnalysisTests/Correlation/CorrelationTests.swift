import EventLog
import Testing

@testable import Analysis

@Suite struct CorrelationTests {
    /// 30 people convert, 20 of them after "help"; 50 drop, 10 of them with "help".
    private func asker() throws -> Asker {
        var lines: [String] = []
        for index in 0..<80 {
            let isConverted = index < 30
            let helped = isConverted ? index < 20 : index < 40
            lines.append("p\(index) A 0 device=\(index % 2 == 0 ? "ios" : "web")")
            lines.append("p\(index) x 0.5")
            if helped { lines.append("p\(index) help 1") }
            if helped { lines.append("p\(index) help 1.5") }
            if isConverted { lines.append("p\(index) B 2") }
            // Before the entry and after the conversion nothing counts.
            lines.append("p\(index) early -5")
            if isConverted { lines.append("p\(index) late 3") }
        }
        return try Asker(table(lines.joined(separator: "\n")))
    }

    private let query =
        #"{"kind":"correlation","funnel":{"steps":["A","B"],"from":"2024-05-10","window":"1h"},"properties":["device"]}"#

    @Test func peopleAreCountedOnceByWhatTheyDidBetween() throws {
        let result = try asker().correlation(query)
        #expect(result.converted == 30 && result.dropped == 50)
        #expect(result.events.map(\.event) == ["help", "x"])
        #expect(result.events[0].converted == 20 && result.events[0].dropped == 10)
        #expect(result.events[1].converted == 30 && result.events[1].dropped == 50)
        #expect(result.values.map { $0.value?.description }.sorted { ($0 ?? "") < ($1 ?? "") } == ["ios", "web"])
        #expect(result.values.allSatisfy { $0.converted == 15 && $0.dropped == 25 })
    }

    @Test func oddsRatiosFollowTheirFormula() {
        // (20.5 / 10.5) / (10.5 / 40.5), and 1.96 standard errors of its logarithm around it.
        let ratio = OddsRatio(convertedWith: 20, droppedWith: 10, convertedWithout: 10, droppedWithout: 40)
        #expect(abs(ratio.oddsRatio - 20.5 * 40.5 / (10.5 * 10.5)) < 1e-12)
        let error = (1 / 20.5 + 1 / 10.5 + 1 / 10.5 + 1 / 40.5).squareRoot()
        #expect(abs(ratio.low * ratio.high - ratio.oddsRatio * ratio.oddsRatio) < 1e-9)
        #expect(abs(ratio.score * error - 2.0186) < 1e-3)
        #expect(abs(ratio.pValue - 0.0000916) < 0.00001)
        let none = OddsRatio(convertedWith: 5, droppedWith: 5, convertedWithout: 5, droppedWithout: 5)
        #expect(none.oddsRatio == 1 && none.pValue == 1)
        let empty = OddsRatio(convertedWith: 0, droppedWith: 0, convertedWithout: 0, droppedWithout: 0)
        #expect(empty.oddsRatio.isFinite && empty.high.isFinite)
    }

    @Test func rareRowsAreLeftOut() throws {
        let result = try asker().correlation(
            query.replacing("\"properties\"", with: "\"minimumSupport\":31,\"properties\""))
        #expect(result.events.map(\.event) == ["x"])
    }
}
