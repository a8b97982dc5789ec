package import Engine

/// How the server listens, and where it draws lines.
package struct ServerSettings: Sendable, Hashable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose.
    package var port = 8090
    /// Files in PEM form; both or none.
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// What people reach the server by, such as `https://dangol.example.com`, when a proxy stands in front of it.
    /// Cookies are sent over HTTPS only when this, or the server itself, says so.
    package var publicURL: String?
    /// Whether a proxy that can be trusted says in `X-Forwarded-For` who the caller is.
    package var trustsForwardedFor = false
    /// Whether anybody may read `/metrics`; otherwise callers on the same machine and keys with `metrics:read`.
    package var metricsAreOpen = false
    /// The folder of the console's templates, texts and assets, whose files are read again when they change; nil: those
    /// beside the program.
    package var consoleResources: String?
    /// Which addresses webhooks may call.
    package var webhooks = WebhookRules()

    // MARK: Limits

    /// Bytes of a request's body, where the route does not say otherwise.
    package var bodyBytes = 1 << 20
    /// Bytes of an import's body, which is read as it comes.
    package var importBytes = 4 << 30
    /// Bytes of all bodies that are in memory at the same time.
    package var bodyBytesInFlight = 128 << 20
    package var headerBytes = 32 << 10
    package var connections = 10_000
    /// Requests that one key, or one session, may make a second, and how many at once after a pause.
    package var requestsPerSecond = 5_000.0
    package var requestBurst = 10_000.0
    /// The same for callers without a key, by address.
    package var anonymousRequestsPerSecond = 100.0
    package var anonymousRequestBurst = 300.0
    /// How long a body may take to come, and a connection may say nothing.
    package var bodySeconds = 60.0
    package var idleSeconds = 120.0
    /// Questions that are answered at the same time, and that wait for their turn.
    package var queries = 2
    package var queriesWaiting = 64
    package var imports = 2
    package var streams = 64
    /// How long requests that are under way may take when the server is asked to end.
    package var shutdownSeconds = 20.0

    package init() {}

    /// Whether cookies are for HTTPS only.
    package var isSecure: Bool { tlsCertificate != nil || publicURL?.hasPrefix("https://") == true }
}
