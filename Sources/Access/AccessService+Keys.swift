import Foundation
import GRDB
import State

extension AccessService {
    // MARK: Keys

    /// Makes a key. Its text is in the answer and, for API keys, nowhere else from then on.
    ///
    /// - Parameters:
    ///   - scopes: of an API key; write keys have `collect` alone.
    ///   - granter: when given, the key gets no scope that they do not have; but `collect`, which is public anyway.
    /// - Throws: `AccessError`: `invalid`, `forbidden`.
    package func createKey(
        workspace: String, kind: AccessKey.Kind, name: String, scopes: Set<Scope>, granter: Principal? = nil,
        by change: Change
    ) throws -> NewKey {
        let name = try AccessService.checkedName(name)
        if kind == .write, !scopes.isSubset(of: [.collect]) {
            throw AccessError(.invalid, "a write key is public, so it has no scope but 'collect'; make an API key")
        }
        if kind == .api, scopes.isEmpty { throw AccessError(.invalid, "an API key needs at least one scope") }
        let scopes = kind == .write ? [.collect] : scopes
        if let granter,
            let scope = scopes.subtracting(granter.scopes(in: workspace)).subtracting([.collect]).map(\.rawValue).min()
        {
            throw AccessError(.forbidden, "you cannot give the scope '\(scope)', which you do not have")
        }
        let secret = Secrets.token(prefix: kind == .write ? "dwk" : "dsk")
        let key = AccessKey(
            id: "key_" + Secrets.text(length: 12), workspace: workspace, kind: kind, name: name, scopes: scopes,
            display: kind == .write ? secret : String(secret.prefix(8)) + "…", createdTime: now(), revokedTime: nil)
        let entry = auditEntry(
            change, workspace: workspace, "key.created", key.id,
            [
                "kind": kind.rawValue, "name": name,
                "scopes": scopes.map(\.rawValue).sorted().joined(separator: " "),
            ])
        try state.write { db in
            try AccessStore.insert(key, digest: Secrets.digest(secret), in: db)
            try AccessStore.note(entry, in: db)
        }
        keyCache.forget()
        return NewKey(key: key, secret: secret)
    }

    /// The keys of a workspace, revoked ones too, in the order in which they were made.
    ///
    /// - Parameter workspace: nil gives those of all.
    package func keys(workspace: String?) throws -> [AccessKey] {
        try state.read { try AccessStore.keys(workspace: workspace, in: $0) }
    }

    /// Makes a key invalid for good.
    ///
    /// - Parameter workspace: when given, keys of others are not found.
    /// - Throws: `AccessError`: `notFound`.
    package func revokeKey(_ id: String, workspace: String? = nil, by change: Change) throws -> AccessKey {
        let time = now()
        let revoked = try state.write { db in
            guard let key = try AccessStore.key(id: id, in: db), workspace == nil || key.workspace == workspace else {
                throw AccessError(.notFound, "there is no key '\(id)'")
            }
            if key.revokedTime != nil { return key }
            try AccessStore.revokeKey(id, time: time, in: db)
            try AccessStore.note(
                auditEntry(change, workspace: key.workspace, "key.revoked", id, ["name": key.name]), in: db)
            return try AccessStore.key(id: id, in: db) ?? key
        }
        keyCache.forget()
        return revoked
    }

    /// The valid key of this text; nil when there is none.
    ///
    /// Found by digest, so that the time it takes tells nothing about the texts of other keys.
    package func key(_ secret: String) throws -> AccessKey? {
        guard secret.utf8.count <= 256 else { return nil }
        return try keyCache.key(Secrets.digest(secret), in: state, now: now())
    }

    static func checkedName(_ name: String) throws -> String {
        let name = name.trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...100).contains(name.count), !name.unicodeScalars.contains(where: { $0.value < 32 }) else {
            throw AccessError(.invalid, "a name has 1 to 100 characters, without line breaks")
        }
        return name
    }
}
