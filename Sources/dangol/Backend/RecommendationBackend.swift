import Engine
import EventLog
import Recommendations

/// What commands want of models, placements and what events say about items, in a folder or by a server.
protocol RecommendationBackend: Sendable {
    /// What somebody has set; nil when nobody has.
    func feedback() async throws -> FeedbackSettings?
    func setFeedback(_ settings: FeedbackSettings) async throws
    func placements() async throws -> [Placement]
    func put(_ placement: Placement) async throws

    /// - Parameters:
    ///   - notice: told what the training goes by when nobody has said it.
    ///   - progress: told how far it is; false ends it, and nothing is changed.
    func train(
        _ training: TrainBody, notice: (String) -> Void,
        progress: @escaping @Sendable (_ stage: String, _ share: Double) -> Bool
    ) async throws -> ModelVersion
    func versions(of model: String) async throws -> ModelVersionsView
    /// - Parameter number: nil is the newest before the active one that was active itself.
    func rollBack(_ model: String, to number: Int?) async throws -> ModelVersion
    func list(_ model: String, person: String, count: Int, region: String?, korean: Bool) async throws -> ModelListView
    func page(_ page: ModelPageBody) async throws -> ModelPageView
    func companions(of item: String, in model: String, days: Int, count: Int) async throws -> CompanionsView
    func lookalikes(_ question: LookalikesBody) async throws -> LookalikesView

    /// The lists of everybody with a history, or of some, as lines of person, item and rank.
    ///
    /// - Parameter write: gets the lines as they come.
    /// - Returns: what went wrong on the way, for whoever asks.
    func export(_ lists: ListExportBody, write: ([UInt8]) throws -> Void) async throws -> [String]

    /// What choosing for each person has brought at a placement.
    func results(of placement: String, days: Int) async throws -> PlacementResultsView
    /// What another policy would have brought.
    func whatIf(_ question: WhatIfBody, at placement: String) async throws -> WhatIfView
}

/// Recommendations of a data folder. Models are read and trained also while a server has the folder open.
struct FolderRecommendations: RecommendationBackend {
    let folder: Workspace

    func feedback() async throws -> FeedbackSettings? { try folder.readFeedback() }

    func setFeedback(_ settings: FeedbackSettings) async throws {
        try await folder.opened { try $0.placements.setFeedback(settings) }
    }

    func placements() async throws -> [Placement] {
        try await folder.opened { $0.placements.all.map(\.placement) }
    }

    func put(_ placement: Placement) async throws {
        try await folder.opened { _ = try $0.placements.put(placement) }
    }

    func train(
        _ training: TrainBody, notice: (String) -> Void,
        progress: @escaping @Sendable (_ stage: String, _ share: Double) -> Bool
    ) async throws -> ModelVersion {
        try reading { service, log in
            let chosen = try settings(training, service, notice) { try RecommendationSettings.suggested(by: log) }
            return try service.train(chosen, isForced: training.isForced, progress: progress)
        }
    }

    /// Those given, or what the last training had, with what the workspace says of its events; else what names suggest.
    private func settings(
        _ training: TrainBody, _ service: RecommendationService, _ notice: (String) -> Void,
        suggested: () throws -> RecommendationSettings
    ) throws -> RecommendationSettings {
        if let given = training.settings, !given.interactions.isEmpty { return given }
        var settings = training.settings ?? (try? service.settings(training.model))
        if let said = try folder.readFeedback() {
            var made = settings ?? RecommendationSettings(name: training.model, said)
            made.interactions = said.interactions
            made.group = said.group ?? made.group
            return made
        }
        if let settings, !settings.interactions.isEmpty { return settings }
        let guess = try suggested()
        let events = guess.interactions.map { "\($0.event) (\($0.item))" }
        notice("Learning from \(events.joined(separator: ", ")). --config says otherwise.")
        if settings == nil { settings = RecommendationSettings(interactions: []) }
        settings?.interactions = guess.interactions
        settings?.name = training.model
        return settings ?? guess
    }

    func versions(of model: String) async throws -> ModelVersionsView {
        try reading { service, _ in ModelVersionsView(model, try service.versions(model)) }
    }

    func rollBack(_ model: String, to number: Int?) async throws -> ModelVersion {
        try reading { service, _ in try service.rollBack(model, to: number) }
    }

    func list(
        _ model: String, person: String, count: Int, region: String?, korean: Bool
    ) async throws -> ModelListView {
        try reading { service, log in
            try ModelListView(
                try service.open(model), person: person, count: count, region: region, korean: korean,
                started: try folder.guidance(log).started(by: person))
        }
    }

    func page(_ page: ModelPageBody) async throws -> ModelPageView {
        try reading { service, log in
            try ModelPageView(
                try service.open(page.model), page, started: try folder.guidance(log).started(by: page.person))
        }
    }

    func companions(of item: String, in model: String, days: Int, count: Int) async throws -> CompanionsView {
        var settings = Companions.Settings()
        settings.withinDays = Double(days)
        settings.count = count
        return try reading { service, _ in try CompanionsView(service, of: item, in: model, settings) }
    }

    /// Opens the folder: who does not want to be profiled stands in its database.
    func lookalikes(_ question: LookalikesBody) async throws -> LookalikesView {
        try await folder.live { try $0.lookalikes(question) }
    }

    func export(_ lists: ListExportBody, write: ([UInt8]) throws -> Void) async throws -> [String] {
        try reading { service, _ in
            let recommender = try service.open(lists.model)
            var pages = try recommender.pages(count: lists.count, of: lists.persons.map(Set.init))
            while let page = pages.nextLines() { try write(Array(page.text.utf8)) }
            return recommender.notes
        }
    }

    func results(of placement: String, days: Int) async throws -> PlacementResultsView {
        let stored = try folder.readPlacement(placement)
        return try reading { _, log in
            try PlacementQuestions(log: log, now: EventLog.systemTime()).results(stored, days: days)
        }
    }

    func whatIf(_ question: WhatIfBody, at placement: String) async throws -> WhatIfView {
        let stored = try folder.readPlacement(placement)
        return try reading { _, log in
            try PlacementQuestions(log: log, now: EventLog.systemTime()).whatIf(
                question.policy, stored, days: question.days ?? 28, korean: question.language == "ko")
        }
    }

    private func reading<Result>(_ body: (RecommendationService, EventLog) throws -> Result) throws -> Result {
        try folder.reading { try body(try folder.recommendations($0), $0) }
    }
}
