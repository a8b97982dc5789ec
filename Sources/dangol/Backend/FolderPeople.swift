import Engine
import EventLog
import Foundation
import People

/// People of a data folder. Each call opens the workspace for writing, because its tables follow the log first.
struct FolderPeople: PeopleBackend {
    let folder: Workspace
    /// Who changes something, as the tables keep it.
    private static let user = "command line"

    func rebuild(progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws -> Int {
        try await folder.opened { live in
            let total = try live.log.statistics.events
            try live.rebuildPeople { progress($0, total) }
            return total
        }
    }

    func person(_ id: String) async throws -> Data {
        try await folder.live { try $0.personDocument(id, latest: 20) }
    }

    func search(_ request: PeopleSearchRequest) async throws -> PeoplePageView {
        try await folder.live { PeoplePageView(try $0.people.search(request.query)) }
    }

    func change(_ request: TraitsRequest, of person: String) async throws -> Data {
        try await folder.live { live in
            try await live.change(request, of: person, by: Self.user)
            try live.catchUp()
            return try live.personDocument(person, latest: nil)
        }
    }

    func merge(_ request: MergeRequest) async throws -> PersonReferences {
        try await folder.live { live in
            try await live.merge(request, by: Self.user)
            try live.catchUp()
            return try live.merged(request)
        }
    }

    func split(_ alias: String) async throws -> PersonReferences {
        try await folder.live { live in
            let former = try await live.split(alias, by: Self.user)
            try live.catchUp()
            return try live.separated(alias, from: former)
        }
    }

    func consents(of person: String) async throws -> ConsentsView { try await folder.live { try $0.consents(person) } }

    func record(_ request: ConsentRequest, of person: String) async throws -> ConsentsView {
        try await folder.live { live in
            try await live.record(request, of: person, by: Self.user)
            try live.catchUp()
            return try live.consents(person)
        }
    }

    func group(_ group: GroupID) async throws -> GroupView { try await folder.live { try $0.group(group, limit: 100) } }

    func importPeople(_ path: String, _ options: PeopleFileOptions) async throws -> PeopleImportView {
        let chosen = try options.options()
        let bytes = try WholeFile.read(path, bytesMax: PeopleImportOptions.maxBytes)
        return try await folder.live(isNew: true) { live in
            PeopleImportView(try await live.people.importCSV(bytes, options: chosen))
        }
    }

    func exportPeople(
        _ query: PeopleQuery, traits: [String], write: @Sendable ([UInt8]) throws -> Void
    ) async throws {
        try await folder.live { live in
            try live.people.exportCSV(query, traits: traits.isEmpty ? nil : traits) { try write(Array($0.utf8)) }
        }
    }

    func exportPerson(_ id: String) async throws -> Data { try await folder.live { try $0.exportPerson(id) } }

    func delete(_ person: String) async throws -> ReceiptView {
        try await folder.live { ReceiptView(try $0.delete(person)) }
    }

    func receipts(limit: Int) async throws -> ReceiptList {
        try await folder.live { ReceiptList(try $0.people.receipts(limit: limit)) }
    }

    func suppress(_ ids: [String]) async throws { try await folder.live { try $0.people.suppress(ids) } }

    func release(_ id: String) async throws -> Bool {
        try await folder.live { try $0.people.release(id, nextSequence: $0.log.nextSequence) }
    }

    func warnings(limit: Int) async throws -> WarningList {
        try await folder.live { WarningList(try $0.people.warnings(limit: limit)) }
    }
}
