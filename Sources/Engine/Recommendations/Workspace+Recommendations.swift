import Analysis
package import EventLog
import Foundation
package import Recommendations
import State
import Yams

extension Workspace {
    /// Trained models: `<models>/<name>/<version>`.
    package var modelsFolder: String { folder + "/models" }

    /// Recommendations from a log of this workspace.
    ///
    /// - Throws: `StateError` when there is a catalogue that cannot be read.
    package func recommendations(_ log: EventLog) throws -> RecommendationService {
        RecommendationService(
            folder: modelsFolder, history: log, items: try CatalogItems.reading(self) ?? NoItems(),
            gate: try profilingGate())
    }
}

extension Workspace {
    /// What events say about items, as somebody has set it; read also while a server has the folder open.
    ///
    /// - Throws: `StateError`.
    package func readFeedback() throws -> FeedbackSettings? {
        guard FileManager.default.fileExists(atPath: statePath) else { return nil }
        let state = try StateDatabase.openForReading(statePath)
        defer { try? state.close() }
        return try PlacementService.feedback(in: state)
    }
}

extension RecommendationSettings {
    /// Reads settings from a file in YAML or JSON.
    ///
    /// - Throws: `EngineError` naming the file and the field in it.
    package static func read(_ path: String) throws -> RecommendationSettings {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw EngineError(.io, "the file \(path) cannot be read: \(reason(error))")
        }
        guard data.count <= 1 << 20, let text = String(bytes: data, encoding: .utf8) else {
            throw EngineError(.invalidArgument, "\(path) is no text in UTF-8 of at most 1 MB")
        }
        return try RecommendationSettings(yaml: text, source: path)
    }

    /// - Parameter source: what errors call the text.
    package init(yaml: String, source: String) throws {
        do {
            self = try YAMLDecoder().decode(RecommendationSettings.self, from: yaml)
        } catch {
            throw EngineError(.invalidArgument, "\(source): \(Definitions.describe(error))")
        }
    }
}
