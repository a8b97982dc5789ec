import ArgumentParser
import Engine
import Recommendations
import Reports

struct ContentCurveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curve",
        abstract: "How many of those who begin an episode are still there after each minute, and where many leave.",
        discussion: """
            Who may still go on counts only as far as they got.

            Examples:
              dangol content curve title-0012
              dangol content curve title-0012 --season 2 --episode 3 --csv
            """)

    @Argument(help: ArgumentHelp("A title, or the id of an episode.", valueName: "item"))
    var item: String

    @Option(help: ArgumentHelp("The season. (default: the first)", valueName: "number"))
    var season: Int?

    @Option(help: ArgumentHelp("The number within the season. (default: the first)", valueName: "number"))
    var episode: Int?

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().content.curve(item, season: season, episode: episode)
        var report = Report(answer.title)
        report.summary.append(
            "\(Plural.of(answer.persons, "person")) began it; \(ContentText.share(answer.completion)) see the end.")
        for drop in answer.drops {
            report.summary.append(
                "Minutes \(drop.from) to \(drop.to): \(drop.left) left where "
                    + "\(NumberFormat.fixed(drop.expected, 1)) would be usual.")
        }
        var table = TextTable([
            .number("minute"), .number("watching"), .number("there before"), .number("left"),
        ])
        for minute in answer.minutes {
            table.add(
                [
                    TextTable.Cell("\(minute.minute)"), TextTable.Cell(ContentText.share(minute.watching)),
                    TextTable.Cell(NumberFormat.count(minute.atRisk)), TextTable.Cell(NumberFormat.count(minute.left)),
                ],
                values: [
                    "\(minute.minute)", "\(minute.watching.estimate)", "\(minute.atRisk)", "\(minute.left)",
                ])
        }
        report.add(table)
        try output.emit(report, json: answer)
    }
}

struct ContentIntrosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intros",
        abstract: "What many people jump over in each season of a title, such as opening titles.",
        discussion: """
            Examples:
              dangol content intros title-0012
            """)

    @Argument(help: ArgumentHelp("A title, or the id of an episode.", valueName: "item"))
    var item: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await data.backend().content.skips(item)
        var report = Report("What is skipped in '\(item)'")
        var table = TextTable([
            .number("season"), .number("from"), .number("to"), .number("persons"), .number("of viewers"), .text("why"),
        ])
        for season in answer.seasons {
            if season.intervals.isEmpty {
                table.add(
                    [
                        TextTable.Cell("\(season.season)"), TextTable.Cell("–"), TextTable.Cell("–"),
                        TextTable.Cell("–"), TextTable.Cell("–"), TextTable.Cell(season.reason.en, .dim),
                    ], values: ["\(season.season)", "", "", "", "", season.reason.code])
            }
            for interval in season.intervals {
                table.add(
                    [
                        TextTable.Cell("\(season.season)"), TextTable.Cell(ContentText.clock(interval.from)),
                        TextTable.Cell(ContentText.clock(interval.to)),
                        TextTable.Cell(NumberFormat.count(interval.persons)),
                        TextTable.Cell(ContentText.share(interval.share)), TextTable.Cell(season.reason.en, .dim),
                    ],
                    values: [
                        "\(season.season)", "\(interval.from)", "\(interval.to)", "\(interval.persons)",
                        "\(interval.share.estimate)", season.reason.code,
                    ])
            }
        }
        report.add(table)
        try output.emit(report, json: answer)
    }
}

