import Foundation

/// A regular expression, compiled once.
struct TextPattern: @unchecked Sendable {
    // NSRegularExpression is immutable and documented to be safe on several threads.
    private let expression: NSRegularExpression

    struct Failure: Error {
        let message: String
    }

    init(_ pattern: String) throws(Failure) {
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw Failure(message: "'\(pattern)' is not a regular expression")
        }
    }

    func isFound(in text: String) -> Bool {
        expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}
