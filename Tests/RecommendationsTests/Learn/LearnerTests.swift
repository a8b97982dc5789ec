import EventLog
import Foundation
import Statistics
import Testing

@testable import Recommendations

/// Decisions among three pictures with what came of them, as events in the order of the log.
private struct Stream {
    var events: [Event] = []
    var trials: [BanditTrial] = []

    static let window: Int64 = 3_600_000
    static let actions = ["face", "couple", "text"].map { BanditDecision.Action($0, tags: ["shows \($0)": 1]) }

    /// - Parameter truth: the chance of a reward by the person's group and the action.
    init(
        _ count: Int, seed: UInt64, lateShare: Double = 0, unshownShare: Double = 0,
        truth: (Int, Int) -> Double = { group, action in group == action ? 0.6 : 0.1 }
    ) {
        var random = RandomSource(seed: seed)
        var timed: [(time: Int64, event: Event)] = []
        for number in 0..<count {
            let group = random.index(below: 2)
            let time = Int64(number) * 60_000
            let chosen = random.index(below: 3)
            let decision = BanditDecision(
                id: "d\(number)", person: "p\(number % 50)", time: time, placement: "artwork",
                subject: "t\(number % 4)",
                actions: Self.actions, probabilities: [1.0 / 3, 1.0 / 3, 1.0 / 3], chosen: chosen,
                context: ["group": .text("g\(group)"), "hour": .number(Double(number % 24))])
            timed.append((time, decision.event))
            if random.chance(unshownShare) { continue }
            let id = Event.Property(Vocabulary.decisionID, .string(decision.id))
            func add(_ name: String, _ delay: Int64, _ more: [Event.Property] = []) {
                timed.append(
                    (
                        time + delay,
                        Event(person: decision.person, name: name, time: time + delay, properties: [id] + more)
                    ))
            }
            add(Vocabulary.decisionShown, 1_000)
            let reward = random.chance(truth(group, chosen)) ? 1.0 : 0
            trials.append(BanditTrial(decision, reward: reward))
            guard reward > 0 else { continue }
            add(
                Vocabulary.decisionRewarded, random.chance(lateShare) ? 2 * Self.window : 600_000,
                [.init("reward", .number(reward))])
        }
        events = timed.sorted { $0.time < $1.time }.map(\.event)
    }
}

private func settings(_ kind: PolicySettings.Kind, exploration: Double = 0.05) -> PolicySettings {
    PolicySettings(kind, exploration: exploration, features: ["group", "hour"])
}

private func learned(_ kind: PolicySettings.Kind, from stream: Stream) -> PolicyLearner {
    var learner = PolicyLearner(settings(kind), windowMilliseconds: Stream.window)
    for event in stream.events { learner.read(event, placement: "artwork") }
    learner.advance(to: .max / 8)
    return learner
}

struct LearnerTests {
    @Test(
        "a contextual policy finds out which picture speaks to whom",
        arguments: [PolicySettings.Kind.linearThompson, .logisticThompson, .linUCB, .squareCB])
    func learnsByContext(kind: PolicySettings.Kind) {
        let learner = learned(kind, from: Stream(3_000, seed: 5))
        var random = RandomSource(seed: 1)
        for group in 0..<2 {
            let probabilities = learner.distribution(
                Stream.actions, subject: "t1", context: ["group": .text("g\(group)"), "hour": .number(20)], &random
            ).probabilities
            #expect(probabilities.indices.max { probabilities[$0] < probabilities[$1] } == group, "\(kind)")
            #expect(probabilities[group] > 0.5)
            #expect(probabilities.allSatisfy { $0 >= 0.05 / 3 - 1e-12 }, "the floor holds for every action")
        }
    }

    @Test(
        "a policy without context finds the picture that is best for most",
        arguments: [PolicySettings.Kind.thompson, .epsilonGreedy])
    func learnsWithoutContext(kind: PolicySettings.Kind) {
        let learner = learned(kind, from: Stream(4_000, seed: 6) { _, action in action == 2 ? 0.5 : 0.2 })
        var random = RandomSource(seed: 1)
        let probabilities = learner.distribution(Stream.actions, subject: "t1", &random).probabilities
        #expect(probabilities[2] > 0.9)
    }

