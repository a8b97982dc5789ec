import Access
import Engine
import EventLog
import Foundation
import People
import Settings

/// A file of events or persons: choosing it, saying what its columns mean, seeing what would come of the first lines,
/// and sending it to the API, which reads it as it comes. The steps are those of `assets/import-wizard.js`; who has no
/// script is shown the command.
enum ImportWizard {
    enum Kind: String { case events, people }

    static func page(_ call: PageCall) -> PageAnswer {
        let kind = call.query("kind").flatMap(Kind.init(rawValue:)) ?? (call.may(.eventsWrite) ? .events : .people)
        let mayImport = call.may(kind == .events ? .eventsWrite : .peopleWrite)
        let tabs = [Kind.events, .people].map { each in
            Tabs.Tab(
                call.text("import." + each.rawValue), href: call.link("data/import", ["kind": each.rawValue]),
                isCurrent: each == kind)
        }
        let words = (try? JSONEncoder().encode(call.files.texts(call.language).group("wizard"))) ?? Data()
        let workspace = PageCall.escape(call.workspaceName)
        return .page(
            "data/import", title: call.text("data.import"), scripts: mayImport ? ["import-wizard.js"] : [],
            [
                "tabs": DataPages.tabs(.import, call), "mayImport": .flag(mayImport), "kind": .text(kind.rawValue),
                "kinds": .list(
                    tabs.map { ["text": .text($0.text), "href": .text($0.href), "isCurrent": .flag($0.isCurrent)] }),
                "text": .text(call.text("import.\(kind.rawValue)Text")), "isEvents": .flag(kind == .events),
                "words": .text(String(decoding: words, as: UTF8.self)),
                "preview": .text(call.link("data/import/preview", ["part": "1"])),
                "target": .text(
                    kind == .events
                        ? "/v1/import?format=columns&workspace=\(workspace)"
                        : "/v1/people/import?workspace=\(workspace)"),
                "done": .text(kind == .events ? call.link("data") : call.link("people")),
                "timeZone": .text(call.settings.timeZone),
                "command": .text(
                    kind == .events
                        ? "dangol import orders.csv --workspace \(call.workspaceName) --columns --person customer --time ordered_at --event \"Order Completed\""
                        : "dangol people import customers.csv --workspace \(call.workspaceName)"),
            ])
    }
}

/// What the beginning of a file would become.
enum ImportPreviewPart {
    private struct Answer: Encodable {
        var html: String
        /// The parameters for the API.
        var query: [[String]]
        var isReady: Bool
    }

    static func answer(_ call: PageCall) async throws -> PageAnswer {
        let kind = call.form["kind"].flatMap(ImportWizard.Kind.init(rawValue:)) ?? .events
        guard call.may(kind == .events ? .eventsWrite : .peopleWrite) else {
            throw Problem.forbidden("this needs the scope '\(kind == .events ? "events:write" : "people:write")'")
        }
        let bytes = Array((call.form.raw("sample") ?? "").utf8)
        let preview = try DelimitedPreview(bytes, name: call.form["name"] ?? "file")
        let isFirst = !call.form.has("mapped")
        let mapping = ColumnMeanings(kind, preview, call, isFirst: isFirst)
        let answer =
            kind == .events
            ? try events(bytes, preview, mapping, call) : try people(bytes, preview, mapping, call)
        return .response(Call.json(try JSONEncoder().encode(answer)))
    }

    private static func events(
        _ bytes: [UInt8], _ preview: DelimitedPreview, _ mapping: ColumnMeanings, _ call: PageCall
    ) throws -> Answer {
        var rows: [PageValue] = []
        var rejections: [Rejection] = []
        var error: String?
        if let missing = mapping.missing {
            error = call.text("import.missing." + missing)
        } else {
            do {
                let key = try call.workspace().log.key
                let tried = try ImportPreview(
                    bytes, name: "file", options: ImportOptions(.delimited(mapping.options)), key: key)
                rejections = tried.rejections
                rows = tried.events.map { event in
                    [
                        "name": .text(event.name), "person": .text(event.person),
                        "time": .text(call.format.dateTime(event.time, seconds: true)),
                        "properties": .text(
                            event.properties.map { "\($0.name): \(call.show($0.value, most: 60))" }.joined(
                                separator: " · ")),
                    ]
                }
            } catch let problem as ImportError {
                error = problem.message
            }
        }
        return try answer(
            "data/import-events", rows, rejections.prefix(5).map { ("\($0.line)", $0.reason, $0.text) },
            rejections.count,
            error, preview, mapping, call)
    }

    private static func people(
        _ bytes: [UInt8], _ preview: DelimitedPreview, _ mapping: ColumnMeanings, _ call: PageCall
    ) throws -> Answer {
        var rows: [PageValue] = []
        var rejections: [PeopleImportReport.Rejection] = []
        var error: String?
        if let missing = mapping.missing {
            error = call.text("import.missing." + missing)
        } else {
            do {
                var options = PeopleImportOptions()
                for text in mapping.peopleMap { try options.map(parsing: text) }
                options.skipsInvalidLines = true
                let prepared = try call.workspace().people.prepareCSV(bytes, options: options)
                rejections = prepared.report.rejections
                rows = prepared.events.prefix(10).map { event in
                    [
                        "name": .text(event.name), "person": .text(event.person), "time": "",
                        "properties": .text(
                            event.properties.filter { !$0.name.hasPrefix("context.") }
                                .map { "\($0.name): \(call.show($0.value, most: 60))" }.joined(separator: " · ")),
                    ]
                }
            } catch let problem as PeopleError {
                error = problem.message
            }
        }
        return try answer(
            "data/import-events", rows, rejections.prefix(5).map { ("\($0.line)", $0.reason, "") }, rejections.count,
            error,
            preview, mapping, call)
    }

    private static func answer(
        _ template: String, _ rows: [PageValue], _ rejections: [(String, String, String)], _ rejected: Int,
        _ error: String?,
        _ preview: DelimitedPreview, _ mapping: ColumnMeanings, _ call: PageCall
    ) throws -> Answer {
        let value: PageValue = [
            "columns": mapping.value(preview, call), "extras": mapping.extras(call), "error": .orFalse(error),
            "events": .list(rows), "hasEvents": .flag(!rows.isEmpty), "isEvents": .flag(mapping.kind == .events),
            "rejected": rejected > 0 ? .text(call.text("import.rejected", count: rejected)) : false,
            "rejections": .list(
                rejections.map { line, reason, text in
                    [
                        "line": .text(call.text("import.line", ["line": line])), "reason": .text(reason),
                        "text": .orFalse(String(text.prefix(200))),
                    ]
                }),
        ]
        let html = try call.render(template, value)
        return Answer(html: html, query: mapping.query, isReady: error == nil && !rows.isEmpty)
    }
}
