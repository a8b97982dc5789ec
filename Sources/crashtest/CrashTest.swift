import ArgumentParser

/// Kills a process that writes to a log, again and again, and looks each time whether the log has kept its promises.
@main
struct CrashTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crashtest",
        abstract: "Kills a writing process with SIGKILL at random moments and checks the log after each.",
        discussion: """
            A second process appends from several threads, loads, merges, forgets, seals and compacts, and prints each step \
            before it begins and after it is acknowledged. After each kill: no acknowledged event is lost, none is there \
            twice, nothing of a forgotten person is left, and every checksum matches.
            """,
        subcommands: [Check.self, WriteCommand.self], defaultSubcommand: Check.self)

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Runs writers and kills them (the default).")

        @Option(help: "How many writers to kill.")
        var kills = 15
        @Option(help: "Where to make the logs. A folder for temporary files when not given.")
        var folder: String?
        @Option(help: "Decides what the writers do and when they are killed (the machine has its share in it too).")
        var seed: UInt64 = 1
        @Option(help: "Milliseconds that a writer lives at most.")
        var lifeMilliseconds = 400

        func run() throws {
            var killer = try Killer(folder: folder, seed: seed, lifeMilliseconds: lifeMilliseconds)
            try killer.run(kills: kills)
        }
    }

    struct WriteCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write", abstract: "Writes until it is killed (what `check` starts).", shouldDisplay: false)

        @Argument var folder: String
        @Argument var seed: UInt64
        @Argument(help: "What the appenders go on with: acknowledged,tried for each.")
        var progress: String

        func run() throws {
            try Writer(folder: folder, seed: seed, progress: Progress.parse(progress)).run()
        }
    }
}
