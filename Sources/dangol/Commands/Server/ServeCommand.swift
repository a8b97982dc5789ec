import Access
import ArgumentParser
import Engine
import Logging
import Reports
import Server

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the server: takes events from SDKs, answers questions over HTTP.",
        discussion: """
            Runs in the foreground and prints its address. Ctrl-C or SIGTERM ends it in order: what was accepted is \
            answered and stored. The first time it prints a link with which the owner's account is made.

            Every setting can be a flag, a variable (DANGOL_PORT) or a line of a YAML file (port: 8090); 'dangol config' \
            lists all of them.

            Examples:
              dangol serve --data ./data
              dangol serve --host 0.0.0.0 --port 443 --tls-certificate chain.pem --tls-key key.pem
              dangol serve --config dangol.yaml --log-format json
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        let configuration = try await options.read()
        let format = configuration.logFormat
        let level = configuration.logLevel
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label, format: format)
            handler.logLevel = level
            return handler
        }
        let logger = Logger(label: "dangol")
        let report: @Sendable (String, any Error) -> Void = { workspace, error in
            logger.error(
                "events wait to be applied", metadata: ["workspace": "\(workspace)", "error": "\(error)"])
        }
        let installation = try Installation.open(configuration.data, onError: report)
        do {
            let parts = ServerParts(
                installation: installation, settings: configuration.server, logger: logger,
                metrics: MetricsRegistry())
            let token = try installation.access.makeSetupToken()
            let publicURL = configuration.server.publicURL
            let server = DangolServer(parts) { address in
                var lines = "Listening on \(address)\n"
                if let token { lines += "Make the owner's account: \(publicURL ?? address)/setup?token=\(token)\n" }
                printOut(lines, terminator: "")
                try? ByteOutput.standardOutput.flush()
            }
            try await server.runUntilAsked(
                webhooks: HTTPWebhookSender(rules: configuration.server.webhooks))
        } catch {
            try? installation.close()
            throw error
        }
        // The service has closed it already, unless it never came to run.
        try installation.close()
    }
}

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Shows every setting of the server, its value and where it is from.",
        discussion: """
            Flags come before variables (DANGOL_PORT), these before the YAML file, and all before what is built in. The \
            file is the one of --config or DANGOL_CONFIG, or dangol.yaml in the data folder.

            Examples:
              dangol config
              dangol config --config dangol.yaml --json
            """)

    @OptionGroup var options: ServeOptions
    @OptionGroup var output: OutputOptions

    private struct View: Encodable {
        var settings: [ServeConfiguration.Effective]
    }

    func run() async throws {
        let configuration = try await options.read()
        var table = TextTable([.text("setting"), .text("value"), .text("from")])
        for one in configuration.effective {
            table.add(
                [TextTable.Cell(one.name), TextTable.Cell(one.value, .bold), TextTable.Cell(one.source, .dim)],
                values: [one.name, one.value, one.source])
        }
        var report = Report("Settings of the server")
        report.add(table)
        try output.emit(report, json: View(settings: configuration.effective))
    }
}

/// The settings of the server that most people set; the others come from variables and the file.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The folder that holds workspaces. (default: DANGOL_DATA, or ./data)", valueName: "dir"))
    var data: String?

    @Option(help: ArgumentHelp("A YAML file with settings.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The address to listen on. (default: 127.0.0.1)", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("The port; 0 lets the system choose. (default: 8090)", valueName: "number"))
    var port: String?

    @Option(help: ArgumentHelp("The certificate chain, PEM. With it the server speaks HTTPS.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key, PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(help: ArgumentHelp("What people reach the server by, when a proxy stands in front.", valueName: "url"))
    var publicURL: String?

    @Option(help: ArgumentHelp("text or json: how each line of the log is written. (default: text)", valueName: "form"))
    var logFormat: String?

    @Option(
        help: ArgumentHelp(
            "trace, debug, info, notice, warning, error or critical. (default: info)", valueName: "level"))
    var logLevel: String?

    func read() async throws -> ServeConfiguration {
        let flags = [
            "data": data, "host": host, "port": port, "tlsCertificate": tlsCertificate, "tlsKey": tlsKey,
            "publicUrl": publicURL, "logFormat": logFormat, "logLevel": logLevel,
        ]
        return try await ServeConfiguration.read(flags: flags.compactMapValues(\.self), file: config)
    }
}
