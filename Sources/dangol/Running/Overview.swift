import Analysis
import ArgumentParser
import Reports

/// The first page of help: what there is, and where to begin.
enum Overview {
    /// Whether these arguments ask for it.
    static func isAsked(_ arguments: [String]) -> Bool {
        arguments.isEmpty || [["help"], ["--help"], ["-h"]].contains(arguments)
    }

    static func text(on terminal: Terminal) -> String {
        var lines = [
            terminal.styled("dangol", .bold)
                + " knows every customer's history, and answers what they do, come back for "
                + "and leave over.",
            "",
        ]
        for group in Dangol.configuration.groupedSubcommands {
            lines.append(terminal.styled(group.name, .bold))
            for command in group.subcommands {
                let configuration = command.configuration
                let name = configuration.commandName ?? ""
                let gap = String(repeating: " ", count: max(1, 13 - name.count))
                lines.append("  \(name)\(gap)\(terminal.styled(configuration.abstract, .dim))")
            }
            lines.append("")
        }
        lines.append(terminal.styled("Begin with a file you have", .bold))
        lines += examples([
            "dangol import events.jsonl", "dangol events schema",
            "dangol funnel \"Sign Up\" \"Order Completed\" --window 7d",
        ])
        lines.append(terminal.styled("or with businesses that do not exist", .bold))
        lines += examples(["dangol demo", "dangol generate --events 100000 | dangol import -"])
        lines.append(terminal.styled("Exit status", .bold))
        for status in ExitStatus.allCases {
            let number = String(status.rawValue)
            lines.append("  \(number)\(String(repeating: " ", count: 13 - number.count))\(status.meaning)")
        }
        lines.append("")
        lines.append("'dangol help COMMAND' tells more about each, with examples.")
        return lines.joined(separator: "\n")
    }

    private static func examples(_ lines: [String]) -> [String] { lines.map { "  " + $0 } + [""] }

    /// What is wrong when the first argument is no command; nil when it is one.
    static func unknownCommand(_ arguments: [String]) -> Failure? {
        let words = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
        guard let name = words.first, !name.hasPrefix("-") else { return nil }
        var names: [String] = []
        for group in Dangol.configuration.groupedSubcommands {
            for command in group.subcommands { names += [command.configuration.commandName].compactMap { $0 } }
        }
        if (names + ["help"]).contains(name) { return nil }
        return .usage(
            "there is no command '\(name)'\(NearestName.hint(for: name, among: names)); 'dangol help' lists them")
    }
}
