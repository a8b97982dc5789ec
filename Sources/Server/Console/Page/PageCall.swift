package import Access
package import Engine
import Foundation
package import Hummingbird
package import Settings

/// A request for a page that has been let in, with everything that a page is written with.
package struct PageCall: Sendable {
    package let call: Call
    package let files: ConsoleFiles
    package let language: Language
    /// Numbers, dates and money as the reader writes them, in the workspace's time zone.
    package let format: LocalFormat
    /// The workspace's; where there is no workspace, what workspaces begin with.
    package let settings: WorkspaceSettings
    /// What a form sent; empty for other requests.
    package let form: FormValues

    package var parts: ServerParts { call.parts }
    package var access: AccessService { call.access }
    package var request: Request { call.request }
    package var workspaceName: String { call.workspaceName }
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package var now: Int64 { call.parts.installation.now() }

    package func workspace() throws -> LiveWorkspace { try call.workspace() }
    package func pathParameter(_ name: String) throws -> String { try call.pathParameter(name) }

    /// A parameter of the query; nil when there is none or it is empty.
    package func query(_ name: String) -> String? {
        call.text(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whether a script asked for a part of the page.
    package var wantsPart: Bool { query("part") != nil }

    // MARK: Who

    package var user: User? {
        if case .user(let user, _)? = call.principal { user } else { nil }
    }

    package var csrfToken: String? {
        if case .user(_, let session)? = call.principal { session.csrfToken } else { nil }
    }

    /// Whether the reader may do this here, to show only what works.
    package func may(_ scope: Scope) -> Bool {
        call.principal?.scopes(in: workspaceName).contains(scope) ?? false
    }

    // MARK: Words and addresses

    /// A text of the catalogue.
    package func text(_ key: String, _ values: [String: String] = [:]) -> String {
        files.texts(language).text(key, values)
    }

    /// A text that counts: `{count}` is the number, written as the language does.
    package func text(_ key: String, count: Int, _ values: [String: String] = [:]) -> String {
        files.texts(language).text(key, values.merging(["count": format.number(count)]) { $1 }, count: count)
    }

    /// The address of a page of this workspace.
    ///
    /// - Parameter query: parameters in the order given; empty values are left out.
    package func link(_ path: String, _ query: KeyValuePairs<String, String?> = [:]) -> String {
        var result = path.hasPrefix("/") ? path : "/w/\(PageCall.escape(workspaceName))/\(path)"
        var separator = path.contains("?") ? "&" : "?"
        for (name, value) in query {
            guard let value, !value.isEmpty else { continue }
            result += "\(separator)\(PageCall.escape(name))=\(PageCall.escape(value))"
            separator = "&"
        }
        return result
    }

    /// A text as a part of a path or a query.
    package static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")

    // MARK: Markup

    /// A template filled in, in the reader's language: a page, or a part of one that is sent by itself.
    ///
    /// - Parameter value: what the template needs beside what all may ask for.
    /// - Throws: `ConsoleError` when there is no such template.
    func render(_ template: String, _ value: PageValue) throws -> String {
        try files.render(template, shared.adding(value), language)
    }

    /// What every template may ask for, without being given it.
    private var shared: PageValue {
        [
            "language": .text(language.rawValue),
            "assets": .text("/assets/" + files.revision),
            "root": .text("/w/" + PageCall.escape(workspaceName)),
            "workspace": .text(workspaceName),
            "csrf": PageValue(csrfToken),
            "here": .text(request.uri.string),
        ]
    }
}
