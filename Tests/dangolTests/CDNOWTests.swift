import Foundation
import Testing

/// The README's worked example on the real file, when it is there.
struct CDNOWTests {
    private static let file = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("shared/data/cdnow/CDNOW_master.txt").path

    private static var isThere: Bool { FileManager.default.fileExists(atPath: file) }

    @Test(.enabled(if: isThere, "the CDNOW file is not beside the repository"))
    func allPurchasesComeInOnceAndAddUp() throws {
        let scratch = try Scratch()
        let mapping = [
            "--person", "customer_id", "--time", "date", "--time-format", "yyyyMMdd", "--event", "Purchase",
            "--property", "cds=number_of_cds", "--property", "dollars=dollar_value",
        ]
        for _ in 0..<2 {
            let answer = try Program.run(["import", CDNOWTests.file] + mapping, in: scratch.folder)
            #expect(answer.status == 0, "\(answer.errors)")
        }
        #expect(try scratch.eventCount() == 69_659)

        let text = try scratch.succeed(
            "trends", "Purchase", "--math", "sum", "--of", "dollars", "--interval", "month", "--json")
        let sums = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let series = try #require((sums?["series"] as? [[String: Any]])?.first)
        let direct = try Direct.read(CDNOWTests.file)
        let total = try #require(series["total"] as? Double)
        #expect(abs(total - direct.dollars) < 0.01)
        #expect((series["points"] as? [Double])?.count == 18)

        let people = try scratch.succeed("trends", "Purchase", "--math", "unique", "--interval", "month", "--json")
        let counts = try JSONSerialization.jsonObject(with: Data(people.utf8)) as? [String: Any]
        #expect(((counts?["series"] as? [[String: Any]])?.first)?["total"] as? Double == 23_570)

        let retention = try scratch.succeed(
            "retention", "Purchase", "--type", "first_ever", "--period", "month", "--intervals", "12", "--json")
        let cohorts =
            (try JSONSerialization.jsonObject(with: Data(retention.utf8)) as? [String: Any])?["cohorts"]
            as? [[String: Any]]
        let first = try #require(cohorts?.first)
        #expect(first["size"] as? Int == direct.firstCohort.count)
        #expect((first["values"] as? [Int])?[1] == direct.firstCohortInFebruary)
    }

    /// The same figures from the file itself, line by line.
    private struct Direct {
        var dollars = 0.0
        /// Customers with a purchase in January 1997, where the data begin.
        var firstCohort: Set<String> = []
        var firstCohortInFebruary = 0

        static func read(_ path: String) throws -> Direct {
            var direct = Direct()
            var february: Set<String> = []
            let text = try String(contentsOfFile: path, encoding: .utf8)
            for line in text.split(whereSeparator: \.isNewline).dropFirst() {
                let fields = line.split(separator: " ")
                guard fields.count == 4, let dollars = Double(fields[3]) else { continue }
                direct.dollars += dollars
                if fields[1].hasPrefix("199701") { direct.firstCohort.insert(String(fields[0])) }
                if fields[1].hasPrefix("199702") { february.insert(String(fields[0])) }
            }
            direct.firstCohortInFebruary = direct.firstCohort.intersection(february).count
            return direct
        }
    }
}
