import ArgumentParser
import Engine
import EventLog
import Reports

struct DeadLettersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Events that came and could not be stored, with the reason: look, replay, discard.",
        discussion: """
            An SDK is answered as if all were well where its format wants that, and what was wrong is kept here. Once \
            the cause is mended (a tracking plan, a limit), 'replay' sends the events through again at the times at \
            which they came.

            Examples:
              dangol dead-letters list
              dangol dead-letters show 17
              dangol dead-letters replay --all
            """,
        subcommands: [
            DeadLettersListCommand.self, DeadLettersShowCommand.self, DeadLettersReplayCommand.self,
            DeadLettersDiscardCommand.self,
        ])
}

struct DeadLettersListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists rejected events with the reason, the newest first.",
        discussion: """
            Examples:
              dangol dead-letters list
              dangol dead-letters list --limit 20 --json
              dangol dead-letters list --before 81     the page after one that ended with 81
              dangol dead-letters list --server http://127.0.0.1:8090 --key $DANGOL_KEY
            """)

    @Option(help: ArgumentHelp("At most so many, up to 1000.", valueName: "count"))
    var limit: Int = 100

    @Option(help: ArgumentHelp("Only those that are older than this one.", valueName: "id"))
    var before: Int64?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...DeadLetterIDs.countMax).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to \(DeadLetterIDs.countMax).")
        }
        if let before, before < 1 { throw ValidationError("--before is the id of a letter.") }
    }

    func run() async throws {
        let page = try await data.deadLetters().page(before: before, limit: limit)
        var table = TextTable([.number("id"), .text("came"), .text("endpoint"), .text("reason"), .text("field")])
        for letter in page.letters {
            table.add(
                [
                    TextTable.Cell("\(letter.id)"), TextTable.Cell(DeadLetterText.time(letter)),
                    TextTable.Cell(letter.endpoint), TextTable.Cell(letter.reason), TextTable.Cell(letter.field),
                ], values: ["\(letter.id)", letter.receivedAt, letter.endpoint, letter.reason, letter.field])
        }
        var report = Report(Plural.of(page.total, "rejected event"))
        report.add(table)
        if let next = page.next { report.notes.append("There may be more: --before \(next).") }
        try output.emit(report, json: page)
    }
}

struct DeadLettersShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one rejected event as it came, and what was wrong.",
        discussion: """
            Examples:
              dangol dead-letters show 17
              dangol dead-letters show 17 --json
            """)

    @Argument(help: ArgumentHelp("The letter's id, as the list shows it.", valueName: "id"))
    var id: Int64

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if id < 1 { throw ValidationError("'\(id)' is no id of a letter; they begin with 1.") }
    }

    func run() async throws {
        let letter = try await data.deadLetters().letter(id)
        var report = Report("Rejected at \(DeadLetterText.time(letter)) by \(letter.endpoint)")
        report.summary = [letter.field.isEmpty ? letter.reason : "\(letter.field): \(letter.reason)", letter.text]
        if !letter.isComplete {
            report.notes.append("Only the beginning of it was kept, so it cannot be replayed.")
        }
        var table = TextTable([.number("id"), .text("came"), .text("endpoint"), .text("reason"), .text("text")])
        table.add(
            ["\(letter.id)", letter.receivedAt, letter.endpoint, letter.reason, letter.text].map { TextTable.Cell($0) })
        if output.csv { report.add(table) }
        try output.emit(report, json: letter)
    }
}

enum DeadLetterText {
    static func time(_ letter: DeadLetterView) -> String {
        Timestamp.milliseconds(letter.receivedAt).map(Timestamp.short) ?? letter.receivedAt
    }
}
