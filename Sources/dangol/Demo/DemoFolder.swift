import DemoWorld
import Foundation

/// Where a demonstration has got to.
struct DemoRecord: Codable, Hashable {
    private var seed: UInt64
    private var start: Int64
    private var scale: Double
    /// Until when the people have lived, by their clock, and what ours said then. Milliseconds UTC.
    var worldTime: Int64
    var time: Int64

    init(_ settings: WorldSettings, worldTime: Int64, time: Int64) {
        seed = settings.seed
        start = settings.start
        scale = settings.scale
        self.worldTime = worldTime
        self.time = time
    }

    var settings: WorldSettings { WorldSettings(seed: seed, start: start, scale: scale) }
}

/// The data folder of a demonstration. A file in it says that it is one, so that nothing else is ever thrown away.
struct DemoFolder {
    let path: String
    private var mark: String { path + "/demo.json" }

    init(_ path: String) { self.path = path }

    /// Nil when there is no demonstration, or its year was not finished.
    ///
    /// - Throws: `Failure` for a record that cannot be read.
    func record() throws -> DemoRecord? {
        guard let text = FileManager.default.contents(atPath: mark), !text.isEmpty else { return nil }
        guard let record = try? JSONDecoder().decode(DemoRecord.self, from: text) else {
            throw Failure(
                .failure, code: "invalid_demo", "\(mark) is not the record of a demonstration; --reset begins anew")
        }
        return record
    }

    func write(_ record: DemoRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(record).write(to: URL(fileURLWithPath: mark), options: .atomic)
    }

    /// What has been done to the people of a business.
    func actions(of business: String) throws -> DemoActions { try DemoActions(path + "/\(business).actions.jsonl") }

    /// Makes an empty folder, with the mark and no record yet.
    func begin() throws {
        try remove()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: mark))
    }

    /// - Throws: `Failure` when the folder is something else.
    func remove() throws {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return }
        let isEmpty = try files.contentsOfDirectory(atPath: path).isEmpty
        guard isEmpty || files.fileExists(atPath: mark) else {
            throw Failure(
                .usage, code: "not_a_demo",
                "the folder \(path) holds something else than a demonstration; name another one with --data")
        }
        try files.removeItem(atPath: path)
    }
}
