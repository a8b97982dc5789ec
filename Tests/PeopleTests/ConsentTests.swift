import EventLog
import Foundation
import People
import Testing

/// Korea's Network Act, article 50, and what follows from it.
struct ConsentTests {
    private let seoul = TimeZone(identifier: "Asia/Seoul") ?? .gmt

    /// An instant of 2 March 2026 on Seoul's clock.
    private func at(_ hour: Int, _ minute: Int = 0) -> Int64 {
        // Midnight in Seoul is 15:00 of the day before in UTC.
        1_772_377_200_000 + Int64(hour * 60 + minute) * 60_000
    }

    private func grant(
        _ channel: MessageChannel? = nil, _ period: ConsentStatement.Period = .unsaid, _ granted: Bool = true,
        time: Int64 = 1, purpose: ConsentPurpose = .marketing
    ) -> ConsentStatement {
        ConsentStatement(purpose: purpose, channel: channel, period: period, granted: granted, time: time)
    }

    @Test func withoutAStatementServiceIsAllowedAndAdvertisingIsNot() {
        let rules = ConsentRules([])
        #expect(rules.mayTrack && rules.mayProfile)
        #expect(rules.mayMessage(.sms, .service, at: at(23), zone: seoul))
        for channel in [MessageChannel.email, .sms, .push, .kakao, .inApp] {
            #expect(!rules.mayMessage(channel, .marketing, at: at(12), zone: seoul))
        }
        let strict = ConsentRules([], defaults: .init(tracking: false, profiling: false))
        #expect(!strict.mayTrack && !strict.mayProfile)
        #expect(!ConsentRules([], defaults: .init(tracking: false)).mayProfile)
    }

    @Test(arguments: [
        (20, 59, true), (21, 0, false), (23, 30, false), (0, 0, false), (7, 59, false), (8, 0, true), (12, 0, true),
    ])
    func advertisingAtNightNeedsItsOwnConsent(_ hour: Int, _ minute: Int, _ isDay: Bool) {
        let day = ConsentRules([grant(.sms)])
        #expect(day.mayMessage(.sms, .marketing, at: at(hour, minute), zone: seoul) == isDay)
        let both = ConsentRules([grant(.sms), grant(.sms, .night, time: 2)])
        #expect(both.mayMessage(.sms, .marketing, at: at(hour, minute), zone: seoul))
        let nightAlone = ConsentRules([grant(.sms, .night)])
        #expect(!nightAlone.mayMessage(.sms, .marketing, at: at(hour, minute), zone: seoul))
    }

    @Test func mailAndWhatIsShownInsideTheProductMayComeAtNight() {
        let rules = ConsentRules([grant()])
        #expect(rules.mayMessage(.email, .marketing, at: at(23), zone: seoul))
        #expect(rules.mayMessage(.inApp, .marketing, at: at(23), zone: seoul))
        #expect(!rules.mayMessage(.kakao, .marketing, at: at(23), zone: seoul))
        #expect(!rules.mayMessage(.push, .marketing, at: at(23), zone: seoul))
    }

    @Test func nightIsWhereThePersonLives() {
        let rules = ConsentRules([grant(.push)])
        let newYork = TimeZone(identifier: "America/New_York") ?? .gmt
        #expect(!rules.mayMessage(.push, .marketing, at: at(22), zone: seoul))
        #expect(rules.mayMessage(.push, .marketing, at: at(22), zone: newYork))
    }

    @Test func aRefusalEndsDayAndNightAndALaterGrantBeginsAgain() {
        var statements = [grant(.sms), grant(.sms, .night, time: 2), grant(.sms, .unsaid, false, time: 3)]
        #expect(!ConsentRules(statements).mayMessage(.sms, .marketing, at: at(12), zone: seoul))
        #expect(!ConsentRules(statements).mayMessage(.sms, .marketing, at: at(22), zone: seoul))
        statements.append(grant(.sms, time: 4))
        #expect(ConsentRules(statements).mayMessage(.sms, .marketing, at: at(12), zone: seoul))
        #expect(!ConsentRules(statements).mayMessage(.sms, .marketing, at: at(22), zone: seoul))
        let nightRefused = [grant(.sms), grant(.sms, .night, time: 2), grant(.sms, .night, false, time: 3)]
        #expect(ConsentRules(nightRefused).mayMessage(.sms, .marketing, at: at(12), zone: seoul))
        #expect(!ConsentRules(nightRefused).mayMessage(.sms, .marketing, at: at(22), zone: seoul))
    }

    @Test func aStatementAboutOneChannelSaysNothingAboutAnother() {
        let rules = ConsentRules([grant(), grant(.sms, .unsaid, false, time: 2)])
        #expect(!rules.mayMessage(.sms, .marketing, at: at(12), zone: seoul))
        #expect(rules.mayMessage(.push, .marketing, at: at(12), zone: seoul))
        #expect(rules.consents(to: .marketing, on: .push) && !rules.consents(to: .marketing, on: .sms))
    }

    @Test func theOrderOfArrivalDoesNotMatterOnlyTheTimeOfWhatWasSaid() {
        let rules = ConsentRules([grant(.sms, .unsaid, false, time: 9), grant(.sms, time: 5)])
        #expect(!rules.mayMessage(.sms, .marketing, at: at(12), zone: seoul))
    }

    @Test func statementsAreKeptWithTheirEvidenceAndHonouredAtTheGate() async throws {
        let bench = try Bench()
        bench.log.add([event("device", "Page Viewed"), event("kim", "X", ["anonymousId": .string("device")])])
        try bench.catchUp()
        #expect(bench.people.gate.verdict(id: "device") == .allowed)
        let refusal = ConsentStatement(
            purpose: .tracking, granted: false,
            evidence: .init(text: "수집에 동의하지 않습니다", version: "3", source: "settings"))
        try await bench.people.record([refusal], of: "kim", by: "anna", at: 5_000)
        try bench.catchUp()
        #expect(bench.people.gate.verdict(id: "device") == .refused)
        #expect(bench.people.gate.verdict(id: "kim") == .refused)
        #expect(try !bench.people.mayTrack("device") && !bench.people.mayProfile("kim"))
        let kept = try #require(try bench.people.profile(of: "kim")?.consents.first)
        #expect(kept.evidence == refusal.evidence && kept.time == 5_000)
        // A device that joins later is refused too.
        bench.log.add([event("kim", "X", ["anonymousId": .string("tablet")])])
        try bench.catchUp()
        #expect(bench.people.gate.verdict(id: "tablet") == .refused)
        try await bench.people.record([ConsentStatement(purpose: .tracking, granted: true)], of: "kim", at: 6_000)
        try bench.catchUp()
        #expect(bench.people.gate.verdict(id: "tablet") == .allowed)
    }

    @Test func aMessageIsDecidedInTheZoneOfThePersonsDevices() async throws {
        let bench = try Bench()
        bench.log.add([event("kim", "X", ["context.timezone": .string("Europe/Berlin")]), event("lee", "X")])
        try bench.catchUp()
        for id in ["kim", "lee"] { try await bench.people.record([grant(.push)], of: id) }
        try bench.catchUp()
        let night = at(22)
        #expect(try bench.people.mayMessage("kim", channel: .push, purpose: .marketing, at: night))
        #expect(try !bench.people.mayMessage("lee", channel: .push, purpose: .marketing, at: night))
        #expect(try !bench.people.mayMessage("nobody", channel: .push, purpose: .marketing, at: at(12)))
    }
}
