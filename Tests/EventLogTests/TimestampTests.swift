import EventLog
import Testing

struct TimestampTests {
    @Test("a time is the same after it was written and read, to the millisecond")
    func roundTrip() {
        var state: UInt64 = 7
        for _ in 0..<20_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let time = Int64(state >> 20) % Limits.latestTime
            #expect(Timestamp.milliseconds(Timestamp.text(time)) == time)
        }
    }

    @Test(
        "what is no time is none",
        arguments: [
            "2026-02-30T00:00:00.000Z", "2026-01-01T25:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01", "",
        ])
    func others(text: String) { #expect(Timestamp.milliseconds(text) == nil) }
}
