import Foundation
import Statistics

/// The weather over the capital: means of the month (Korea Meteorological Administration, Seoul, 1991 to 2020,
/// rounded), and days that take after the day before.
package struct Weather: Sendable {
    package struct Day: Sendable, Hashable {
        /// The mean of the day, in degrees Celsius.
        package var celsius: Double
        package var rains: Bool
    }

    private let firstDay: Int
    private let days: [Day]

    private static let means = [-1.9, 0.7, 6.1, 12.6, 18.2, 22.7, 25.3, 26.1, 21.7, 15.0, 7.5, 0.2]
    private static let rainShares = [0.19, 0.19, 0.23, 0.27, 0.27, 0.31, 0.52, 0.46, 0.29, 0.19, 0.28, 0.24]

    /// - Parameter count: days; whoever asks for later ones gets those of the same season again.
    init(firstDay: Int, days count: Int, random source: RandomSource) {
        var random = source
        var deviation = 0.0
        self.firstDay = firstDay
        days = (0..<count).map { offset in
            let date = KoreanCalendar.date(firstDay + offset)
            // Between the middles of two months lies the mean of both, in proportion.
            let place = Double(date.month) - 1.5 + Double(date.day) / 30
            let low = (Int(place.rounded(.down)) + 12) % 12
            let share = place - place.rounded(.down)
            let mean = Weather.means[low] * (1 - share) + Weather.means[(low + 1) % 12] * share
            deviation = 0.7 * deviation + random.normal(deviation: 2.2)
            let rains = random.chance(Weather.rainShares[date.month - 1])
            return Day(celsius: mean + deviation - (rains && mean > 15 ? 1.5 : 0), rains: rains)
        }
    }

    package subscript(day: Int) -> Day {
        var offset = max(0, day - firstDay)
        while offset >= days.count { offset -= 365 }
        return days[max(0, offset)]
    }
}
