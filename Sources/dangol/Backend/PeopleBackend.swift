import Engine
import EventLog
import Foundation
import People

/// What commands want to know and change about people, of a data folder or of a server. Persons are named by an id or a
/// key.
///
/// Documents are JSON as the API has it; both backends give the same.
protocol PeopleBackend: Sendable {
    func person(_ id: String) async throws -> Data
    func search(_ request: PeopleSearchRequest) async throws -> PeoplePageView
    /// - Returns: the person's document afterwards.
    func change(_ request: TraitsRequest, of person: String) async throws -> Data
    func merge(_ request: MergeRequest) async throws -> PersonReferences
    func split(_ alias: String) async throws -> PersonReferences
    func consents(of person: String) async throws -> ConsentsView
    func record(_ request: ConsentRequest, of person: String) async throws -> ConsentsView
    func group(_ group: GroupID) async throws -> GroupView
    func importPeople(_ path: String, _ options: PeopleFileOptions) async throws -> PeopleImportView
    func exportPeople(_ query: PeopleQuery, traits: [String], write: @Sendable ([UInt8]) throws -> Void) async throws
    func exportPerson(_ id: String) async throws -> Data
    func delete(_ person: String) async throws -> ReceiptView
    func receipts(limit: Int) async throws -> ReceiptList
    func suppress(_ ids: [String]) async throws
    /// - Returns: false when the id was not suppressed.
    func release(_ id: String) async throws -> Bool
    func warnings(limit: Int) async throws -> WarningList
    /// Computes everything about people anew.
    ///
    /// - Parameter progress: how many events have been applied, and how many there are.
    /// - Returns: the number of events.
    func rebuild(progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void) async throws -> Int
}

/// How a file of people is read.
struct PeopleFileOptions: Sendable {
    /// `COLUMN=MEANING`
    var map: [String]
    var emptyRemoves: Bool
    var skipInvalid: Bool
    /// Kept as the source of the traits.
    var name: String

    func options() throws -> PeopleImportOptions {
        var options = PeopleImportOptions()
        for text in map { try options.map(parsing: text) }
        options.emptyRemoves = emptyRemoves
        options.skipsInvalidLines = skipInvalid
        options.sourceName = name
        return options
    }
}
