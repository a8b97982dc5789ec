import Foundation
import GRDB
import State

extension AccessService {
    /// How exactly the last use of a session is kept.
    private static let seenMilliseconds: Int64 = 60_000

    /// Begins a session.
    ///
    /// - Parameter address: where the attempt comes from, for slowing down guesses and for the audit log.
    /// - Throws: `AccessError`: `unauthenticated` when user and password do not belong together, without telling which
    ///   of them is wrong; `tooManyAttempts`.
    package func signIn(email: String, password: String, address: String?) async throws -> NewSession {
        let email = email.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        let account = "account \(email.prefix(254))"
        let subjects = [account] + (address.map { ["address \($0)"] } ?? [])
        if let wait = attempts.wait(for: subjects, now: now()) {
            var error = AccessError(.tooManyAttempts, "too many failed attempts; try again later")
            error.retryAfterMilliseconds = wait
            throw error
        }
        let (user, stored) = try await state.read { db in
            let user = try AccessStore.user(email: email, in: db)
            return (user, try user.flatMap { try AccessStore.password(user: $0.id, in: db) })
        }
        let (hash, expected) = (hash, stored ?? nobodysHash)
        // Counted before the slow part, so that many attempts at once do not all see the same count.
        attempts.failed(subjects, now: now())
        let isRight = try await onHashingQueue {
            AccessService.passwordLengths.upperBound >= password.utf8.count && hash.verify(password, expected)
        }
        guard isRight, let user else {
            let actor = AuditActor(kind: .anonymous, name: String(email.prefix(254)))
            try note(Change(actor, address: address), workspace: nil, action: "session.refused", target: user?.id ?? "")
            throw AccessError(.unauthenticated, "the e-mail address or the password is wrong")
        }
        attempts.succeeded(account: account, address: address.map { "address \($0)" })
        return try beginSession(user, address: address)
    }

    /// Begins a session without a password: for who has just proved otherwise to be the user.
    package func beginSession(_ user: User, address: String?) throws -> NewSession {
        try state.write { try beginSession(user, address: address, in: $0) }
    }

    private func beginSession(
        _ user: User, address: String?, detail: [String: String] = [:], in db: Database
    ) throws -> NewSession {
        let token = Secrets.token(prefix: "dss")
        let time = now()
        let actor = AuditActor(kind: .user, id: user.id, name: user.email)
        try AccessStore.removeSessions(
            createdBefore: time - options.sessionMilliseconds, seenBefore: time - options.sessionIdleMilliseconds,
            in: db)
        try AccessStore.insertSession(Secrets.digest(token), user: user.id, time: time, in: db)
        try AccessStore.note(
            auditEntry(Change(actor, address: address), workspace: nil, "session.began", user.id, detail), in: db)
        return NewSession(user: user, session: session(token, user.id, createdTime: time), token: token)
    }

    // MARK: Links

    /// A token for a link that signs a user in, once and soon: for who has access to the machine, and for a
    /// demonstration.
    ///
    /// - Parameter lifetimeMilliseconds: nil: as long as the options say.
    /// - Throws: `AccessError` with `notFound`.
    package func createSignInToken(
        user id: String, lifetimeMilliseconds: Int64? = nil, by change: Change
    ) throws -> String {
        let token = Secrets.token(prefix: "dsi")
        let expires = now() + (lifetimeMilliseconds ?? options.signInMilliseconds)
        try state.write { db in
            guard let user = try AccessStore.user(id: id, in: db) else {
                throw AccessError(.notFound, "there is no user '\(id)'")
            }
            try AccessStore.insertSignInLink(Secrets.digest(token), user: id, expires: expires, in: db)
            try AccessStore.note(
                auditEntry(change, workspace: nil, "user.link_created", id, ["email": user.email]), in: db)
        }
        return token
    }

    /// Begins a session with the token of a link, which is void from then on.
    ///
    /// - Throws: `AccessError` with `unauthenticated` for a token that is not good, was used, or is too old.
    package func useSignInToken(_ token: String, address: String?) throws -> NewSession {
        let session: NewSession? = try state.write { db in
            guard token.utf8.count <= 256,
                let user = try AccessStore.takeSignInLink(Secrets.digest(token), now: now(), in: db)
            else { return nil }
            return try beginSession(user, address: address, detail: ["by": "link"], in: db)
        }
        if let session { return session }
        try note(
            Change(AuditActor(kind: .anonymous), address: address), workspace: nil, action: "session.refused",
            target: "", detail: ["by": "link"])
        throw AccessError(.unauthenticated, "this link is not valid, was used, or is too old; ask for a new one")
    }

    /// Who has the session of this cookie; nil when there is none or it is over.
    package func session(_ token: String) throws -> (user: User, session: Session)? {
        guard token.utf8.count <= 256 else { return nil }
        let digest = Secrets.digest(token)
        let time = now()
        let found = try state.read { db in
            try AccessStore.session(digest, in: db).flatMap { row in
                try AccessStore.user(id: row.userID, in: db).map { (row, $0) }
            }
        }
        guard let (row, user) = found, time - row.createdTime < options.sessionMilliseconds,
            time - row.seenTime < options.sessionIdleMilliseconds
        else { return nil }
        if time - row.seenTime > AccessService.seenMilliseconds {
            try state.write { try AccessStore.seeSession(digest, time: time, in: $0) }
        }
        return (user, session(token, user.id, createdTime: row.createdTime))
    }

    package func endSession(_ token: String) throws {
        try state.write { try AccessStore.removeSession(Secrets.digest(token), in: $0) }
    }

    private func session(_ token: String, _ userID: String, createdTime: Int64) -> Session {
        Session(
            userID: userID, createdTime: createdTime, expiresTime: createdTime + options.sessionMilliseconds,
            csrfToken: Secrets.csrfToken(session: token))
    }
}
