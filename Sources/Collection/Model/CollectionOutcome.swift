/// What to answer, and what became of the events.
package struct CollectionOutcome: Sendable, Hashable {
    package var status: Int
    package var contentType = "application/json"
    package var body: [UInt8]
    /// The header `Retry-After`.
    package var retryAfterSeconds: Int?
    package var counts = CollectionCounts()

    package init(
        status: Int, contentType: String = "application/json", body: [UInt8], retryAfterSeconds: Int? = nil,
        counts: CollectionCounts = CollectionCounts()
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.retryAfterSeconds = retryAfterSeconds
        self.counts = counts
    }

    /// The same for a request that a picture was asked for: whatever happened, the page shows one transparent pixel.
    package var asPixel: CollectionOutcome {
        var copy = self
        copy.status = 200
        copy.contentType = "image/gif"
        copy.body = CollectionOutcome.pixel
        return copy
    }

    /// A GIF of one transparent pixel.
    private static let pixel: [UInt8] = [
        0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21, 0xf9, 4, 1, 0, 0,
        0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0x44, 0, 0x3b,
    ]
}

/// How many events went which way.
package struct CollectionCounts: Sendable, Hashable {
    /// Appended to the log.
    package var stored = 0
    /// Known by their message id.
    package var duplicates = 0
    /// Wrong; they are dead letters.
    package var rejected = 0
    /// Of a person who was deleted.
    package var suppressed = 0
    /// Of a person who refuses to be tracked.
    package var refused = 0
    /// Stored, and flagged as a bot's.
    package var bots = 0
    /// Against the tracking plan, stored all the same.
    package var violations = 0

    package init() {}

    package static func += (sum: inout CollectionCounts, other: CollectionCounts) {
        sum.stored += other.stored
        sum.duplicates += other.duplicates
        sum.rejected += other.rejected
        sum.suppressed += other.suppressed
        sum.refused += other.refused
        sum.bots += other.bots
        sum.violations += other.violations
    }
}
