import Analysis
import Engine
import EventLog
import Settings

/// Where commands get their answers from: a data folder, or a server that has one open. Both answer alike.
protocol Backend: AudienceBackend {
    /// The workspace's name.
    var workspace: String { get }
    var people: any PeopleBackend { get }
    var items: any ItemBackend { get }
    var insights: any InsightBackend { get }
    var recommendations: any RecommendationBackend { get }
    var content: any ContentBackend { get }
    var intent: any IntentBackend { get }

    /// What the workspace is set to, after a change if there is one.
    func settings(_ change: SettingsChange?) async throws -> WorkspaceSettings

    /// - Throws: `Failure` naming the question that cannot be answered.
    func answer(_ queries: [NamedQuery]) async throws -> [AnalysisService.Answer]
    func search(_ search: EventSearch) async throws -> EventSearch.Found
    /// The events that were stored last, in that order, and how many there are in all.
    func latest(_ count: Int) async throws -> (events: [Event], total: Int)
    /// The latest events, then those that are stored from now on, until `Interrupt.requested`.
    ///
    /// - Parameters:
    ///   - show: called with the latest, and how many there are in all.
    ///   - append: called with further ones, as they come.
    func follow(
        _ count: Int, show: ([Event], Int) throws -> Void, append: ([Event]) throws -> Void
    ) async throws
    /// Nil for a person who has done nothing.
    func history(of person: String, last: Int) async throws -> PersonHistory?
    func statistics() async throws -> StatisticsView
    func names() async throws -> LogStatistics
    func schema(of event: String) async throws -> EventSchema
    /// - Returns: the number of events that were removed.
    func forget(_ person: String) async throws -> Int
    /// - Returns: how many events were written.
    func export(
        _ format: ExportService.Format, events: Set<String>, progress: Progress,
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> Int
    /// Adds what each file came to to the report, which is right also when this throws.
    func importFiles(_ files: [ImportFile], _ rejects: RejectOptions, _ report: inout ImportReport) async throws
}

/// What one person did.
struct PersonHistory: Sendable {
    /// The latest, in time order.
    var events: [Event]
    var total: Int
    /// The times of the first and the last of all.
    var first: Int64
    var last: Int64
}

/// A file to import, and how.
struct ImportFile: Sendable {
    var path: String
    var options: ImportOptions
    /// The same for a server: the parameters of its address.
    var parameters: [(String, String)]
}

extension Event {
    /// The same with its properties by name, the order in which every command shows them.
    var sorted: Event {
        var copy = self
        copy.properties.sort { $0.name < $1.name }
        return copy
    }
}
