/// Puts the sender's times right: its clock may be wrong by minutes or years.
///
/// The difference between the sender's clock when it sent and ours when we received is taken from all of its times, as
/// Segment, PostHog and Amplitude (with `client_upload_time`) do.
struct RequestClock: Hashable {
    /// Milliseconds UTC, by our clock.
    let received: Int64
    /// What is added to the sender's times, in milliseconds; 0 when the sender did not say when it sent.
    let correction: Int64

    init(received: Int64, sent: Int64?) {
        self.received = received
        correction = sent.map { received &- $0 } ?? 0
    }

    init(received: Int64, correction: Int64) {
        self.received = received
        self.correction = correction
    }

    func corrected(_ time: Int64) -> Int64 { time &+ correction }

    /// PostHog's further rule: what is more than 23 hours in the future happened now.
    func correctedNotInFuture(_ time: Int64) -> Int64 {
        let corrected = corrected(time)
        return corrected > received &+ 23 * 3_600_000 ? received : corrected
    }
}