    @Test(
        "late rewards, once they have come, leave what the same rewards in time leave",
        arguments: [PolicySettings.Kind.thompson, .epsilonGreedy])
    func lateRewards(kind: PolicySettings.Kind) {
        let prompt = learned(kind, from: Stream(800, seed: 9))
        let late = learned(kind, from: Stream(800, seed: 9, lateShare: 1))
        #expect(prompt.counts.trials == late.counts.trials)
        #expect(prompt.counts.rewarded == late.counts.rewarded)
        #expect(late.counts.late == late.counts.rewarded && prompt.counts.late == 0)
        var random = RandomSource(seed: 2)
        let one = prompt.distribution(Stream.actions, subject: "t0", &random).probabilities
        let other = late.distribution(Stream.actions, subject: "t0", &random).probabilities
        for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-9) }
    }

    @Test("a decision counts once it was shown, as nothing when its window has ended")
    func windows() {
        var learner = PolicyLearner(settings(.thompson), windowMilliseconds: 1_000)
        func decision(_ id: String, at time: Int64) -> BanditDecision {
            BanditDecision(
                id: id, person: "p", time: time, placement: "artwork", actions: Stream.actions,
                probabilities: [0.4, 0.3, 0.3], chosen: 0)
        }
        learner.made(decision("a", at: 0))
        learner.made(decision("b", at: 0))
        learner.advance(to: 2_000)
        #expect(learner.counts.trials == 0, "neither was shown")
        learner.shown("a", at: 2_000)
        learner.advance(to: 2_999)
        #expect(learner.counts.trials == 0)
        learner.advance(to: 3_000)
        #expect(learner.counts.trials == 1 && learner.counts.reward == 0)
        learner.rewarded("a", 0.4, at: 3_500)
        learner.rewarded("a", 0.3, at: 3_600)
        #expect(learner.counts.trials == 1 && learner.counts.late == 1)
        #expect(abs(learner.counts.reward - 0.4) < 1e-12, "of several rewards the largest counts")
        learner.rewarded("b", 7, at: 3_700)
        #expect(learner.counts.trials == 2 && abs(learner.counts.reward - 1.4) < 1e-12, "a reward implies a look")
        learner.rewarded("nobody", 1, at: 3_800)
        learner.made(decision("b", at: 3_800))
        #expect(learner.counts.trials == 2)
    }

    @Test(
        "events one by one, in one go, and through a stored state leave the same learner",
        arguments: [1, 2, 3] as [UInt64])
    func storedState(seed: UInt64) throws {
        let stream = Stream(400, seed: seed, lateShare: 0.2, unshownShare: 0.2)
        for kind in PolicySettings.Kind.allCases {
            var whole = PolicyLearner(settings(kind), windowMilliseconds: Stream.window)
            var stored = whole
            var random = RandomSource(seed: seed)
            for event in stream.events {
                whole.read(event, placement: "artwork")
                stored.read(event, placement: "artwork")
                if random.chance(0.05) {
                    stored = try JSONDecoder().decode(PolicyLearner.self, from: JSONEncoder().encode(stored))
                }
            }
            #expect(stored == whole, "seed \(seed), \(kind)")
        }
    }

    @Test("a person's segment has a floor of its own, and a known picture is kept while it is nearly as good")
    func segmentsAndStability() {
        var own = settings(.epsilonGreedy, exploration: 0.1)
        own.segment = "plan"
        own.segmentExploration = ["basic": 0.6]
        own.stability = 0.05
        let learner = PolicyLearner(own, windowMilliseconds: 1_000)
        var random = RandomSource(seed: 1)
        let basic = learner.distribution(Stream.actions, context: ["plan": .text("basic")], &random).probabilities
        #expect(basic.allSatisfy { $0 >= 0.2 - 1e-12 })
        let kept = learner.distribution(
            Stream.actions, context: ["plan": .text("premium")], known: "text", &random
        ).probabilities
        #expect(abs(kept[2] - (0.9 + 0.1 / 3)) < 1e-12)
    }

    @Test("memory is bounded: features, actions and decisions that wait")
    func bounds() throws {
        var learner = PolicyLearner(settings(.linUCB), windowMilliseconds: 1, dimension: 8)
        for number in 0..<(BanditLimits.waiting + 500) {
            learner.made(
                BanditDecision(
                    id: "d\(number)", person: "p", time: Int64(number), placement: "a", subject: "s\(number)",
                    actions: [.init("x", tags: ["t\(number)": 1])], probabilities: [1], chosen: 0))
        }
        #expect(learner.space.count == 8 && learner.space.left > 0)
        let size = try JSONEncoder().encode(learner).count
        #expect(size < 8 << 20, "\(size) bytes")

        var table = BoundedTable<Int>(max: 100)
        for number in 0..<1_000 {
            table.change("n\(number)", default: 0) { $0 += 1 }
            table.change("kept", default: 0) { $0 += 1 }
        }
        #expect(table.count <= 100 && table["kept"] == 1_000 && table["n999"] == 1 && table["n1"] == nil)
    }

    @Test("a decision's event says all of it again, and a damaged one is none")
    func eventAndBack() {
        let decision = BanditDecision(
            id: "d", person: "p", time: 5, placement: "artwork", subject: "t",
            actions: [.init("a", tags: ["face": 1, "with: colon": 0.25]), .init("b")], probabilities: [0.75, 0.25],
            chosen: 1, context: ["hour": .number(3), "device": .text("tv")])
        #expect(BanditDecision(decision.event) == decision)
        for name in ["chosen", "actions", "probabilities", "placement"] {
            var event = decision.event
            event.properties.removeAll { $0.name == name }
            #expect(BanditDecision(event) == nil)
        }
        var event = decision.event
        event.properties = event.properties.map {
            $0.name == "probabilities" ? .init("probabilities", .numbers([1, 0])) : $0
        }
        #expect(BanditDecision(event) == nil, "what was done had no chance")
    }
}

