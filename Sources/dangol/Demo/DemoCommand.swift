import Access
import ArgumentParser
import DemoWorld
import Engine
import Foundation
import Logging
import Reports
import Server

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Makes invented businesses with a year behind them, keeps them running, and opens the console.",
        discussion: """
            Each business is a workspace. A year of events goes through the collection as it would from SDKs, then the \
            server starts, the people live on, and one link opens the console signed in. What is decided for somebody by the \
            API (what they are shown, a coupon, help) reaches them, and they act on it. Ctrl-C ends it; the same command \
            goes on where it ended, with everything that was decided.

            Examples:
              dangol demo
              dangol demo --small --port 9000
              dangol demo --speed 600      ten minutes of their time a second
              dangol demo --reset          begins anew
              dangol demo --truth truth    also writes what is hidden of them
            """)

    @Option(help: ArgumentHelp("The folder that the demonstration is in.", valueName: "dir"))
    var data: String = "demo"

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host: String = "127.0.0.1"

    @Option(help: ArgumentHelp("The port; 0 lets the system choose.", valueName: "number"))
    var port: Int = 8090

    @Option(help: ArgumentHelp("Seconds that pass in the businesses in one of ours.", valueName: "number"))
    var speed: Double = 60

    @Option(help: "Another number, other people.")
    var seed: UInt64 = 7

    @Flag(help: "A tenth of the people and events.")
    var small = false

    @Flag(help: "Throw away what is there and begin anew.")
    var reset = false

    @Flag(help: "Make the businesses and their year, and do not start the server.")
    var noServer = false

    @Option(
        help: ArgumentHelp(
            "Also write what is hidden of each business into this folder, as JSON Lines.", valueName: "dir"))
    var truth: String?

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
        guard speed >= 1, speed <= 3_600 else { throw ValidationError("--speed is a number from 1 to 3600.") }
    }

    func run() async throws {
        LoggingSystem.bootstrap { label in
            var handler = LineLogHandler(label: label, format: .text)
            handler.logLevel = .warning
            return handler
        }
        let folder = DemoFolder(data)
        if reset { try folder.remove() }
        let (record, worlds) = try await prepare(folder)
        if let truth { try writeTruth(of: worlds, to: truth) }
        if !noServer { try await serve(folder, record, worlds) }
    }

    /// The businesses as they are now: made, or woken up again.
    private func prepare(_ folder: DemoFolder) async throws -> (DemoRecord, [any SimulatedWorld]) {
        if let record = try folder.record() {
            let worlds = SimulatedWorlds.all(record.settings)
            let progress = Progress("Waking everybody up", unit: "businesses")
            for (index, world) in worlds.enumerated() {
                let done = try folder.actions(of: world.description.name).deeds(until: record.worldTime).done
                world.skip(to: record.worldTime, through: done, threads: 2)
                progress.update(share: Double(index + 1) / Double(worlds.count), count: index + 1)
            }
            progress.finish()
            return (record, worlds)
        }
        try folder.begin()
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let start = KoreanCalendar.midnight(KoreanCalendar.day(of: now) - 365)
        let settings = WorldSettings(seed: seed, start: start, scale: small ? 0.1 : 1)
        let worlds = SimulatedWorlds.all(settings)
        try await DemoHistory(folder.path, worlds, until: now).make()
        let record = DemoRecord(settings, worldTime: now, time: now)
        try folder.write(record)
        return (record, worlds)
    }

    private func writeTruth(of worlds: [any SimulatedWorld], to path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for world in worlds {
            let file = try ByteOutput(creating: "\(path)/\(world.description.name).jsonl")
            try world.truth { try file.write($0) }
            try file.flush()
        }
        printError("What is hidden is in \(path).")
    }

    // MARK: Serving

    private func serve(_ folder: DemoFolder, _ record: DemoRecord, _ worlds: [any SimulatedWorld]) async throws {
        let logger = Logger(label: "dangol")
        let installation = try Installation.open(folder.path, makesDefault: false) { workspace, error in
            logger.error("events wait to be applied", metadata: ["workspace": "\(workspace)", "error": "\(error)"])
        }
        do {
            var settings = ServerSettings()
            settings.host = host
            settings.port = port
            let token = try await signInToken(installation.access)
            let parts = ServerParts(
                installation: installation, settings: settings, logger: logger, metrics: MetricsRegistry())
            let server = DangolServer(parts) { address in
                printOut(greeting(worlds, address: address, token: token), terminator: "")
                try? ByteOutput.standardOutput.flush()
            }
            let life = DemoLife(installation, worlds, folder, record, speed: speed, logger: logger)
            try await server.runUntilAsked(webhooks: HTTPWebhookSender(rules: settings.webhooks), beside: [life])
        } catch {
            try? installation.close()
            throw error
        }
        try installation.close()
    }

    private static let owner = "demo@example.com"
    private static let linkMilliseconds: Int64 = 3_600_000

    /// For the owner of the demonstration, who has no password that anybody knows.
    private func signInToken(_ access: AccessService) async throws -> String {
        let user: User
        if let known = try access.user(Self.owner) {
            user = known
        } else {
            user = try await access.addUser(
                email: Self.owner, name: "데모", password: Secrets.text(length: 40), role: .owner,
                workspace: User.everywhere, by: .commandLine)
        }
        return try access.createSignInToken(
            user: user.id, lifetimeMilliseconds: Self.linkMilliseconds, by: .commandLine)
    }

    private func greeting(_ worlds: [any SimulatedWorld], address: String, token: String) -> String {
        let names = worlds.map { "\($0.description.title.korean) (\($0.description.name))" }
        let pace = speed == 1 ? "" : ", \(NumberFormat.value(speed)) times as fast as we do"
        return """
            Open for business: \(names.joined(separator: ", "))

              \(address)/signin?token=\(token)

            The link works once, within the hour. People live on\(pace). Ctrl-C ends it.

            """
    }
}
