/// How the columns of delimited text become events.
///
/// A column is named by its header, or by its number counted from 1.
package struct DelimitedOptions: Hashable, Sendable {
    package enum Delimiter: Hashable, Sendable {
        /// Told from the first lines.
        case automatic
        /// Any one ASCII character but quotes, letters, digits and line breaks.
        case character(UInt8)
        /// Runs of spaces and tabs; blanks at both ends of a line do not count.
        case whitespace

        package static let comma = Delimiter.character(0x2c)
        package static let semicolon = Delimiter.character(0x3b)
        package static let tab = Delimiter.character(0x09)
        package static let pipe = Delimiter.character(0x7c)
    }

    package enum Header: Hashable, Sendable {
        /// The first row is a header when the mapping names columns, or when its time is no time.
        case automatic
        case present
        case absent
    }

    package enum EventName: Hashable, Sendable {
        case constant(String)
        case column(String)
        /// A column when the header has one of this name, else the name of every event.
        case automatic(String)
    }

    package enum Properties: Hashable, Sendable {
        case listed([Property])
        /// Every column that has no other part, under its header's name.
        case allOthers
    }

    package struct Property: Hashable, Sendable {
        package var name: String
        package var column: String
        package var type: ValueType

        package init(name: String, column: String, type: ValueType = .automatic) {
            self.name = name
            self.column = column
            self.type = type
        }
    }

    package enum ValueType: String, Hashable, Sendable, CaseIterable {
        /// A number, true or false, or a string: told for the column from the first rows, and from the value itself
        /// where they do not tell. Only plain decimal numbers count as numbers: no leading zeros or plus sign (`00123`
        /// and phone numbers stay text), no exponent (`1E10` may be a code), at most 15 digits.
        case automatic = "auto"
        case string
        case number
        case boolean
        /// ISO 8601 or a number since 1970.
        case time
    }

    package var person: String
    package var time: String
    package var timeFormat: TimeFormat
    /// The IANA zone of times that are written without one.
    package var timeZone: String
    package var event: EventName
    package var properties: Properties
    package var messageID: String?
    package var delimiter: Delimiter
    package var header: Header

    package init(
        person: String, time: String, timeFormat: TimeFormat = .automatic, timeZone: String = "UTC", event: EventName,
        properties: Properties = .allOthers, messageID: String? = nil, delimiter: Delimiter = .automatic,
        header: Header = .automatic
    ) {
        self.person = person
        self.time = time
        self.timeFormat = timeFormat
        self.timeZone = timeZone
        self.event = event
        self.properties = properties
        self.messageID = messageID
        self.delimiter = delimiter
        self.header = header
    }
}

extension DelimitedOptions {
    /// Every column that the mapping refers to, as it was written.
    var references: [String] {
        var references = [person, time]
        if case .column(let column) = event { references.append(column) }
        if let messageID { references.append(messageID) }
        if case .listed(let list) = properties { references += list.map(\.column) }
        return references
    }

    /// The same with the event's name settled by the header, if there is one.
    func settlingEvent(_ header: [String]?) -> DelimitedOptions {
        guard case .automatic(let text) = event else { return self }
        var options = self
        options.event = header?.contains(text) == true ? .column(text) : .constant(text)
        return options
    }

    /// What tells one mapping from another, for the digest that a source begins with: the same file under another
    /// mapping is another source.
    var fingerprint: [String] {
        var parts = [
            "delimited", person, time, timeFormat.label, timeZone, delimiter.label, String(describing: header),
        ]
        switch event {
        case .constant(let name): parts += ["constant", name]
        case .column(let column): parts += ["column", column]
        case .automatic(let text): parts += ["event", text]
        }
        parts += messageID.map { ["message", $0] } ?? []
        switch properties {
        case .listed(let list): for item in list { parts += [item.name, item.column, item.type.rawValue] }
        case .allOthers: parts.append("all others")
        }
        return parts
    }
}

extension DelimitedOptions.Property {
    /// Reads `name=column`, `name=column:type`, `column` or `column:type`.
    ///
    /// - Throws: `ImportError` with code `mapping`.
    package init(parsing text: String) throws {
        var rest = Substring(text)
        var type = DelimitedOptions.ValueType.automatic
        if let colon = rest.lastIndex(of: ":"),
            let known = DelimitedOptions.ValueType(rawValue: String(rest[rest.index(after: colon)...]))
        {
            type = known
            rest = rest[..<colon]
        }
        let parts = rest.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let column = String(parts.last ?? "")
        let name = String(parts.first ?? "")
        if name.isEmpty || column.isEmpty {
            throw ImportError(
                .mapping,
                "the property '\(text)' is not of the form name=column or name=column:type (type: string, "
                    + "number, boolean, time)"
            )
        }
        self.init(name: name, column: column, type: type)
    }
}

extension DelimitedOptions.Delimiter {
    /// Reads a delimiter's name or character: `auto`, `comma`, `tab`, `\t`, `;` and so on.
    ///
    /// - Throws: `ImportError` with code `mapping`.
    package init(parsing text: String) throws {
        switch text.lowercased() {
        case "auto", "automatic": self = .automatic
        case "comma", "csv": self = .comma
        case "semicolon": self = .semicolon
        case "tab", "tsv", "\\t": self = .tab
        case "pipe": self = .pipe
        case "whitespace", "space", "blanks": self = .whitespace
        default:
            guard let byte = text.utf8.first, text.utf8.count == 1, Self.isUsable(byte) else {
                throw ImportError(
                    .mapping,
                    "the delimiter '\(text)' cannot be used; give comma, semicolon, tab, pipe, whitespace or "
                        + "one ASCII sign"
                )
            }
            self = .character(byte)
        }
    }

    /// Signs that cannot be part of a word or number, or of a line break or quote.
    static func isUsable(_ byte: UInt8) -> Bool {
        if byte == 0x09 || byte == 0x1f || byte == 0x1e || byte == 0x01 { return true }
        guard byte > 0x20, byte < 0x7f, byte != 0x22 else { return false }
        let lower = byte | 0x20
        return !(lower >= 0x61 && lower <= 0x7a) && !(byte >= 0x30 && byte <= 0x39)
    }

    /// What the splitter takes: 0 for white space.
    var byte: UInt8 {
        switch self {
        case .character(let byte): byte
        case .whitespace, .automatic: 0
        }
    }

    package var label: String {
        switch self {
        case .automatic: "auto"
        case .whitespace: "whitespace"
        case .comma: "comma"
        case .semicolon: "semicolon"
        case .tab: "tab"
        case .pipe: "pipe"
        case .character(let byte): String(UnicodeScalar(byte))
        }
    }
}
