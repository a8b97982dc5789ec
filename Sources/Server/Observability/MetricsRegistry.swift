package import Metrics
import Synchronization

/// Counters, gauges and histograms in memory, for a page in the text format that Prometheus reads.
///
/// A factory of swift-metrics: libraries that count report here, once it is the process's factory.
package final class MetricsRegistry: MetricsFactory {
    /// Upper bounds of the buckets of durations, in seconds.
    static let secondsBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// Of other recorded values: powers of ten.
    static let valueBounds = [1.0, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000]
    /// Beyond so many series new ones are counted together, so that labels from outside cannot fill the memory.
    static let seriesMax = 10_000

    enum Series: Sendable {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)
    }

    struct Key: Hashable, Sendable {
        var name: String
        var labels: String
    }

    private let series = Mutex<[Key: Series]>([:])

    package init() {}

    /// All series, by name and labels.
    var all: [(key: Key, series: Series)] {
        series.withLock { series in
            series.map { (key: $0.key, series: $0.value) }.sorted {
                ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels)
            }
        }
    }

    private func find(_ label: String, _ dimensions: [(String, String)], _ make: () -> Series) -> Series {
        let key = Key(name: PrometheusText.name(label), labels: PrometheusText.labels(dimensions))
        return series.withLock { series in
            if let known = series[key] { return known }
            let made = make()
            if series.count < MetricsRegistry.seriesMax { series[key] = made }
            return made
        }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        if case .counter(let known) = find(label, dimensions, { .counter(CounterSeries()) }) { return known }
        return CounterSeries()
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        if case .counter(let known) = find(label, dimensions, { .counter(CounterSeries()) }) { return known }
        return CounterSeries()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        if case .gauge(let known) = find(label, dimensions, { .gauge(GaugeSeries()) }) { return known }
        return GaugeSeries()
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            let made = { Series.histogram(HistogramSeries(bounds: MetricsRegistry.valueBounds)) }
            if case .histogram(let known) = find(label, dimensions, made) { return known }
            return HistogramSeries(bounds: MetricsRegistry.valueBounds)
        }
        if case .gauge(let known) = find(label, dimensions, { .gauge(GaugeSeries()) }) { return known }
        return GaugeSeries()
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let made = { Series.histogram(HistogramSeries(bounds: MetricsRegistry.secondsBounds)) }
        if case .histogram(let known) = find(label, dimensions, made) { return known }
        return HistogramSeries(bounds: MetricsRegistry.secondsBounds)
    }

    // Series stay until the process ends, as Prometheus expects of them.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}

final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let total = Mutex(0.0)

    var value: Double { total.withLock { $0 } }
    func increment(by amount: Int64) { total.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { total.withLock { $0 += amount } }
    func reset() { total.withLock { $0 = 0 } }
}

final class GaugeSeries: MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    var value: Double { current.withLock { $0 } }
    func set(_ value: Int64) { current.withLock { $0 = Double(value) } }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

final class HistogramSeries: TimerHandler, RecorderHandler {
    struct Counts {
        /// By bucket, not yet added up; the last is for what is above all bounds.
        var buckets: [Int]
        var count = 0
        var sum = 0.0
    }

    let bounds: [Double]
    private let counts: Mutex<Counts>

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Mutex(Counts(buckets: Array(repeating: 0, count: bounds.count + 1)))
    }

    var value: Counts { counts.withLock { $0 } }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        counts.withLock { counts in
            counts.buckets[bucket] += 1
            counts.count += 1
            counts.sum += value
        }
    }
}