struct TasteTests {
    @Test("who takes what shows faces has a taste for faces, and nobody has one before")
    func taste() {
        var reader = PictureReader(
            ImpressionSource(
                shown: "Shown", artwork: "items.art", item: "items.id", taken: "Viewed", takenArtwork: "art",
                takenItem: "id", except: ["row": ["search"]])
        ) { id, _ in id.hasPrefix("f") ? ["face": 1] : ["text": 1] }
        #expect(reader.taste.features.isEmpty)
        func view(_ art: String, _ id: String, row: String = "top") -> Event {
            Event(
                person: "p", name: "Viewed", time: 0,
                properties: [.init("art", .string(art)), .init("id", .string(id)), .init("row", .string(row))])
        }
        for number in 0..<40 {
            let event = Event(
                person: "p", name: "Shown", time: 0,
                properties: [
                    .init("items.art", .strings(["f\(number)", "t\(number)"])),
                    .init("items.id", .strings(["i\(number)", "j\(number)"])),
                ])
            #expect(reader.read(event).shown.count == 2)
            if number % 2 == 0 { #expect(reader.read(view("f\(number)", "i\(number)")).taken == ["f\(number)"]) }
        }
        guard case .number(let face)? = reader.taste.features["taste.face"],
            case .number(let text)? = reader.taste.features["taste.text"]
        else { return #expect(Bool(false), "there are tastes") }
        #expect(face > 0.2 && text < -0.2)
        let before = reader.taste
        #expect(reader.read(view("t1", "i0")).taken.isEmpty, "an item that is known was not taken for its picture")
        #expect(reader.read(view("t1", "x", row: "search")).taken.isEmpty)
        #expect(reader.taste == before)
    }

    @Test("numbers become terms: small ones as they are, hours by part of the day, large ones by their size")
    func terms() {
        func names(_ name: String, _ value: ContextValue) -> [String] { ActionFeatures.terms(name, value).map(\.name) }
        #expect(names("hour", .number(23)) == names("hour", .number(0)))
        #expect(names("hour", .number(9)) != names("hour", .number(20)))
        #expect(ActionFeatures.terms("share", .number(-0.3)) == [NamedFeature("share", -0.3)])
        #expect(names("orders", .number(9)) == names("orders", .number(15)))
        #expect(names("orders", .number(9)) != names("orders", .number(-9)))
        #expect(names("x", .number(.nan)).isEmpty)
    }
}
