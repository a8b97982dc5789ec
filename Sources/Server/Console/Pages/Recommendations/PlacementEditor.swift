import Access
import Engine
import Recommendations

/// Defining a placement by a form.
enum PlacementEditor {
    static func new(_ call: PageCall) throws -> PageAnswer {
        let kind = call.query("kind").flatMap { Placement.Kind(rawValue: $0) } ?? .home
        var placement = Placement(name: "", kind: kind)
        placement.reward = nil
        return page(PlacementForm(placement), name: nil, call)
    }

    static func edit(_ call: PageCall) throws -> PageAnswer {
        let stored = try call.workspace().placements.placement(try call.pathParameter("name"))
        return page(PlacementForm(stored.placement), name: stored.placement.name, call)
    }

    static func save(_ call: PageCall, name: String?) throws -> PageAnswer {
        var form = PlacementForm(call.form)
        if let name { form.values["name"] = name }
        let base = try name.map { try call.workspace().placements.placement($0).placement }
        do {
            let placement = try form.placement(on: base)
            guard ModelName.isValid(placement.name) else { throw PlacementForm.Refusal(field: "name") }
            guard ModelName.isValid(placement.model) else { throw PlacementForm.Refusal(field: "model") }
            let stored = try PlacementRoutes.put(placement, call.call)
            return .redirect(
                "recommendations/placements/\(placement.name)",
                saying: call.text(
                    "recommendations.saved",
                    ["name": placement.name, "version": call.format.number(stored.version)]))
        } catch let refusal as PlacementForm.Refusal {
            return page(
                form, name: name, call, refused: refusal.field,
                error: call.text("recommendations.wrong.\(refusal.field)"))
        } catch let error as RecommendationError where error.code == .invalid || error.code == .limitExceeded {
            return page(form, name: name, call, error: error.message)
        }
    }

    static func delete(_ call: PageCall) throws -> PageAnswer {
        let name = try call.pathParameter("name")
        do {
            try PlacementRoutes.delete(name, call.call)
        } catch let error as RecommendationError where error.code == .invalid {
            return .redirect(
                "recommendations/placements/\(name)", flash: Flash(kind: .warning, text: error.message))
        }
        return .redirect("recommendations", saying: call.text("recommendations.deleted", ["name": name]))
    }

    // MARK: The page

    private struct Group {
        var title: String
        var names: [String]
        var isOpen: Bool
    }

    private static let groups = [
        Group(
            title: "what", names: ["name", "kind", "description", "count", "rows", "model", "artworks"], isOpen: true),
        Group(
            title: "reward", names: ["rewardEvent", "rewardItem", "rewardValue", "rewardOutOf", "rewardHours"],
            isOpen: true),
        Group(
            title: "rules", names: ["allow", "block", "boosts", "pins", "perCategory", "repeatAfter"], isOpen: false),
        Group(
            title: "variety",
            names: ["diversity", "calibration", "freshness", "fatigue", "exploration", "timeout"], isOpen: false),
        Group(
            title: "choice", names: ["actions", "policy", "policyExploration", "stability", "features"], isOpen: false),
        Group(
            title: "impressions",
            names: [
                "seenEvent", "seenArtwork", "seenItem", "takenEvent", "takenArtwork", "takenItem", "seenExcept",
                "warmStart",
            ], isOpen: false),
    ]

    private static func page(
        _ form: PlacementForm, name: String?, _ call: PageCall, refused: String? = nil, error: String? = nil
    ) -> PageAnswer {
        let chooses = ["artwork", "banner", "push"].contains(form.values["kind"] ?? "")
        let title = name ?? call.text("recommendations.new")
        return RecommendationPages.page(
            .placements, "edit", title: title, status: error == nil ? 200 : 422, call,
            [
                "title": .text(title), "error": PageValue(error),
                "action": .text(
                    call.link("recommendations/placements/\(name.map { PageCall.escape($0) + "/edit" } ?? "new")")),
                "back": .text(
                    call.link(name.map { "recommendations/placements/\($0)" } ?? "recommendations")),
                "groups": .list(
                    groups.map { group in
                        let names = group.names.filter { $0 != "name" || name == nil }
                        let isOpen =
                            group.isOpen || (chooses && group.title == "choice")
                            || names.contains { $0 == refused }
                        return [
                            "title": .text(call.text("recommendations.group.\(group.title)")),
                            "text": .text(call.text("recommendations.groupText.\(group.title)")),
                            "isOpen": .flag(isOpen),
                            "fields": .list(
                                names.map { field($0, form, call, isWrong: $0 == refused ? error : nil).value }),
                        ]
                    }),
                "remove": name == nil
                    ? false
                    : Confirmation(
                        id: "delete-placement",
                        action: call.link("recommendations/placements/\(name ?? "")/delete"),
                        button: call.text("recommendations.delete"),
                        title: call.text("recommendations.deleteTitle", ["name": name ?? ""]),
                        text: call.text("recommendations.deleteText"), yes: call.text("recommendations.deleteYes")
                    ).value,
            ])
    }

    private static let areas: [String: Int] = [
        "allow": 3, "block": 3, "boosts": 3, "pins": 2, "repeatAfter": 2, "actions": 5, "seenExcept": 2,
    ]

    private static func field(
        _ name: String, _ form: PlacementForm, _ call: PageCall, isWrong: String?
    ) -> FormField {
        let kind: FormField.Kind
        switch name {
        case "kind":
            kind = .select(
                Placement.Kind.defined.map {
                    .init($0.rawValue, call.text("recommendations.kind.\($0.rawValue)"))
                })
        case "policy":
            kind = .select(
                PolicySettings.Kind.allCases.map {
                    .init($0.rawValue, call.text("recommendations.policy.\($0.rawValue)"))
                })
        case "artworks":
            let artworks = ((try? call.workspace().placements.all) ?? []).map(\.placement).filter {
                $0.kind == .artwork
            }
            kind = .select(
                [.init("", call.text("recommendations.noArtworks"))] + artworks.map { .init($0.name, $0.name) })
        case "rewardEvent", "seenEvent", "takenEvent": kind = .combobox(source: call.link("insights/names/events"))
        case _ where areas[name] != nil: kind = .area(rows: areas[name] ?? 3)
        default: kind = .input("text")
        }
        var field = FormField(
            kind, name, call.text("recommendations.field.\(name)"), value: form.values[name],
            hint: call.text("recommendations.hint.\(name)"))
        field.error = isWrong
        field.isRequired = ["name", "count", "rows", "timeout"].contains(name)
        return field
    }
}
