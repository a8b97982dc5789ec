import DemoWorld
import EventLog
import Foundation
import Recommendations
import Statistics

/// One world of the proof, from its first day to the last.
struct LoopSeed {
    struct Plan {
        /// 1 is a thousand households.
        var scale = 0.6
        /// Days of history before anything is decided.
        var historyDays = 120
        /// Days on which rows and pictures are decided; the second half of them is measured.
        var days = 28
        /// Viewers who look each day.
        var viewers = 150
        /// Titles of the row whose picture is chosen, too.
        var pictures = 3
        var policy = PolicySettings(.linUCB, exploration: 0.1)
        /// Without the cinema.
        var isMomentsOnly = false
    }

    struct Outcome {
        var rows: RowsLoop.Outcome
        var artwork: ArtworkLoop.Outcome
        /// As the product measures it, from the log alone.
        var lift: Lift
        var moments: MomentsLoop.Outcome
    }

    let plan: Plan
    let seed: UInt64
    let folder: String

    func run() throws -> Outcome {
        let moments = try MomentsLoop(seed: seed, folder: folder).run()
        if plan.isMomentsOnly {
            return Outcome(rows: .init(), artwork: .init(), lift: Lift.make([]), moments: moments)
        }
        return try cinema(moments)
    }

    private func cinema(_ moments: MomentsLoop.Outcome) throws -> Outcome {
        let history = try LoopHistory(
            seed: seed, scale: plan.scale, days: plan.historyDays, folder: folder, Cinema.init)
        defer { try? history.close() }
        let viewers = try viewers(history)
        var random = RandomSource(seed: seed, stream: 1)
        var rows = try RowsLoop(history, viewers: viewers, seed: seed, folder: folder + "/models-\(seed)")
        var artwork = try ArtworkLoop(history, plan.policy, viewers: viewers, seed: seed)
        artwork.findBestFixed(Array(viewers.prefix(80)), at: history.world.time)
        for day in 0..<plan.days {
            if day > 0, day % 7 == 0 { try rows.train() }
            let evening = history.world.time + 20 * KoreanCalendar.hour
            try history.advance(to: evening)
            var order = viewers
            order.shuffle(using: &random)
            for viewer in order.prefix(plan.viewers) {
                let isMeasured = day >= plan.days / 2
                guard let look = try rows.show(to: viewer, at: evening, isMeasured: isMeasured) else { continue }
                for id in look.items.prefix(plan.pictures) {
                    guard let title = history.world.business.catalogue.title(id: id) else { continue }
                    try artwork.show(title, to: viewer, at: evening, isMeasured: isMeasured)
                }
            }
            try history.advance(to: evening + 4 * KoreanCalendar.hour)
            try artwork.learn()
        }
        return Outcome(rows: rows.outcome, artwork: artwork.outcome, lift: Lift.make(artwork.trials), moments: moments)
    }

    private func viewers(_ history: LoopHistory<Cinema>) throws -> [String] {
        let settings = RecommendationSettings(interactions: [InteractionMapping(event: "Title Viewed", item: "titleId")]
        )
        return try history.log.snapshot().interactions(settings, threads: 1).persons.filter { $0.hasPrefix("viewer-") }
    }
}
