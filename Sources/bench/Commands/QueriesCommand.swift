import Analysis
import ArgumentParser
import EventLog
import Statistics

/// `bench queries`: the questions, with their answers.
struct QueriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queries", abstract: "Measures the questions over a log.",
        discussion:
            "Each runs once to warm up and then --runs times; a time is that of the whole query, from its JSON to the answer."
    )

    @OptionGroup var log: LogOptions
    @Option var runs = 7
    @Option var threads = 2
    @Option(help: "Only these questions.")
    var only: [String] = []
    @Flag(help: "One question or more of every kind, instead of those that the peers answer too.")
    var kinds = false

    private struct Answer: Encodable {
        var seconds: Double
        var runs: [Double]
        var answer: JSON
        var explanation: QueryExplanation
        /// Resident memory beyond mapped files, at its highest while the query runs.
        var peakMemoryBytes: Int
    }

    private struct Report: Encodable {
        var engine = "Dangol"
        var rows: Int
        var threads: Int
        var idleMemoryBytes: Int
        var questions: [String: Answer]
    }

    func run() throws {
        let store = try EventLog.open(log.data, for: .reading)
        let service = AnalysisService(threads: threads)
        var report = Report(
            rows: try store.snapshot().eventCount, threads: threads, idleMemoryBytes: Measure.anonymousMemory,
            questions: [:])
        let names = kinds ? Kinds.questions.map(\.name) : Questions.names
        for name in only.isEmpty ? names : only {
            func ask() throws -> AnalysisService.Answer {
                let query = try Kinds.query(name) ?? Questions.query(name)
                return try service.run(query, on: try store.snapshot(), now: EventLog.systemTime())
            }
            var last = try ask()
            var times: [Double] = []
            for _ in 0..<max(1, runs) {
                let timed = try Measure.seconds(ask)
                last = timed.value
                times.append(timed.seconds)
            }
            let peak = try Measure.peakMemory { _ = try ask() }
            var sorted = times
            let median = Quantile.median(&sorted) ?? 0
            report.questions[name] = Answer(
                seconds: median, runs: times, answer: Questions.answer(name, last.result),
                explanation: last.explanation, peakMemoryBytes: peak)
            Measure.note("Dangol \(name): \((median * 100_000).rounded() / 100) ms")
        }
        try Measure.emit(report)
    }
}
