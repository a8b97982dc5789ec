import Synchronization

/// A token bucket for each caller: so many requests a second in the long run, and so many at once after a pause.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var time: Int64
    }

    private static let callersMax = 50_000

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    init(perSecond: Double, burst: Double) {
        self.perSecond = perSecond
        self.burst = max(1, burst)
    }

    /// Takes one request's token.
    ///
    /// - Parameter now: milliseconds of any clock that does not jump far.
    /// - Returns: nil when the request may go on, else the seconds after which another try makes sense.
    func take(_ caller: String, now: Int64) -> Double? {
        buckets.withLock { buckets in
            if buckets[caller] == nil, buckets.count >= RateLimiter.callersMax { drop(from: &buckets, now) }
            var bucket = buckets[caller] ?? Bucket(tokens: burst, time: now)
            bucket.tokens = min(burst, bucket.tokens + Double(max(0, now - bucket.time)) / 1000 * perSecond)
            bucket.time = now
            defer { buckets[caller] = bucket }
            guard bucket.tokens >= 1 else { return (1 - bucket.tokens) / perSecond }
            bucket.tokens -= 1
            return nil
        }
    }

    /// Drops the callers whose bucket is full again, which are as good as new; if all are busy, all of them.
    private func drop(from buckets: inout [String: Bucket], _ now: Int64) {
        let secondsToFill = burst / perSecond
        buckets = buckets.filter { Double(now - $0.value.time) / 1000 < secondsToFill }
        if buckets.count >= RateLimiter.callersMax { buckets.removeAll() }
    }
}
