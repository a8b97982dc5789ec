package import Engine
package import Logging

/// What every handler works with.
package struct ServerParts: Sendable {
    package let installation: Installation
    package let settings: ServerSettings
    package let logger: Logger
    package let metrics: MetricsRegistry
    let bodies: ByteBudget
    let rates: RateLimiter
    let anonymousRates: RateLimiter
    /// Threads for what takes long and cannot be interrupted.
    let queries: WorkQueue
    let imports: WorkQueue
    let streams: StreamSlots
    let console: ConsoleResources
    /// What the addresses of the console must not hold.
    let privateTexts = PrivateTexts()

    package init(installation: Installation, settings: ServerSettings, logger: Logger, metrics: MetricsRegistry) {
        self.installation = installation
        self.settings = settings
        self.logger = logger
        self.metrics = metrics
        bodies = ByteBudget(bytes: settings.bodyBytesInFlight)
        rates = RateLimiter(perSecond: settings.requestsPerSecond, burst: settings.requestBurst)
        anonymousRates = RateLimiter(
            perSecond: settings.anonymousRequestsPerSecond, burst: settings.anonymousRequestBurst)
        queries = WorkQueue("queries", threads: settings.queries, waiting: settings.queriesWaiting)
        imports = WorkQueue("imports", threads: settings.imports, waiting: 0)
        streams = StreamSlots(settings.streams)
        console = ConsoleResources(folder: settings.consoleResources)
    }
}
