import DemoWorld
import Foundation

/// What has been decided for the people of one business, in the order of time, kept in a file: after a restart the
/// world goes on with it. A world is a function of its settings and of these.
///
/// ```json
/// {"sequence":48211,"deed":{"time":1764500000000,"person":"c-000017","action":{"help":{"topic":"guide"}}}}
/// ```
struct DemoActions {
    struct Entry: Codable, Hashable {
        /// Of the decision's event in the log.
        var sequence: UInt64
        var deed: DatedAction
    }

    private let path: String
    private(set) var entries: [Entry] = []

    /// Reads what is there. The end of a line that was being written when the process was killed is cut off.
    ///
    /// - Throws: `Failure` for a file that cannot be read or holds something else.
    init(_ path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else { return }
        let end = data.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        for line in data[..<end].split(separator: UInt8(ascii: "\n")) {
            guard let entry = try? JSONDecoder().decode(Entry.self, from: line) else {
                throw Failure(
                    .failure, code: "invalid_demo",
                    "\(path) does not hold what was done in a demonstration; --reset begins anew")
            }
            entries.append(entry)
        }
        if end < data.count { try data[..<end].write(to: URL(fileURLWithPath: path), options: .atomic) }
    }

    /// The number in the log after that of the latest decision; nil before the first.
    var nextSequence: UInt64? { entries.last.map { $0.sequence + 1 } }

    /// What was done until a time, and what has yet to be: a record of where the world is may be older than the last
    /// action.
    func deeds(until time: Int64) -> (done: [DatedAction], open: [DatedAction]) {
        let deeds = entries.map(\.deed)
        return (deeds.filter { $0.time <= time }, deeds.filter { $0.time > time })
    }

    /// Adds to the file before anything is done, so that nothing is done that is not in it.
    ///
    /// - Parameter more: not before the entries that are there.
    mutating func add(_ more: [Entry]) throws {
        if more.isEmpty { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = Data()
        for entry in more { text += try encoder.encode(entry) + Data("\n".utf8) }
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: text)
        try file.synchronize()
        entries += more
    }
}
