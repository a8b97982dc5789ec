import ArgumentParser

/// How many of the latest entries of a list are shown.
struct LatestOption: ParsableArguments {
    @Option(help: "How many, the latest first, from 1 to 1000.")
    var limit: Int = 100

    func validate() throws {
        if !(1...1_000).contains(limit) { throw ValidationError("--limit must be from 1 to 1000") }
    }
}
