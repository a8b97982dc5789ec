import Analysis
import EventLog
package import Recommendations

/// What is to be trained: settings of which those about events may be left out, because the workspace has them.
package struct TrainBody: Codable, Sendable {
    package var model: String
    package var settings: RecommendationSettings?
    package var isForced: Bool

    package init(model: String = "default", settings: RecommendationSettings? = nil, isForced: Bool = false) {
        self.model = model
        self.settings = settings
        self.isForced = isForced
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(decoder, of: "a training", allowed: ["model", "settings", "force"])
        settings = try fields.optional("settings")
        let named = try fields.text("model")
        model = named ?? settings?.name ?? "default"
        isForced = try fields.optional("force") ?? false
        if let settings, let named, settings.name != named, settings.name != "default" {
            throw fields.error(
                .invalidValue, "model", "is '\(named.prefix(64))', but the settings are about '\(settings.name)'")
        }
        settings?.name = model
    }
}

extension TrainBody {
    private enum Name: String, CodingKey { case model, settings, force }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Name.self)
        try object.encode(model, forKey: .model)
        // Settings without events are those that leave them to the workspace.
        try object.encodeIfPresent(settings, forKey: .settings)
        try object.encode(isForced, forKey: .force)
    }
}

extension LiveWorkspace {
    /// Settings to train a model with: those given, or else those of its last training, with what the workspace says of
    /// its events where somebody has set that, or else what their names suggest.
    ///
    /// - Throws: `RecommendationError` with `insufficient` when no event seems to be about an item.
    package func trainingSettings(_ body: TrainBody) throws -> RecommendationSettings {
        var settings = body.settings ?? (try? recommendations.settings(body.model))
        let said = settings?.interactions.isEmpty ?? true
        if body.settings == nil || said, let feedback = try placements.feedback ?? (said ? decisions.feedback() : nil) {
            var made = settings ?? RecommendationSettings(name: body.model, feedback)
            made.interactions = feedback.interactions
            made.group = feedback.group ?? made.group
            settings = made
        }
        guard let settings, !settings.interactions.isEmpty else {
            throw RecommendationError(
                .insufficient,
                "no event here seems to be about an item: say which are at /v1/recommendations/settings, or in the "
                    + "console under Recommendations")
        }
        return settings
    }

    /// Begins a training in the background; its version answers from the next request on.
    ///
    /// - Throws: `RecommendationError`: `limitExceeded` while another training runs.
    package func beginTraining(_ body: TrainBody) throws -> TrainingDesk.Job {
        let settings = try trainingSettings(body)
        let service = recommendations
        return try training.begin(
            settings.name,
            train: { progress in try service.train(settings, isForced: body.isForced, progress: progress) },
            ended: { [decisions] in decisions.refresh() })
    }

    /// Lets a version answer.
    ///
    /// - Parameter number: nil is the one before the active one.
    package func activate(_ model: String, _ number: Int?) throws -> ModelVersion {
        let version = try recommendations.rollBack(model, to: number)
        decisions.refresh()
        return version
    }
}
