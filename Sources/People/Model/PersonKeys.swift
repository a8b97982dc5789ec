import Crypto
import EventLog
import Foundation
import GRDB

/// Keyed hashes of ids. The secret is made once for a workspace and stays when the tables are built anew.
struct PersonKeys: Sendable {
    /// Of keys: 80 bits, so that they do not meet by chance below a billion ids.
    private static let keyBytes = 10
    private let secret: SymmetricKey
    private let quick: HashKey

    init(secret: Data) {
        self.secret = SymmetricKey(data: secret)
        let words = Array(HMAC<SHA256>.authenticationCode(for: Data("filter".utf8), using: self.secret))
        func word(_ start: Int) -> UInt64 { words[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        quick = HashKey(k0: word(0), k1: word(8))
    }

    /// Reads the secret, and makes it when there is none. In a transaction that may write.
    static func load(_ db: Database) throws -> PersonKeys {
        if let known = try Data.fetchOne(db, sql: "SELECT value FROM people_setting WHERE name = 'secret'") {
            return PersonKeys(secret: known)
        }
        let new = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        try db.execute(sql: "INSERT INTO people_setting (name, value) VALUES ('secret', ?)", arguments: [new])
        return PersonKeys(secret: new)
    }

    /// The key that stands for an id in addresses of pages: `p_` and 16 characters.
    func key(of id: String) -> String {
        "p_" + PersonKeys.base32(authenticate("key", id).prefix(PersonKeys.keyBytes))
    }

    /// What is kept of an id that was deleted.
    func suppressionHash(of id: String) -> Data { authenticate("gone", id) }

    /// A quick hash that tells most ids from those that were deleted.
    func filter(of id: String) -> Int64 { Int64(bitPattern: quick.hash(id)) }

    private func authenticate(_ purpose: String, _ id: String) -> Data {
        Data(HMAC<SHA256>.authenticationCode(for: Data((purpose + "\u{0}" + id).utf8), using: secret))
    }

    /// Lower-case base 32 (RFC 4648 without padding).
    static func base32(_ bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                text.append(alphabet[Int(bits >> UInt32(count)) & 31])
                bits &= (1 << UInt32(count)) - 1
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(5 - count)) & 31]) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// The ids of persons who were deleted, known by hashes alone.
struct Suppressions: Sendable {
    private struct Entry: Sendable {
        var hash: Data
        /// Events from this sequence number on are let in again; nil while it holds.
        var until: UInt64?
    }

    private var entries: [Int64: [Entry]] = [:]

    var isEmpty: Bool { entries.isEmpty }

    static func load(_ db: Database) throws -> Suppressions {
        var all = Suppressions()
        let rows = try SQLRow.fetchCursor(db, sql: "SELECT filter, hash, until_sequence FROM suppression")
        while let row = try rows.next() {
            let until: Int64? = row[2]
            all.entries[row[0], default: []].append(
                Entry(hash: row[1], until: until.map { UInt64(bitPattern: $0) }))
        }
        return all
    }

    /// Whether an event of this id and sequence number is left out; `UInt64.max` asks for events to come.
    func contains(_ id: String, at sequence: UInt64, _ keys: PersonKeys) -> Bool {
        guard !entries.isEmpty, let same = entries[keys.filter(of: id)] else { return false }
        let hash = keys.suppressionHash(of: id)
        return same.contains { entry in entry.hash == hash && (entry.until.map { sequence < $0 } ?? true) }
    }
}
