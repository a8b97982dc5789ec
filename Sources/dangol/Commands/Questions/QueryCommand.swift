import Analysis
import ArgumentParser
import Foundation
import Reports

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Asks questions that are written as JSON.",
        discussion: """
            A file holds one question, or a list of them; several files are answered together, and --html puts all of \
            them on one page. Start from a short form: 'dangol funnel A B --print-query' prints its JSON.

            Examples:
              dangol query funnel.json
              dangol query report/*.json --html report.html
              echo '{"kind":"funnel","steps":[{"event":"Sign Up"},{"event":"Order Completed"}],"window":"7d"}' | dangol query -
              dangol query funnel.json --explain
            """)

    @Argument(help: ArgumentHelp("Files with questions; '-' is standard input.", valueName: "file"))
    var files: [String]

    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let queries = try files.flatMap(read)
        try await Answering(data: data, report: report).answer(queries)
    }

    private func read(_ file: String) throws -> [NamedQuery] {
        let text: Data
        do {
            text =
                file == "-"
                ? try FileHandle.standardInput.readToEnd() ?? Data()
                : try Data(contentsOf: URL(fileURLWithPath: file))
        } catch {
            throw Failure(.failure, code: "io", "\(file) cannot be read: is there such a file, and may you read it?")
        }
        let source = file == "-" ? "standard input" : file
        guard text.contains(where: { !Character(Unicode.Scalar($0)).isWhitespace }) else {
            throw Failure(.usage, code: "invalid_json", "\(source) is empty; a question is a JSON object with a 'kind'")
        }
        do {
            return try parse(text).map { NamedQuery($0, source: source) }
        } catch let error as QueryError {
            throw Failure(error, source: source)
        }
    }

    /// One question, or a list of questions.
    private func parse(_ text: Data) throws -> [Query] {
        let first = text.first { !Character(Unicode.Scalar($0)).isWhitespace }
        guard first == UInt8(ascii: "["), let list = try? JSONSerialization.jsonObject(with: text) as? [Any] else {
            return [try Query(json: text)]
        }
        return try list.enumerated().map { index, element in
            do {
                guard JSONSerialization.isValidJSONObject(element) else { return try Query(json: Data("0".utf8)) }
                return try Query(json: try JSONSerialization.data(withJSONObject: element))
            } catch var error as QueryError {
                error.field = "[\(index)]" + (error.field.isEmpty ? "" : ".\(error.field)")
                throw error
            }
        }
    }
}
