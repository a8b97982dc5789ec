import Analysis
import EventLog
import Foundation
package import Recommendations
import Synchronization

/// Which events a workspace's playback and shopping are read from: what somebody set, kept in
/// `<workspace>/mappings/<name>.json`, or else what the log's names suggest.
package final class MappingFiles: Sendable {
    private let folder: String
    private let log: EventLog
    /// Suggestions cost a scan of the events they look at, so one that was found stays.
    private let suggested = Mutex<(playback: PlaybackMapping?, shopping: ShoppingMapping?)>((nil, nil))

    /// A mapping, and where it is from.
    package struct Chosen<Mapping: Sendable & Encodable>: Sendable, Encodable {
        package var mapping: Mapping
        package var isSuggested: Bool

        package init(mapping: Mapping, isSuggested: Bool) {
            self.mapping = mapping
            self.isSuggested = isSuggested
        }
    }

    init(folder: String, log: EventLog) {
        self.folder = folder
        self.log = log
    }

    /// - Returns: nil when nothing was set and nothing seems to be played.
    package func playback() throws -> Chosen<PlaybackMapping>? {
        if let set: PlaybackMapping = try read("playback") { return Chosen(mapping: set, isSuggested: false) }
        let known = suggested.withLock { $0.playback }
        guard let mapping = try known ?? PlaybackMapping.suggested(by: log) else { return nil }
        suggested.withLock { $0.playback = mapping }
        return Chosen(mapping: mapping, isSuggested: true)
    }

    /// - Returns: nil when nothing was set and nothing seems to be searched or bought.
    package func shopping() throws -> Chosen<ShoppingMapping>? {
        if let set: ShoppingMapping = try read("shopping") { return Chosen(mapping: set, isSuggested: false) }
        let known = suggested.withLock { $0.shopping }
        guard let mapping = try known ?? ShoppingMapping.suggested(by: log) else { return nil }
        suggested.withLock { $0.shopping = mapping }
        return Chosen(mapping: mapping, isSuggested: true)
    }

    /// - Parameter mapping: nil goes back to what the names suggest.
    package func set(playback mapping: PlaybackMapping?) throws { try write("playback", mapping) }
    package func set(shopping mapping: ShoppingMapping?) throws { try write("shopping", mapping) }

    private func path(_ name: String) -> String { "\(folder)/\(name).json" }

    private func read<Mapping: Decodable>(_ name: String) throws -> Mapping? {
        guard let data = FileManager.default.contents(atPath: path(name)) else { return nil }
        do {
            return try JSONDecoder().decode(Mapping.self, from: data)
        } catch {
            throw EngineError(
                .invalidArgument, "\(path(name)) cannot be read: \(reason(error)). Mend it or delete it")
        }
    }

    private func write(_ name: String, _ mapping: (some Encodable)?) throws {
        suggested.withLock { $0 = (nil, nil) }
        do {
            guard let mapping else {
                if FileManager.default.fileExists(atPath: path(name)) {
                    try FileManager.default.removeItem(atPath: path(name))
                }
                return
            }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(mapping).write(to: URL(fileURLWithPath: path(name)), options: .atomic)
        } catch {
            throw EngineError(.io, "\(path(name)) cannot be written: \(reason(error))")
        }
    }
}
