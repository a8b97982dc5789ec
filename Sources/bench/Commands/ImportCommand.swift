import ArgumentParser
import DemoWorld
import Engine
import EventLog
import Foundation

/// `bench import`: how fast files come in.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Measures importing JSON Lines, CSV and the synthetic shop.",
        discussion:
            "Writes the files first, then imports each into a new log, as `dangol import` does; the files are in the page cache."
    )

    @Option(help: "A folder for files and logs; what is made is removed again.")
    var folder: String
    @Option var rows = 5_000_000
    @Option(help: "How often each file is imported; the median counts.")
    var runs = 3
    @Option(help: "Only this file: jsonLines, csv or shop.")
    var only: String?

    private struct Import: Encodable {
        var events: Int
        var fileBytes: Int
        var seconds: Double
        var eventsPerSecond: Double
        var megabytesPerSecond: Double
        var logBytes: Int
    }

    func run() throws {
        let files = FileManager.default
        try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var report: [String: Import] = [:]
        for name in ["jsonLines", "csv", "shop"] where only == nil || only == name {
            let path = "\(folder)/bench-import.\(name)"
            defer { try? files.removeItem(atPath: path) }
            try write(name, to: path)
            report[name] = try measure(path, options(name))
            Measure.note("Dangol import of \(name): \(Int(report[name]?.eventsPerSecond ?? 0)) events/s")
        }
        try Measure.emit(report)
    }

    private func write(_ name: String, to path: String) throws {
        switch name {
        case "jsonLines": try TextFiles.write(.jsonLines, rows: rows, to: path)
        case "csv": try TextFiles.write(.csv, rows: rows, to: path)
        default:
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            defer { try? file.close() }
            let shop = try ShopGenerator(
                seed: 1, persons: max(1, rows / 100), events: rows, from: SyntheticEvents.start,
                to: SyntheticEvents.start + 180 * 86_400_000)
            try shop.write(to: { try file.write(contentsOf: Data($0)) })
        }
    }

    private func options(_ name: String) -> ImportOptions {
        if name != "csv" { return ImportOptions(.jsonLines) }
        return ImportOptions(
            .delimited(DelimitedOptions(person: "person", time: "time", event: .column("event"), messageID: "id")))
    }

    private func measure(_ path: String, _ options: ImportOptions) throws -> Import {
        let files = FileManager.default
        let fileBytes = try files.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        var times: [Double] = []
        var (stored, logBytes) = (0, 0)
        for _ in 0..<max(1, runs) {
            let data = "\(path).log"
            try? files.removeItem(atPath: data)
            defer { try? files.removeItem(atPath: data) }
            let timed = try Measure.seconds {
                let store = try EventLog.open(data, for: .writing)
                var summary = ImportService.Summary()
                try ImportService(log: store).run(
                    path, options: options, rejects: RejectFile(at: path + ".rejected"), summary: &summary)
                try store.close()
                return summary
            }
            stored = timed.value.stored
            times.append(timed.seconds)
            logBytes = try BuildCommand.size(data)
        }
        let seconds = times.sorted()[times.count / 2]
        return Import(
            events: stored, fileBytes: fileBytes, seconds: seconds, eventsPerSecond: Double(stored) / seconds,
            megabytesPerSecond: Double(fileBytes) / seconds / 1e6, logBytes: logBytes)
    }
}

/// `bench generate`: how fast the synthetic shop is written.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Measures writing the synthetic shop.")

    @Option var rows = 5_000_000

    private struct Report: Encodable {
        var events: Int
        var bytes: Int
        var seconds: Double
        var eventsPerSecond: Double
    }

    func run() throws {
        let shop = try ShopGenerator(
            seed: 1, persons: max(1, rows / 100), events: rows, from: SyntheticEvents.start,
            to: SyntheticEvents.start + 180 * 86_400_000)
        var bytes = 0
        let timed = try Measure.seconds { try shop.write(to: { bytes += $0.count }) }
        try Measure.emit(
            Report(events: rows, bytes: bytes, seconds: timed.seconds, eventsPerSecond: Double(rows) / timed.seconds))
    }
}
