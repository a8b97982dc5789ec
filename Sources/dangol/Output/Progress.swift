import Reports
import Synchronization

/// A line on standard error that tells how far long work is, how fast it goes and how long it will take. Shows nothing
/// when standard error is no terminal, and nothing during the first half second.
final class Progress: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var visible = false
    }

    private let label: String
    private let unit: String
    private let terminal: Terminal
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameter unit: what is counted, for the rate: `events`, `rows`.
    init(_ label: String, unit: String, terminal: Terminal = .error) {
        self.label = label
        self.unit = unit
        self.terminal = terminal
    }

    /// Tells how much is done. Cheap to call often: it draws at most ten times a second.
    ///
    /// - Parameters:
    ///   - share: between 0 and 1; nil when nobody knows how much there will be.
    ///   - count: how many of `unit` are done, for the rate; nil when nothing is counted.
    func update(share: Double?, count: Int?) {
        guard terminal.isTerminal else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            let due = state.lastShown.map { now - $0 > .milliseconds(100) } ?? (now - started > .milliseconds(500))
            guard due else { return }
            state.lastShown = now
            state.visible = true
            let seconds = (now - started) / .seconds(1)
            printError("\r\u{1B}[K" + line(share: share, count: count, seconds: seconds), terminator: "")
        }
    }

    /// Takes the line away again.
    func finish() {
        state.withLock { state in
            if state.visible { printError("\r\u{1B}[K", terminator: "") }
            state.visible = false
        }
    }

    /// `Importing  ██████████▌   43.0 %   1,234,567 events   512,345 events/s   12 s left`
    func line(share: Double?, count: Int?, seconds: Double) -> String {
        var parts = [label]
        if let count {
            let rate = seconds > 0 ? Double(count) / seconds : 0
            parts += ["\(NumberFormat.count(count)) \(unit)", "\(NumberFormat.count(Int(rate))) \(unit)/s"]
        }
        if let share {
            let share = min(1, max(0, share))
            parts.insert(NumberFormat.percent(share), at: 1)
            if share > 0.005, share < 1 {
                parts.append(NumberFormat.duration(seconds: (seconds / share - seconds).rounded(.up)) + " left")
            }
        }
        if let share {
            // The bar gives way to the figures on a narrow terminal.
            let room = (terminal.width ?? 80) - 1 - parts.joined(separator: "  ").displayWidth - 2
            if room >= 6 { parts.insert(Bar.text(share, width: min(24, room), fill: true), at: 1) }
        }
        let text = parts.joined(separator: "  ")
        return terminal.width.map { text.truncated(to: $0 - 1) } ?? text
    }
}
