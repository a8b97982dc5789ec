import Access
import Analysis
import Engine
import EventLog
import Foundation
import Hummingbird
import HummingbirdCore
import Insights
import People
import Reports
import Settings

/// A builder's question: the fields of the address, and what they ask.
struct InsightQuestion {
    var form: InsightForm
    /// Nil while the fields ask nothing that can be answered; then `mistake` says why.
    var query: Query?
    var mistake: QueryError?

    /// The question of an address: its fields, or what a builder starts with when it has none.
    init(_ kind: Query.Kind, _ call: PageCall, fields: [(name: String, value: String)]) throws {
        form = InsightForm(kind, fields: fields)
        let zone = ZoneName(call.settings.timeZone) ?? .utc
        let workspace = try call.workspace()
        if form.asksNothing {
            let starters = try workspace.starterQueries(zone: zone, weekStart: call.weekStart)
            var starter = try InsightForm(starters.query(kind, stageNames: call.stageNames))
            // What the address does say holds: the days, or a breakdown.
            for (name, value) in form.tree.fields { starter.tree[name] = .text(value) }
            form = starter
        }
        try read(workspace, zone)
    }

    /// The question of a stored query.
    init(_ query: Query) throws {
        form = try InsightForm(query)
        self.query = query
    }

    private mutating func read(_ workspace: LiveWorkspace, _ zone: ZoneName) throws {
        do {
            query = try form.query(types: workspace.names.propertyTypes(), zone: zone.identifier)
        } catch let error as QueryError {
            mistake = error
        }
    }

    /// The address of a builder or of something that belongs to the question.
    func link(_ call: PageCall, _ path: String? = nil) -> String {
        call.link("insights/\(form.kind.rawValue)" + (path.map { "/" + $0 } ?? "")) + "?"
            + form.address(hiding: call.hide)
    }
}

/// An answer and how it came about.
struct InsightAnswer {
    var query: Query
    var result: QueryResult
    var explanation: QueryExplanation

    static func ask(_ query: Query, _ workspace: LiveWorkspace, _ parts: ServerParts) async throws -> InsightAnswer {
        let now = parts.installation.now()
        let answer = try await parts.queries.run {
            try QueryService(log: workspace.log, traits: workspace.people.traitTable(), now: now).answer(query)
        }
        return InsightAnswer(query: query, result: answer.result, explanation: answer.explanation)
    }
}

extension PageCall {
    /// The fields of the address, as they stand there.
    private var writtenFields: [(name: String, value: String)] {
        ((try? FormValues(body: (request.uri.query ?? "").utf8)) ?? FormValues()).pairs
    }

    /// The fields of the address, with what was hidden in them.
    var fields: [(name: String, value: String)] { writtenFields.map { ($0.name, reveal($0.value)) } }

    /// Whether the address says something about a person that it should not.
    var hasPrivateFields: Bool { writtenFields.contains { PrivateTexts.isAboutPerson($0.value) } }

    /// The fields of an address that a form has sent.
    ///
    /// - Throws: `Problem` for bytes that are no text.
    func fields(of field: String) throws -> [(name: String, value: String)] {
        try FormValues(body: (form.raw(field) ?? "").utf8).pairs.map { ($0.name, reveal($0.value)) }
    }

    var weekStart: WeekStart { WeekStart(rawValue: settings.weekStart.rawValue) ?? .monday }

    /// The stages of a journey map that is guessed.
    var stageNames: [String] {
        ["enter", "browse", "signUp", "act", "buy", "return", "buyAgain"].map { text("journey.stage." + $0) }
    }

    var reportLanguage: ReportLanguage { language == .korean ? .korean : .english }

    /// How reports are made for this reader.
    ///
    /// - Parameters:
    ///   - peopleBase: the address to which the fields of a number are added to see who is behind it; nil makes no
    ///     links.
    ///   - workspace: whose annotations stand on time axes; nil shows none.
    func reportSetting(peopleBase: String?, _ workspace: LiveWorkspace?) throws -> ReportSetting {
        let annotations = try workspace?.insights.annotations().map {
            ReportSetting.Annotation(day: $0.definition.day, text: $0.definition.text)
        }
        guard let peopleBase, may(.peopleRead) else {
            return ReportSetting(
                language: reportLanguage, annotations: annotations ?? [], isForPages: true)
        }
        return ReportSetting(
            language: reportLanguage, annotations: annotations ?? [], isForPages: true
        ) { people in
            people.reduce(peopleBase) { link, field in
                link + "&people.\(field.name)=" + PageCall.escape(field.value)
            }
        }
    }
}
