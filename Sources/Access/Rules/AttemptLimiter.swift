import Synchronization

/// Slows down who guesses: after some failures each further attempt has to wait twice as long as the one before.
///
/// Counts by account and by address at once, so that neither many guesses at one account nor one guess at each of many
/// get far. What it knows is in memory: bounded, and gone with the process.
package final class AttemptLimiter: Sendable {
    /// Failures that cost nothing: people mistype.
    package static let freeFailures = 5
    package static let longestWaitMilliseconds: Int64 = 15 * 60_000
    /// Without a failure for so long, all is forgotten.
    private static let memoryMilliseconds: Int64 = 60 * 60_000
    private let subjectsMax: Int

    private struct Record {
        var failures = 0
        var lastTime: Int64 = 0
        var openTime: Int64 = 0
    }

    private let records = Mutex<[String: Record]>([:])

    /// - Parameter subjectsMax: how many accounts and addresses are remembered, at least 4.
    package init(subjectsMax: Int = 20_000) { self.subjectsMax = subjectsMax }

    package var subjectCount: Int { records.withLock { $0.count } }

    /// How long these subjects have to wait before another attempt, in milliseconds; nil when they may try now.
    package func wait(for subjects: [String], now: Int64) -> Int64? {
        records.withLock { records in
            let latest = subjects.compactMap { records[$0]?.openTime }.max() ?? 0
            return latest > now ? latest - now : nil
        }
    }

    package func failed(_ subjects: [String], now: Int64) {
        records.withLock { records in
            if records.count + subjects.count > subjectsMax { prune(&records, now) }
            for subject in subjects {
                var record = records[subject] ?? Record()
                if now - record.lastTime > AttemptLimiter.memoryMilliseconds { record = Record() }
                record.failures += 1
                record.lastTime = now
                let beyond = record.failures - AttemptLimiter.freeFailures
                if beyond >= 0 {
                    let wait = Int64(1000) << Int64(min(beyond, 20))
                    record.openTime = now + min(wait, AttemptLimiter.longestWaitMilliseconds)
                }
                records[subject] = record
            }
        }
    }

    /// To be called for an attempt that had been counted as failed beforehand and was right after all. The account is
    /// cleared; the address gets back this one attempt only, because one known password must not pay for guesses at
    /// others.
    package func succeeded(account: String, address: String?) {
        records.withLock { records in
            records[account] = nil
            guard let address, var record = records[address] else { return }
            record.failures -= 1
            if record.failures < AttemptLimiter.freeFailures { record.openTime = 0 }
            records[address] = record.failures <= 0 ? nil : record
        }
    }

    /// Drops what is old, and if that is not enough the half that has the least to wait: nobody gets out of a wait by
    /// failing with many other accounts.
    private func prune(_ records: inout [String: Record], _ now: Int64) {
        records = records.filter { now - $0.value.lastTime <= Self.memoryMilliseconds }
        guard records.count > subjectsMax / 2 else { return }
        let kept = records.sorted {
            ($0.value.openTime, $0.value.lastTime) > ($1.value.openTime, $1.value.lastTime)
        }.prefix(subjectsMax / 2)
        records = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
