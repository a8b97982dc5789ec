package import EventLog

/// How an answer came about: what was read, what was skipped and how long each part took.
package struct QueryExplanation: Sendable, Hashable, Codable {
    package struct Part: Sendable, Hashable, Codable {
        /// `prepare`, `scan`, `combine`.
        package var name: String
        package var seconds: Double
    }

    /// The reads of all scans together.
    package var scan = ScanReport()
    package var scans = 0
    package var parts: [Part] = []
    /// What the asker should know, such as event names that the log has not seen.
    package var notes: [String] = []
    package var seconds: Double { parts.reduce(0) { $0 + $1.seconds } }

    package init() {}

    /// Runs a part of the work and adds its time to the part of that name.
    package mutating func time<Value>(_ part: String, _ body: () throws -> Value) rethrows -> Value {
        let clock = ContinuousClock()
        let start = clock.now
        defer { add(part, clock.now - start) }
        return try body()
    }

    private mutating func add(_ name: String, _ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
        if let index = parts.firstIndex(where: { $0.name == name }) {
            parts[index].seconds += seconds
        } else {
            parts.append(Part(name: name, seconds: seconds))
        }
    }

    package mutating func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    package mutating func add(_ report: ScanReport) {
        scan.segments = max(scan.segments, report.segments)
        scan.threads = max(scan.threads, report.threads)
        scan.seconds += report.seconds
        scan.add(report)
        scans += 1
    }
}
