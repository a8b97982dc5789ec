import ArgumentParser
import EventLog
import Foundation

/// How columns become events.
struct ColumnOptions: ParsableArguments {
    @Option(help: "What the input is: jsonl or columns. Told from the other options and the file's name when left out.")
    var format: InputFormat?

    @Option(
        help: ArgumentHelp(
            "The column with the person's id, by its header or number from 1. (default: person)", valueName: "column"))
    var person: String?

    @Option(help: ArgumentHelp("The column with the time. (default: time)", valueName: "column"))
    var time: String?

    @Option(
        help: ArgumentHelp(
            "How times are written: auto (ISO 8601, or a number since 1970), epoch, epoch-ms, or a pattern such as yyyyMMdd, 'dd.MM.yyyy HH:mm' or %Y%m%d.",
            valueName: "format"))
    var timeFormat: String?

    @Option(help: ArgumentHelp("The time zone of times that name none. (default: UTC)", valueName: "zone"))
    var timeZone: String?

    @Option(
        help: ArgumentHelp(
            "The column with the event's name; or, when there is no such column, the name of every event. (default: event)",
            valueName: "name"))
    var event: String?

    @Option(help: ArgumentHelp("The name of every event, even if a column is called so.", valueName: "name"))
    var eventName: String?

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "A property from a column: name=column, or name=column:type with string, number, boolean or time; may be repeated. Without any, every other column is one.",
            valueName: "name=column"))
    var property: [String] = []

    @Option(help: ArgumentHelp("The column with an id that makes each event unique.", valueName: "column"))
    var messageID: String?

    @Option(
        help: ArgumentHelp(
            "comma, semicolon, tab, pipe, whitespace or a sign. (default: told from the first lines)", valueName: "sign"
        ))
    var delimiter: String?

    @Flag(help: "The first line holds values, not names: columns are called by number.")
    var noHeader = false

    @Option(help: ArgumentHelp("The text's encoding, such as euc-kr or latin1. (default: utf-8)", valueName: "name"))
    var encoding: String?

    enum InputFormat: String, ExpressibleByArgument, CaseIterable { case jsonl, columns }

    /// Whether a source is columns: it was said, options of columns were given, or its name says so.
    private func isColumns(_ path: String) -> Bool {
        if let format { return format == .columns }
        let given = [person, time, timeFormat, timeZone, event, eventName, messageID, delimiter]
        if given.contains(where: { $0 != nil }) || !property.isEmpty || noHeader { return true }
        let name = path.lowercased().hasSuffix(".gz") ? String(path.dropLast(3)).lowercased() : path.lowercased()
        return [".csv", ".tsv", ".tab"].contains { name.hasSuffix($0) }
    }

    /// - Throws: `ImportError` with code `mapping` for what makes no sense.
    func importOptions(for path: String) throws -> ImportOptions {
        var options = ImportOptions(isColumns(path) ? .delimited(try delimited()) : .jsonLines)
        options.encoding = encoding
        return options
    }

    /// The same as parameters of the API's import.
    func parameters(for path: String) -> [(String, String)] {
        var list: [(String, String?)] = [("encoding", encoding)]
        if isColumns(path) {
            list += [
                ("format", "columns"), ("person", person), ("time", time), ("timeFormat", timeFormat),
                ("timeZone", timeZone), ("event", event), ("eventName", eventName), ("messageId", messageID),
                ("delimiter", delimiter), ("noHeader", noHeader ? "true" : nil),
            ]
            list += property.map { ("property", $0) }
        }
        return list.compactMap { name, value in value.map { (name, $0) } }
    }

    private func delimited() throws -> DelimitedOptions {
        if event != nil, eventName != nil {
            throw ImportError(.mapping, "--event and --event-name exclude each other")
        }
        return DelimitedOptions(
            person: person ?? "person", time: time ?? "time", timeFormat: TimeFormat(timeFormat ?? "auto"),
            timeZone: timeZone ?? "UTC", event: eventName.map { .constant($0) } ?? .automatic(event ?? "event"),
            properties: property.isEmpty ? .allOthers : .listed(try property.map { try .init(parsing: $0) }),
            messageID: messageID, delimiter: try delimiter.map { try .init(parsing: $0) } ?? .automatic,
            header: noHeader ? .absent : .automatic)
    }
}

/// What happens to lines that cannot be used, and to files that have changed.
struct RejectOptions: ParsableArguments {
    @Flag(help: "Stop at the first line that cannot be used.")
    var strict = false

    @Option(help: ArgumentHelp("Where rejected lines go. (default: the file's name with .rejected)", valueName: "file"))
    var rejects: String?

    @Flag(help: "Import a file that was imported before and then changed: what follows the first difference is new.")
    var again = false
}
