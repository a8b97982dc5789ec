package import Collection
import EventLog

// Rejected events as the API shows them and as commands read them.

package struct DeadLetterView: Sendable, Hashable, Codable {
    package var id: Int64
    package var endpoint: String
    package var reason: String
    /// The member that was wrong; empty when it was the whole.
    package var field: String
    package var text: String
    /// Whether `text` is all of it. What is cut cannot be replayed.
    package var isComplete: Bool
    package var receivedAt: String

    package init(_ letter: DeadLetter) {
        id = letter.id
        endpoint = letter.endpoint
        reason = letter.reason
        field = letter.field
        text = String(decoding: letter.text, as: UTF8.self)
        isComplete = letter.isComplete
        receivedAt = Timestamp.text(letter.receivedTime)
    }
}

/// The newest first.
package struct DeadLetterPage: Sendable, Hashable, Codable {
    package var letters: [DeadLetterView]
    package var total: Int
    /// What to ask for as `before` to get the next page; nil at the end.
    package var next: Int64?
}

/// What became of letters that were sent through again.
package struct ReplayView: Sendable, Hashable, Codable {
    package struct Rejected: Sendable, Hashable, Codable {
        package var id: Int64
        package var reason: String
    }

    package var stored: [Int64] = []
    package var rejected: [Rejected] = []

    package init() {}

    package init(_ result: ReplayResult) {
        stored = result.stored
        rejected = result.rejected.sorted { $0.key < $1.key }.map { Rejected(id: $0.key, reason: $0.value) }
    }

    /// Adds what became of further letters.
    package mutating func add(_ other: ReplayView) {
        stored += other.stored
        rejected += other.rejected
    }
}

extension CollectionService {
    /// - Parameters:
    ///   - before: only letters with a lower id.
    ///   - limit: at least 1.
    package func deadLetterPage(before: Int64?, limit: Int) throws -> DeadLetterPage {
        let letters = try deadLetters(before: before, limit: limit)
        return DeadLetterPage(
            letters: letters.map(DeadLetterView.init), total: try deadLetterCount(),
            next: letters.count == limit ? letters.last?.id : nil)
    }
}
