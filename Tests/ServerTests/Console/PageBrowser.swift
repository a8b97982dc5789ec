import Access
import Engine
import Foundation
import HTTPTypes
import Testing

@testable import Server

/// A browser that has signed in, as far as the server sees one: cookies, forms, redirects.
struct PageBrowser: Sendable {
    let client: Client
    let cookie: String
    let csrf: String

    /// - Parameter email: of a user that is there, with the password of all tests; nil makes the owner first.
    init(_ client: Client, _ scratch: ServerScratch, as email: String? = nil) async throws {
        self.client = client
        if email == nil, try scratch.installation.access.users(workspace: nil).isEmpty { _ = try await scratch.owner() }
        let answer = try await client.call(
            .post, "/v1/session", headers: [.origin: "http://localhost"],
            body: #"{"email":"\#(email ?? "owner@example.com")","password":"\#(ServerScratch.password)"}"#)
        let set = try #require(answer.headers[.setCookie])
        cookie = String(set.prefix { $0 != ";" })
        csrf = try answer.json()["csrfToken"]?.text ?? ""
    }

    func get(_ path: String, language: String = "en", cookies: String = "") async throws -> Client.Answer {
        try await client.call(
            .get, path, headers: [.cookie: "\(cookie); dangol_language=\(language)\(cookies)", .accept: "text/html"])
    }

    func post(_ path: String, _ fields: KeyValuePairs<String, String>) async throws -> Client.Answer {
        let all = fields.map { ($0.key, $0.value) } + [("csrf", csrf)]
        let body = all.map { "\(PageCall.escape($0.0))=\(PageCall.escape($0.1))" }.joined(separator: "&")
        return try await client.call(
            .post, path, headers: [.cookie: "\(cookie); dangol_language=en", .origin: "http://localhost"], body: body,
            mediaType: "application/x-www-form-urlencoded")
    }

    /// What a form leads to.
    func follow(_ answer: Client.Answer) async throws -> Client.Answer {
        #expect(answer.status == 303, "\(answer.text.prefix(2000))")
        return try await get(try #require(answer.headers[.location]))
    }
}
