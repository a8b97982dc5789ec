import Synchronization

/// A token bucket for each caller: so many requests a second in the long run, and so many at once after a pause.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var time: Int64
    }

    private let perSecond: Double
    private let burst: Double
    private let callersMax: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter callersMax: how many callers are remembered, at least 2.
    init(perSecond: Double, burst: Double, callersMax: Int = 50_000) {
        self.perSecond = perSecond
        self.burst = max(1, burst)
        self.callersMax = callersMax
    }

    var callerCount: Int { buckets.withLock { $0.count } }

    /// Takes one request's token.
    ///
    /// - Parameter now: milliseconds of any clock that does not jump far.
    /// - Returns: nil when the request may go on, else the seconds after which another try makes sense.
    func take(_ caller: String, now: Int64) -> Double? {
        buckets.withLock { buckets in
            if buckets[caller] == nil, buckets.count >= callersMax { drop(from: &buckets, now) }
            var bucket = buckets[caller] ?? Bucket(tokens: burst, time: now)
            bucket.tokens = min(burst, bucket.tokens + Double(max(0, now - bucket.time)) / 1000 * perSecond)
            bucket.time = now
            defer { buckets[caller] = bucket }
            guard bucket.tokens >= 1 else { return (1 - bucket.tokens) / perSecond }
            bucket.tokens -= 1
            return nil
        }
    }

    /// Drops the callers whose bucket is full again, which are as good as new. If that is not enough, of the others
    /// those with the fullest buckets, so that nobody gets out of a limit by letting many others call.
    private func drop(from buckets: inout [String: Bucket], _ now: Int64) {
        func tokens(_ bucket: Bucket) -> Double {
            bucket.tokens + Double(max(0, now - bucket.time)) / 1000 * perSecond
        }
        buckets = buckets.filter { tokens($0.value) < burst }
        guard buckets.count > callersMax / 2 else { return }
        let kept = buckets.sorted { tokens($0.value) < tokens($1.value) }.prefix(callersMax / 2)
        buckets = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
