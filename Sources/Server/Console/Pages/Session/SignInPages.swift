import Access
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Signing in and out, the first owner, and what each reader chooses for themselves.
enum SignInPages {
    static let pages: [ConsolePage] = [
        .outside(.get, "/", name: "start", access: .open) { call in
            guard let user = try signedIn(call) else { return .redirect("/signin", flash: nil) }
            return .redirect(start(of: user, call), flash: nil)
        },
        .outside(.get, "/signin", name: "signInPage", access: .open) { call in
            if let token = call.query("token") { return try signIn(token: token, call) }
            if let user = try signedIn(call) {
                return .redirect(safePath(call.query("next")) ?? start(of: user, call), flash: nil)
            }
            if try call.access.users(workspace: nil).isEmpty {
                return plain("session/nobody", title: call.text("session.nobodyTitle"), [:])
            }
            return form(call, next: call.query("next"))
        },
        .outside(.post, "/signin", name: "signInForm", access: .open) { call in try await signIn(call) },
        .outside(.post, "/signout", name: "signOutForm", access: .known) { call in
            if let token = call.call.sessionToken { try call.access.endSession(token) }
            let cookie = SessionRoutes.cookie("", seconds: 0, call.call)
            return .redirect("/signin", flash: nil, cookies: [cookie])
        },
        .outside(.get, "/setup", name: "setupPage", access: .open) { call in
            let token = call.query("token") ?? ""
            return try call.access.isSetupToken(token) ? setup(call, token: token) : try badSetup(call)
        },
        .outside(.post, "/setup", name: "setupForm", access: .open) { call in try await setUp(call) },
        .outside(.post, "/preferences", name: "preferencesForm", access: .open) { call in preferences(call) },
    ]

    // MARK: Signing in

    private static func signIn(_ call: PageCall) async throws -> PageAnswer {
        do {
            let begun = try await call.access.signIn(
                email: call.form["email"] ?? "", password: call.form.raw("password") ?? "", address: call.call.address)
            return welcome(begun, next: call.form["next"], call)
        } catch let error as AccessError where error.code == .unauthenticated {
            return form(call, next: call.form["next"], error: call.text("session.wrong"), status: .unauthorized)
        } catch let error as AccessError where error.code == .tooManyAttempts {
            let wait = call.format.duration(
                seconds: (Double(error.retryAfterMilliseconds ?? 1000) / 1000).rounded(.up))
            return form(
                call, next: call.form["next"], error: call.text("session.tooMany", ["wait": wait]),
                status: .tooManyRequests)
        }
    }

    /// By a link that works once.
    private static func signIn(token: String, _ call: PageCall) throws -> PageAnswer {
        do {
            let begun = try call.access.useSignInToken(token, address: call.call.address)
            return welcome(begun, next: call.query("next"), call)
        } catch let error as AccessError where error.code == .unauthenticated {
            return form(call, next: call.query("next"), error: call.text("session.linkBad"), status: .forbidden)
        }
    }

    private static func welcome(_ begun: NewSession, next: String?, _ call: PageCall) -> PageAnswer {
        .redirect(
            safePath(next) ?? start(of: begun.user, call), flash: nil,
            cookies: [SessionRoutes.cookie(of: begun, call.call)])
    }

    private static func form(
        _ call: PageCall, next: String?, error: String? = nil, status: HTTPResponse.Status = .ok
    ) -> PageAnswer {
        let fields = [
            FormField(.input("email"), "email", call.text("session.email"), value: call.form["email"]).with {
                $0.autocomplete = "username"
                $0.isRequired = true
                $0.hasFocus = call.form["email"] == nil
            },
            FormField(.input("password"), "password", call.text("session.password")).with {
                $0.autocomplete = "current-password"
                $0.isRequired = true
                $0.hasFocus = call.form["email"] != nil
            },
        ]
        return plain(
            "session/signin", title: call.text("session.signIn"), status: status,
            [
                "next": .text(safePath(next) ?? ""), "error": PageValue(error), "fields": .list(fields.map(\.value)),
            ])
    }

