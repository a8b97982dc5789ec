import EventLog
import Foundation

/// A file of items that has been read: JSON Lines, a JSON array, or a table with a line of names.
struct ItemFile {
    private(set) var items: [Item] = []
    private(set) var report = CatalogChangeReport()
    private let options: ItemFileOptions
    private var lines: [String: Int] = [:]

    /// - Throws: `CatalogError` with `badFile`, naming the line.
    init(_ bytes: [UInt8], options: ItemFileOptions) throws {
        guard bytes.count <= CatalogLimits.fileBytes else {
            throw CatalogError(.badFile, "the file is larger than \(CatalogLimits.fileBytes >> 20) MB; split it")
        }
        self.options = options
        let first = bytes.drop { $0 == 0xef || $0 == 0xbb || $0 == 0xbf || $0 <= 0x20 }.first
        switch first {
        case nil: throw CatalogError(.badFile, "the file is empty")
        case 0x5b: try readArray(bytes)
        case 0x7b: try readLines(bytes)
        default: try readTable(bytes)
        }
        if report.rejected > 0, !options.skipsInvalidLines, let first = report.rejections.first {
            let more = report.rejected > 1 ? " (and \(report.rejected - 1) more have errors)" : ""
            throw CatalogError(.badFile, "line \(first.line): \(first.reason)\(more); nothing was imported")
        }
    }

    private mutating func add(_ line: Int, _ read: () throws -> Item) {
        do {
            let item = try read()
            if let before = lines[item.id] {
                throw CatalogError(.invalid, "the item '\(item.id.prefix(100))' stands in line \(before) already")
            }
            lines[item.id] = line
            items.append(item)
        } catch {
            report.reject(line: line, id: nil, LineProblem.reason(of: error))
        }
    }

    private mutating func readArray(_ bytes: [UInt8]) throws {
        let reader = try JSONDocumentReader()
        defer { withExtendedLifetime(reader) {} }
        do {
            try bytes.withUnsafeBytes { bytes in
                let root = try reader.read(bytes, wrappingArrayAs: "items")
                guard let list = root["items"] else { return }
                for (index, value) in list.children.enumerated() { add(index + 1) { try ItemDecoder.item(value) } }
            }
        } catch let error as LineProblem {
            throw CatalogError(.badFile, LineProblem.reason(of: error))
        }
    }

    private mutating func readLines(_ bytes: [UInt8]) throws {
        let reader = try JSONDocumentReader()
        defer { withExtendedLifetime(reader) {} }
        var number = 0
        for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ $0 <= 0x20 }) { continue }
            line.withUnsafeBytes { bytes in
                add(number) { try ItemDecoder.item(try reader.read(bytes, wrappingArrayAs: "items")) }
            }
        }
    }

    private mutating func readTable(_ bytes: [UInt8]) throws {
        var reader = CSVReader(bytes)
        do {
            guard let header = try reader.next() else { throw CatalogError(.badFile, "the file is empty") }
            let names = header.fields.map { $0.trimmingCharacters(in: .whitespaces) }
            let columns = try columns(names)
            while let record = try reader.next() {
                let options = options
                add(record.line) { try ItemLine.item(record.fields, columns, names, options) }
            }
        } catch let problem as CSVReader.Problem {
            throw CatalogError(.badFile, "line \(problem.line): \(problem.reason)")
        }
    }

    private func columns(_ names: [String]) throws -> [ItemColumn] {
        if let twice = Dictionary(grouping: names, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw CatalogError(.badFile, "line 1: two columns are called '\(twice)'")
        }
        for name in options.columns.keys.sorted() where !names.contains(name) {
            throw CatalogError(
                .badFile, "line 1: there is no column '\(name)'; the columns are \(names.joined(separator: ", "))")
        }
        // What is said by hand takes the place of what a name would mean.
        let said = Set(options.columns.values)
        let columns = names.map { name -> ItemColumn in
            if let column = options.columns[name] { return column }
            let standard = ItemColumn(standard: name)
            return said.contains(standard) ? .attribute(name, isList: false) : standard
        }
        for member in ItemColumn.Member.allCases {
            let found = zip(names, columns).filter { $0.1 == .member(member) }.map(\.0)
            if found.count > 1 {
                throw CatalogError(
                    .badFile,
                    "line 1: the columns \(found.joined(separator: ", ")) are all the item's "
                        + "\(member.rawValue); say which with COLUMN=\(member.rawValue), and COLUMN=ignore")
            }
            if member == .id, found.isEmpty {
                throw CatalogError(
                    .badFile,
                    "line 1: no column is the item's id; call one 'id', or say which of "
                        + "\(names.joined(separator: ", ")) it is with COLUMN=id")
            }
        }
        return columns
    }
}
