import ArgumentParser
import Engine
import Reports

struct PeopleDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes everything about a person, from disk too, and gives a receipt. Cannot be undone.",
        discussion: """
            All events of the person and of every id that is theirs are removed, their profile, consents and places in \
            audiences too. What still comes under their ids is dropped, until 'dangol people suppress --release' lets \
            them back in. Backups and files that were imported still have them.

            The receipt names nobody: its digest can be checked by who knows the ids.

            Examples:
              dangol people show customer-1001            look first
              dangol people delete customer-1001          asks before it deletes
              dangol people delete customer-1001 --yes    in a script
            """)

    @Argument(help: ArgumentHelp("An id or the key of the person.", valueName: "person"))
    var person: String

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let people = try data.backend().people
        if !yes {
            let known: PersonBody = try APIClient.read(try await people.person(person))
            try Confirmation.ask("Delete '\(person)' and \(Plural.of(known.events, "event")) for good?")
        }
        let receipt = try await people.delete(person)
        var report = Report("'\(person)' is deleted.")
        report.add(ReceiptTable.make([receipt], zone: nil))
        if receipt.needsRebuild {
            report.notes.append("Others were once merged with them, so everybody is computed anew.")
        }
        try output.emit(report, json: receipt)
    }
}

struct PeopleReceiptsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipts",
        abstract: "Lists the receipts of deletions, which name nobody.",
        discussion: """
            Examples:
              dangol people receipts
              dangol people receipts --limit 1000 --csv
            """)

    @OptionGroup var latest: LatestOption
    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().people.receipts(limit: latest.limit)
        var report = Report(Plural.of(answer.receipts.count, "receipt"))
        report.add(ReceiptTable.make(answer.receipts, zone: zone))
        try output.emit(report, json: answer.receipts)
    }
}

enum ReceiptTable {
    static func make(_ receipts: [ReceiptView], zone: ZoneOption?) -> TextTable {
        var table = TextTable([
            .text("receipt"), .text("requested"), .text("finished"), .text("removed"), .text("digest"),
        ])
        for receipt in receipts {
            let counts = receipt.counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                .joined(separator: " ")
            func time(_ text: String) -> String { zone.map { PersonReport.time(text, $0) } ?? text }
            table.add(
                [
                    TextTable.Cell(receipt.receipt), TextTable.Cell(time(receipt.requested)),
                    TextTable.Cell(receipt.finished.map(time) ?? "under way"), TextTable.Cell(counts),
                    TextTable.Cell(receipt.digest, .dim),
                ],
                values: [receipt.receipt, receipt.requested, receipt.finished ?? "", counts, receipt.digest])
        }
        return table
    }
}

struct PeopleSuppressCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress",
        abstract: "Keeps ids from being recorded, or lets one in again.",
        discussion: """
            For ids that were never seen, such as those of a list of people who asked not to be recorded. Somebody who is \
            here is deleted instead, which also suppresses them. Only hashes of the ids are kept.

            Examples:
              dangol people suppress customer-7 customer-8
              dangol people suppress --release customer-7
            """)

    @Argument(help: ArgumentHelp("The ids.", valueName: "id"))
    var ids: [String]

    @Flag(help: "Record them again from now on.")
    var release = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var suppressed: [String]
        var released: [String]
    }

    func validate() throws {
        if !SuppressionRequest.counts.contains(ids.count) || ids.contains("") {
            throw ValidationError("name from 1 to \(SuppressionRequest.counts.upperBound) ids, none of them empty")
        }
    }

    func run() async throws {
        let people = try data.backend().people
        guard release else {
            try await people.suppress(ids)
            let what = ids.count == 1 ? "'\(ids[0])' is" : "\(ids.count) ids are"
            try output.emit(Report("\(what) not recorded from now on."), json: View(suppressed: ids, released: []))
            return
        }
        var released: [String] = []
        for id in ids where try await people.release(id) { released.append(id) }
        guard released.count == ids.count else {
            let other = ids.first { !released.contains($0) } ?? ""
            throw Failure(.failure, code: "not_found", "'\(other)' is not suppressed")
        }
        let what = ids.count == 1 ? "'\(ids[0])' is" : "\(ids.count) ids are"
        try output.emit(Report("\(what) recorded again from now on."), json: View(suppressed: [], released: released))
    }
}
