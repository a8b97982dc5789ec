import Foundation

/// The package as files: what the tests of this folder read.
enum SourceTree {
    /// The folder of Package.swift, found from this file's place.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct SourceFile {
        /// Relative to the root, with slashes.
        let path: String
        let lines: [Substring]

        /// The module that the file belongs to: the folder under Sources or Tests.
        var module: String { String(path.split(separator: "/")[1]) }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// All Swift files below a folder of the root, sorted by path.
    static func swiftFiles(in folder: String) throws -> [SourceFile] {
        let base = root.appendingPathComponent(folder)
        guard let found = FileManager.default.enumerator(atPath: base.path) else { return [] }
        let paths = found.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted()
        return try paths.map { path in
            let text = try text("\(folder)/\(path)")
            return SourceFile(
                path: "\(folder)/\(path)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    /// The modules that a file imports.
    static func imports(of file: SourceFile) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let position = words.firstIndex(of: "import"), position <= 2, position + 1 < words.count,
                words[..<position].allSatisfy({
                    ["package", "public", "internal", "private", "fileprivate", "@testable", "@_exported"].contains($0)
                })
            else { return nil }
            // `import struct Module.Name` names the module in front of the point.
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name =
                kinds.contains(words[position + 1]) && position + 2 < words.count
                ? words[position + 2] : words[position + 1]
            return name.split(separator: ".").first.map(String.init)
        }
    }
}
