import HTTPTypes
import Hummingbird

/// Every route of the server, as one list. `routes(parts)` is the place to add those of a further capability.
package struct RouteTable: Sendable {
    package let routes: [APIRoute]
    private let byEndpoint: [String: APIRoute]

    /// The routes of all capabilities, in the order in which the documentation shows them.
    package static func standard(_ parts: ServerParts) -> RouteTable {
        var routes: [APIRoute] = []
        routes += HealthRoutes.routes
        routes += SessionRoutes.routes
        routes += QueryRoutes.routes
        routes += EventRoutes.routes
        routes += TransferRoutes.routes
        routes += PersonRoutes.routes
        routes += PeopleRoutes.routes
        routes += IdentityRoutes.routes
        routes += PeopleTransferRoutes.routes
        routes += KeyRoutes.routes
        routes += UserRoutes.routes
        routes += WorkspaceRoutes.routes
        routes += CollectionRoutes.routes
        routes += DeadLetterRoutes.routes
        routes += AudienceRoutes.routes
        routes += InsightRoutes.routes
        routes += DefinitionRoutes.routes
        routes += ItemRoutes.routes
        routes += DecisionRoutes.routes
        routes += PlacementRoutes.routes
        routes += PlacementResultRoutes.routes
        routes += RecommendationRoutes.routes
        routes += PlaybackRoutes.routes
        routes += ShoppingRoutes.routes
        routes += ContentRoutes.routes
        routes += IntentRoutes.routes
        routes += SettingsRoutes.routes
        routes += StorageRoutes.routes
        routes += AssetRoutes.routes
        routes += ConsolePages.all.map { $0.route(parts) }
        // Further capabilities add theirs here.
        return RouteTable(routes)
    }

    package init(_ routes: [APIRoute]) {
        var all = routes
        let described = all
        all.append(HealthRoutes.openAPI { OpenAPIDocument.make(described) })
        self.routes = all
        byEndpoint = Dictionary(all.map { (RouteTable.endpoint($0.method, $0.path), $0) }) { first, _ in
            preconditionFailure("\(first.method.rawValue) \(first.path) is there twice")
        }
    }

    /// The route of a request that the router has placed.
    ///
    /// - Parameter endpoint: the router's name for the path, which is the route's own.
    func route(_ method: HTTPRequest.Method, _ endpoint: String?) -> APIRoute? {
        guard let endpoint else { return nil }
        if let route = byEndpoint[RouteTable.endpoint(method, endpoint)] { return route }
        switch method {
        case .head: return byEndpoint[RouteTable.endpoint(.get, endpoint)]
        // A browser asks for the route that it is about to call.
        case .options:
            return byEndpoint[RouteTable.endpoint(.post, endpoint)] ?? byEndpoint[RouteTable.endpoint(.get, endpoint)]
        default: return nil
        }
    }

    private static func endpoint(_ method: HTTPRequest.Method, _ path: String) -> String {
        let trimmed = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        return method.rawValue + " " + trimmed
    }

    /// The methods that an address takes, for who used another one.
    ///
    /// - Complexity: O(routes); only asked when a request went wrong.
    func methods(of path: String) -> [String] {
        let parts = path.split(separator: "/")
        var methods: Set<String> = []
        for route in routes {
            let pattern = route.path.split(separator: "/")
            guard pattern.count == parts.count,
                zip(pattern, parts).allSatisfy({ $0 == $1 || $0.hasPrefix("{") })
            else { continue }
            methods.insert(route.method.rawValue)
            if route.method == .get { methods.insert("HEAD") }
            if route.isCrossOrigin { methods.insert("OPTIONS") }
        }
        return methods.sorted()
    }

    /// The router of these routes, with everything around them.
    func router(_ parts: ServerParts) -> Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        let metrics = RequestMetrics(parts.metrics, isSecure: parts.settings.isSecure)
        router.add(middleware: RequestMiddleware(table: self, metrics: metrics, parts: parts))
        let gate = RequestGate(parts: parts)
        for route in routes {
            router.on(RouterPath(route.path), method: route.method) { request, context in
                try await gate.run(route, request, context)
            }
        }
        for path in Set(routes.filter(\.isCrossOrigin).map(\.path)) {
            router.on(RouterPath(path), method: .options) { request, _ in CrossOrigin.preflight(request) }
        }
        return router
    }
}
