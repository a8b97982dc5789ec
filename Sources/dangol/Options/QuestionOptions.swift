import Analysis
import ArgumentParser
import Engine
import EventLog

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

/// A command that stands for one question: it writes the question's JSON, and everything else follows.
protocol QuestionCommand: ParsableCommand {
    static var kind: Query.Kind { get }
    var question: QuestionOptions { get }

    /// Adds the fields of the question beside its kind and its days.
    func describe(_ query: inout JSONObject) throws
}

extension QuestionCommand {
    func run() throws {
        var text = JSONObject()
        text.add("kind", Self.kind.rawValue)
        try describe(&text)
        if let from = question.range.from { text.add("from", from) }
        if let to = question.range.to { text.add("to", to) }
        if question.zone.timeZone != "UTC" { text.add("timeZone", question.zone.timeZone) }
        let query: Query
        do {
            query = try Query(json: text.data)
        } catch let error as QueryError {
            throw Failure(error, option: optionName(error.field))
        }
        if question.printQuery {
            printOut(text.text)
            return
        }
        try Answering(data: question.data, report: question.report).answer([NamedQuery(query)])
    }

    /// Events as steps or series of a query, each with the common conditions and those of its own in brackets.
    func selectors(_ events: [String]) throws -> [EventSelector] {
        let common = try question.filters.filters()
        return try events.map { try EventText.parse($0, common: common) }
    }

    /// The option that stands for a field of the JSON, or the text that explains where it came from.
    private func optionName(_ field: String) -> String {
        let top = field.prefix { $0 != "[" && $0 != "." }
        var name = ""
        for character in top {
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
