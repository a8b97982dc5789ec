import ArgumentParser

/// Measures Dangol on synthetic events; every command prints one JSON object. `Benchmarks/report.py` runs them beside
/// the peers and writes docs/BENCHMARKS.md.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures Dangol on synthetic events.",
        subcommands: [
            BuildCommand.self, QueriesCommand.self, HistoryCommand.self, OpenCommand.self, ImportCommand.self,
            AppendCommand.self, GenerateCommand.self, WorldCommand.self, ServerCommand.self, AudiencesCommand.self,
            KillCommand.self, ProfilesCommand.self, MergesCommand.self, BanditCommand.self, DecideCommand.self,
            LoopCommand.self, OffPolicyCommand.self,
        ])
}

/// Where the log is, for every command.
struct LogOptions: ParsableArguments {
    @Option(help: "The folder of the event log.")
    var data: String
}
