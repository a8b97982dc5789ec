import ArgumentParser
import Engine
import Reports

/// Which letters a command is about.
struct DeadLetterChoice: ParsableArguments {
    @Argument(help: ArgumentHelp("Ids, as the list shows them.", valueName: "id"))
    var ids: [Int64] = []

    @Flag(help: "All that there are.")
    var all = false

    func validate() throws {
        if all, !ids.isEmpty { throw ValidationError("--all and ids exclude each other") }
        if !all, ids.isEmpty { throw ValidationError("name letters by their ids, or take --all") }
        if let wrong = ids.first(where: { $0 < 1 }) {
            throw ValidationError("'\(wrong)' is no id of a letter; they begin with 1")
        }
    }

    /// The ids that are meant, each once, in portions of one request.
    func portions(_ letters: any DeadLetterBackend) async throws -> [[Int64]] {
        // The oldest first, in the order in which they came.
        let chosen = Set(all ? try await letters.everyID() : ids).sorted()
        return stride(from: 0, to: chosen.count, by: DeadLetterIDs.countMax).map {
            Array(chosen[$0..<min($0 + DeadLetterIDs.countMax, chosen.count)])
        }
    }
}

struct DeadLettersReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Sends rejected events through again, at the times at which they came.",
        discussion: """
            What is stored is no dead letter any more. What is still wrong stays, is named with the reason, and makes \
            the exit status 2.

            Examples:
              dangol dead-letters replay 17 18
              dangol dead-letters replay --all
              dangol dead-letters replay --all --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @OptionGroup var choice: DeadLetterChoice
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let letters = try data.deadLetters()
        var result = ReplayView()
        for portion in try await choice.portions(letters) { result.add(try await letters.replay(portion)) }
        var report = Report("\(Plural.of(result.stored.count, "event")) stored.")
        if !result.rejected.isEmpty {
            report.summary.append("\(NumberFormat.count(result.rejected.count)) still cannot be stored:")
            var table = TextTable([.number("id"), .text("reason")])
            for letter in result.rejected { table.add(["\(letter.id)", letter.reason].map { TextTable.Cell($0) }) }
            report.add(table)
        }
        try output.emit(report, json: result)
        if !result.rejected.isEmpty { throw ExitStatus.findings }
    }
}

struct DeadLettersDiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Deletes rejected events for good.",
        discussion: """
            Examples:
              dangol dead-letters discard 17 18
              dangol dead-letters discard --all --yes
            """)

    @OptionGroup var choice: DeadLetterChoice

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var data: DataOptions

    func run() async throws {
        let letters = try data.deadLetters()
        let portions = try await choice.portions(letters)
        let count = portions.reduce(0) { $0 + $1.count }
        if !yes, count > 0 {
            try Confirmation.ask("Delete \(Plural.of(count, "rejected event")) for good?")
        }
        for portion in portions { try await letters.remove(portion) }
        printOut("\(Plural.of(count, "rejected event")) deleted.")
    }
}
