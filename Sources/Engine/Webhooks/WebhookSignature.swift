import Crypto
package import Foundation

/// Headers that let a receiver know who called, and that nobody changed it: those of
/// [Standard Webhooks](https://www.standardwebhooks.com). The signature is HMAC-SHA256 over `id.seconds.body`.
package struct WebhookSignature: Sendable {
    private let key: SymmetricKey

    /// - Parameter secret: 32 random bytes.
    package init(secret: Data) { key = SymmetricKey(data: secret) }

    /// - Parameter time: milliseconds UTC; the receiver refuses what is old.
    package func headers(id: String, time: Int64, body: Data) -> [WebhookRequest.Header] {
        let seconds = "\(time / 1000)"
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(seconds).".utf8) + body, using: key)
        return [
            WebhookRequest.Header("webhook-id", id), WebhookRequest.Header("webhook-timestamp", seconds),
            WebhookRequest.Header("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }

    /// The id of a message: the same whenever it is sent again, and telling nothing about what it is made of.
    package func id(of key: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(("webhook id\u{0}" + key).utf8), using: self.key)
        return "msg_" + code.prefix(12).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    static func makeSecret() -> Data { SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) } }

    /// How people hand a secret on.
    package static func text(_ secret: Data) -> String { "whsec_" + secret.base64EncodedString() }
}
