import EventLog
import Foundation

/// Compares a log with what its writers have said.
struct Checker {
    let folder: String

    /// - Returns: what is wrong. Settles in the ledger what was in doubt and cannot be sent again.
    func check(_ ledger: inout Ledger, repairing: Bool) -> [String] {
        do {
            let log = try EventLog.open(folder, for: repairing ? .writing : .reading)
            defer { if repairing { log.abandon() } }
            var problems = try EventLog.verify(folder).problems.map { "verify: \($0)" }
            let counts = try Counts(log)
            problems += appended(counts, &ledger)
            problems += forgotten(counts, ledger)
            problems += try merged(log, ledger)
            problems += try bytesLeft(ledger)
            return problems
        } catch let error as EventLogError where error.code == .notFound && ledger.stored == 0 {
            // Killed before it made the log.
            return []
        } catch {
            return ["\(error)"]
        }
    }

    /// How often each event of each thread is in the log.
    private struct Counts {
        private(set) var byThread = [[Int: Int]](repeating: [:], count: Progress.threads)

        init(_ log: EventLog) throws {
            var next: UInt64 = 0
            while true {
                let page = try log.tail(from: next, limit: 20_000)
                guard let last = page.last else { return }
                for stored in page {
                    guard let thread = Int(stored.event.name.dropFirst("Thread ".count)),
                        byThread.indices.contains(thread),
                        case .number(let number)? = stored.event["number"]
                    else { continue }
                    byThread[thread][Int(number), default: 0] += 1
                }
                next = last.sequence + 1
            }
        }
    }

    /// Acknowledged events are there once; a batch in doubt is there as a whole or not at all.
    private func appended(_ counts: Counts, _ ledger: inout Ledger) -> [String] {
        var problems: [String] = []
        for thread in 0...Progress.loader {
            let progress = ledger.progress[thread]
            let found = counts.byThread[thread]
            for number in 0..<progress.acknowledged where found[number] != 1 {
                problems.append(
                    "event \(number) of thread \(thread) was acknowledged and is there \(found[number] ?? 0) times")
            }
            let inDoubt = max(progress.tried, progress.acknowledged)
            let doubtful = (progress.acknowledged..<inDoubt).map { found[$0] ?? 0 }
            if doubtful.contains(where: { $0 > 1 || $0 != doubtful.first }) {
                problems.append("a batch of thread \(thread) is there in part, or twice: \(doubtful)")
            }
            let beyond = found.keys.filter { $0 >= inDoubt }
            if !beyond.isEmpty { problems.append("events \(beyond.sorted()) of thread \(thread) were never sent") }
            // A load has no message ids, so it is sent again only when it is not there.
            if thread == Progress.loader {
                ledger.progress[thread].acknowledged = doubtful.first == 1 ? inDoubt : progress.acknowledged
                ledger.progress[thread].tried = ledger.progress[thread].acknowledged
            }
        }
        return problems
    }

    private func forgotten(_ counts: Counts, _ ledger: Ledger) -> [String] {
        let progress = ledger.progress[Progress.forgetter]
        return (0..<progress.tried).compactMap { number in
            let count = counts.byThread[Progress.forgetter][number] ?? 0
            if ledger.forgotten.contains(number) {
                return count == 0 ? nil : "\(Script.gone(number)) was forgotten and has \(count) events"
            }
            let isSure = ledger.added.contains(number) && !ledger.forgetting.contains(number)
            if isSure, count != Script.eventsOfOne { return "\(Script.gone(number)) has \(count) events" }
            return count == 0 || count == Script.eventsOfOne ? nil : "\(Script.gone(number)) has \(count) events"
        }
    }

    /// The latest merges hold: both ids have one history.
    private func merged(_ log: EventLog, _ ledger: Ledger) throws -> [String] {
        let snapshot = try log.snapshot()
        let last = ledger.progress[Progress.merger].acknowledged - 1
        guard last >= 0 else { return [] }
        let own = try snapshot.history(of: Script.alias(last))
        let other = try snapshot.history(of: Script.person(last))
        guard own.count >= Script.eventsOfOne, own == other else {
            return [
                "\(Script.alias(last)) was merged into \(Script.person(last)), but they have \(own.count) and \(other.count) events"
            ]
        }
        return []
    }

    /// No file has the bytes of the persons that were forgotten last.
    private func bytesLeft(_ ledger: Ledger) throws -> [String] {
        let names = ledger.forgotten.sorted().suffix(5).map { Data(Script.gone($0).utf8) }
        guard !names.isEmpty else { return [] }
        var problems: [String] = []
        let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        for file in files {
            guard let bytes = FileManager.default.contents(atPath: folder + "/" + file) else { continue }
            for name in names where bytes.range(of: name) != nil {
                problems.append("\(file) still has the bytes of \(String(decoding: name, as: UTF8.self))")
            }
        }
        return problems
    }
}
