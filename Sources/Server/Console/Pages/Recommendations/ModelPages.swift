import Access
import Engine
import Recommendations

/// The versions of models: how good each is, which one answers, and a new one.
enum ModelPages {
    static func page(_ call: PageCall, error: String? = nil) async throws -> PageAnswer {
        let live = try call.workspace()
        let names = Set(live.placements.all.map(\.placement.model)).union(["default"])
        let found = try await call.parts.queries.run {
            names.sorted().map { name in (name, try? live.recommendations.versions(name)) }
        }
        let job = live.training.job
        let isRunning = job?.state == .running
        let mayWrite = call.may(.recommendationsWrite)
        return RecommendationPages.page(
            .models, "models", status: error == nil ? 200 : 422, call,
            [
                "mayWrite": .flag(mayWrite), "isRunning": .flag(isRunning), "error": PageValue(error),
                "mayTrain": .flag(mayWrite && !isRunning), "job": job.map { self.job($0, call) } ?? false,
                "train": .text(call.link("recommendations/models/train")),
                "stop": .text(call.link("recommendations/models/stop")),
                "reload": .text(call.link("recommendations/models")),
                "models": .list(found.map { model($0, $1, live, call) }),
            ])
    }

    static func train(_ call: PageCall) async throws -> PageAnswer {
        let live = try call.workspace()
        let body = TrainBody(model: call.form["model"] ?? "default", isForced: call.form["force"] == "true")
        do {
            let job = try await call.parts.queries.run { try live.beginTraining(body) }
            try call.access.note(
                call.call.change, workspace: call.workspaceName, action: "model.training", target: job.model,
                detail: [:])
        } catch let error as RecommendationError where [.insufficient, .limitExceeded, .invalid].contains(error.code) {
            return try await page(call, error: error.message)
        }
        return .redirect("recommendations/models", saying: call.text("recommendations.trainingBegun"))
    }

    static func stop(_ call: PageCall) throws -> PageAnswer {
        try call.workspace().training.stop()
        return .redirect("recommendations/models", saying: call.text("recommendations.trainingStopped"))
    }

    static func activate(_ call: PageCall) async throws -> PageAnswer {
        let version = call.form["version"].flatMap { Int($0) }
        let active = try await RecommendationRoutes.activate(call.form["model"] ?? "default", version, call.call)
        return .redirect(
            "recommendations/models",
            saying: call.text("recommendations.activated", ["version": call.format.number(active.number)]))
    }

    private static func job(_ job: TrainingDesk.Job, _ call: PageCall) -> PageValue {
        [
            "title": .text(
                call.text("recommendations.training.\(job.state.rawValue)", ["model": job.model])),
            "stage": .text(call.text("recommendations.stage", ["stage": job.stage])),
            "share": .text(call.format.percent(job.share, decimals: 0)), "value": .text(String(job.share)),
            "isRunning": .flag(job.state == .running), "isBad": .flag(job.state == .failed),
            "error": .orFalse(job.failure?.message), "heldBack": .orFalse(job.version?.heldBack),
        ]
    }

    private static func model(
        _ name: String, _ found: RecommendationService.Versions?, _ live: LiveWorkspace, _ call: PageCall
    ) -> PageValue {
        let state = live.decisions.states.first { $0.name == name }
        let versions = (found?.versions ?? []).reversed()
        return [
            "name": .text(name), "hasVersions": .flag(!versions.isEmpty),
            "state": .orFalse(
                state.map {
                    call.text(
                        "recommendations.inMemory",
                        ["items": call.format.number($0.items), "version": call.format.number($0.version)])
                }),
            "fallback": .orFalse(state?.fallback?.text(korean: call.language == .korean)),
            "damage": .list((found?.damage ?? []).map { .text($0) }),
            "versions": .list(versions.map { version($0, isActive: $0.number == found?.active, call) }),
        ]
    }

    private static func version(_ version: ModelVersion, isActive: Bool, _ call: PageCall) -> PageValue {
        let metrics = version.metrics
        return [
            "number": .text(call.format.number(version.number)), "model": .text(version.settings.name),
            "plain": .text(String(version.number)),
            "when": .text(call.format.dateTime(version.createdAt)),
            "ndcg": .text(
                metrics.map {
                    "\(call.format.number($0.ndcg10, decimals: 4)) ± \(call.format.number($0.ndcg10Error, decimals: 4))"
                } ?? "–"),
            "recall": .text(metrics.map { call.format.percent($0.recall20) } ?? "–"),
            "coverage": .text(metrics.map { call.format.percent($0.coverage10) } ?? "–"),
            "interactions": .text(call.format.number(version.interactions)),
            "persons": .text(call.format.number(version.persons)), "items": .text(call.format.number(version.items)),
            "weights": .text(
                version.weights.sorted { $0.value > $1.value }.filter { $0.value > 0 }
                    .map { "\(call.text("recommendations.source.\($0.key)")) \(call.format.number($0.value))" }
                    .joined(separator: " · ")),
            "isActive": .flag(isActive), "heldBack": .orFalse(version.heldBack),
            "mayActivate": .flag(!isActive && call.may(.recommendationsWrite)),
            "activate": .text(call.link("recommendations/models/activate")),
            "label": .text(
                call.text("recommendations.activate", ["version": call.format.number(version.number)])),
        ]
    }
}
