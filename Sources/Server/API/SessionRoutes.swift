import Access
import Analysis
import Engine
import EventLog
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Signing in and out, and the first owner.
enum SessionRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/session", name: "signIn", group: "Session", "Sign in; sets the session's cookie", access: .open,
            answers: [.json(sessionSchema, status: .created)]
        ) { call in
            let body: SignIn = try await call.json()
            let begun = try await call.access.signIn(
                email: body.email, password: body.password, address: call.address)
            return try answer(begun, call)
        }
        .taking(.json(.object(["email": .text(lengths: 3...254), "password": .text(lengths: 1...1024)])))
        .failing(.unauthorized),
        APIRoute(
            .get, "/v1/session", name: "whoAmI", group: "Session", "Who is asking, and what they may do",
            access: .known, answers: [.json(principalSchema)]
        ) { call in try call.answer(PrincipalView(call)) }
        .sampled("/v1/session"),
        APIRoute(
            .delete, "/v1/session", name: "signOut", group: "Session", "Sign out", access: .known,
            answers: [.nothing()]
        ) { call in
            if let token = call.sessionToken { try call.access.endSession(token) }
            var response = call.nothing()
            response.headers[.setCookie] = cookie("", seconds: 0, call)
            return response
        },
        APIRoute(
            .put, "/v1/session/password", name: "changePassword", group: "Session",
            "Change one's own password; ends all sessions", access: .known, answers: [.nothing()]
        ) { call in
            guard case .user(let user, _)? = call.principal else { throw Problem.forbidden("a key has no password") }
            let body: PasswordChange = try await call.json()
            _ = try await call.access.signIn(email: user.email, password: body.current, address: call.address)
            try await call.access.setPassword(body.new, user: user.id, by: call.change)
            return call.nothing()
        }
        .taking(.json(.object(["current": .text(lengths: 1...1024), "new": .text(lengths: 10...1024)]))),
        APIRoute(
            .post, "/v1/setup", name: "setUp", group: "Session",
            "Make the first owner, with the token of the link that the server prints", access: .open,
            answers: [.json(sessionSchema, status: .created)]
        ) { call in
            let body: SetUp = try await call.json()
            let user = try await call.access.createFirstOwner(
                token: body.token, email: body.email, name: body.name ?? body.email, password: body.password,
                address: call.address)
            return try answer(try call.access.beginSession(user, address: call.address), call)
        }
        .taking(
            .json(
                .object(
                    [
                        "token": .text(lengths: 1...128), "email": .text(lengths: 3...254),
                        "name": .text(lengths: 1...100), "password": .text(lengths: 10...1024),
                    ], optional: ["name"]))),
    ]

    // MARK: Forms

    private struct SignIn: Decodable {
        var email: String
        var password: String

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a sign-in", allowed: ["email", "password"])
            email = try fields.required("email")
            password = try fields.required("password")
        }
    }

    private struct PasswordChange: Decodable {
        var current: String
        var new: String

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a change of password", allowed: ["current", "new"])
            current = try fields.required("current")
            new = try fields.required("new")
        }
    }

    private struct SetUp: Decodable {
        var token: String
        var email: String
        var name: String?
        var password: String

        init(from decoder: any Decoder) throws {
            let fields = try Fields(decoder, of: "a first owner", allowed: ["token", "email", "name", "password"])
            token = try fields.required("token")
            email = try fields.required("email")
            name = try fields.text("name")
            password = try fields.required("password")
        }
    }

    private struct SessionView: Encodable {
        var user: UserView
        var csrfToken: String
        var expiresAt: String
    }

    private struct PrincipalView: Encodable {
        var kind: String
        var user: UserView?
        var key: KeyView?
        var workspace: String
        var scopes: [String]
        var csrfToken: String?

        init(_ call: Call) {
            workspace = call.workspaceName
            scopes = (call.principal?.scopes(in: call.workspaceName) ?? []).map(\.rawValue).sorted()
            switch call.principal {
            case .key(let key):
                kind = "key"
                self.key = KeyView(key)
            case .user(let user, let session):
                kind = "user"
                self.user = UserView(user)
                csrfToken = session.csrfToken
            case nil: kind = "nobody"
            }
        }
    }

    private static let sessionSchema = JSONSchema.object([
        "user": .shared("User"), "csrfToken": .text(), "expiresAt": .time,
    ])

    private static let principalSchema = JSONSchema.object(
        [
            "kind": .oneOf(["key", "user", "nobody"]), "user": .shared("User"), "key": .shared("Key"),
            "workspace": .text(), "scopes": .list(.text()), "csrfToken": .text(),
        ], optional: ["user", "key", "csrfToken"])

    // MARK: Answers

    private static func answer(_ begun: NewSession, _ call: Call) throws -> Response {
        var response = try call.answer(
            SessionView(
                user: UserView(begun.user), csrfToken: begun.session.csrfToken,
                expiresAt: Timestamp.text(begun.session.expiresTime)), status: .created)
        response.headers[.setCookie] = cookie(of: begun, call)
        return response
    }

    static func cookie(of begun: NewSession, _ call: Call) -> String {
        cookie(begun.token, seconds: (begun.session.expiresTime - begun.session.createdTime) / 1000, call)
    }

    static func cookie(_ token: String, seconds: Int64, _ call: Call) -> String {
        "\(RequestGate.sessionCookie)=\(token); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax"
            + (call.parts.settings.isSecure ? "; Secure" : "")
    }
}
