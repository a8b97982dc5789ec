import ArgumentParser
import Engine
import Lifecycle
import Reports

struct IntentShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "What a person is about now, or how many people are in which state.",
        discussion: """
            A state holds when its rule does, or its probability is high enough; the first that holds counts. What the \
            moment calls for is only shown here: nothing is decided, and nothing is logged.

            Examples:
              dangol intent show
              dangol intent show customer-1001
            """)

    @Argument(help: ArgumentHelp("Any id of the person. (default: everybody who is here)", valueName: "person"))
    var person: String?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Count: Encodable {
        var state: IntentState
        var count: Int
    }

    private struct Overview: Encodable {
        var total: Int
        var states: [Count]
    }

    func run() async throws {
        if let person { try await show(person) } else { try await showAll() }
    }

    private func show(_ person: String) async throws {
        let view = try await data.backend().intent.show(person)
        var report = Report(view.state.map { "\(person) is \(IntentWords.of($0))." } ?? "\(person) is not here now.")
        if view.isActive {
            if view.modelVersion == nil {
                report.notes.append("No model has been trained, so there are no probabilities: dangol intent train")
            }
            var table = TextTable([.text("state"), .number("probability"), .text("holds")])
            for state in view.states {
                let chance = state.probability
                table.add(
                    [
                        TextTable.Cell(IntentWords.of(state.state), state.state == view.state ? .bold : .plain),
                        TextTable.Cell(chance.map { NumberFormat.percent($0) } ?? "–"),
                        TextTable.Cell(state.holds ? "yes" : ""),
                    ],
                    values: [state.state.rawValue, chance.map { "\($0)" } ?? "", "\(state.holds)"])
            }
            report.add(table)
            if let session = view.session {
                report.summary.append(
                    "\(Plural.of(session.events, "event")) since \(session.start), the last "
                        + "\(NumberFormat.duration(seconds: session.idleSeconds)) ago; "
                        + "\(Plural.of(session.itemsViewed, "item")) viewed, \(session.cartItems) in the cart.")
                if !session.signs.isEmpty {
                    report.summary.append("Signs: \(session.signs.map(\.rawValue).joined(separator: ", ")).")
                }
            }
            if let wanted = view.recommended {
                report.summary.append(
                    "The moment calls for: \(wanted.action.rawValue) (\(wanted.reasons.joined(separator: ", "))).")
            }
        }
        try output.emit(report, json: view)
    }

    private func showAll() async throws {
        let found = try await data.backend().intent.counts()
        let total = found.values.reduce(0, +)
        var report = Report("\(Plural.of(total, "person")) here now")
        var table = TextTable([.text("state"), .number("persons")])
        let counts = IntentState.allCases.map { Count(state: $0, count: found[$0] ?? 0) }
        for count in counts {
            table.add(
                [TextTable.Cell(IntentWords.of(count.state)), TextTable.Cell(NumberFormat.count(count.count))],
                values: [count.state.rawValue, "\(count.count)"])
        }
        report.add(table)
        try output.emit(report, json: Overview(total: total, states: counts))
    }
}

/// States in words.
enum IntentWords {
    static func of(_ state: IntentState) -> String {
        switch state {
        case .hesitating: "hesitating"
        case .comparing: "comparing"
        case .aboutToBuy: "about to buy"
        case .aboutToLeave: "about to leave"
        case .lookingForHelp: "looking for help"
        case .browsing: "browsing"
        }
    }
}
