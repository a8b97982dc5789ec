import Analysis
import ArgumentParser
import Engine
import EventLog
import Reports

/// What every short form of a question has.
struct QuestionOptions: ParsableArguments {
    @OptionGroup var range: RangeOptions
    @OptionGroup var zone: ZoneOption
    @OptionGroup var filters: WhereOption
    @OptionGroup var report: ReportOptions
    @OptionGroup var data: DataOptions

    @Flag(help: "Print the question as JSON, which 'dangol query' takes, instead of asking it.")
    var printQuery = false
}

extension QuestionOptions {
    /// Adds the days and the zone.
    func addRange(to query: inout JSONObject) {
        if let from = range.from { query.add("from", from) }
        if let to = range.to { query.add("to", to) }
        if zone.timeZone != "UTC" { query.add("timeZone", zone.timeZone) }
    }
}

/// A command that stands for one question: it writes the question's JSON, and everything else follows.
protocol QuestionCommand: AsyncParsableCommand {
    static var kind: Query.Kind { get }
    /// Whether the days belong to the question itself.
    static var hasOwnRange: Bool { get }
    var question: QuestionOptions { get }

    /// Adds the fields of the question beside its kind and its days.
    func describe(_ query: inout JSONObject) throws
    /// What stands on the command line for a field of the JSON, where it is not the field's own name.
    func optionName(_ field: String) -> String?
}

extension QuestionCommand {
    static var hasOwnRange: Bool { true }

    func optionName(_ field: String) -> String? { nil }

    func run() async throws {
        var text = JSONObject()
        text.add("kind", Self.kind.rawValue)
        try describe(&text)
        if Self.hasOwnRange { question.addRange(to: &text) }
        let query: Query
        do {
            query = try Query(json: text.data)
        } catch let error as QueryError {
            throw Failure(error, option: place(of: error.field))
        }
        if question.printQuery {
            printOut(text.text)
            return
        }
        try await Answering(data: question.data, report: question.report).answer([NamedQuery(query)])
    }

    /// Events as steps or series of a query, each with the common conditions and those of its own in brackets.
    func selectors(_ events: [String]) throws -> [EventSelector] {
        let common = try question.filters.filters()
        return try events.map { try EventText.parse($0, common: common) }
    }

    /// What the user wrote for a field of the JSON: `--time-zone` for `timeZone`.
    private func place(of field: String) -> String {
        if field.contains("filters") { return "--where" }
        let path = field.replacing(/\[[0-9]+\]/, with: "")
        if let name = optionName(path) ?? optionName(String(path.prefix { $0 != "." })) { return name }
        var name = ""
        for character in path.prefix(while: { $0 != "." }) {
            if character.isUppercase { name += "-" + character.lowercased() } else { name.append(character) }
        }
        return name.isEmpty ? "" : "--" + name
    }
}

/// An event on the command line: its name, and in brackets conditions of its own: `Order Completed[total>=100]`.
enum EventText {
    static func parse(_ text: String, common: [Filter]) throws -> EventSelector {
        guard text.hasSuffix("]"), let open = text.firstIndex(of: "["), open > text.startIndex else {
            return EventSelector(text, filters: common)
        }
        let conditions = text[text.index(after: open)...].dropLast().split(separator: ",")
        let own = try conditions.map { try WhereOption.parse($0.trimmingPrefix { $0 == " " }.description) }
        var selector = EventSelector(String(text[..<open]), filters: common + own)
        selector.name = text
        return selector
    }
}
