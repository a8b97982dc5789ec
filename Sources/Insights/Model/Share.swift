import Crypto
package import Foundation

/// A link that shows one insight or one dashboard to whoever has it.
package struct Share: Sendable, Hashable {
    package enum Target: Sendable, Hashable {
        case insight(Int64)
        case dashboard(Int64)
    }

    package var id: Int64
    package var target: Target
    package var owner: String
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var createdTime: Int64
    package var expiresTime: Int64
    package var revokedTime: Int64?

    package func isOpen(at now: Int64) -> Bool { revokedTime == nil && now < expiresTime }

    /// Days that a link may live.
    package static let days = 1...366
}

/// The secret part of a link: 43 letters and digits of base 62, 256 bits.
package struct ShareToken: Sendable, Hashable {
    package let text: String

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let length = 43

    /// A new one, from the system's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<Self.length).map { _ in Self.letters[Int.random(in: 0..<62, using: &generator)] }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Nil for a text that can be no token, so that nothing is looked up for it.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Self.letters.contains) else { return nil }
        self.text = text
    }

    /// What is stored. With so many bits SHA-256 keeps a token as safely as a slow hash.
    package var digest: Data { Data(SHA256.hash(data: Data(text.utf8))) }
}
