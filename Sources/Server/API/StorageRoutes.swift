import Access
import Analysis
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Care of the data: how long events are kept, how they lie on disk, and a copy of everything.
enum StorageRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .put, "/v1/storage/retention", name: "setRetention", group: "Storage",
            "Set for how long events are kept; older ones are hidden at once and removed at the next compaction",
            access: .scope(.peopleDelete), answers: [.json(retentionSchema)]
        ) { call in try await keep(try await call.json(RetentionRequest.self).keepMilliseconds, call) }
        .taking(.json(.object(["keepMilliseconds": .integer(1...RetentionRequest.longest)])))
        .sampled("/v1/storage/retention", body: #"{"keepMilliseconds":34560000000}"#),
        APIRoute(
            .delete, "/v1/storage/retention", name: "removeRetention", group: "Storage", "Keep events for ever",
            access: .scope(.peopleDelete), answers: [.json(retentionSchema)]
        ) { call in try await keep(nil, call) }
        .sampled("/v1/storage/retention"),
        APIRoute(
            .post, "/v1/storage/compact", name: "compactStorage", group: "Storage",
            "Rewrite the files of events into one: smaller, faster, without what is deleted or too old. Answers when it is done",
            access: .scope(.settingsWrite), answers: [.json(compactionSchema)]
        ) { call in
            let log = try call.workspace().log
            let view = try await call.parts.imports.run { try CompactionView.compact(log) }
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "storage.compacted", target: call.workspaceName,
                detail: ["segments": "\(view.segmentsBefore) → \(view.segments)"])
            return try call.answer(view)
        }
        .sampled("/v1/storage/compact"),
        APIRoute(
            .post, "/v1/storage/verify", name: "verifyStorage", group: "Storage",
            "Read every byte of every file and compare checksums. Answers when it is done",
            access: .scope(.settingsWrite), answers: [.json(verificationSchema)]
        ) { call in
            let log = try call.workspace().log
            return try call.answer(try await call.parts.imports.run { VerificationView(try log.verify()) })
        }
        .sampled("/v1/storage/verify"),
        APIRoute(
            .get, "/v1/storage/backup", name: "backupStorage", group: "Storage",
            "A copy of the workspace as it is now, as a tar archive: events, what people defined, models. `dangol restore` takes the folder that it unpacks to",
            access: .scope(.export),
            answers: [.text("application/x-tar", summary: "The folder of a backup, as an archive")]
        ) { call in try await backup(call) }
        // Everything is in it.
        .needing(.eventsRead, .peopleRead, .peopleDelete, .settingsWrite)
        .sampled("/v1/storage/backup"),
    ]

    private static let retentionSchema = JSONSchema.object(
        ["keepMilliseconds": .integer], optional: ["keepMilliseconds"])
    private static let compactionSchema = JSONSchema.object([
        "events": .integer, "segmentsBefore": .integer, "segments": .integer, "bytesBefore": .integer,
        "bytes": .integer,
    ])
    private static let verificationSchema = JSONSchema.object([
        "files": .integer, "bytes": .integer, "events": .integer, "problems": .list(.text()),
    ])

    private struct RetentionRequest: Decodable {
        static let longest = Int(StorageLimits.keepDays * StorageLimits.day)
        var keepMilliseconds: Int64

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "the request", allowed: ["keepMilliseconds"])
            let kept: Int = try fields.required("keepMilliseconds")
            guard (1...Self.longest).contains(kept) else {
                throw fields.error(
                    .invalidValue, "keepMilliseconds", "must be from 1 to \(Self.longest), in milliseconds")
            }
            keepMilliseconds = Int64(kept)
        }
    }

    private static func keep(_ milliseconds: Int64?, _ call: Call) async throws -> Response {
        let log = try call.workspace().log
        try await call.parts.queries.run { try log.setRetention(milliseconds) }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "retention.changed", target: call.workspaceName,
            detail: ["days": milliseconds.map { "\($0 / StorageLimits.day)" } ?? "forever"])
        return try call.answer(RetentionView(keepMilliseconds: milliseconds))
    }

    // MARK: Backup

    /// A copy that lasts as long as it is being sent.
    private final class Copy: Sendable {
        let folder: String

        init(_ folder: String) { self.folder = folder }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    private static func backup(_ call: Call) async throws -> Response {
        let (live, imports, queries) = (try call.workspace(), call.parts.imports, call.parts.queries)
        let copy = Copy(call.parts.installation.newCopyFolder())
        let first = try await imports.run {
            try live.backup(to: copy.folder)
            return try ArchivePages(of: copy.folder)
        }
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "storage.backed_up", target: call.workspaceName)
        let body = ResponseBody { writer in
            var pages = first
            while true {
                let current = pages
                let (piece, rest) = try await queries.run { () -> ([UInt8]?, ArchivePages) in
                    // The copy is kept for as long as pieces of it are read.
                    try withExtendedLifetime(copy) {
                        var pages = current
                        return (try pages.next(), pages)
                    }
                }
                pages = rest
                guard let piece else { break }
                try await writer.write(ByteBuffer(bytes: piece))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-tar"], body: body)
    }
}
