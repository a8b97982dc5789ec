import Foundation
import Testing

/// What the house asks of every source file.
struct SourceRuleTests {
    private func allFiles() throws -> [SourceTree.SourceFile] {
        try SourceTree.swiftFiles(in: "Sources") + SourceTree.swiftFiles(in: "Tests")
    }

    @Test func noFileHasMoreThanFiveHundredLines() throws {
        for file in try allFiles() {
            #expect(file.lines.count <= 501, "\(file.path): \(file.lines.count) lines; does it hold one thing?")
        }
    }

    @Test func noLineIsLongerThanTheFormatAllows() throws {
        for file in try allFiles() {
            // A string that says one thing, such as an error's message, may stay on one line.
            for (number, line) in file.lines.enumerated() {
                if line.count <= 120 || line.contains("\"") || line.hasSuffix(" \\") { continue }
                Issue.record("\(file.path):\(number + 1): \(line.count) columns")
            }
        }
    }

    @Test func noSourceNamesAPathOfSomebodysMachine() throws {
        // Written in pieces, so that this file does not name one itself.
        let roots = ["ho" + "me", "Us" + "ers", "ro" + "ot", "wo" + "rk"].map { "/\($0)/" }
        for file in try allFiles() {
            for (number, line) in file.lines.enumerated() {
                for root in roots where line.contains(root) {
                    Issue.record("\(file.path):\(number + 1): names a path below \(root)")
                }
            }
        }
    }

    /// What only some modules may touch.
    private static let gates: [(what: String, modules: Set<String>, words: [String])] = [
        ("simdjson, zlib and the kernels in C", ["EventLog"], ["import CEventLog"]),
        ("the files of the log", ["EventLog"], ["pwrite(", "pread(", "fdatasync(", "fsync(", "mmap(", "flock("]),
        ("the command-line parser", ["dangol", "crashtest", "bench"], ["import ArgumentParser"]),
    ]

    @Test(arguments: gates.indices)
    func onlySomeModulesTouch(_ index: Int) throws {
        let gate = SourceRuleTests.gates[index]
        for file in try SourceTree.swiftFiles(in: "Sources") where !gate.modules.contains(file.module) {
            for (number, line) in file.lines.enumerated() {
                for word in gate.words where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1): only \(gate.modules.sorted()) touch \(gate.what)")
                }
            }
        }
    }

    @Test func whateverIsSendableWithoutACheckSaysWhy() throws {
        for file in try SourceTree.swiftFiles(in: "Sources") {
            for (number, line) in file.lines.enumerated() where line.contains("@unchecked " + "Sendable") {
                let near = file.lines[max(0, number - 1)...min(file.lines.count - 1, number + 2)]
                #expect(
                    near.contains { $0.trimmingPrefix { $0 == " " }.hasPrefix("//") },
                    "\(file.path):\(number + 1): @unchecked Sendable without the reason")
            }
        }
    }

    @Test func everyDocumentIsThereAndEveryLinkLeadsSomewhere() throws {
        for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md"] {
            let text = try SourceTree.text(document)
            for match in text.matches(of: /\]\(([^)#]+)[^)]*\)/) {
                let target = String(match.1)
                if target.contains("://") || target.hasPrefix("mailto:") { continue }
                let path = SourceTree.root.appendingPathComponent(target).path
                #expect(FileManager.default.fileExists(atPath: path), "\(document) links to \(target)")
            }
        }
    }
}
