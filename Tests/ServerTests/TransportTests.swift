import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Testing

@testable import Server

/// What only a real socket shows: TLS, and lines that are drawn before a request is one.
struct TransportTests {
    /// Runs a server on a port of the system's choosing and gives it to the body.
    private func withServer(
        _ settings: ServerSettings, _ body: (_ address: String, _ port: Int) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let scratch = try ServerScratch(settings)
        let (addresses, announce) = AsyncStream.makeStream(of: String.self)
        let server = DangolServer(scratch.parts) { announce.yield($0) }
        let running = Task {
            defer { announce.finish() }
            try await server.run()
        }
        defer { running.cancel() }
        for await address in addresses {
            let port = try #require(address.split(separator: ":").last.flatMap { Int($0) })
            try await body(address, port)
            break
        }
        running.cancel()
        _ = await running.result
    }

    /// Sends bytes and gives what comes back until the other end closes.
    private func exchange(
        _ text: String, port: Int, tls: TLSConfiguration? = nil
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let context = try NIOSSLContext(configuration: tls)
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            do {
                for try await piece in inbound { answer += String(buffer: piece) }
            } catch is IOError {
                // The server has closed while it was still being written to.
            } catch NIOSSLError.uncleanShutdown {
                // It closes without a farewell.
            }
            return answer
        }
    }

    private static let health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    @Test func aServerWithACertificateSpeaksTLSAndNothingElse() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var settings = ServerSettings()
        settings.tlsCertificate = folder.appendingPathComponent("certificate.pem").path
        settings.tlsKey = folder.appendingPathComponent("key.pem").path
        try Data(TestCertificate.certificate.utf8).write(to: folder.appendingPathComponent("certificate.pem"))
        try Data(TestCertificate.key.utf8).write(to: folder.appendingPathComponent("key.pem"))
        try await withServer(settings) { address, port async throws in
            #expect(address == "https://127.0.0.1:\(port)")
            var client = TLSConfiguration.makeClientConfiguration()
            client.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMBytes(Array(TestCertificate.certificate.utf8)))
            let answer = try await exchange(Self.health, port: port, tls: client)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("strict-transport-security: max-age="))
            // Versions with known weaknesses are refused.
            client.maximumTLSVersion = .tlsv11
            await #expect(throws: (any Error).self) {
                let old = try await exchange(Self.health, port: port, tls: client)
                try #require(old.isEmpty, "it answered over TLS 1.1")
                throw NIOSSLError.uncleanShutdown
            }
            #expect(try await exchange(Self.health, port: port).contains("200 OK") == false)
        }
    }

    @Test func aCertificateThatIsNoneIsNamedBeforeTheServerRuns() async throws {
        var settings = ServerSettings()
        settings.tlsCertificate = "/nowhere/certificate.pem"
        settings.tlsKey = "/nowhere/key.pem"
        let scratch = try ServerScratch(settings)
        let error = await #expect(throws: (any Error).self) { try await DangolServer(scratch.parts).run() }
        #expect(error.map { "\($0)" }?.contains("/nowhere/certificate.pem") == true)
    }

    @Test func headersThatAreTooLargeOrTooManyAreNotAnswered() async throws {
        var settings = ServerSettings()
        settings.headerBytes = 4_096
        try await withServer(settings) { _, port async throws in
            #expect(try await exchange(Self.health, port: port).contains("200 OK"))
            func request(_ headers: String) -> String {
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n"
            }
            let fits = request("X-Padding: " + String(repeating: "a", count: 1_000) + "\r\n")
            #expect(try await exchange(fits, port: port).contains("200 OK"))
            let large = request("X-Padding: " + String(repeating: "a", count: 5_000) + "\r\n")
            #expect(try await exchange(large, port: port).contains("200 OK") == false)
            let sum = request((0..<8).map { "X-\($0): " + String(repeating: "a", count: 600) + "\r\n" }.joined())
            #expect(try await exchange(sum, port: port).contains("200 OK") == false)
            let many = request((0..<200).map { "X-\($0): a\r\n" }.joined())
            #expect(try await exchange(many, port: port).contains("200 OK") == false)
            // The others are served as before.
            #expect(try await exchange(Self.health, port: port).contains("200 OK"))
        }
    }
}

/// A certificate for `localhost` that nobody trusts, made for these tests by
/// `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost`.
private enum TestCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUdzj3tuYBgfzDL0gC3dSwgOqb5YswCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTIxNDcwMloYDzIxMjYxMTA1
        MjE0NzAyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAARoE6qIQ3z6V3V2tEBsKRJ99NbIXYT7G7c8aKQI53XhScpMACU+pWay
        414C9D13Ro8whIduOtj2203TS1ngfhcNo28wbTAdBgNVHQ4EFgQURjz6L8mD3V+v
        pBAvwdIWFa+TzXswHwYDVR0jBBgwFoAURjz6L8mD3V+vpBAvwdIWFa+TzXswDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIhAMjwuk7vUvvTCA4/SX6p+kRH46H+mefTy7V3gRFjzo73AiAj
        /O66R/Xv6puerwTa1qpgUFwvUohSKJq/5KAys5WIuQ==
        -----END CERTIFICATE-----

        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg74UJaVeCNbUrFcMp
        OHj7K1IPR4Ij5Vrjg0UrLsZOjKShRANCAARoE6qIQ3z6V3V2tEBsKRJ99NbIXYT7
        G7c8aKQI53XhScpMACU+pWay414C9D13Ro8whIduOtj2203TS1ngfhcN
        -----END PRIVATE KEY-----

        """
}
