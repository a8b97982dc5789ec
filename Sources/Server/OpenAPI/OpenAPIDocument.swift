import Access
import HTTPTypes

/// The API as an OpenAPI 3.1 document, made of the routes.
package enum OpenAPIDocument {
    package static func make(_ routes: [APIRoute]) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for route in routes where !route.isHidden {
            paths[route.path, default: [:]][route.method.rawValue.lowercased()] = operation(route)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Dangol", "version": "1",
                "description":
                    "Events of customers and partners in, answers out. Errors are problem documents (RFC 9457).",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(SharedSchemas.all.mapValues(\.json)),
                "securitySchemes": [
                    "key": ["type": "http", "scheme": "bearer", "description": "An API key."],
                    "writeKey": [
                        "type": "http", "scheme": "basic",
                        "description": "A write key as user name; or where the SDK's format puts it.",
                    ],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": .string(RequestGate.sessionCookie),
                        "description": "A user who has signed in; changes need the header X-CSRF-Token as well.",
                    ],
                ],
            ],
        ]
    }

    private static func operation(_ route: APIRoute) -> JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(route.name), "summary": .string(route.summary), "tags": [.string(route.group)],
            "responses": responses(route), "security": security(route),
        ]
        if case .scope(let scope) = route.access {
            members["description"] = .string("Needs the \(route.scopesText(scope, quotedBy: "`")).")
        }
        let parameters = route.parameters + workspaceParameter(route)
        if !parameters.isEmpty { members["parameters"] = .array(parameters.map(parameter)) }
        if let body = requestBody(route.body) { members["requestBody"] = body }
        return .object(members)
    }

    private static func workspaceParameter(_ route: APIRoute) -> [APIRoute.Parameter] {
        guard case .scope = route.access else { return [] }
        return [
            APIRoute.Parameter(
                name: "workspace", place: .query, schema: .text(lengths: 1...64), isRequired: false,
                summary: "The workspace; a key's own is the default, and the only one that it reaches.")
        ]
    }

    private static func parameter(_ parameter: APIRoute.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue),
            "required": .boolean(parameter.isRequired), "schema": parameter.schema.json,
            "description": .string(parameter.summary),
        ]
    }

    private static func requestBody(_ body: APIRoute.Body) -> JSONValue? {
        func content(_ types: [String], _ schema: JSONSchema) -> JSONValue {
            .object(Dictionary(uniqueKeysWithValues: types.map { ($0, ["schema": schema.json]) }))
        }
        switch body {
        case .none: return nil
        case .json(let schema): return ["required": true, "content": content(["application/json"], schema)]
        case .form(let schema):
            return ["required": true, "content": content(["application/x-www-form-urlencoded"], schema)]
        case .bytes(let types), .stream(let types):
            return ["required": true, "content": content(types, .text())]
        }
    }

    private static func security(_ route: APIRoute) -> JSONValue {
        switch route.access {
        case .open: []
        case .writeKey: [["writeKey": []]]
        case .installationOwner: [["session": []]]
        case .known, .scope: [["key": []], ["session": []]]
        case .localOrScope: [[:], ["key": []]]
        }
    }

    private static func responses(_ route: APIRoute) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for answer in route.answers {
            var members: [String: JSONValue] = ["description": .string(answer.summary)]
            if !answer.mediaTypes.isEmpty {
                let form: JSONValue = ["schema": (answer.schema ?? .any).json]
                members["content"] = .object(Dictionary(uniqueKeysWithValues: answer.mediaTypes.map { ($0, form) }))
            }
            responses[String(answer.status.code)] = .object(members)
        }
        for status in problems(of: route) where responses[String(status.code)] == nil {
            let content: JSONValue = [
                "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
            ]
            responses[String(status.code)] = ["description": .string(status.reasonPhrase), "content": content]
        }
        return .object(responses)
    }

    /// What can go wrong with any route of this kind.
    private static func problems(of route: APIRoute) -> [HTTPResponse.Status] {
        var problems = route.problems + [.badRequest, .tooManyRequests, .serviceUnavailable]
        switch route.access {
        case .open: break
        case .writeKey: problems.append(.unauthorized)
        default: problems += [.unauthorized, .forbidden]
        }
        if route.method != .get, route.access == .open { problems.append(.forbidden) }
        switch route.body {
        case .none: break
        default: problems += [.requestTimeout, .contentTooLarge, .unsupportedMediaType]
        }
        if route.parameters.contains(where: { $0.place == .path }) { problems.append(.notFound) }
        return problems
    }
}

/// Forms that several routes share.
enum SharedSchemas {
    static let all: [String: JSONSchema] = [
        "Problem": .object(
            [
                "type": .text(), "title": .text(), "status": .integer, "detail": .text(), "instance": .text(),
                "code": .text(), "field": .text(),
                "place": .object([
                    "line": .integer, "column": .integer, "expected": .text(), "excerpt": .text(),
                ]),
            ], optional: ["field", "place"]),
        "Event": .object(
            [
                "type": .oneOf(["track"]), "messageId": .text(), "userId": .text(), "event": .text(),
                "timestamp": .time, "properties": .map(.any), "sequence": .integer, "receivedAt": .time,
            ], optional: ["messageId", "sequence", "receivedAt"]),
        "Key": .object(
            [
                "id": .text(), "workspace": .text(), "kind": .oneOf(AccessKey.Kind.allCases.map(\.rawValue)),
                "name": .text(), "scopes": .list(.oneOf(Scope.allCases.map(\.rawValue))), "display": .text(),
                "createdAt": .time, "revokedAt": .time,
            ], optional: ["revokedAt"]),
        "DeadLetter": DeadLetterRoutes.schema,
        "Person": PeopleSchemas.person,
        "PersonReference": PeopleSchemas.reference,
        "Consents": PeopleSchemas.consents,
        "DeletionReceipt": PeopleSchemas.receipt,
        "Audience": AudienceRoutes.schema,
        "Item": ItemRoutes.storedSchema,
        "Placement": PlacementRoutes.storedSchema,
        "Decision": DecisionRoutes.schema,
        "DecisionWithPerson": DecisionRoutes.withPersonSchema,
        "DecisionExplanation": DecisionRoutes.explanationSchema,
        "Insight": InsightView.schema,
        "Dashboard": DashboardView.schema,
        "Annotation": AnnotationView.schema,
        "Share": ShareView.schema,
        "ExplanationPart": AudienceRoutes.partSchema,
        "User": .object([
            "id": .text(), "email": .text(), "name": .text(),
            "roles": .map(.oneOf(Role.allCases.map(\.rawValue))), "createdAt": .time,
        ]),
    ]
}
