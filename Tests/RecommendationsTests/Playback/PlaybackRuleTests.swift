import Foundation
import Statistics
import Testing

@testable import Recommendations

struct PlaybackRuleTests {
    // MARK: Knapsack

    /// Every subset.
    private func slowest(_ things: [Knapsack.Thing], _ bytesMax: Int, _ fetchMax: Int?) -> Double {
        (0..<(1 << things.count)).reduce(0) { best, mask in
            let taken = things.indices.filter { mask >> $0 & 1 == 1 }.map { things[$0] }
            let fits =
                taken.reduce(0) { $0 + $1.bytes } <= bytesMax
                && taken.reduce(0) { $0 + $1.fetchBytes } <= fetchMax ?? .max
            return fits ? max(best, taken.reduce(0) { $0 + $1.value }) : best
        }
    }

    @Test(arguments: 1...40)
    func theBestChoiceIsThatOfTryingEverySubset(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        let things = (0..<(1 + random.index(below: 11))).map { _ in
            let bytes = random.index(below: 60)
            return Knapsack.Thing(
                value: random.chance(0.1) ? 0 : random.uniform(), bytes: bytes,
                fetchBytes: random.chance(0.5) ? bytes : 0)
        }
        let (keep, fetch) = (random.index(below: 200), random.chance(0.5) ? random.index(below: 80) : nil)
        let choice = Knapsack.best(things, bytesMax: keep, fetchMax: fetch)
        #expect(abs(choice.value - slowest(things, keep, fetch)) < 1e-9, "seed \(seed)")
        #expect(choice.isExact)
        #expect(choice.chosen.reduce(0) { $0 + things[$1].bytes } <= keep)
        #expect(choice.chosen.reduce(0) { $0 + things[$1].fetchBytes } <= fetch ?? .max)
        #expect(abs(choice.chosen.reduce(0) { $0 + things[$1].value } - choice.value) < 1e-9)
    }

    @Test func withTooFewStepsTheChoiceSaysHowFarItMayBeFromTheBest() {
        var random = RandomSource(seed: 4)
        let things = (0..<14).map { _ in
            Knapsack.Thing(value: random.uniform(0.4, 0.6), bytes: 40 + random.index(below: 20))
        }
        let best = slowest(things, 400, nil)
        let choice = Knapsack.best(things, bytesMax: 400, stepsMax: 8)
        #expect(!choice.isExact)
        #expect(choice.value <= best + 1e-9)
        #expect(choice.bound >= best - 1e-9)
        #expect(choice.value >= best / 2)
        #expect(Knapsack.best([], bytesMax: 0).chosen.isEmpty)
        #expect(Knapsack.best(things, bytesMax: -5).chosen.isEmpty)
    }

    // MARK: Downloads

    private func candidate(_ item: String, _ probability: Double, _ bytes: Int) -> PlayCandidate {
        PlayCandidate(episode: Episode(item: item), probability: probability, source: .next, bytes: bytes)
    }

    @Test func aDeviceKeepsTheLikelyDropsTheWatchedAndWaitsForWiFi() {
        let candidates = [candidate("a", 0.9, 500), candidate("b", 0.6, 500), candidate("old", 0.05, 400)]
        let stored = [
            DownloadPlan.Stored(episode: Episode(item: "old"), bytes: 400),
            DownloadPlan.Stored(episode: Episode(item: "seen"), bytes: 300, isWatched: true),
        ]
        let plan = DownloadPlan.choose(
            candidates, stored: stored, device: .init(bytesMax: 1_000, isUnmetered: true))
        #expect(plan.fetch.map(\.episode.item) == ["a", "b"])
        #expect(plan.delete.map(\.episode.item) == ["seen", "old"])
        #expect(plan.delete.map(\.reason) == [.watched, .unlikely])
        #expect(plan.bytes == 1_000)
        let away = DownloadPlan.choose(
            candidates, stored: stored, device: .init(bytesMax: 1_000, isUnmetered: false))
        #expect(away.fetch.isEmpty)
        #expect(away.keep.map(\.episode.item) == ["old"], "what waits for Wi-Fi pushes nothing out yet")
        #expect(away.later.map(\.reason) == [.waitsForWiFi, .waitsForWiFi])
        let some = DownloadPlan.choose(
            candidates, stored: stored, device: .init(bytesMax: 1_000, isUnmetered: false, meteredBytes: 600))
        #expect(some.fetch.map(\.episode.item) == ["a"])
    }

