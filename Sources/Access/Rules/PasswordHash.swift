import Crypto
import CryptoExtras
import Foundation

/// Passwords as they are kept: scrypt (RFC 7914) with a salt of their own.
///
/// The text is `scrypt$N$r$p$salt$hash`, the last two in base64, so that a stronger cost can come later.
package struct PasswordHash: Sendable {
    /// How much work one guess is: memory is 128·N·r bytes.
    package struct Cost: Sendable, Hashable {
        package var rounds: Int
        package var blockSize: Int
        package var parallelism: Int

        package init(rounds: Int, blockSize: Int, parallelism: Int) {
            self.rounds = rounds
            self.blockSize = blockSize
            self.parallelism = parallelism
        }

        /// OWASP's equal of N = 2^17, p = 1 with a quarter of the memory: 32 MiB for one sign-in at a time.
        package static let standard = Cost(rounds: 1 << 15, blockSize: 8, parallelism: 3)
    }

    package let cost: Cost

    package init(cost: Cost) { self.cost = cost }

    package func make(_ password: String) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let hash = try PasswordHash.derive(password, salt, cost)
        return [
            "scrypt", "\(cost.rounds)", "\(cost.blockSize)", "\(cost.parallelism)", salt.base64EncodedString(),
            hash.base64EncodedString(),
        ].joined(separator: "$")
    }

    /// - Returns: false for a password that is not it, and for a text that is no hash.
    package func verify(_ password: String, _ text: String) -> Bool {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
            let parallelism = Int(parts[3]), let salt = Data(base64Encoded: String(parts[4])),
            let hash = Data(base64Encoded: String(parts[5]))
        else { return false }
        let cost = Cost(rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        guard let derived = try? PasswordHash.derive(password, salt, cost) else { return false }
        return Secrets.isEqual(derived, hash)
    }

    private static func derive(_ password: String, _ salt: Data, _ cost: Cost) throws -> Data {
        // The same password typed on another keyboard may come as other code points.
        let bytes = Data(password.precomposedStringWithCompatibilityMapping.utf8)
        let key = try KDF.Scrypt.deriveKey(
            from: bytes, salt: salt, outputByteCount: 32, rounds: cost.rounds, blockSize: cost.blockSize,
            parallelism: cost.parallelism)
        return key.withUnsafeBytes { Data($0) }
    }
}
