import EventLog
package import Recommendations

/// Models, their versions and trainings as JSON.
package struct ModelVersionsView: Codable, Sendable {
    package var model: String
    /// The version that answers.
    package var active: Int?
    package var versions: [ModelVersion]
    package var damage: [String]

    package init(_ model: String, _ found: RecommendationService.Versions) {
        self.model = model
        active = found.active
        versions = found.versions
        damage = found.damage
    }
}

package struct ModelStatesView: Encodable, Sendable {
    package struct Model: Encodable, Sendable {
        package var name: String
        package var version: Int
        package var items: Int
        package var servingBytes: Int
        package var fallback: String?
        package var notes: [String]
    }

    package var models: [Model]
    /// Decisions that could not be logged since the server started.
    package var decisionsLost: Int

    package init(_ service: DecisionService) {
        models = service.states.map {
            Model(
                name: $0.name, version: $0.version, items: $0.items, servingBytes: $0.servingBytes,
                fallback: $0.fallback?.rawValue, notes: $0.notes)
        }
        decisionsLost = service.journal.lost
    }
}

package struct TrainingView: Codable, Sendable {
    package var number: Int
    package var model: String
    package var state: String
    package var stage: String
    package var share: Double
    package var startedAt: String
    package var endedAt: String?
    package var version: ModelVersion?
    package var error: String?
    package var code: String?

    package init(_ job: TrainingDesk.Job) {
        number = job.number
        model = job.model
        state = job.state.rawValue
        stage = job.stage
        share = job.share
        startedAt = Timestamp.text(job.startedTime)
        endedAt = job.endedTime.map { Timestamp.text($0) }
        version = job.version
        error = job.failure?.message
        code = job.failure?.code.rawValue
    }
}

/// What events say about items, and whether somebody has set it.
package struct FeedbackView: Encodable, Sendable {
    package var settings: FeedbackSettings
    package var isSet: Bool
    /// The strength of each kind, those included that nobody changed.
    package var strengths: [String: Double]

    package init(_ settings: FeedbackSettings, isSet: Bool) {
        self.settings = settings
        self.isSet = isSet
        strengths = Dictionary(
            uniqueKeysWithValues: FeedbackKind.allCases.filter { $0 != .dismissed }.map {
                ($0.rawValue, settings.strength($0))
            })
    }
}

/// What fits a person, asked of a model without a placement.
package struct ModelListView: Codable, Sendable {
    package struct Place: Codable, Sendable {
        package var item: String
        package var title: String
        package var score: Double
        package var reason: Reason
        package var why: String
        package var propensity: Double
    }

    package var person: String
    package var isKnown: Bool
    package var model: String
    package var version: Int
    package var items: [Place]
    /// What they began and may go on with, the likeliest first; `score` is the chance.
    package var unfinished: [Place]
    package var notes: [String]

    /// - Parameter started: what the person began.
    package init(
        _ recommender: Recommender, person: String, count: Int, region: String?, korean: Bool,
        started: [Continuing.Started] = []
    ) throws {
        let answer = try recommender.recommend(for: person, count: count, region: region)
        self.person = answer.person
        isKnown = answer.isKnown
        model = recommender.model.settings.name
        version = recommender.version
        items = answer.items.map { place in
            Place(
                item: place.item, title: recommender.title(of: place.item), score: place.score, reason: place.reason,
                why: place.reason.text(korean: korean) { recommender.title(of: $0) }, propensity: place.propensity)
        }
        unfinished = recommender.unfinished(started, of: person, region: region).prefix(count).map { started, chance in
            Place(
                item: started.item, title: recommender.title(of: started.item), score: chance, reason: started.reason,
                why: started.reason.text(korean: korean), propensity: 1)
        }
        notes = recommender.notes
    }
}
