import ArgumentParser
import Engine
import Reports

struct PeopleConsentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent",
        abstract: "Shows what a person agreed to and refused, or records it.",
        discussion: """
            Purposes are tracking, profiling, marketing, service, or your own. Channels are email, sms, push, kakao, inApp \
            and web; without one the statement is about all. Advertising at night (21:00 to 8:00 where the person lives) by \
            sms, push or kakao needs a yes of its own: --night.

            Nothing is ever overwritten: the latest statement counts, and the earlier ones stay as evidence.

            Examples:
              dangol people consent customer-1001
              dangol people consent customer-1001 --grant marketing --channel kakao --source "store form" --version 2026-01
              dangol people consent customer-1001 --grant marketing --channel push --night
              dangol people consent customer-1001 --refuse marketing
            """)

    @Argument(help: ArgumentHelp("An id or the key of the person.", valueName: "person"))
    var person: String

    @Option(help: ArgumentHelp("They agree to this purpose.", valueName: "purpose"))
    var grant: String?

    @Option(help: ArgumentHelp("They refuse this purpose.", valueName: "purpose"))
    var refuse: String?

    @Option(help: ArgumentHelp("On this channel only.", valueName: "channel"))
    var channel: String?

    @Flag(help: "At night only.")
    var night = false

    @Option(help: ArgumentHelp("Evidence: where it was said.", valueName: "text"))
    var source: String?

    @Option(help: ArgumentHelp("Evidence: the version of the text that they were shown.", valueName: "version"))
    var version: String?

    @Option(help: ArgumentHelp("Evidence: the text that they were shown.", valueName: "text"))
    var text: String?

    @OptionGroup var zone: ZoneOption
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if grant != nil, refuse != nil { throw ValidationError("--grant and --refuse exclude each other") }
        if grant == nil, refuse == nil, night || [channel, source, version, text].contains(where: { $0 != nil }) {
            throw ValidationError("say what they said: --grant PURPOSE or --refuse PURPOSE")
        }
        for case let value? in [grant, refuse, channel, source, version, text] where value.isEmpty {
            throw ValidationError("an option is empty")
        }
    }

    func run() async throws {
        let people = try data.backend().people
        let view: ConsentsView
        if let purpose = grant ?? refuse {
            var statement = ConsentRequest.Statement(
                purpose: purpose, channel: channel, period: night ? "night" : nil, granted: grant != nil)
            statement.source = source
            statement.version = version
            statement.text = text
            view = try await people.record(ConsentRequest([statement]), of: person)
        } else {
            view = try await people.consents(of: person)
        }
        try output.emit(report(view), json: view)
    }

    private func report(_ view: ConsentsView) -> Report {
        func word(_ flag: Bool) -> String { flag ? "yes" : "no" }
        var report = Report(person)
        report.summary = ["May be recorded: \(word(view.mayTrack)). May be profiled: \(word(view.mayProfile))."]
        report.add(
            PersonReport.table(
                ["channel", "marketing", "at night", "service"],
                view.channels.map {
                    [$0.channel, word($0.marketing), word($0.marketingAtNight), word($0.service)]
                }), heading: "May be sent")
        report.add(
            PersonReport.table(
                ["time", "purpose", "channel", "when", "said", "source", "version", "id"],
                view.statements.map {
                    [
                        PersonReport.time($0.time, zone), $0.purpose, $0.channel ?? "all", $0.period ?? "",
                        word($0.granted), $0.source ?? "", $0.version ?? "", $0.id,
                    ]
                }), heading: "What they said")
        return report
    }
}
