import ArgumentParser
import Audiences
import Engine
import Reports

struct AudienceExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes all members as CSV or JSON, or hashed for an ad platform.",
        discussion: """
            For an ad platform (\(AdPlatform.allCases.map(\.rawValue).joined(separator: ", "))) addresses are normalised as \
            it asks, then hashed with SHA-256. Whom you may hand on has to be said: --consent with a channel and purpose, \
            or none.

            Examples:
              dangol audience export "VIP" --trait email --trait city --output vip.csv
              dangol audience export "VIP" --format json
              dangol audience export "VIP" --platform meta --consent email:marketing --output meta.csv
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @Option(help: ArgumentHelp("csv or json.", valueName: "format"))
    var format: AudienceService.ExportFormat = .csv

    @Option(help: ArgumentHelp("A trait to write beside each; may be repeated.", valueName: "name"))
    var trait: [String] = []

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Hashed addresses for this ad platform.", valueName: "platform"))
    var platform: AdPlatform?

    @Option(help: ArgumentHelp("Only who allows this: email:marketing; or none.", valueName: "what"))
    var consent: String?

    @Option(help: ArgumentHelp("Where e-mail addresses are.", valueName: "trait"))
    var emailTrait = "email"

    @Option(help: ArgumentHelp("Where phone numbers are.", valueName: "trait"))
    var phoneTrait = "phone"

    @Option(help: ArgumentHelp("Of phone numbers that are written without one.", valueName: "digits"))
    var countryCode = "82"

    @OptionGroup var data: DataOptions

    func validate() throws {
        if (platform == nil) != (consent == nil) {
            throw ValidationError("--platform and --consent belong together: say whom you may hand on")
        }
        if let consent, AdExportOptions.consent(consent) == nil {
            throw ValidationError("--consent is a channel and purpose, such as email:marketing, or none")
        }
        if platform != nil, !trait.isEmpty { throw ValidationError("--trait does not go with --platform") }
    }

    func run() async throws {
        let sink = try output.map { try ByteOutput(creating: $0) } ?? .standardOutput
        let backend = try data.backend()
        if let platform, let question = consent.flatMap(AdExportOptions.consent) {
            var options = AdExportOptions(platform: platform, consent: question)
            options.emailTrait = emailTrait
            options.phoneTrait = phoneTrait
            options.countryCode = countryCode
            let report = try await backend.exportHashed(audience, options) { try sink.write($0) }
            try sink.flush()
            printError(
                "\(NumberFormat.count(report.written)) of \(Plural.of(report.persons, "person")) written; "
                    + "\(NumberFormat.count(report.refused)) refuse, "
                    + "\(NumberFormat.count(report.withoutAddress)) without an address.")
        } else {
            try await backend.exportAudience(audience, as: format, traits: trait) { try sink.write($0) }
            if format == .json { try sink.write("\n".utf8) }
            try sink.flush()
            if let output { printError("The members of '\(audience)' are in \(output).") }
        }
    }
}

struct AudienceSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Hands all members to a webhook, signed, 500 a call.",
        discussion: """
            A server makes the calls in the background and repeats those that fail for two days; without a server they \
            are made at once. Calls are signed as Standard Webhooks has it; 'dangol webhook --secret' shows the secret.

            Examples:
              dangol audience send "VIP" --to https://example.com/hook --trait email
            """)

    @Argument(help: ArgumentHelp("The audience.", valueName: "name"))
    var audience: String

    @Option(help: ArgumentHelp("The address to call.", valueName: "url"))
    var to: String

    @Option(help: ArgumentHelp("A trait to send along; may be repeated.", valueName: "name"))
    var trait: [String] = []

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let sending = try await data.backend().sendAudience(audience, to: to, traits: trait)
        var report = Report("'\(audience)' goes out in \(Plural.of(sending.calls, "call"))")
        if let done = sending.report {
            report.summary.append(
                "\(NumberFormat.count(done.delivered)) delivered, \(NumberFormat.count(done.postponed)) to be repeated, "
                    + "\(NumberFormat.count(done.abandoned)) given up")
            if let failure = done.failure { report.summary.append(failure) }
        }
        try output.emit(report, json: sending)
        if let done = sending.report, done.failure != nil { throw ExitStatus.findings }
    }
}

extension AudienceService.ExportFormat: ExpressibleByArgument {}
extension AdPlatform: ExpressibleByArgument {}
