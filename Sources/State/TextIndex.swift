import Foundation
package import GRDB

/// Finds rows by any part of their text, in Korean as in English: an FTS5 index of three characters at a time, and a
/// table of pairs for Korean words of one or two syllables, which three characters do not find.
///
/// Each row is a number that the owner gives.
package struct TextIndex: Sendable {
    /// The tables are `<name>_search` and `<name>_pair`.
    private let name: String

    package init(_ name: String) { self.name = name }

    /// To be run by a migration of the owner.
    package var schema: String {
        """
        CREATE VIRTUAL TABLE \(name)_search USING fts5 (text, tokenize = 'trigram', detail = full);
        CREATE TABLE \(name)_pair (
            pair TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (pair, number)
        ) WITHOUT ROWID;
        CREATE INDEX \(name)_pair_number ON \(name)_pair (number);
        """
    }

    /// In the form in which texts are compared: composed (NFC, so that Hangul from any system is the same), lower case.
    package static func folded(_ text: String) -> String {
        text.precomposedStringWithCanonicalMapping.lowercased()
    }

    /// Pairs of neighbouring characters where one is not ASCII, and the single last one of each line.
    package static func pairs(_ text: String) -> Set<String> {
        var found: Set<String> = []
        for line in text.split(whereSeparator: \.isNewline) {
            let characters = Array(line)
            for (position, character) in characters.enumerated() {
                if position + 1 < characters.count {
                    let next = characters[position + 1]
                    if !character.isASCII || !next.isASCII { found.insert(String([character, next])) }
                } else if !character.isASCII {
                    found.insert(String(character))
                }
            }
        }
        return found
    }

    // MARK: Changing

    /// - Parameter text: folded.
    package func add(_ text: String, number: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO \(name)_search (rowid, text) VALUES (?, ?)")
            .execute(arguments: [number, text])
        let insert = try db.cachedStatement(sql: "INSERT OR IGNORE INTO \(name)_pair (pair, number) VALUES (?, ?)")
        for pair in TextIndex.pairs(text) { try insert.execute(arguments: [pair, number]) }
    }

    package func remove(number: Int64, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM \(name)_search WHERE rowid = ?").execute(arguments: [number])
        try db.cachedStatement(sql: "DELETE FROM \(name)_pair WHERE number = ?").execute(arguments: [number])
    }

    // MARK: Finding

    /// A condition that holds for rows whose text contains `text`, and its arguments.
    ///
    /// - Parameters:
    ///   - column: of the number in the query around it.
    ///   - text: not empty.
    package func condition(_ column: String, contains text: String) -> (sql: String, arguments: [String]) {
        let text = TextIndex.folded(text)
        if text.count >= 3 {
            let quoted = "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
            return ("\(column) IN (SELECT rowid FROM \(name)_search WHERE text MATCH ?)", [quoted])
        }
        guard text.contains(where: { !$0.isASCII }) else {
            let escaped = text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "%", with: "\\%")
                .replacingOccurrences(of: "_", with: "\\_")
            return ("\(column) IN (SELECT rowid FROM \(name)_search WHERE text LIKE ? ESCAPE '\\')", ["%\(escaped)%"])
        }
        if text.count == 2 { return ("\(column) IN (SELECT number FROM \(name)_pair WHERE pair = ?)", [text]) }
        // One syllable: the pairs that begin with it.
        return (
            "\(column) IN (SELECT number FROM \(name)_pair WHERE pair >= ? AND pair < ?)",
            [text, TextIndex.following(text)]
        )
    }

    /// The first text after all those that begin with `text`.
    package static func following(_ text: String) -> String {
        guard let last = text.unicodeScalars.last else { return text }
        var scalars = String.UnicodeScalarView(text.unicodeScalars.dropLast())
        var next = last.value + 1
        // No scalar values lie between the surrogates.
        if next == 0xd800 { next = 0xe000 }
        if let scalar = Unicode.Scalar(next) { scalars.append(scalar) }
        return String(scalars)
    }
}
