import Metrics
import Synchronization

/// What the server counts of its requests.
final class RequestMetrics: Sendable {
    let isSecure: Bool
    private let registry: MetricsRegistry
    private let running: Meter
    private let byRoute = Mutex<[String: Series]>([:])

    private struct Series: Sendable {
        var counts: [Int: Counter] = [:]
        var duration: Timer
    }

    init(_ registry: MetricsRegistry, isSecure: Bool) {
        self.registry = registry
        self.isSecure = isSecure
        running = Meter(label: "dangol_http_requests_running", factory: registry)
    }

    func began() { running.increment(by: 1) }

    func ended(_ route: String, status: Int, seconds: Double) {
        running.decrement(by: 1)
        byRoute.withLock { routes in
            var series =
                routes[route]
                ?? Series(
                    duration: Timer(
                        label: "dangol_http_request_seconds", dimensions: [("route", route)], factory: registry))
            let counter =
                series.counts[status]
                ?? Counter(
                    label: "dangol_http_requests_total", dimensions: [("route", route), ("status", "\(status)")],
                    factory: registry)
            series.counts[status] = counter
            routes[route] = series
            counter.increment()
            series.duration.recordNanoseconds(Int64(seconds * 1e9))
        }
    }
}
