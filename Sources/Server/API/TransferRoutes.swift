import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Many events at once: in from files, out again.
enum TransferRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/import", name: "importEvents", group: "Events",
            "Import JSON Lines in Segment's shape, or columns; the same bytes again change nothing",
            access: .scope(.eventsWrite), answers: [.json(summarySchema)]
        ) { call in try await importEvents(call) }
        .query("format", .oneOf(["jsonl", "columns"]), "JSON Lines or columns (default: jsonl)")
        .query("person", .text(lengths: 1...256), "The column with the person's id, by name or number from 1")
        .query("time", .text(lengths: 1...256), "The column with the time")
        .query("timeFormat", .text(lengths: 1...100), "auto, epoch, epoch-ms, or a pattern such as yyyyMMdd")
        .query("timeZone", .text(lengths: 1...64), "The time zone of times that name none (default: UTC)")
        .query("event", .text(lengths: 1...256), "The column with the event's name, or the name of every event")
        .query("eventName", .text(lengths: 1...256), "The name of every event, even if a column is called so")
        .query("property", .text(lengths: 1...600), "name=column or name=column:type; may be repeated")
        .query("messageId", .text(lengths: 1...256), "The column with an id that makes each event unique")
        .query("delimiter", .text(lengths: 1...20), "comma, semicolon, tab, pipe, whitespace or a sign")
        .query("noHeader", .boolean, "The first line holds values, not names")
        .query("encoding", .text(lengths: 1...40), "The text's encoding, such as euc-kr (default: utf-8)")
        .query("strict", .boolean, "The first line that cannot be used ends the import")
        .query("again", .boolean, "Import what differs from an earlier import of the same source as new events")
        .query("name", .text(lengths: 1...200), "What errors call the source")
        .taking(.stream(["*/*"]), bytes: 4 << 30)
        .sampled("/v1/import", body: sampleLine, mediaType: "application/x-ndjson"),
        APIRoute(
            .get, "/v1/export", name: "exportEvents", group: "Events",
            "All events, in the order in which they were stored", access: .scope(.eventsRead),
            answers: [.text("application/x-ndjson", "text/csv", summary: "JSON Lines in Segment's shape, or CSV")]
        ) { call in try await exportEvents(call) }
        .query("format", .oneOf(ExportService.Format.allCases.map(\.rawValue)), "jsonl or csv (default: jsonl)")
        .query("event", .text(lengths: 1...256), "Only events of this name; may be repeated")
        .needing(.export)
        .sampled("/v1/export"),
    ]

    private static let sampleLine =
        #"{"type":"track","userId":"u1","event":"Signed Up","timestamp":"2024-05-01T09:30:00Z"}"# + "\n"

    /// Of the lines that cannot be used the answer holds so many.
    private static let rejectionsMax = 1000

    private struct Summary: Encodable {
        struct Rejected: Encodable {
            var line: UInt64
            var reason: String
            var text: String
        }

        var lines: UInt64
        var linesKnown: UInt64
        var stored: Int
        var duplicates: Int
        var rejected: Int
        var rejections: [Rejected]
        var seconds: Double
    }

    private static let summarySchema = JSONSchema.object([
        "lines": .integer, "linesKnown": .integer, "stored": .integer, "duplicates": .integer,
        "rejected": .integer, "seconds": .number,
        "rejections": .list(.object(["line": .integer, "reason": .text(), "text": .text()])),
    ])

    // MARK: In

    private static func importEvents(_ call: Call) async throws -> Response {
        var options = try importOptions(call)
        options.isStrict = try call.flag("strict")
        options.allowsDivergence = try call.flag("again")
        // Smaller stretches than from files: what has come is stored soon, and memory stays small.
        options.batchRows = 100_000
        options.batchBytes = 8 << 20
        let name = call.text("name").map { String($0.prefix(200)) } ?? "the body"
        let (log, final) = (try call.workspace().log, options)
        let source = BodySource()
        let body = call.request.body
        let limit = call.parts.settings.importBytes
        let summary = try await withThrowingTaskGroup(of: Summary?.self) { group in
            group.addTask {
                try await source.feed(body, limit: limit)
                return nil
            }
            group.addTask {
                defer { source.abandon() }
                return try await call.parts.imports.run { try run(log, name, final, source) }
            }
            var summary: Summary?
            // The reader's error, if there is one, says more than the feeder's.
            while let result = try await group.next() { summary = summary ?? result }
            return summary
        }
        guard let summary else { throw Problem.failed }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "events.imported", target: name,
            detail: ["stored": "\(summary.stored)", "rejected": "\(summary.rejected)"])
        return try call.answer(summary)
    }

    private static func run(
        _ log: EventLog, _ name: String, _ options: ImportOptions, _ source: BodySource
    ) throws -> Summary {
        var summary = ImportService.Summary()
        var rejections: [Summary.Rejected] = []
        try ImportService(log: log).run(name, options: options, summary: &summary, open: { source.reader() }) {
            rejected, _ in
            for line in rejected.prefix(rejectionsMax - rejections.count) {
                rejections.append(Summary.Rejected(line: line.line, reason: line.reason, text: line.text))
            }
        }
        return Summary(
            lines: summary.lines, linesKnown: summary.linesSkipped, stored: summary.stored,
            duplicates: summary.duplicates, rejected: summary.rejected, rejections: rejections, seconds: summary.seconds
        )
    }

    /// The same as the options of `dangol import`.
    private static func importOptions(_ call: Call) throws -> ImportOptions {
        var options: ImportOptions
        switch call.text("format") ?? "jsonl" {
        case "jsonl": options = ImportOptions(.jsonLines)
        case "columns": options = ImportOptions(.delimited(try columns(call)))
        default: throw Problem.badRequest("must be jsonl or columns", field: "format")
        }
        options.encoding = call.text("encoding")
        return options
    }

    private static func columns(_ call: Call) throws -> DelimitedOptions {
        if call.text("event") != nil, call.text("eventName") != nil {
            throw Problem.badRequest("excludes 'event'", field: "eventName")
        }
        let properties = call.texts("property")
        return DelimitedOptions(
            person: call.text("person") ?? "person", time: call.text("time") ?? "time",
            timeFormat: TimeFormat(call.text("timeFormat") ?? "auto"), timeZone: call.text("timeZone") ?? "UTC",
            event: call.text("eventName").map { .constant($0) } ?? .automatic(call.text("event") ?? "event"),
            properties: properties.isEmpty ? .allOthers : .listed(try properties.map { try .init(parsing: $0) }),
            messageID: call.text("messageId"),
            delimiter: try call.text("delimiter").map { try .init(parsing: $0) } ?? .automatic,
            header: try call.flag("noHeader") ? .absent : .automatic)
    }

    // MARK: Out

    private static func exportEvents(_ call: Call) async throws -> Response {
        let text = call.text("format") ?? ExportService.Format.jsonLines.rawValue
        guard let format = ExportService.Format(rawValue: text) else {
            throw Problem.badRequest("must be jsonl or csv", field: "format")
        }
        let events = Set(call.texts("event"))
        let log = try call.workspace().log
        let queries = call.parts.queries
        let first = try await queries.run {
            try ExportService(log: log).pages(format, include: ExportService.filter(events))
        }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "events.exported", target: format.rawValue,
            detail: events.isEmpty ? [:] : ["events": events.sorted().joined(separator: ", ")])
        let body = ResponseBody { writer in
            var pages = first
            while true {
                let current = pages
                // A page at a time, so that a slow reader takes no thread.
                let (text, rest) = try await queries.run { () -> ([UInt8]?, ExportService.Pages) in
                    var pages = current
                    return (try pages.next(), pages)
                }
                pages = rest
                guard let text else { break }
                if !text.isEmpty { try await writer.write(ByteBuffer(bytes: text)) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: format == .csv ? "text/csv; charset=utf-8" : "application/x-ndjson"], body: body)
    }
}
