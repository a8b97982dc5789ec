import EventLog

extension PeopleImportOptions.Target {
    /// Reads what a column means, as commands and the API write it:
    ///
    /// | Text | Meaning |
    /// |---|---|
    /// | `id` | the person's id |
    /// | `trait:NAME`, `trait:NAME:TYPE` | a trait, of a type that is guessed or given |
    /// | `group:TYPE` | the id of a group that the person belongs to |
    /// | `consent:PURPOSE`, with `:CHANNEL` or `:CHANNEL:PERIOD` | yes or no; the channel `*` is every one |
    /// | `ignore` | nothing |
    ///
    /// - Throws: `PeopleError` with `invalid`.
    package init(parsing text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let words = Array(parts.dropFirst())
        switch (parts[0], words.count) {
        case ("id", 0): self = .id
        case ("ignore", 0): self = .ignored
        case ("trait", 1...2) where !words[0].isEmpty:
            self = .trait(words[0], words.count == 2 ? try Self.type(words[1]) : nil)
        case ("group", 1) where !words[0].isEmpty: self = .group(words[0])
        case ("consent", 1...3) where !words[0].isEmpty:
            let channel = words.count > 1 && words[1] != "*" && !words[1].isEmpty ? words[1] : nil
            self = .consent(
                ConsentPurpose(rawValue: words[0]), channel.map(MessageChannel.init(rawValue:)),
                words.count > 2 ? try Self.period(words[2]) : .unsaid)
        default:
            throw PeopleError(
                .invalid,
                "'\(text)' is no meaning of a column; it is id, trait:NAME, trait:NAME:TYPE, group:TYPE, "
                    + "consent:PURPOSE:CHANNEL:PERIOD or ignore")
        }
    }

    private static func type(_ name: String) throws -> PropertyType {
        let types: [PropertyType] = [.string, .number, .boolean, .time, .strings]
        guard let type = types.first(where: { $0.label == name }) else {
            throw PeopleError(
                .invalid, "'\(name)' is no type of a trait; it is \(types.map(\.label).joined(separator: ", "))")
        }
        return type
    }

    private static func period(_ name: String) throws -> ConsentStatement.Period {
        guard let period = ConsentStatement.Period(name: name) else {
            throw PeopleError(.invalid, "'\(name)' is no period of a consent; it is day or night")
        }
        return period
    }
}

extension PeopleImportOptions {
    /// Reads `COLUMN=MEANING`; the column's name may hold equals signs itself.
    ///
    /// - Throws: `PeopleError` with `invalid`.
    package mutating func map(parsing text: String) throws {
        guard let sign = text.lastIndex(of: "="), sign != text.startIndex else {
            throw PeopleError(.invalid, "'\(text)' is not COLUMN=MEANING, for example city=trait:region")
        }
        let column = String(text[..<sign])
        guard columns[column] == nil else {
            throw PeopleError(.invalid, "the column '\(column)' has two meanings")
        }
        columns[column] = try Target(parsing: String(text[text.index(after: sign)...]))
    }
}
