import ArgumentParser
import Foundation
import Recommendations
import Reports

struct RecommendExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the lists of everybody with a history to a file.",
        discussion: """
            Lines of person, item and rank from 1, separated by tabs, in the order of the persons' ids. What a person \
            knows already is not among their items.

            Examples:
              dangol recommend export --top 20 lists.tsv
              dangol recommend export - | head
              dangol recommend export --persons regulars.txt lists.tsv
            """)

    @Argument(help: ArgumentHelp("Where to; '-' is standard output.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("How many items for each person.", valueName: "count"))
    var top = 20

    @Option(help: ArgumentHelp("Only the persons whose ids are in this file, one a line.", valueName: "file"))
    var persons: String?

    @OptionGroup var options: ModelOptions

    private static let personBytesMax = 256 << 20

    func validate() throws {
        guard (1...10_000).contains(top) else { throw ValidationError("--top must be from 1 to 10000, not \(top)") }
    }

    func run() async throws {
        guard file != "-" else { return try export(to: .standardOutput) }
        // Whole or not at all: whoever reads the file must not find half of it.
        let part = file + ".part"
        defer { unlink(part) }
        try export(to: try ByteOutput(creating: part))
        guard rename(part, file) == 0 else {
            throw Failure(
                .failure, code: "io", "the file \(file) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    private func export(to destination: ByteOutput) throws {
        let chosen = try persons.map { file in
            let text = String(decoding: try WholeFile.read(file, bytesMax: Self.personBytesMax), as: UTF8.self)
            return Set(text.split(whereSeparator: \.isNewline).map(String.init))
        }
        var count = 0
        let progress = Progress("Exporting", unit: "persons")
        defer { progress.finish() }
        let notes = try options.service { service in
            let recommender = try service.open(options.model)
            try recommender.forEachPerson(count: top, of: chosen) { person, items in
                var lines = ""
                for (place, item) in items.enumerated() { lines += "\(person)\t\(item)\t\(place + 1)\n" }
                try destination.write(lines.utf8)
                count += 1
                progress.update(share: nil, count: count)
                return true
            }
            return recommender.notes
        }
        try destination.flush()
        progress.finish()
        for note in notes { printError("dangol: \(note)") }
        printError("\(Plural.of(count, "person")).")
    }
}
