import Catalog
import EventLog
import Foundation
import People
package import Recommendations
import State
import Synchronization

extension LiveWorkspace {
    /// Models of this workspace, trained on what is there now.
    package var recommendations: RecommendationService {
        RecommendationParts.models(workspace, log, catalog, people, now)
    }
}

/// How a workspace's recommendations are put together.
enum RecommendationParts {
    static func models(
        _ workspace: Workspace, _ log: EventLog, _ catalog: CatalogService, _ people: PeopleService,
        _ now: @escaping @Sendable () -> Int64
    ) -> RecommendationService {
        RecommendationService(
            folder: workspace.modelsFolder, history: log, items: LiveCatalogItems(catalog: catalog),
            gate: ProfilingGate(people: people), now: now)
    }

    static func decisions(
        _ workspace: Workspace, _ log: EventLog, _ catalog: CatalogService, _ people: PeopleService,
        _ placements: PlacementService, _ now: @escaping @Sendable () -> Int64
    ) -> DecisionService {
        DecisionService(
            models: models(workspace, log, catalog, people, now), placements: placements, log: log,
            gate: ProfilingGate(people: people), suggestFeedback: { try FeedbackSettings.suggested(by: log) })
    }
}

/// Who wants to be profiled.
struct ProfilingGate: DecisionGate {
    let people: PeopleService

    /// Of whom nothing can be told they get what everybody does.
    func mayProfile(_ person: String) -> Bool { (try? people.mayProfile(person)) ?? false }
}

/// The same for who is made before People are: until it is set, nobody.
final class LateProfilingGate: DecisionGate {
    private let gate = Mutex<ProfilingGate?>(nil)

    func set(_ gate: ProfilingGate) { self.gate.withLock { $0 = gate } }

    func mayProfile(_ person: String) -> Bool { gate.withLock { $0 }?.mayProfile(person) ?? false }
}

/// The same of a folder that this program only reads.
private struct FolderProfilingGate: DecisionGate {
    let state: StateDatabase

    func mayProfile(_ person: String) -> Bool { (try? PeopleService.mayProfile(person, in: state)) ?? false }
}

extension Workspace {
    /// Who wants to be profiled, of a folder that this program only reads.
    ///
    /// - Throws: `StateError` when the state cannot be read.
    func profilingGate() throws -> any DecisionGate {
        guard FileManager.default.fileExists(atPath: statePath) else { return OpenGate() }
        return FolderProfilingGate(state: try StateDatabase.openForReading(statePath))
    }
}

/// Takes a deleted person out of what decisions remember; made before there are decisions.
final class DecisionEraser: PersonEraser {
    private let services = Mutex<(decisions: DecisionService, policies: PolicyService)?>(nil)

    func set(_ decisions: DecisionService, _ policies: PolicyService) {
        services.withLock { $0 = (decisions, policies) }
    }

    func erase(ids: [String]) throws -> [String: Int] {
        let services = services.withLock { $0 }
        services?.decisions.forget(ids)
        services?.policies.forget(ids)
        return [:]
    }
}
