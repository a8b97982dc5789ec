import Foundation

extension OddsRatio {
    static func log(_ value: Double) -> Double { Foundation.log(value) }
    static func exp(_ value: Double) -> Double { Foundation.exp(value) }

    /// The probability that a standard normal value lies further from 0, on either side.
    static func tail(_ score: Double) -> Double { erfc(abs(score) / 2.0.squareRoot()) }
}
