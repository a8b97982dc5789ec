import Access
import Collection
import Engine
import Foundation
import Hummingbird

/// The tracking plan, and the calls of webhooks.
enum DefinitionRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .get, "/v1/collection/plan", name: "trackingPlan", group: "Collection",
            "Which events the workspace expects, and what they hold", access: .scope(.collectionRead),
            answers: [.json(planSchema)]
        ) { call in
            guard let plan = try call.workspace().collection.settings.plan else {
                throw Problem.notFound("this workspace has no tracking plan")
            }
            return try call.answer(TrackingPlanDocument(plan))
        }
        .failing(.notFound).sampled("/v1/collection/plan"),
        APIRoute(
            .put, "/v1/collection/plan", name: "replaceTrackingPlan", group: "Collection",
            "Set the tracking plan in place of the one there is", access: .scope(.collectionWrite),
            answers: [.json(planSchema)]
        ) { call in
            let document: TrackingPlanDocument = try await call.json()
            let collection = try call.workspace().collection
            var settings = collection.settings
            settings.plan = document.plan
            try collection.set(settings)
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "tracking_plan.changed", target: "",
                detail: ["events": "\(document.plan.events.count)", "strict": "\(document.plan.strict)"])
            return try call.answer(document)
        }
        .taking(.json(planSchema), bytes: 16 << 20)
        .sampled("/v1/collection/plan", body: #"{"events":{"Order":{"properties":{"total":{"type":"number"}}}}}"#),
        APIRoute(
            .delete, "/v1/collection/plan", name: "deleteTrackingPlan", group: "Collection",
            "Expect nothing in particular any more", access: .scope(.collectionWrite), answers: [.nothing()]
        ) { call in
            let collection = try call.workspace().collection
            var settings = collection.settings
            settings.plan = nil
            try collection.set(settings)
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "tracking_plan.deleted", target: "", detail: [:])
            return call.nothing()
        }
        .sampled("/v1/collection/plan"),
        APIRoute(
            .get, "/v1/webhooks", name: "webhooks", group: "Webhooks",
            "How many calls wait to be made, and the failed attempts of the one that failed most",
            access: .scope(.audiencesRead),
            answers: [.json(.object(["waiting": .integer, "failedAttempts": .integer]))]
        ) { call in try call.answer(try call.workspace().webhookBacklog()) }
        .sampled("/v1/webhooks"),
        APIRoute(
            .get, "/v1/webhooks/secret", name: "webhookSecret", group: "Webhooks",
            "The secret that signs this workspace's calls, for the receiver to check them",
            access: .scope(.keysManage), answers: [.json(.object(["secret": .text()]))]
        ) { call in
            let secret = try call.workspace().webhookSecret()
            try call.access.note(
                call.change, workspace: call.workspaceName, action: "webhook_secret.shown", target: "", detail: [:])
            return try call.answer(["secret": WebhookSignature.text(secret)])
        }
        .sampled("/v1/webhooks/secret"),
    ]

    private static let planSchema = JSONSchema.object(
        [
            "events": .map(
                .object(
                    [
                        "properties": .map(
                            .object(
                                [
                                    "type": .oneOf(TrackingPlan.ValueType.allCases.map(\.rawValue)),
                                    "required": .boolean,
                                ], optional: ["type", "required"])), "others": .boolean,
                    ], optional: ["properties", "others"])), "strict": .boolean, "others": .boolean,
        ], optional: ["events", "strict", "others"])
}
