import Access
import HTTPTypes

/// What persons are shown: the places where it is decided, what was decided, the models, and what events say.
enum RecommendationPages {
    static let pages: [ConsolePage] = [
        .get("recommendations", name: "placements", in: .recommendations, access: .scope(.recommendationsRead)) {
            call in try await PlacementList.page(call)
        },
        .get(
            "recommendations/placements/new", name: "newPlacement", in: .recommendations,
            access: .scope(.recommendationsWrite)
        ) { call in try PlacementEditor.new(call) },
        .post(
            "recommendations/placements/new", name: "makePlacement", in: .recommendations,
            access: .scope(.recommendationsWrite)
        ) { call in try PlacementEditor.save(call, name: nil) },
        .get(
            "recommendations/placements/{name}", name: "placementPage", in: .recommendations,
            access: .scope(.recommendationsRead), sample: "recommendations/placements/nothing"
        ) { call in try await PlacementPreview.page(call) },
        .post(
            "recommendations/placements/{name}/find", name: "placementFind", in: .recommendations,
            access: .scope(.peopleRead), sample: "recommendations/placements/nothing/find"
        ) { call in try await PlacementPreview.find(call) },
        .get(
            "recommendations/placements/{name}/edit", name: "placementEdit", in: .recommendations,
            access: .scope(.recommendationsWrite), sample: "recommendations/placements/nothing/edit"
        ) { call in try PlacementEditor.edit(call) },
        .post(
            "recommendations/placements/{name}/edit", name: "placementSave", in: .recommendations,
            access: .scope(.recommendationsWrite), sample: "recommendations/placements/nothing/edit"
        ) { call in try PlacementEditor.save(call, name: try call.pathParameter("name")) },
        .get(
            "recommendations/placements/{name}/results", name: "placementResultsPage", in: .recommendations,
            access: .scope(.recommendationsRead), sample: "recommendations/placements/nothing/results"
        ) { call in try await PlacementResultsPage.page(call) },
        .post(
            "recommendations/placements/{name}/delete", name: "placementDelete", in: .recommendations,
            access: .scope(.recommendationsWrite), sample: "recommendations/placements/nothing/delete"
        ) { call in try PlacementEditor.delete(call) },
        .get(
            "recommendations/decisions", name: "decisions", in: .recommendations, access: .scope(.recommendationsRead)
        ) { call in try await DecisionExplorer.page(call) },
        .get(
            "recommendations/decisions/{id}", name: "decisionPage", in: .recommendations,
            access: .scope(.recommendationsRead), sample: "recommendations/decisions/nothing"
        ) { call in try await DecisionExplorer.one(call) },
        .get("recommendations/models", name: "modelsPage", in: .recommendations, access: .scope(.recommendationsRead)) {
            call in try await ModelPages.page(call)
        },
        .post(
            "recommendations/models/train", name: "trainModelForm", in: .recommendations,
            access: .scope(.recommendationsWrite)
        ) { call in try await ModelPages.train(call) },
        .post(
            "recommendations/models/stop", name: "stopTrainingForm", in: .recommendations,
            access: .scope(.recommendationsWrite)
        ) { call in try ModelPages.stop(call) },
        .post(
            "recommendations/models/activate", name: "activateModelForm", in: .recommendations,
            access: .scope(.recommendationsWrite)
        ) { call in try await ModelPages.activate(call) },
        .get(
            "recommendations/settings", name: "feedbackPage", in: .recommendations,
            access: .scope(.recommendationsRead)
        ) { call in try await FeedbackPages.page(call) },
        .post(
            "recommendations/settings", name: "feedbackForm", in: .recommendations,
            access: .scope(.recommendationsWrite)
        ) { call in try await FeedbackPages.save(call) },
    ]

    enum Tab: String, CaseIterable {
        case placements, decisions, models, settings

        var path: String { self == .placements ? "recommendations" : "recommendations/" + rawValue }
    }

    /// A page with the way to the others above it.
    static func page(
        _ tab: Tab, _ template: String, title: String? = nil, status: Int = 200, _ call: PageCall, _ value: PageValue
    ) -> PageAnswer {
        let shown = Tab.allCases.filter { $0 != .decisions || call.may(.eventsRead) }
        let tabs = shown.map { one in
            Tabs.Tab(call.text("recommendations." + one.rawValue), href: call.link(one.path), isCurrent: one == tab)
        }
        return .page(
            "recommendations/" + template, title: title ?? call.text("recommendations." + tab.rawValue),
            status: .init(code: status),
            PageValue.object(["tabs": Tabs(call.text("recommendations.tabs"), tabs).value]).adding(value))
    }
}
