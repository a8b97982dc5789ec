import Foundation
import Reports

extension OutputOptions {
    /// Prints a report in the form that was asked for. `value` is what `--json` prints.
    func emit(_ report: Report, json value: some Encodable) throws {
        if json {
            printOut(try JSONText.of(value))
        } else if csv {
            printOut(report.tables.first?.table.csv ?? "", terminator: "")
        } else {
            printOut(report.text(on: .output))
        }
    }
}

enum JSONText {
    /// JSON with sorted keys: indented for a terminal, on one line for a program.
    static func of(_ value: some Encodable, indented: Bool = Terminal.output.isTerminal) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if indented { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// Writes a whole file or nothing: first beside it, then renamed.
func writeFile(_ path: String, _ text: String) throws {
    do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw Failure(
            .failure, code: "io",
            "the file \(path) cannot be written: \((error as NSError).localizedDescription). Is there such a folder, and may you write there?"
        )
    }
}
