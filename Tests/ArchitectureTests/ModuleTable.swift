import Foundation

/// The table of modules in ARCHITECTURE.md: one row each, `| floor | Module | May import | Holds |`.
struct ModuleTable {
    struct Row {
        let floor: Int
        let module: String
        let mayImport: Set<String>
    }

    let rows: [Row]

    /// Reads the rows between the table's heading line and the next empty line.
    init(markdown: String) throws {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("| Floor | Module | May import |") }) else {
            throw MissingTable()
        }
        rows = lines[(start + 2)...].prefix { $0.hasPrefix("|") }.compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count >= 4, let floor = Int(cells[1]) else { return nil }
            let names = cells[3].split(whereSeparator: { $0 == "," || $0 == " " }).map { $0.filter { $0 != "`" } }
            return Row(
                floor: floor, module: cells[2].filter { $0 != "`" }, mayImport: Set(names).subtracting(["–"]))
        }
    }

    struct MissingTable: Error {}

    func row(_ module: String) -> Row? { rows.first { $0.module == module } }
}

/// The targets below `Sources` that Package.swift declares, read as text: name and the names of dependencies.
struct ManifestTargets {
    let dependencies: [String: Set<String>]

    init(manifest: String) {
        var found: [String: Set<String>] = [:]
        for kind in [".target(", ".executableTarget("] {
            for part in manifest.components(separatedBy: kind).dropFirst() {
                guard let name = ManifestTargets.strings(in: part.prefix(200)).first else { continue }
                let body = ManifestTargets.untilClosed(part)
                if body.contains("path: \"Tests/") { continue }
                var names: Set<String> = []
                if let list = body.range(of: "dependencies: [") {
                    let rest = body[list.upperBound...]
                    let end = rest.firstIndex(of: "]") ?? rest.endIndex
                    // Of `.product(name: "A", package: "b")` the product is what sources import.
                    let plain = rest[..<end].replacing(/package: "[^"]*"/, with: "")
                    names = Set(ManifestTargets.strings(in: plain[...]))
                }
                found[name] = names
            }
        }
        dependencies = found
    }

    private static func strings(in text: Substring) -> [String] {
        let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
        return pieces.indices.filter { $0 % 2 == 1 && $0 < pieces.count - 1 }.map { String(pieces[$0]) }
    }

    /// The text up to the parenthesis that closes the one before it.
    private static func untilClosed(_ text: String) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text[...]
    }
}
