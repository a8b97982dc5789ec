package import EventLog
import Foundation

/// The lines that an import could not use, as JSON Lines with source, line number, reason and the line itself.
///
/// The file is made when there is a first such line, and never overwrites another: `events.jsonl.rejected`, then
/// `events.jsonl.rejected-2` and so on.
package final class RejectFile {
    private let wanted: String
    private let isExact: Bool
    private var handle: FileHandle?
    /// Where the lines are; nil as long as there are none.
    package private(set) var path: String?

    /// Beside a source; for standard input in the current folder.
    package init(beside source: String) {
        wanted = (source == "-" ? "stdin" : source) + ".rejected"
        isExact = false
    }

    /// At this place, over whatever is there.
    package init(at path: String) {
        wanted = path
        isExact = true
    }

    /// - Throws: `EngineError` with `io`.
    package func append(_ rejections: [Rejection], source: String) throws {
        if rejections.isEmpty { return }
        var lines = JSONLine()
        for rejection in rejections { lines.append(rejection, source: source) }
        do {
            let handle = try handle ?? open()
            self.handle = handle
            try handle.write(contentsOf: Data(lines.bytes))
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.io, "the rejected lines cannot be written to \(path ?? wanted): \(reason(error))")
        }
    }

    private func open() throws -> FileHandle {
        // Beside the source if one may write there, else in the current folder.
        let places = isExact ? [wanted] : [wanted, URL(fileURLWithPath: wanted).lastPathComponent]
        for place in places {
            for number in 1...999 {
                let candidate = number == 1 ? place : "\(place)-\(number)"
                if !isExact, FileManager.default.fileExists(atPath: candidate) { continue }
                guard FileManager.default.createFile(atPath: candidate, contents: nil),
                    let handle = FileHandle(forWritingAtPath: candidate)
                else { break }
                path = candidate
                return handle
            }
        }
        throw EngineError(
            .io, "the file \(wanted) for rejected lines cannot be made; name another with --rejects")
    }

    deinit { try? handle?.close() }
}

extension JSONLine {
    /// One rejected line: where it was, why, and what it said.
    mutating func append(_ rejection: Rejection, source: String) {
        append(members: [
            ("source", .string(source)), ("line", .number(Double(rejection.line))),
            ("reason", .string(rejection.reason)), ("text", .string(rejection.text)),
        ])
    }
}