struct ContentBingeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "binge",
        abstract: "How many episodes are watched in a row, of everything and of each title.",
        discussion: """
            Examples:
              dangol content binge
              dangol content binge --top 5 --json
            """)

    @Option(help: ArgumentHelp("How many titles.", valueName: "count"))
    var top = 20

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...200).contains(top) else { throw ValidationError("--top must be from 1 to 200, not \(top)") }
    }

    func run() async throws {
        let answer = try await data.backend().content.binges(count: top)
        var report = Report("Episodes in a row")
        report.summary.append(
            "\(NumberFormat.percent(answer.sessions.share)) of the sessions have three episodes or more; "
                + "\(NumberFormat.fixed(answer.sessions.episodesPerSession, 2)) a session, "
                + "\(NumberFormat.fixed(answer.days.episodesPerSession, 2)) a day.")
        var table = TextTable([
            .text("title"), .number("three or more"), .number("a session"), .number("sessions"),
        ])
        for title in answer.titles {
            let sessions = title.sessions.reduce(0, +)
            table.add(
                [
                    TextTable.Cell(title.title ?? ""), TextTable.Cell(NumberFormat.percent(title.share)),
                    TextTable.Cell(NumberFormat.fixed(title.episodesPerSession, 2)),
                    TextTable.Cell(NumberFormat.count(sessions)),
                ], values: [title.item ?? "", "\(title.share)", "\(title.episodesPerSession)", "\(sessions)"])
        }
        report.add(table)
        try output.emit(report, json: answer)
    }
}

struct ContentGapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: "What is wanted and not there: searches that lead nowhere, attributes wanted more than supplied.",
        discussion: """
            Examples:
              dangol content gaps
              dangol content gaps --searches 20 --json
            """)

    @Option(help: ArgumentHelp("Only terms with at least so many searches.", valueName: "count"))
    var searches = 5

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard searches >= 1 else { throw ValidationError("--searches must be 1 or more, not \(searches)") }
    }

    func run() async throws {
        let answer = try await data.backend().content.gaps(searches: searches)
        var report = Report("What is missing")
        var terms = TextTable([
            .text("search"), .number("searches"), .number("without results"), .number("lead nowhere"),
            .text("would lead to"),
        ])
        for term in answer.terms {
            terms.add(
                [
                    TextTable.Cell(term.term, .bold), TextTable.Cell(NumberFormat.count(term.searches)),
                    TextTable.Cell(NumberFormat.count(term.empty)), TextTable.Cell(ContentText.share(term.unmet)),
                    TextTable.Cell(term.category ?? "–"),
                ],
                values: [
                    term.term, "\(term.searches)", "\(term.empty)", "\(term.unmet.estimate)", term.category ?? "",
                ])
        }
        report.add(terms)
        var attributes = TextTable([
            .text("attribute"), .number("demand for supply"), .number("of what is begun"), .number("of the items"),
            .number("items"),
        ])
        for row in answer.attributes where row.isCertain {
            attributes.add(
                [
                    TextTable.Cell("\(row.name)=\(row.value)"), TextTable.Cell(ContentText.interval(row.index)),
                    TextTable.Cell(NumberFormat.percent(row.demand)), TextTable.Cell(NumberFormat.percent(row.supply)),
                    TextTable.Cell(NumberFormat.count(row.items)),
                ],
                values: [
                    "\(row.name)=\(row.value)", "\(row.index.estimate)", "\(row.demand)", "\(row.supply)",
                    "\(row.items)",
                ])
        }
        report.add(attributes)
        try output.emit(report, json: answer)
    }
}

struct ContentTermCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "term",
        abstract: "Where a search term leads, and what to offer when it finds nothing.",
        discussion: """
            Examples:
              dangol content term 선크림
              dangol content term dkahsem --json
            """)

    @Argument(help: ArgumentHelp("What was typed.", valueName: "term"))
    var term: String

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let view = try await data.backend().content.term(term)
        var report = Report("Where '\(view.category.term)' leads")
        let reason = view.category.reason.en
        report.summary.append("\(view.category.category ?? "Nowhere in particular"): \(reason).")
        var table = TextTable([.text("instead"), .number("score"), .number("led somewhere"), .text("why")])
        for suggestion in view.rescue.suggestions {
            table.add(
                [
                    TextTable.Cell(suggestion.term, .bold), TextTable.Cell(NumberFormat.fixed(suggestion.score, 2)),
                    TextTable.Cell(NumberFormat.count(suggestion.count)), TextTable.Cell(suggestion.reason.en, .dim),
                ],
                values: [suggestion.term, "\(suggestion.score)", "\(suggestion.count)", suggestion.reason.code])
        }
        report.add(table)
        try output.emit(report, json: view)
    }
}
