import Access
import Engine
import Hummingbird
import Recommendations

/// The places where something is decided.
enum PlacementRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/placements", name: "listPlacements", group: "Placements", "All placements",
            access: .scope(.recommendationsRead),
            answers: [.json(.object(["placements": .list(.shared("Placement"))]))]
        ) { call in try call.answer(["placements": try call.workspace().placements.all]) }
        .sampled("/v1/placements"),
        APIRoute(
            .get, "/v1/placements/{name}", name: "placement", group: "Placements", "One placement",
            access: .scope(.recommendationsRead), answers: [.json(.shared("Placement"))]
        ) { call in try call.answer(try call.workspace().placements.placement(try call.pathParameter("name"))) }
        .placementParameter().sampled("/v1/placements/nothing"),
        APIRoute(
            .get, "/v1/placements/{name}/versions", name: "placementVersions", group: "Placements",
            "What a placement has been, the newest first", access: .scope(.recommendationsRead),
            answers: [.json(.object(["versions": .list(.shared("Placement"))]))]
        ) { call in
            let placements = try call.workspace().placements
            return try call.answer(["versions": try placements.versions(of: try call.pathParameter("name"))])
        }
        .placementParameter().sampled("/v1/placements/nothing/versions"),
        APIRoute(
            .put, "/v1/placements/{name}", name: "putPlacement", group: "Placements",
            "Define a placement, or put it in place of the one there is; each change is a version",
            access: .scope(.recommendationsWrite), answers: [.json(.shared("Placement"))]
        ) { call in
            let name = try call.pathParameter("name")
            let placement: Placement = try await call.json(known: [.placementName: name])
            guard placement.name == name else {
                throw Problem.badRequest(
                    "is '\(placement.name)', but the address says '\(name.prefix(64))'", field: "name")
            }
            return try call.answer(try put(placement, call))
        }
        .placementParameter().taking(.json(definition), bytes: 4 << 20).failing(.conflict)
        .sampled("/v1/placements/sample", body: #"{"kind":"list"}"#),
        APIRoute(
            .delete, "/v1/placements/{name}", name: "deletePlacement", group: "Placements",
            "Delete a placement; what was decided at it stays", access: .scope(.recommendationsWrite),
            answers: [.nothing()]
        ) { call in
            let name = try call.pathParameter("name")
            try delete(name, call)
            return call.nothing()
        }
        .placementParameter().sampled("/v1/placements/nothing"),
    ]

    /// Stores a placement, lets the next request see it, and writes the audit log.
    static func put(_ placement: Placement, _ call: Call) throws -> StoredPlacement {
        let live = try call.workspace()
        let stored = try live.placements.put(placement)
        live.decisions.refreshSoon()
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "placement.changed", target: placement.name,
            detail: ["version": "\(stored.version)", "kind": placement.kind.rawValue])
        return stored
    }

    static func delete(_ name: String, _ call: Call) throws {
        try call.workspace().placements.delete(name)
        try call.access.note(
            call.change, workspace: call.workspaceName, action: "placement.deleted", target: name, detail: [:])
    }

    private static let selector = JSONSchema.object(
        ["items": .list(.text()), "categories": .list(.text()), "kinds": .list(.text())],
        optional: ["items", "categories", "kinds"])

    private static let ranking = JSONSchema.object(
        [
            "allow": selector, "block": selector, "boosts": .list(.object(["of": selector, "by": .number])),
            "pins": .list(.object(["item": .text(), "place": .integer(1...1_000)])),
            "perCategory": .integer(1...1_000), "repeatAfterDays": .map(.number), "knownFrom": .number,
            "diversity": .number, "calibration": .number, "freshness": .number, "freshnessHalfLifeDays": .number,
            "fatigue": .number, "exploration": .number,
        ],
        optional: [
            "allow", "block", "boosts", "pins", "perCategory", "repeatAfterDays", "knownFrom", "diversity",
            "calibration", "freshness", "freshnessHalfLifeDays", "fatigue", "exploration",
        ])

    static let policy = JSONSchema.object(
        [
            "kind": .oneOf(PolicySettings.Kind.allCases.map(\.rawValue)), "exploration": .number,
            "stability": .number, "features": .list(.text(), counts: 0...50), "segment": .text(),
            "segmentExploration": .map(.number), "warmStartDays": .integer(0...3_650),
        ],
        optional: [
            "kind", "exploration", "stability", "features", "segment", "segmentExploration", "warmStartDays",
        ])

    private static let members: [String: JSONSchema] = [
        "name": .text(lengths: 1...64), "kind": .oneOf(Placement.Kind.defined.map(\.rawValue)),
        "description": .text(lengths: 0...500), "model": .text(lengths: 1...64), "count": .integer(1...100),
        "rows": .integer(1...30), "ranking": ranking, "artworks": .text(lengths: 1...64), "policy": policy,
        "actions": .list(
            .object(
                [
                    "id": .text(lengths: 1...128), "title": .text(), "image": .text(), "url": .text(),
                    "tags": .map(.number),
                ], optional: ["title", "image", "url", "tags"]), counts: 0...100),
        "impressions": .object(
            [
                "shown": .text(lengths: 1...256), "artwork": .text(lengths: 1...256), "item": .text(),
                "taken": .text(lengths: 1...256), "takenArtwork": .text(lengths: 1...256), "takenItem": .text(),
                "except": .map(.list(.text())),
            ], optional: ["item", "takenItem", "except"]),
        "reward": .object(
            [
                "event": .text(), "item": .text(), "where": .map(.list(.text())), "value": .text(),
                "outOf": .number, "withinHours": .number,
            ], optional: ["item", "where", "value", "outOf", "withinHours"]),
        "timeoutMilliseconds": .integer(1...10_000),
    ]
    private static let optional = Set(members.keys).subtracting(["name", "kind"])

    static let definition = JSONSchema.object(members, optional: optional.union(["name"]))

    /// As it is stored, for the shared parts of the document.
    static let storedSchema = JSONSchema.object(
        members.merging(["version": .integer, "updatedAt": .time]) { $1 }, optional: optional)
}

extension APIRoute {
    func placementParameter() -> APIRoute {
        pathParameter("name", "The placement's name").failing(.notFound)
    }
}
