import ArgumentParser
import DemoWorld
import Foundation

/// `bench world`: how fast the invented businesses live through a year, and write what happens as an SDK would.
struct WorldCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "world", abstract: "Measures simulating a year of the demonstration's businesses.")

    @Option(help: "1 is the whole demonstration.")
    var scale = 1.0
    @Option var threads = 2

    private struct Report: Encodable {
        var events: Int
        var requestBytes: Int
        /// Simulating alone, and putting the events into requests.
        var liveSeconds: Double
        var writeSeconds: Double
        var eventsPerSecond: Double
    }

    func run() throws {
        // A year that holds Chuseok and Seollal.
        let settings = WorldSettings(
            seed: 7, start: KoreanCalendar.midnight(KoreanCalendar.day(2025, 3, 1)), scale: scale)
        var report: [String: Report] = [:]
        for world in SimulatedWorlds.all(settings) { report[world.description.name] = try measure(world) }
        try Measure.emit(report)
    }

    private func measure(_ world: any SimulatedWorld) throws -> Report {
        let (start, end) = (world.time, world.time + 365 * KoreanCalendar.day)
        var report = Report(events: 0, requestBytes: 0, liveSeconds: 0, writeSeconds: 0, eventsPerSecond: 0)
        var time = start
        while time < end {
            time = min(time + 7 * KoreanCalendar.day, end)
            let lived = Measure.seconds { world.advance(to: time, threads: threads) }
            let written = Measure.seconds {
                var (next, bytes) = (0, 0)
                while next < lived.value.count {
                    let batch = lived.value.batch(from: next, bytesMax: 500 << 10)
                    bytes += batch.body.count
                    next = batch.next
                }
                return bytes
            }
            report.events += lived.value.count
            report.requestBytes += written.value
            report.liveSeconds += lived.seconds
            report.writeSeconds += written.seconds
        }
        report.eventsPerSecond = Double(report.events) / (report.liveSeconds + report.writeSeconds)
        return report
    }
}
