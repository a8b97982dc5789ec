/// How the times of a source are written.
package enum TimeFormat: Hashable, Sendable {
    /// ISO 8601, or a number since 1970 whose unit its size tells.
    case automatic
    case iso8601
    case epochSeconds
    case epochMilliseconds
    case epochMicroseconds
    /// A pattern in Unicode's or strftime's letters, checked when it is compiled.
    case pattern(String)

    /// The format that a user's word means; anything that is no keyword is a pattern.
    package init(_ text: String) {
        switch text.lowercased() {
        case "auto", "automatic": self = .automatic
        case "iso8601", "iso-8601", "iso": self = .iso8601
        case "epoch", "epoch-s", "epoch-seconds", "unix": self = .epochSeconds
        case "epoch-ms", "epoch-milliseconds", "unix-ms": self = .epochMilliseconds
        case "epoch-us", "epoch-microseconds", "unix-us": self = .epochMicroseconds
        default: self = .pattern(text)
        }
    }

    package var label: String {
        switch self {
        case .automatic: "auto"
        case .iso8601: "iso8601"
        case .epochSeconds: "epoch"
        case .epochMilliseconds: "epoch-ms"
        case .epochMicroseconds: "epoch-us"
        case .pattern(let text): text
        }
    }
}

/// Reads the times of one format, with a zone for those that are written without one.
struct TimeReader {
    let format: TimeFormat
    private let pattern: TimePattern?
    private var zone: ZoneRules

    /// - Throws: `ImportError` with code `mapping` for an impossible pattern or an unknown zone.
    init(_ format: TimeFormat, zone: String) throws {
        self.format = format
        self.zone = try ZoneRules(identifier: zone)
        if case .pattern(let text) = format { pattern = try TimePattern(text) } else { pattern = nil }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, or nil when the bytes are not a time of the format.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        switch format {
        case .pattern: return pattern?.parse(bytes).map { instant($0) }
        case .iso8601: return CivilTime(iso8601: bytes).map { instant($0) }
        case .automatic:
            if let time = CivilTime(iso8601: bytes) { return instant(time) }
            return EpochTime.milliseconds(bytes)
        case .epochSeconds: return EpochTime.milliseconds(bytes, perSecond: 1)
        case .epochMilliseconds: return EpochTime.milliseconds(bytes, perSecond: 1000)
        case .epochMicroseconds: return EpochTime.milliseconds(bytes, perSecond: 1_000_000)
        }
    }

    private mutating func instant(_ time: CivilTime) -> Int64 {
        if let offset = time.offsetSeconds { return time.milliseconds &- offset &* 1000 }
        return zone.instant(local: time.milliseconds)
    }
}
