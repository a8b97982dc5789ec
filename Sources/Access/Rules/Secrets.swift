import Crypto
package import Foundation

/// Random secrets and their digests.
package enum Secrets {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Letters and digits, each with log2 36 = 5.17 bits, from the system's random numbers.
    package static func text(length: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let letters = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
        return String(decoding: letters, as: UTF8.self)
    }

    /// A secret of 206 bits with a prefix that says what it is, so that scanners find it where it should not be.
    package static func token(prefix: String) -> String { prefix + "_" + text(length: 40) }

    /// What is kept of a secret with so many bits that guessing is hopeless: SHA-256.
    package static func digest(_ secret: String) -> Data { Data(SHA256.hash(data: Data(secret.utf8))) }

    /// The token that a page of a session sends beside its cookie. Derived, so that nothing has to be kept; it tells
    /// nothing about the session's token.
    package static func csrfToken(session token: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("dangol csrf 1".utf8), using: SymmetricKey(data: Data(token.utf8)))
        return Data(code).map { String(format: "%02x", $0) }.joined()
    }

    /// Whether two are the same, in a time that depends on nothing but the length.
    package static func isEqual(_ a: Data, _ b: Data) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for (x, y) in zip(a, b) { difference |= x ^ y }
        return difference == 0
    }

    package static func isEqual(_ a: String, _ b: String) -> Bool { isEqual(Data(a.utf8), Data(b.utf8)) }
}
