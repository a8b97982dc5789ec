/// Which items may be shown to a person at all.
package struct Admission: Sendable {
    package let settings: RankingSettings
    /// In milliseconds since 1970-01-01T00:00:00Z.
    package let now: Int64
    package let region: String?

    package init(_ settings: RankingSettings, now: Int64, region: String? = nil) {
        self.settings = settings
        self.now = now
        self.region = region
    }

    /// - Parameters:
    ///   - item: what the catalogue says; nil when it does not have it, which allows it unless a list says otherwise.
    ///   - lastTime: when the person had to do with it last; nil is never.
    package func admits(_ id: String, _ item: CandidateItem?, lastTime: Int64?, isDismissed: Bool = false) -> Bool {
        if isDismissed || settings.block.matches(id, item) { return false }
        if !settings.allow.isEmpty, !settings.allow.matches(id, item) { return false }
        if let item, !item.mayBeOffered(at: now, in: region) { return false }
        return lastTime.map { mayRepeat(item, since: $0) } ?? true
    }

    /// Whether the cycle of an item's category has gone by since the person bought or watched it. The narrowest
    /// category that has a cycle decides.
    package func mayRepeat(_ item: CandidateItem?, since time: Int64) -> Bool {
        let cycles = settings.repeatAfterDays
        let own = item?.categories.last { cycles[$0] != nil }.flatMap { cycles[$0] }
        guard let days = own ?? cycles["*"] else { return false }
        return Double(now - time) >= days * TrainScores.millisecondsPerDay
    }
}
