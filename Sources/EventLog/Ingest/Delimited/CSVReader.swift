/// Comma-separated values (RFC 4180) of a file that is held in memory, as records with the line that each begins in.
/// `DelimitedReader` is for files of events, which come as streams and may be larger.
///
/// The separator is a comma, semicolon or tab, whichever the first line has most of outside quotes.
package struct CSVReader {
    /// One record.
    package struct Record: Hashable {
        /// From 1.
        package var line: Int
        package var fields: [String]
    }

    /// Why a file is not CSV.
    package struct Problem: Error, Hashable {
        package var line: Int
        package var reason: String
    }

    package static let maxFields = 2_000

    private let bytes: [UInt8]
    private let separator: UInt8
    private var position = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark of UTF-8.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        separator = CSVReader.separator(of: bytes)
    }

    private static func separator(of bytes: [UInt8]) -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        for byte in bytes {
            if byte == quote { isQuoted.toggle() }
            if byte == lineFeed || byte == carriageReturn, !isQuoted { break }
            if !isQuoted, [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")].contains(byte) {
                counts[byte, default: 0] += 1
            }
        }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        return most?.key ?? UInt8(ascii: ",")
    }

    /// The next record that is not blank; nil at the end.
    ///
    /// - Throws: `Problem`
    package mutating func next() throws -> Record? {
        while position < bytes.count {
            let start = line
            let fields = try record()
            if fields.count > 1 || !fields[0].isEmpty { return Record(line: start, fields: fields) }
        }
        return nil
    }

    private mutating func record() throws -> [String] {
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard fields.count <= CSVReader.maxFields else {
                throw Problem(line: line, reason: "more than \(CSVReader.maxFields) columns")
            }
            guard position < bytes.count, bytes[position] == separator else { break }
            position += 1
        }
        endLine()
        return fields
    }

    private mutating func endLine() {
        guard position < bytes.count else { return }
        if bytes[position] == CSVReader.carriageReturn {
            position += 1
            if position < bytes.count, bytes[position] == CSVReader.lineFeed { position += 1 }
        } else {
            position += 1
        }
        line += 1
    }

    private mutating func field() throws -> String {
        if position < bytes.count, bytes[position] == CSVReader.quote { return try quotedField() }
        let start = position
        while position < bytes.count, bytes[position] != separator, bytes[position] != CSVReader.lineFeed,
            bytes[position] != CSVReader.carriageReturn
        {
            position += 1
        }
        return try text(bytes[start..<position])
    }

    private mutating func quotedField() throws -> String {
        let opened = line
        position += 1
        var content: [UInt8] = []
        while true {
            guard position < bytes.count else {
                throw Problem(line: opened, reason: "a quotation mark is opened here and never closed")
            }
            let byte = bytes[position]
            position += 1
            if byte == CSVReader.lineFeed { line += 1 }
            guard byte == CSVReader.quote else {
                content.append(byte)
                continue
            }
            guard position < bytes.count, bytes[position] == CSVReader.quote else { break }
            content.append(byte)
            position += 1
        }
        if position < bytes.count, bytes[position] != separator, bytes[position] != CSVReader.lineFeed,
            bytes[position] != CSVReader.carriageReturn
        {
            throw Problem(
                line: line, reason: "text follows a closing quotation mark; write \"\" for one inside a field")
        }
        return try text(content[...])
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem(line: line, reason: "the text is not UTF-8; save the file as UTF-8")
        }
        return text
    }

    private static let special: [UInt8] = [
        quote, lineFeed, carriageReturn, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"),
    ]

    /// A field as it is written.
    package static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { special.contains($0) }) else {
            return text
        }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
