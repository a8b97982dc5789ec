import Analysis
import Audiences
import Foundation

/// The conditions of audiences, as text or as JSON. What is read survives being written in both forms.
enum FuzzPredicates: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { texts.map { Array($0.utf8) } }

    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            let predicate =
                bytes.first == UInt8(ascii: "{")
                ? try AudiencePredicate(json: Data(bytes)) : try AudiencePredicate(text: text)
            check(predicate)
        } catch {
            Fuzz.expect(!error.message.isEmpty, "an error says what is wrong")
        }
    }

    private static func check(_ predicate: AudiencePredicate) {
        let json = try? JSONEncoder().encode(predicate)
        Fuzz.expect(
            json.flatMap { try? AudiencePredicate(json: $0) } == predicate, "read differently from its JSON")
        Fuzz.expect(
            (try? AudiencePredicate(text: predicate.text)) == predicate, "read differently from '\(predicate.text)'")
    }

    private static let texts = [
        #"did "Order Completed" at least 2 times in the last 30 days where total >= 50000 and not did "Order Cancelled" in the last 90 days and trait city in ("Seoul", "Busan") and consents to push"#,
        #"everyone"#, #"did A then B within 2 hours"#, #"sum of total of "Order Completed" > 3.5 this month"#,
        #"first "A" before 2024-05-01 or last "A" after 3 days ago"#, #"in audience "VIP" and not (role = partner)"#,
        #"trait vip is set and trait name contains "김" and group company plan = "pro""#,
        #"{"and":[{"did":"A","times":{"gte":2},"window":"30d"},{"not":{"trait":"city","op":"in","value":["x"]}}]}"#,
        #"{"sequence":["A",{"event":"B","within":"2h"}]}"#, #"{"audience":"VIP"}"#, #"{"consent":"push"}"#,
    ]
}
