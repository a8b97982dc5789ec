import ArgumentParser
import DemoWorld
import Engine
import EventLog
import Foundation

/// `bench profiles`: how long it takes until everything is known of the people of a file that has been imported.
struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles", abstract: "Measures bringing profiles up to date after an import.",
        discussion: """
            Imports the synthetic shop, in which visitors become customers, and then does what a server does that finds so \
            many new events: ids are joined, traits and consents stored, texts made findable.
            """)

    @Option(help: "A folder for the file and the data; removed again.")
    var folder: String
    @Option(help: "Events and persons, a pair for each run: 1000000:10000.")
    var sizes = ["1000000:10000", "3000000:60000"]

    private struct Run: Encodable {
        var events: Int
        var persons: Int
        var importSeconds: Double
        var profilesSeconds: Double
        var merges: Int
        var stateBytes: Int
        var memoryBytes: Int
    }

    private struct Report: Encodable {
        var runs: [Run]
    }

    func run() throws {
        try? FileManager.default.removeItem(atPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let runs = try sizes.map { size in
            let parts = size.split(separator: ":").compactMap { Int($0) }
            guard parts.count == 2, parts.allSatisfy({ $0 > 0 }) else {
                throw ValidationError("--sizes takes pairs such as 1000000:10000, not '\(size)'")
            }
            return try measure(events: parts[0], persons: parts[1])
        }
        try Measure.emit(Report(runs: runs))
    }

    private func measure(events: Int, persons: Int) throws -> Run {
        let path = folder + "/shop.jsonl"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try ShopGenerator(
            seed: 1, persons: persons, events: events, from: SyntheticEvents.start,
            to: SyntheticEvents.start + 180 * 86_400_000
        ).write(to: { try file.write(contentsOf: Data($0)) })
        try file.close()
        let data = folder + "/data-\(events)"
        let live = try LiveWorkspace.open(Workspace(data: data, name: "default"))
        var summary = ImportService.Summary()
        try ImportService(log: live.log).run(
            path, options: ImportOptions(.jsonLines), rejects: RejectFile(at: path + ".rejected"), summary: &summary)
        let seconds = try Measure.seconds { try live.catchUp() }.seconds
        let merges = try live.log.statistics.merges
        let memory = Measure.anonymousMemory
        try live.close()
        let state = try FileManager.default.attributesOfItem(atPath: data + "/default/state.sqlite")[.size] as? Int ?? 0
        Measure.note("profiles of \(events) events of \(persons) persons: \(seconds) s")
        return Run(
            events: summary.stored, persons: persons, importSeconds: summary.seconds, profilesSeconds: seconds,
            merges: merges, stateBytes: state, memoryBytes: memory)
    }
}
