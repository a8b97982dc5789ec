import AsyncHTTPClient
import Dispatch
import Engine
import Foundation
import Glibc
import NIOCore
import NIOHTTP1

/// Calls webhooks. The name is looked up first and the call goes to the very address that was found admissible, so that
/// a name that means something else a moment later leads nowhere else. Redirects are not followed.
struct HTTPWebhookSender: WebhookSender {
    private let rules: WebhookRules
    /// What a receiver says is read up to here.
    private static let answerBytesMax = 64 << 10

    init(rules: WebhookRules) { self.rules = rules }

    func send(_ request: WebhookRequest) async throws -> WebhookAnswer {
        try rules.check(request.url)
        guard let host = URL(string: request.url)?.host else { throw WebhookRefusal("'\(request.url)' has no host") }
        let address = try await admissibleAddress(host)
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.dnsOverride = [host: address]
        configuration.timeout.connect = .milliseconds(Int64(rules.timeoutSeconds * 1000))
        // A client for each call, because the address is part of its configuration.
        let client = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        do {
            let answer = try await call(request, client)
            try await client.shutdown()
            return answer
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private func call(_ request: WebhookRequest, _ client: HTTPClient) async throws -> WebhookAnswer {
        var message = HTTPClientRequest(url: request.url)
        message.method = .POST
        for header in request.headers { message.headers.add(name: header.name, value: header.value) }
        message.headers.add(name: "user-agent", value: "dangol/\(Dangol.version)")
        message.body = .bytes(ByteBuffer(bytes: request.body))
        let timeout = TimeAmount.milliseconds(Int64(rules.timeoutSeconds * 1000))
        let response = try await client.execute(message, timeout: timeout)
        // The status alone counts; a short rest is read so that the connection ends well.
        _ = try? await response.body.collect(upTo: Self.answerBytesMax)
        return WebhookAnswer(
            status: Int(response.status.code),
            retryAfterSeconds: response.headers.first(name: "retry-after").flatMap { Int($0) })
    }

    // MARK: Addresses

    /// - Throws: `WebhookRefusal` when the name means any address that may not be called.
    private func admissibleAddress(_ host: String) async throws -> String {
        let found = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(with: Result { try Self.addresses(host) })
            }
        }
        for address in found where !rules.admits(address: address.bytes) {
            throw WebhookRefusal(
                "'\(host)' is not on the public internet, and the setting webhookPrivateAddresses does not allow others"
            )
        }
        guard let first = found.first else { throw UnknownHost(host: host) }
        return first.text
    }

    private struct UnknownHost: Error, CustomStringConvertible {
        var host: String
        var description: String { "there is no address of '\(host)'" }
    }

    private struct Address {
        /// As on the wire: 4 or 16.
        var bytes: [UInt8]
        var text: String
    }

    /// Every address of a name. Blocks.
    private static func addresses(_ host: String) throws -> [Address] {
        // Brackets belong to addresses, not to names.
        let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0 else { throw UnknownHost(host: host) }
        defer { freeaddrinfo(list) }
        var found: [Address] = []
        var next = list
        while let info = next?.pointee {
            next = info.ai_next
            guard let address = info.ai_addr else { continue }
            let bytes: [UInt8]
            switch info.ai_family {
            case AF_INET:
                bytes = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self).sin_addr.bytes
            case AF_INET6:
                bytes = UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in6.self).sin6_addr.bytes
            default: continue
            }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = getnameinfo(
                address, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard status == 0 else { continue }
            let end = text.firstIndex(of: 0) ?? text.endIndex
            found.append(
                Address(bytes: bytes, text: String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)))
        }
        return found
    }
}

extension in_addr {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension in6_addr {
    fileprivate var bytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}
