import ArgumentParser
import EventLog
import Foundation

/// `bench data`: builds the log of the synthetic events.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Builds a log of synthetic events.",
        discussion: "Keeps a log that has the wanted number of events already.")

    @OptionGroup var log: LogOptions
    @Option(help: "Events; a multiple of 100.")
    var rows: Int
    @Option(help: "Events in one load.")
    var batch = 1_000_000
    @Option(help: "Leaves so many segments, each with some events of everybody, instead of one.")
    var segments = 1
    @Option(
        help: "Leaves the events of so many hours before the end in a segment of their own, as they come to a server.")
    var apart = 0

    private struct Report: Encodable {
        var rows: Int
        var loadSeconds: Double
        var compactSeconds: Double
        var bytesOnDisk: Int
        /// Of `bytesOnDisk`: numbers that projections follow, which the peers' tables have no column for.
        var sequenceBytes: Int
        var segments: Int
        var segmentsBeforeCompaction: Int
        var peakMemoryBytes: Int
    }

    func validate() throws {
        if rows <= 0 || rows % SyntheticEvents.eventsPerPerson != 0 {
            throw ValidationError("--rows must be a multiple of 100")
        }
        if batch <= 0 || batch % SyntheticEvents.eventsPerPerson != 0 {
            throw ValidationError("--batch must be a multiple of 100")
        }
    }

    func run() throws {
        let events = SyntheticEvents()
        let cut = SyntheticEvents.end - Int64(apart) * 3_600_000
        var settings = EventLog.Options()
        if segments > 1 || apart > 0 { settings.compactionFanIn = 0 }
        let store = try EventLog.open(log.data, for: .writing, options: settings)
        var (loading, compacting, peak) = (0.0, 0.0, 0)
        let known = try store.statistics
        if known.events != 0 && known.events != rows {
            throw ValidationError("\(log.data) has \(known.events) events, not \(rows): remove it and try again")
        }
        var before = known.segments
        if known.events == 0, segments > 1 {
            for part in 0..<segments {
                let batch = try events.batch(stride(from: part, to: rows, by: segments), key: store.key)
                loading += try Measure.seconds { try store.load(batch) }.seconds
            }
        } else if known.events == 0 {
            for start in stride(from: 0, to: rows, by: batch) {
                let range = start..<min(start + batch, rows)
                let part = try events.batch(
                    apart == 0 ? Array(range) : range.filter { events.event($0).time < cut }, key: store.key)
                let loaded = try Measure.seconds { try store.load(part) }
                loading += loaded.seconds
                if start % 10_000_000 == 0 { Measure.note("loaded \(start / 1_000_000) million") }
            }
            before = try store.statistics.segments
            peak = try Measure.peakMemory { compacting = try Measure.seconds { try store.compact() }.seconds }
            if apart > 0 {
                try store.load(events.batch((0..<rows).filter { events.event($0).time >= cut }, key: store.key))
            }
        }
        let statistics = try store.statistics
        try store.close()
        try Measure.emit(
            Report(
                rows: statistics.events, loadSeconds: loading, compactSeconds: compacting,
                bytesOnDisk: try Self.size(log.data), sequenceBytes: statistics.sequenceBytes,
                segments: statistics.segments, segmentsBeforeCompaction: before,
                peakMemoryBytes: peak))
    }

    /// Of all files in a folder, in bytes. The folder itself may be a link to one.
    static func size(_ folder: String) throws -> Int {
        let root = URL(filePath: folder).resolvingSymlinksInPath().path
        return try FileManager.default.subpathsOfDirectory(atPath: root).reduce(0) { bytes, file in
            let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + file)
            guard attributes[.type] as? FileAttributeType == .typeRegular else { return bytes }
            return bytes + ((attributes[.size] as? Int) ?? 0)
        }
    }
}
