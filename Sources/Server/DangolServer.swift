package import Engine
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
package import ServiceLifecycle
import UnixSignals

/// The server: a service that listens until it is asked to end, answers what it has accepted, and then closes the data.
package struct DangolServer: Service {
    private let parts: ServerParts
    private let onRunning: @Sendable (_ address: String) -> Void

    /// - Parameter onRunning: called once, when connections are accepted, with where: `http://127.0.0.1:8090`.
    package init(_ parts: ServerParts, onRunning: @escaping @Sendable (_ address: String) -> Void = { _ in }) {
        self.parts = parts
        self.onRunning = onRunning
    }

    package func run() async throws {
        let application = try Application(
            router: RouteTable.standard(parts).router(parts), server: transport(), configuration: configuration,
            onServerRunning: { [onRunning, parts] channel in
                onRunning(DangolServer.address(parts.settings, port: channel.localAddress?.port))
            }, logger: parts.logger)
        do {
            try await application.run()
        } catch {
            // A socket that cannot be had is what goes wrong most.
            if let error = error as? IOError {
                throw EngineError(
                    .io, "cannot listen on \(parts.settings.host):\(parts.settings.port): \(error)")
            }
            throw error
        }
    }

    /// Runs a server by itself: ends when the process is asked to (SIGTERM, SIGINT), having closed the installation.
    ///
    /// - Parameters:
    ///   - webhooks: makes the calls that workspaces decide on; nil: they wait.
    ///   - others: what runs beside the server and works on the same data.
    package func runUntilAsked(
        webhooks: (any WebhookSender)? = nil, beside others: [any Service] = []
    ) async throws {
        var services: [any Service] = [InstallationService(installation: parts.installation)]
        if let webhooks { services.append(worker(webhooks)) }
        services += others
        services.append(self)
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: parts.logger)
        configuration.maximumGracefulShutdownDuration = .seconds(parts.settings.shutdownSeconds)
        try await ServiceGroup(configuration: configuration).run()
    }

    private func worker(_ sender: any WebhookSender) -> WebhookWorker {
        WebhookWorker(
            installation: parts.installation, sender: sender, rules: parts.settings.webhooks
        ) { [logger = parts.logger] workspace, report in
            logger.warning(
                "calls of webhooks failed",
                metadata: [
                    "workspace": "\(workspace)", "postponed": "\(report.postponed)",
                    "abandoned": "\(report.abandoned)", "reason": "\(report.failure ?? "")",
                ])
        }
    }

    private var configuration: ApplicationConfiguration {
        let settings = parts.settings
        return ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), serverName: "dangol", backlog: 1024,
            availableConnectionsDelegate: MaximumAvailableConnections(settings.connections, logger: parts.logger))
    }

    private func transport() throws -> HTTPServerBuilder {
        let settings = parts.settings
        let http = HTTPServerBuilder.http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .milliseconds(Int64(settings.idleSeconds * 1000)),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: settings.headerBytes, maxHeaderListSize: settings.headerBytes,
                    maxHeaderFieldCount: 100)))
        guard let certificate = settings.tlsCertificate, let key = settings.tlsKey else { return http }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map { NIOSSLCertificateSource.certificate($0) }
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            tls.minimumTLSVersion = .tlsv12
            return try .tls(http, tlsConfiguration: tls)
        } catch {
            throw EngineError(
                .invalidArgument, "the certificate \(certificate) and the key \(key) cannot be used: \(error)")
        }
    }

    private static func address(_ settings: ServerSettings, port: Int?) -> String {
        let scheme = settings.tlsCertificate == nil ? "http" : "https"
        let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
        return "\(scheme)://\(host):\(port ?? settings.port)"
    }
}

/// Keeps the data open until everything that uses it has ended, and closes it then. Services end in the opposite order
/// in which they are listed, so it comes first.
struct InstallationService: Service {
    let installation: Installation

    func run() async throws {
        try await gracefulShutdown()
        try installation.close()
    }
}