    @Test func aPlanDoesNotChangeItsMindForALittle() {
        let stored = [DownloadPlan.Stored(episode: Episode(item: "here"), bytes: 500)]
        let plan = DownloadPlan.choose(
            [candidate("here", 0.5, 500), candidate("there", 0.52, 500)], stored: stored,
            device: .init(bytesMax: 600, isUnmetered: true))
        #expect(plan.keep.map(\.episode.item) == ["here"])
        #expect(plan.later.map(\.reason) == [.noSpace])
    }

    // MARK: Quality

    @Test func theCeilingIsWhatScreenLineAndDataAllow() throws {
        func advise(_ change: (inout QualityAdvice.Circumstances) -> Void) throws -> QualityAdvice {
            var now = QualityAdvice.Circumstances(throughput: [Double](repeating: 50_000, count: 20))
            change(&now)
            return try #require(QualityAdvice.advise(QualityRung.common, now))
        }
        #expect(try advise { _ in }.ceiling.height == 2_160)
        #expect(try advise { _ in }.reason == .best)
        let phone = try advise { $0.screenHeight = 1_080 }
        #expect(phone.ceiling.height == 1_080 && phone.reason == .screen)
        let slow = try advise { $0.throughput = [3_000, 2_900, 3_100, 2_800, 6_000, 3_000, 3_100, 2_950] }
        #expect(slow.ceiling.height == 480 && slow.reason == .throughput)
        #expect(slow.stallShare?.estimate == 0)
        let poor = try advise { $0.throughput = [200, 180, 250, 220, 210] }
        #expect(poor.ceiling.height == 240 && poor.reason == .lowest && poor.start == poor.ceiling)
        let contract = try advise {
            $0.planBytesLeft = 3e9
            $0.planDaysLeft = 10
            $0.secondsLeft = 3_600
        }
        #expect(contract.reason == .dataPlan && contract.bytes <= 3e9 / 10 * 1.5)
        let unknown = try advise {
            $0.throughput = []
            $0.network = .cellular3G
        }
        #expect(unknown.ceiling.height == 360 && unknown.stallShare == nil)
        #expect(QualityAdvice.advise([], QualityAdvice.Circumstances()) == nil)
    }

    // MARK: Continuation

    @Test func littleKnownIsDrawnToTheTitleAndTheTitleToAll() {
        let all = ContinueCounts(finished: 10_000, wentOn: 6_000)
        let nothing = Continuation.estimate(episode: .init(), title: .init(), all: all)
        #expect(nothing.basis == .all && abs(nothing.probability.estimate - 0.6) < 0.01)
        let title = Continuation.estimate(episode: .init(), title: .init(finished: 400, wentOn: 360), all: all)
        #expect(title.basis == .title && abs(title.probability.estimate - 0.885) < 0.01)
        let episode = Continuation.estimate(
            episode: .init(finished: 1_000, wentOn: 300), title: .init(finished: 1_400, wentOn: 660), all: all)
        #expect(episode.basis == .episode && abs(episode.probability.estimate - 0.31) < 0.01)
        #expect(episode.probability.low < 0.31 && episode.probability.high > 0.29)
        #expect(title.probability.high - title.probability.low > episode.probability.high - episode.probability.low)
        let eager = Continuation.estimate(
            episode: .init(), title: .init(), all: all, person: [Bool](repeating: true, count: 20).map { ($0, 0.6) })
        #expect(eager.personal > 2 && eager.probability.estimate > 0.75)
    }

    @Test(arguments: 1...5)
    func intervalsCoverTheTruthAsOftenAsTheySay(seed: Int) {
        var random = RandomSource(seed: UInt64(seed))
        var covered = 0
        for _ in 0..<400 {
            // Titles of a business differ as their prior says.
            let truth = random.beta(12, 8)
            let wentOn = (0..<60).count { _ in random.chance(truth) }
            let estimate = Continuation.estimate(
                episode: .init(finished: 60, wentOn: wentOn), title: .init(finished: 60, wentOn: wentOn),
                all: .init(finished: 20_000, wentOn: 12_000))
            if (estimate.probability.low...estimate.probability.high).contains(truth) { covered += 1 }
        }
        #expect((0.85...0.95).contains(Double(covered) / 400), "seed \(seed): \(covered)")
    }

    // MARK: Skipping

