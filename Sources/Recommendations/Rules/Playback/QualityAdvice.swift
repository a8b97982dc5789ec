import Foundation
package import Statistics

/// One picture quality that a stream is offered in.
package struct QualityRung: Sendable, Hashable, Codable {
    package var name: String
    /// Lines of the picture.
    package var height: Int
    /// What its stream needs.
    package var kilobits: Double

    package init(name: String, height: Int, kilobits: Double) {
        self.name = name
        self.height = height
        self.kilobits = kilobits
    }

    /// What most services offer, with the bit rates that Apple recommends for H.264 in "HLS Authoring Specification".
    package static let common = [
        QualityRung(name: "240p", height: 240, kilobits: 365), QualityRung(name: "360p", height: 360, kilobits: 730),
        QualityRung(name: "480p", height: 480, kilobits: 2_000),
        QualityRung(name: "720p", height: 720, kilobits: 4_500),
        QualityRung(name: "1080p", height: 1_080, kilobits: 7_800),
        QualityRung(name: "2160p", height: 2_160, kilobits: 16_800),
    ]
}

/// Which quality to begin with, and which not to exceed, and what decided it.
package struct QualityAdvice: Sendable, Hashable {
    package struct Circumstances: Sendable, Hashable {
        /// Lines that the screen has; nil is unknown.
        package var screenHeight: Int?
        /// Measured, in kilobits a second.
        package var throughput: [Double]
        package var network: NetworkKind?
        /// What is left of the contract's data; nil is without a limit, or not counted on this line.
        package var planBytesLeft: Double?
        /// Days until the contract's data begins anew.
        package var planDaysLeft: Double
        /// How long is left to play, in seconds.
        package var secondsLeft: Double

        package init(
            screenHeight: Int? = nil, throughput: [Double] = [], network: NetworkKind? = nil,
            planBytesLeft: Double? = nil, planDaysLeft: Double = 30, secondsLeft: Double = 3_600
        ) {
            self.screenHeight = screenHeight
            self.throughput = throughput
            self.network = network
            self.planBytesLeft = planBytesLeft
            self.planDaysLeft = planDaysLeft
            self.secondsLeft = secondsLeft
        }
    }

    package enum NetworkKind: String, Sendable, Hashable, Codable, CaseIterable {
        case ethernet, wifi, cellular5G = "5g", cellular4G = "4g", cellular3G = "3g"

        /// The throughput that four of five moments exceed, in kilobits a second, where nothing was measured. Cautious:
        /// a player finds out within seconds.
        var usualKilobits: Double {
            switch self {
            case .ethernet: 25_000
            case .wifi: 10_000
            case .cellular5G: 12_000
            case .cellular4G: 5_000
            case .cellular3G: 1_000
            }
        }
        package var isCellular: Bool { self == .cellular5G || self == .cellular4G || self == .cellular3G }
    }

    package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// The highest that is offered.
        case best
        case screen, throughput
        case dataPlan = "data_plan"
        /// Even the lowest may stall.
        case lowest
    }

    package var start: QualityRung
    package var ceiling: QualityRung
    /// What keeps the ceiling from being higher.
    package var reason: Reason
    /// What is counted on, in kilobits a second.
    package var sustainable: Double
    /// The share of what was measured that is below the ceiling's need; nil when nothing was.
    package var stallShare: Interval?
    /// What playing the rest at the ceiling takes.
    package var bytes: Double

    /// Four of five moments must carry it, and a fifth of the line is left for everything else.
    static let quantile = 0.2
    static let headroom = 0.8
    /// A beginning must not wait: nine of ten moments carry it.
    static let startQuantile = 0.1
    /// A session may take this many days' share of the contract's data.
    static let daysPerSession = 1.5

    /// - Parameter ladder: at least one rung, of different heights.
    package static func advise(_ ladder: [QualityRung], _ now: Circumstances) -> QualityAdvice? {
        let rungs = ladder.sorted { ($0.height, $0.kilobits) < ($1.height, $1.kilobits) }
        guard let lowest = rungs.first, let highest = rungs.last else { return nil }
        let measured = now.throughput.filter { $0.isFinite && $0 >= 0 }.sorted()
        func line(_ q: Double, _ factor: Double) -> Double {
            let usual = (now.network ?? .wifi).usualKilobits * factor
            guard let found = Quantile.ofSorted(measured, q) else { return usual * headroom }
            // Few measurements count as many; the network's usual figure as three more.
            let n = Double(measured.count)
            return (n * found + 3 * min(usual, found * 4)) / (n + 3) * headroom
        }
        let sustainable = line(quantile, 1)
        let forScreen = now.screenHeight.map { height in
            rungs.first { $0.height >= height } ?? highest
        }
        let forLine = rungs.last { $0.kilobits <= sustainable } ?? lowest
        let session = now.planBytesLeft.map { max(0, $0) / max(1, now.planDaysLeft) * daysPerSession }
        let forPlan = session.map { bytes in
            rungs.last { bytesFor($0, now.secondsLeft) <= bytes } ?? lowest
        }
        let limits: [(Reason, QualityRung)] =
            [(.throughput, forLine)] + (forPlan.map { [(.dataPlan, $0)] } ?? [])
            + (forScreen.map { [(.screen, $0)] } ?? [])
        let ceiling = limits.map(\.1).min { $0.height < $1.height } ?? highest
        let quick = line(startQuantile, 0.6)
        let start = rungs.last { $0.kilobits <= quick && $0.height <= ceiling.height } ?? lowest
        var reason = limits.first { $0.1 == ceiling }?.0 ?? .best
        if ceiling == highest { reason = .best }
        if ceiling == lowest, lowest.kilobits > sustainable { reason = .lowest }
        let below = measured.count { $0 < ceiling.kilobits }
        return QualityAdvice(
            start: start, ceiling: ceiling, reason: reason, sustainable: sustainable,
            stallShare: Proportion.interval(successes: below, trials: measured.count),
            bytes: bytesFor(ceiling, now.secondsLeft))
    }

    private static func bytesFor(_ rung: QualityRung, _ seconds: Double) -> Double {
        rung.kilobits * 1_000 / 8 * max(0, seconds)
    }
}
