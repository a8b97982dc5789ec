import Analysis
import Engine
import EventLog
import People
import Settings

/// Answers out of a data folder. Opens the log for each call, and for as long as it takes.
struct FolderBackend: Backend {
    let folder: Workspace
    var workspace: String { folder.name }
    var people: any PeopleBackend { FolderPeople(folder: folder) }
    var items: any ItemBackend { FolderItems(folder: folder) }
    var insights: any InsightBackend { FolderInsights(folder: folder) }
    var recommendations: any RecommendationBackend { FolderRecommendations(folder: folder) }
    var content: any ContentBackend { FolderContent(folder: folder) }
    var intent: any IntentBackend { FolderIntent(folder: folder) }

    func settings(_ change: SettingsChange?) async throws -> WorkspaceSettings {
        try await folder.opened(isNew: change != nil) { live in
            if let change { try live.change(change) }
            return live.settings.current
        }
    }

    func answer(_ queries: [NamedQuery]) async throws -> [AnalysisService.Answer] {
        try folder.reading { log in
            let service = try QueryService(log: log, traits: try folder.readTraits())
            return try queries.map { named in
                do {
                    return try service.answer(named.query)
                } catch let error as QueryError {
                    throw Failure(error, source: named.source)
                }
            }
        }
    }

    func search(_ search: EventSearch) async throws -> EventSearch.Found {
        try folder.reading { try search.run(on: try $0.snapshot(), now: EventLog.systemTime()) }
    }

    func latest(_ count: Int) async throws -> (events: [Event], total: Int) {
        try folder.reading { log in
            (try EventTail(log: log).latest(count).map(\.event.sorted), try log.statistics.events)
        }
    }

    func follow(
        _ count: Int, show: ([Event], Int) throws -> Void, append: ([Event]) throws -> Void
    ) async throws {
        try folder.reading { log in
            // At least one, so that it is known where to go on.
            let latest = try EventTail(log: log).latest(max(count, 1))
            try show(latest.suffix(count).map(\.event.sorted), try log.statistics.events)
            var follower = EventFollower(log: log, from: latest.last.map { $0.sequence + 1 } ?? 0)
            while !Interrupt.requested {
                let start = ContinuousClock.now
                _ = try follower.takeNew { try append($0.map(\.event.sorted)) }
                // So short that it feels immediate, and never more than a fifth of the time is spent on looking.
                Interrupt.wait(max(.milliseconds(200), (ContinuousClock.now - start) * 4))
            }
        }
    }

    func history(of person: String, last: Int) async throws -> PersonHistory? {
        let history = try folder.reading { try $0.snapshot().history(of: person).map(\.event) }
        guard let first = history.first?.time, let latest = history.last?.time else { return nil }
        return PersonHistory(
            events: history.suffix(last).map(\.sorted), total: history.count, first: first, last: latest)
    }

    func statistics() async throws -> StatisticsView {
        StatisticsView(workspace: workspace, try folder.reading { try $0.statistics })
    }

    func names() async throws -> LogStatistics { try folder.reading { try $0.statistics } }

    func schema(of event: String) async throws -> EventSchema {
        try folder.reading { try EventSchema.read(event, from: try $0.snapshot()) }
    }

    func forget(_ person: String) async throws -> Int {
        do {
            return try await people.delete(person).counts["events"] ?? 0
        } catch let error as PeopleError where error.code == .notFound {
            return 0
        }
    }

    func export(
        _ format: ExportService.Format, events: Set<String>, progress: Progress,
        write: @Sendable ([UInt8]) throws -> Void
    ) async throws -> Int {
        try folder.reading { log in
            let total = try log.statistics.events
            return try ExportService(log: log).export(
                format, include: ExportService.filter(events),
                progress: { progress.update(share: total > 0 ? Double($0) / Double(total) : nil, count: $0) },
                shouldStop: { Interrupt.requested }, write: write)
        }
    }

    func importFiles(_ files: [ImportFile], _ rejects: RejectOptions, _ report: inout ImportReport) async throws {
        try await folder.opened(isNew: true) { live in
            for file in files { try run(file, rejects, live.log, &report) }
            let progress = Progress("Bringing persons up to date", unit: "events")
            defer { progress.finish() }
            let total = Int(live.log.nextSequence)
            try live.catchUp { count in
                progress.update(share: total > 0 ? min(1, Double(count) / Double(total)) : nil, count: count)
            }
        }
    }

    private func run(
        _ file: ImportFile, _ rejects: RejectOptions, _ log: EventLog, _ report: inout ImportReport
    ) throws {
        var options = file.options
        options.isStrict = rejects.strict
        options.allowsDivergence = rejects.again
        let progress = Progress("Importing \(file.name)", unit: "events")
        defer { progress.finish() }
        let index = report.begin(file.path)
        try ImportService(log: log).run(
            file.path, options: options, rejects: rejects.file(beside: file.path),
            summary: &report.sources[index].summary,
            progress: { done in
                let total = done.totalBytes.map { Double(done.bytesRead) / Double(max(1, $0)) }
                progress.update(share: total, count: done.events)
            }, shouldStop: { Interrupt.requested })
    }
}

extension ImportFile {
    /// What messages call it.
    var name: String {
        path == "-" ? "standard input" : path.split(separator: "/").last.map(String.init) ?? path
    }
}

extension RejectOptions {
    func file(beside path: String) -> RejectFile {
        rejects.map { RejectFile(at: $0) } ?? RejectFile(beside: path)
    }
}
