import Analysis
import ArgumentParser
import Engine
import EventLog
import Foundation

/// The zone in which times are shown, and in which days begin.
struct ZoneOption: ParsableArguments {
    @Option(
        name: .customLong("time-zone"),
        help: ArgumentHelp("The IANA time zone whose days and clock count, such as Asia/Seoul.", valueName: "zone"))
    var timeZone: String = "UTC"

    func validate() throws {
        if ZoneName(timeZone) == nil {
            throw ValidationError(
                "--time-zone: '\(timeZone)' is not an IANA time zone; names look like Asia/Seoul or UTC")
        }
    }

    /// `2024-05-01 18:30:00` on the clocks of the zone.
    func text(_ milliseconds: Int64) -> String { Timestamp.short(milliseconds + offset(at: milliseconds)) }

    private func offset(at milliseconds: Int64) -> Int64 {
        guard let zone = TimeZone(identifier: timeZone) else { return 0 }
        let moment = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
        return Int64(zone.secondsFromGMT(for: moment)) * 1000
    }
}
