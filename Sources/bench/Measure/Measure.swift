import Foundation
import Statistics
import Synchronization

/// Times and memory.
enum Measure {
    /// Seconds that `body` takes.
    static func seconds<Value>(_ body: () throws -> Value) rethrows -> (value: Value, seconds: Double) {
        let clock = ContinuousClock()
        let start = clock.now
        let value = try body()
        return (value, (clock.now - start) / .seconds(1))
    }

    /// Exact quantiles of times, in microseconds.
    static func microseconds(_ times: [Double]) -> [String: Double] {
        let sorted = times.sorted()
        func at(_ q: Double) -> Double { (Quantile.ofSorted(sorted, q) ?? 0) * 1e6 }
        return ["p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "p999": at(0.999), "max": at(1)]
    }

    /// Resident memory that is not a mapped file, in bytes.
    static var anonymousMemory: Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return 0 }
        for line in status.split(separator: "\n") where line.hasPrefix("RssAnon:") {
            return (Int(line.split(separator: " ")[1]) ?? 0) * 1_024
        }
        return 0
    }

    /// The most anonymous memory while `body` runs, looked at every millisecond. Slows `body` down: measure its time
    /// apart.
    static func peakMemory(_ body: () throws -> Void) rethrows -> Int {
        let watch = MemoryWatch()
        Thread { watch.run() }.start()
        defer { watch.isDone.store(true, ordering: .releasing) }
        try body()
        return max(watch.peak.load(ordering: .relaxed), anonymousMemory)
    }

    private final class MemoryWatch: Sendable {
        let isDone = Atomic<Bool>(false)
        let peak = Atomic<Int>(0)

        func run() {
            while !isDone.load(ordering: .acquiring) {
                let now = Measure.anonymousMemory
                if now > peak.load(ordering: .relaxed) { peak.store(now, ordering: .relaxed) }
                usleep(1_000)
            }
        }
    }

    static func emit(_ report: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        FileHandle.standardOutput.write(try encoder.encode(report))
        FileHandle.standardOutput.write(Data("\n".utf8))
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
