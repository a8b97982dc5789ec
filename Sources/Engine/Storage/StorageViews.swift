package import EventLog

// How a log lies on disk, as the API shows it and as commands read it.

/// What a compaction made of the segments.
package struct CompactionView: Sendable, Hashable, Codable {
    package var events: Int
    package var segmentsBefore: Int
    package var segments: Int
    package var bytesBefore: Int
    package var bytes: Int

    /// Compacts a log.
    ///
    /// - Parameter progress: gets rows done and rows in all.
    /// - Throws: `EventLogError`.
    package static func compact(
        _ log: EventLog, progress: (@Sendable (Int, Int) -> Void)? = nil
    ) throws -> CompactionView {
        let before = try log.statistics
        try log.compact(progress: progress)
        let after = try log.statistics
        return CompactionView(
            events: after.events, segmentsBefore: before.segments, segments: after.segments,
            bytesBefore: before.segmentBytes, bytes: after.segmentBytes)
    }
}

/// What reading every byte has shown.
package struct VerificationView: Sendable, Hashable, Codable {
    package var files: Int
    package var bytes: Int
    package var events: Int
    /// Each names the file, the place and what is wrong.
    package var problems: [String]

    package init(_ report: VerifyReport) {
        files = report.files
        bytes = report.bytes
        events = report.events
        problems = report.problems
    }
}

/// For how long events are kept.
package struct RetentionView: Sendable, Hashable, Codable {
    /// Nil: for ever.
    package var keepMilliseconds: Int64?

    package init(keepMilliseconds: Int64?) { self.keepMilliseconds = keepMilliseconds }
}

package enum StorageLimits {
    /// Milliseconds.
    package static let day: Int64 = 86_400_000
    /// For how many days events can be kept, unless it is for ever.
    package static let keepDays: Int64 = 73_000
}