    /// Who has the session of the request's cookie. Pages that are open to everybody ask for themselves.
    private static func signedIn(_ call: PageCall) throws -> User? {
        guard let token = RequestGate.cookie(call.request.headers) else { return nil }
        return try call.access.session(token)?.user
    }

    /// The home of the workspace that was open last, or else of the first one that is theirs.
    private static func start(of user: User, _ call: PageCall) -> String {
        let names = call.parts.installation.workspaceNames.filter { user.role(in: $0) != nil }
        let last = ConsoleCookie.workspace.read(call.request.headers).flatMap { names.contains($0) ? $0 : nil }
        let fallback = names.contains(Workspace.defaultName) ? Workspace.defaultName : names.first
        return "/w/\(PageCall.escape(last ?? fallback ?? Workspace.defaultName))/home"
    }

    /// A path of this server; nil for anything that leads elsewhere.
    static func safePath(_ text: String?) -> String? {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), text.utf8.count <= 2000,
            text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "\\") })
        else { return nil }
        return text
    }

    // MARK: The first owner

    private static func setUp(_ call: PageCall) async throws -> PageAnswer {
        let token = call.form["token"] ?? ""
        do {
            let email = call.form["email"] ?? ""
            let user = try await call.access.createFirstOwner(
                token: token, email: email, name: call.form["name"] ?? email,
                password: call.form.raw("password") ?? "", address: call.call.address)
            return welcome(try call.access.beginSession(user, address: call.call.address), next: nil, call)
        } catch let error as AccessError where error.code == .invalid {
            return setup(call, token: token, error: call.text("session.setUpWrong"))
        } catch let error as AccessError where error.code == .forbidden {
            return try badSetup(call)
        }
    }

    /// A link that was used, or is too old, and what to do then.
    private static func badSetup(_ call: PageCall) throws -> PageAnswer {
        let isUsed = try !call.access.users(workspace: nil).isEmpty
        return plain(
            "session/stale", title: call.text("session.staleTitle"), status: .forbidden,
            [
                "isUsed": .flag(isUsed),
                "text": .text(isUsed ? call.text("session.staleUsed") : call.text("session.staleOld")),
            ])
    }

    private static func setup(_ call: PageCall, token: String, error: String? = nil) -> PageAnswer {
        let fields = [
            FormField(.input("text"), "name", call.text("session.name"), value: call.form["name"]).with {
                $0.autocomplete = "name"
                $0.isRequired = true
                $0.lengths = 1...100
                $0.hasFocus = true
            },
            FormField(.input("email"), "email", call.text("session.email"), value: call.form["email"]).with {
                $0.autocomplete = "username"
                $0.isRequired = true
            },
            FormField(
                .input("password"), "password", call.text("session.password"), hint: call.text("session.passwordHint")
            ).with {
                $0.autocomplete = "new-password"
                $0.isRequired = true
                $0.lengths = 10...1024
            },
        ]
        return plain(
            "session/setup", title: call.text("session.setUpTitle"),
            status: error == nil ? .ok : .unprocessableContent,
            ["token": .text(token), "error": PageValue(error), "fields": .list(fields.map(\.value))])
    }

    // MARK: Choices

    private static func preferences(_ call: PageCall) -> PageAnswer {
        var cookies: [String] = []
        let settings = call.parts.settings
        if let language = call.form["language"].flatMap({ Language(rawValue: $0) }) {
            cookies.append(ConsoleCookie.language.set(language.rawValue, settings))
        }
        if let theme = call.form["theme"].flatMap({ Theme(rawValue: $0) }) {
            cookies.append(ConsoleCookie.theme.set(theme.rawValue, settings))
        }
        return .redirect(safePath(call.form["back"]) ?? "/", flash: nil, cookies: cookies)
    }

    private static func plain(
        _ template: String, title: String, status: HTTPResponse.Status = .ok, _ value: PageValue
    ) -> PageAnswer {
        .page(Page(template: template, title: title, status: status, hasNavigation: false, value: value))
    }
}
