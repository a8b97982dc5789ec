import ArgumentParser
import Engine
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
        guard file != "-" else { return try await export(to: .standardOutput) }
        // Whole or not at all: whoever reads the file must not find half of it.
        let part = file + ".part"
        defer { unlink(part) }
        try await export(to: try ByteOutput(creating: part))
        guard rename(part, file) == 0 else {
            throw Failure(
                .failure, code: "io", "the file \(file) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    private func export(to destination: ByteOutput) async throws {
        let chosen = try persons.map { file in
            let text = String(decoding: try WholeFile.read(file, bytesMax: Self.personBytesMax), as: UTF8.self)
            return text.split(whereSeparator: \.isNewline).map(String.init)
        }
        var counter = FirstLineCounter()
        let progress = Progress("Exporting", unit: "persons")
        defer { progress.finish() }
        let notes = try await options.data.backend().recommendations.export(
            ListExportBody(model: options.model, count: top, persons: chosen)
        ) { bytes in
            try destination.write(bytes)
            counter.add(bytes)
            progress.update(share: nil, count: counter.count)
        }
        let count = counter.count
        try destination.flush()
        progress.finish()
        for note in notes { printError("dangol: \(note)") }
        printError("\(Plural.of(count, "person")).")
    }
}

/// Counts the lines that end with the rank 1, in text that comes in pieces: each person has one.
struct FirstLineCounter {
    private(set) var count = 0
    private var last: (UInt8, UInt8) = (0, 0)

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n"), last.1 == UInt8(ascii: "1"), last.0 == UInt8(ascii: "\t") { count += 1 }
            last = (last.1, byte)
        }
    }
}
