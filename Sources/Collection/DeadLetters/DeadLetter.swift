/// An event, or a whole body, that was not stored, with the reason. It can be sent through the stages again.
package struct DeadLetter: Sendable, Hashable {
    package var id: Int64
    /// The endpoint's name.
    package var endpoint: String
    package var reason: String
    /// The member that was wrong, as the sender's format calls it.
    package var field: String
    /// The event's JSON, or the body as it came.
    package var text: [UInt8]
    /// Whether `text` is a whole body.
    package var isBody: Bool
    /// Whether `text` is all of it. What is cut cannot be replayed.
    package var isComplete: Bool
    /// Milliseconds UTC.
    package var receivedTime: Int64
    /// What was added to the sender's times, in milliseconds.
    package var correction: Int64

    /// Of the text, how much is kept.
    static let textBytesMax = 64 << 10
    /// How many letters are kept; the oldest go first.
    static let countMax = 10_000
    /// And how many bytes of text.
    static let bytesMax = 64 << 20
    /// How many are kept in a minute. More are counted only: whoever floods an endpoint with rubbish must not keep the
    /// disk busy.
    static let perMinuteMax = 1_000
}

/// What became of dead letters that were replayed.
package struct ReplayResult: Sendable, Hashable {
    /// Now in the log; no longer dead letters.
    package var stored: [Int64] = []
    /// Still wrong, and why.
    package var rejected: [Int64: String] = [:]
    package init() {}
}

/// A limit on how much is kept in a minute.
struct MinuteLimit {
    private let countMax: Int
    private var minute: Int64 = .min
    private var used = 0

    init(_ countMax: Int) { self.countMax = countMax }

    /// How many of `count` fit into the minute of `now` (milliseconds UTC); they are used up.
    mutating func take(_ count: Int, now: Int64) -> Int {
        if now / 60_000 != minute {
            minute = now / 60_000
            used = 0
        }
        let granted = min(count, countMax - used)
        used += granted
        return granted
    }
}
