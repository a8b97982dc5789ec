import Foundation

/// Ids of persons in a file: comma-separated values (RFC 4180), or one id a line.
package enum MemberList {
    /// The names that a column of ids may have.
    private static let headers = ["person", "id", "user_id", "userid", "user id", "distinct_id", "canonical_id"]

    /// The ids of the file, in order, without repeats and empty ones.
    ///
    /// The first line is a header when one of its fields is `person`, `id`, `userId` or the like, whose column is then
    /// read; otherwise the first column is, from the first line on.
    ///
    /// - Throws: `AudienceError` with `invalid` and the line for a quoted field without an end.
    /// - Complexity: O(length)
    package static func ids(csv text: String) throws(AudienceError) -> [String] {
        let rows = try rows(text)
        guard let first = rows.first else { return [] }
        let column = first.firstIndex { headers.contains($0.lowercased()) }
        var seen: Set<String> = []
        return rows.dropFirst(column == nil ? 0 : 1).compactMap { row in
            let index = column ?? 0
            guard index < row.count else { return nil }
            let id = row[index]
            return id.isEmpty || !seen.insert(id).inserted ? nil : id
        }
    }

    private static func rows(_ text: String) throws(AudienceError) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field: [UInt8] = []
        var wasQuoted = false
        var line = 1
        // A byte order mark is no part of the first id.
        var bytes = Array(text.utf8)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }

        func endField() {
            let text = String(decoding: field, as: UTF8.self)
            row.append(wasQuoted ? text : text.trimmingCharacters(in: .whitespaces))
            field.removeAll(keepingCapacity: true)
            wasQuoted = false
        }
        func endRow() {
            endField()
            if row != [""] { rows.append(row) }
            row.removeAll()
        }

        while let byte = bytes.popFirst() {
            switch byte {
            case 0x22 where field.isEmpty && !wasQuoted:
                wasQuoted = true
                let start = line
                var isOpen = true
                while isOpen {
                    guard let inner = bytes.popFirst() else {
                        throw AudienceError(.invalid, "line \(start): a field in quotes has no end")
                    }
                    if inner == 0x22 {
                        if bytes.first == 0x22 { field.append(bytes.removeFirst()) } else { isOpen = false }
                    } else {
                        if inner == 0x0A { line += 1 }
                        field.append(inner)
                    }
                }
            case 0x2C: endField()
            case 0x0A:
                line += 1
                endRow()
            case 0x0D: break
            default: field.append(byte)
            }
        }
        if !field.isEmpty || !row.isEmpty || wasQuoted { endRow() }
        return rows
    }
}