    @Test(arguments: 1...10)
    func opensAndRecapsAreFoundAmongJumpsThatLookForAScene(seed: Int) throws {
        var random = RandomSource(seed: UInt64(seed))
        var jumps: [SkipIntervals.Jump] = []
        for person in 0..<80 {
            for _ in 0..<3 where random.chance(0.6) {
                jumps.append(
                    .init(
                        from: Float(65 + random.gamma(shape: 2, scale: 2)), to: Float(130 + random.normal() * 1.5),
                        person: UInt32(person)))
            }
            if random.chance(0.3) {
                jumps.append(
                    .init(
                        from: Float(2 + random.gamma(shape: 2, scale: 1)), to: Float(45 + random.normal()),
                        person: UInt32(person)))
            }
            let from = random.uniform(0, 2_000)
            jumps.append(
                .init(from: Float(from), to: Float(from + random.uniform(5, 400)), person: UInt32(person)))
        }
        let found = SkipIntervals.find(jumps, viewers: 100, seconds: 2_400)
        try #require(found.count == 2, "seed \(seed): \(found)")
        #expect(abs(found[0].from - 2) <= 2 && abs(found[0].to - 45) <= 1.5)
        #expect(abs(found[1].from - 65) <= 2 && abs(found[1].to - 130) <= 1.5)
        #expect(found[1].persons > 60 && found[1].share.low > 0.6)
        #expect(SkipIntervals.find(jumps.shuffled(), viewers: 100, seconds: 2_400) == found)
    }

    @Test func jumpsByChanceOrByOnePersonAreNoInterval() {
        for seed in 1...20 {
            var random = RandomSource(seed: UInt64(seed))
            let scattered = (0..<200).map { person in
                let from = random.uniform(0, 2_300)
                return SkipIntervals.Jump(
                    from: Float(from), to: Float(from + random.uniform(10, 90)), person: UInt32(person))
            }
            #expect(SkipIntervals.find(scattered, viewers: 300, seconds: 2_400).isEmpty, "seed \(seed)")
        }
        let one = (0..<300).map { _ in SkipIntervals.Jump(from: 60, to: 120, person: 7) }
        #expect(SkipIntervals.find(one, viewers: 300, seconds: 2_400).isEmpty)
        #expect(SkipIntervals.find([], viewers: 0, seconds: 0).isEmpty)
    }

    // MARK: Drop-off

    /// Kaplan and Meier's estimate, person by person.
    private func slowSurvival(_ plays: [(minute: Int, isOpen: Bool)], after minute: Int) -> Double {
        var survival = 1.0
        for moment in 0...minute {
            let atRisk = plays.count { $0.minute >= moment }
            let left = plays.count { $0.minute == moment && !$0.isOpen }
            if atRisk > 0 { survival *= 1 - Double(left) / Double(atRisk) }
        }
        return survival
    }

    @Test(arguments: 1...20)
    func theCurveIsThatOfCountingPersonByPerson(seed: Int) throws {
        var random = RandomSource(seed: UInt64(seed))
        var counts = DropOffCounts()
        var other = DropOffCounts()
        var plays: [(minute: Int, isOpen: Bool)] = []
        for number in 0..<(5 + random.index(below: 200)) {
            let (minute, isOpen) = (random.index(below: 40), random.chance(0.3))
            let isDone = random.chance(0.3)
            plays.append(isDone ? (1_000, true) : (minute, isOpen))
            var play = EpisodePlay(key: EpisodeKey(title: 0, season: 1, number: 1))
            play.furthest = Double(minute) * 60 + 20
            play.lastTime = isOpen ? 100 : 10
            if isDone { play.completedTime = 5 }
            if number % 2 == 0 { counts.add(play, openAfter: 50) } else { other.add(play, openAfter: 50) }
        }
        counts.add(other)
        let curve = try #require(counts.curve())
        #expect(curve.persons == plays.count)
        for point in curve.minutes {
            let slow = slowSurvival(plays, after: point.minute)
            #expect(abs(point.watching.estimate - slow) < 1e-9, "seed \(seed), minute \(point.minute)")
            #expect(point.watching.low <= slow + 1e-9 && slow <= point.watching.high + 1e-9)
        }
        #expect(DropOffCounts().curve() == nil)
    }

    @Test func whereManyLeaveIsNamedAndWhereItIsEvenNothingIs() throws {
        var random = RandomSource(seed: 9)
        func curve(dull: Int?) throws -> DropOff {
            var counts = DropOffCounts()
            for _ in 0..<1_500 {
                var play = EpisodePlay(key: EpisodeKey(title: 0, season: 1, number: 1))
                if random.chance(0.5) {
                    play.completedTime = 1
                } else if let dull, random.chance(0.4) {
                    play.furthest = (Double(dull) + random.uniform(0, 2)) * 60
                } else {
                    play.furthest = random.uniform(0, 50) * 60
                }
                counts.add(play, openAfter: 50)
            }
            return try #require(counts.curve())
        }
        let dull = try curve(dull: 31)
        #expect(dull.drops.count == 1)
        #expect(dull.drops.first.map { $0.minutes.contains(31) || $0.minutes.contains(32) } == true)
        #expect(try curve(dull: nil).drops.isEmpty)
    }
}
