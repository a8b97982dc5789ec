import Foundation
import GRDB

extension AccessStore {
    // MARK: Users

    static func insert(_ user: User, password: String, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO user (id, email, name, password, created_time) VALUES (?, ?, ?, ?, ?)",
            arguments: [user.id, user.email, user.name, password, user.createdTime])
    }

    static func setRole(_ role: Role?, user id: String, workspace: String, in db: Database) throws {
        if let role {
            try db.execute(
                sql: """
                    INSERT INTO user_role (user_id, workspace, role) VALUES (?, ?, ?)
                    ON CONFLICT (user_id, workspace) DO UPDATE SET role = excluded.role
                    """,
                arguments: [id, workspace, role.rawValue])
        } else {
            try db.execute(
                sql: "DELETE FROM user_role WHERE user_id = ? AND workspace = ?", arguments: [id, workspace])
        }
    }

    static func user(id: String, in db: Database) throws -> User? {
        try Row.fetchOne(db, sql: "SELECT * FROM user WHERE id = ?", arguments: [id]).map { try user($0, in: db) }
    }

    static func user(email: String, in db: Database) throws -> User? {
        try Row.fetchOne(db, sql: "SELECT * FROM user WHERE email = ?", arguments: [email]).map { try user($0, in: db) }
    }

    /// Those with a role in a workspace, or all, by e-mail address.
    static func users(workspace: String?, in db: Database) throws -> [User] {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM user WHERE ?1 IS NULL
                OR id IN (SELECT user_id FROM user_role WHERE workspace IN (?1, '*')) ORDER BY email
                """,
            arguments: [workspace])
        return try rows.map { try user($0, in: db) }
    }

    static func userCount(in db: Database) throws -> Int { try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM user") ?? 0 }

    /// Users who own everything: the last one must stay.
    static func ownerCount(in db: Database) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT COUNT(*) FROM user_role WHERE workspace = '*' AND role = 'owner'") ?? 0
    }

    static func removeUser(_ id: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM user WHERE id = ?", arguments: [id])
    }

    static func password(user id: String, in db: Database) throws -> String? {
        try String.fetchOne(db, sql: "SELECT password FROM user WHERE id = ?", arguments: [id])
    }

    static func setPassword(_ password: String, user id: String, in db: Database) throws {
        try db.execute(sql: "UPDATE user SET password = ? WHERE id = ?", arguments: [password, id])
    }

    private static func user(_ row: Row, in db: Database) throws -> User {
        let id: String = row["id"]
        let roles = try Row.fetchAll(
            db, sql: "SELECT workspace, role FROM user_role WHERE user_id = ?", arguments: [id])
        let pairs = roles.compactMap { row -> (String, Role)? in
            Role(rawValue: row["role"]).map { (row["workspace"], $0) }
        }
        return User(
            id: id, email: row["email"], name: row["name"], roles: Dictionary(pairs) { first, _ in first },
            createdTime: row["created_time"])
    }

    // MARK: Sessions

    struct SessionRow {
        var userID: String
        var createdTime: Int64
        var seenTime: Int64
    }

    static func insertSession(_ digest: Data, user id: String, time: Int64, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO session (digest, user_id, created_time, seen_time) VALUES (?, ?, ?, ?)",
            arguments: [digest, id, time, time])
    }

    static func session(_ digest: Data, in db: Database) throws -> SessionRow? {
        try Row.fetchOne(db, sql: "SELECT * FROM session WHERE digest = ?", arguments: [digest]).map {
            SessionRow(userID: $0["user_id"], createdTime: $0["created_time"], seenTime: $0["seen_time"])
        }
    }

    static func seeSession(_ digest: Data, time: Int64, in db: Database) throws {
        try db.execute(sql: "UPDATE session SET seen_time = ? WHERE digest = ?", arguments: [time, digest])
    }

    static func removeSession(_ digest: Data, in db: Database) throws {
        try db.execute(sql: "DELETE FROM session WHERE digest = ?", arguments: [digest])
    }

    static func removeSessions(user id: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM session WHERE user_id = ?", arguments: [id])
    }

    static func removeSessions(createdBefore created: Int64, seenBefore seen: Int64, in db: Database) throws {
        try db.execute(
            sql: "DELETE FROM session WHERE created_time < ? OR seen_time < ?", arguments: [created, seen])
    }

    // MARK: Links with which a user signs in

    static func insertSignInLink(_ digest: Data, user id: String, expires: Int64, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO sign_in_link (digest, user_id, expires_time) VALUES (?, ?, ?)",
            arguments: [digest, id, expires])
    }

    /// Takes the link away, so that it is used once.
    ///
    /// - Returns: whose it was; nil when there is none, or it is too old.
    static func takeSignInLink(_ digest: Data, now: Int64, in db: Database) throws -> User? {
        try db.execute(sql: "DELETE FROM sign_in_link WHERE expires_time <= ?", arguments: [now])
        let id = try String.fetchOne(db, sql: "SELECT user_id FROM sign_in_link WHERE digest = ?", arguments: [digest])
        try db.execute(sql: "DELETE FROM sign_in_link WHERE digest = ?", arguments: [digest])
        return try id.flatMap { try user(id: $0, in: db) }
    }

    static func removeSignInLinks(user id: String, in db: Database) throws {
        try db.execute(sql: "DELETE FROM sign_in_link WHERE user_id = ?", arguments: [id])
    }

    // MARK: The link for the first owner

    static func replaceSetupLink(_ digest: Data, expires: Int64, in db: Database) throws {
        try removeSetupLinks(in: db)
        try db.execute(
            sql: "INSERT INTO setup_link (digest, expires_time) VALUES (?, ?)", arguments: [digest, expires])
    }

    static func removeSetupLinks(in db: Database) throws { try db.execute(sql: "DELETE FROM setup_link") }

    static func isSetupLink(_ digest: Data, now: Int64, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM setup_link WHERE digest = ? AND expires_time > ?)",
            arguments: [digest, now]) ?? false
    }
}
