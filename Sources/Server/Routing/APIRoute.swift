package import Access
package import HTTPTypes
package import Hummingbird

/// One thing that the server can be asked for. The router and `/openapi.json` are both built from the list of these, so
/// that they cannot differ.
package struct APIRoute: Sendable {
    package enum Guard: Sendable, Hashable {
        /// Anybody.
        case open
        /// Whoever is known: a key, or a user who has signed in.
        case known
        /// Whoever has this scope in the workspace that they ask about.
        case scope(Scope)
        /// A user who owns the whole installation.
        case installationOwner
        /// A write key, which the handler finds where the SDK's format puts it: `Call.admit(writeKey:)`. Cookies mean
        /// nothing here, so pages of any origin may call.
        case writeKey
        /// Callers on the same machine, or with the scope.
        case localOrScope(Scope)
    }

    package enum Body: Sendable {
        case none
        /// JSON of this form, read whole.
        case json(JSONSchema)
        /// Anything of these media types, read whole.
        case bytes([String])
        /// Anything of these media types, read by the handler as it comes.
        case stream([String])
        /// A form of a page, read whole.
        case form(JSONSchema)
    }

    package struct Parameter: Sendable {
        package enum Place: String, Sendable { case path, query, header }

        package var name: String
        package var place: Place
        package var schema: JSONSchema
        package var isRequired: Bool
        package var summary: String
    }

    package struct Answer: Sendable {
        package var status: HTTPResponse.Status
        /// One of these; none for an answer without a body.
        package var mediaTypes: [String]
        package var schema: JSONSchema?
        package var summary: String
    }

    /// A call that succeeds against any workspace, for the documentation and for tests of every route.
    package struct Sample: Sendable {
        package var path: String
        package var body: String?
        package var mediaType = "application/json"
    }

    package var method: HTTPRequest.Method
    /// With parameters in braces: `/v1/people/{id}`.
    package var path: String
    /// Unique: `searchEvents`.
    package var name: String
    /// What it belongs to: `Events`.
    package var group: String
    package var summary: String
    package var access: Guard
    /// Scopes that are needed beside that of `access`.
    package var furtherScopes: Set<Scope> = []
    package var parameters: [Parameter] = []
    package var body = Body.none
    package var answers: [Answer]
    /// Bytes of the body; nil is the server's general limit.
    package var bodyBytes: Int?
    /// Statuses of problems beside those that follow from the rest.
    package var problems: [HTTPResponse.Status] = []
    /// Whether pages of other origins may call it.
    package var isCrossOrigin = false
    /// Whether it is left out of the documentation, because something else describes it.
    package var isHidden = false
    /// Whether it is a page of the console: a form brings the session's token as the field `csrf`, because it can set
    /// no header.
    package var isPage = false
    /// What an SDK, or a person at a browser, expects instead of a problem document.
    package var problemResponse: (@Sendable (Problem, Request, _ requestID: String) -> Response)?
    package var sample: Sample?
    package var handler: @Sendable (Call) async throws -> Response

    package init(
        _ method: HTTPRequest.Method, _ path: String, name: String, group: String, _ summary: String, access: Guard,
        answers: [Answer], handler: @escaping @Sendable (Call) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.name = name
        self.group = group
        self.summary = summary
        self.access = access
        self.answers = answers
        self.handler = handler
    }
}

// MARK: - Written one after the other

extension APIRoute {
    package func query(
        _ name: String, _ schema: JSONSchema, isRequired: Bool = false, _ summary: String
    ) -> APIRoute {
        adding(Parameter(name: name, place: .query, schema: schema, isRequired: isRequired, summary: summary))
    }

    package func pathParameter(_ name: String, _ summary: String) -> APIRoute {
        adding(
            Parameter(name: name, place: .path, schema: .text(lengths: 1...512), isRequired: true, summary: summary))
    }

    package func taking(_ body: Body, bytes: Int? = nil) -> APIRoute {
        var copy = self
        copy.body = body
        copy.bodyBytes = bytes
        return copy
    }

    /// Needs these scopes as well.
    package func needing(_ scopes: Scope...) -> APIRoute {
        var copy = self
        copy.furtherScopes.formUnion(scopes)
        return copy
    }

    package func failing(_ statuses: HTTPResponse.Status...) -> APIRoute {
        var copy = self
        copy.problems += statuses
        return copy
    }

    package func sampled(_ path: String, body: String? = nil, mediaType: String = "application/json") -> APIRoute {
        var copy = self
        copy.sample = Sample(path: path, body: body, mediaType: mediaType)
        return copy
    }

    /// All scopes that it needs, in words.
    func scopesText(_ first: Scope, quotedBy quote: String) -> String {
        let names = [first.rawValue] + furtherScopes.map(\.rawValue).sorted()
        return (names.count > 1 ? "scopes " : "scope ")
            + names.map { quote + $0 + quote }.joined(separator: " and ")
    }

    private func adding(_ parameter: Parameter) -> APIRoute {
        var copy = self
        copy.parameters.append(parameter)
        return copy
    }
}

extension APIRoute.Answer {
    package static func json(
        _ schema: JSONSchema, status: HTTPResponse.Status = .ok, _ summary: String = "Done"
    ) -> APIRoute.Answer {
        APIRoute.Answer(status: status, mediaTypes: ["application/json"], schema: schema, summary: summary)
    }

    package static func text(_ mediaTypes: String..., summary: String) -> APIRoute.Answer {
        APIRoute.Answer(status: .ok, mediaTypes: mediaTypes, schema: .text(), summary: summary)
    }

    package static func nothing(_ summary: String = "Done") -> APIRoute.Answer {
        APIRoute.Answer(status: .noContent, mediaTypes: [], schema: nil, summary: summary)
    }
}
