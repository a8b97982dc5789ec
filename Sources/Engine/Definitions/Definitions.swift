import Analysis
package import Audiences
package import Collection
import Foundation
package import Insights
package import Lifecycle
package import Recommendations
import Yams

/// What people define of a workspace and keep in files, so that it has a history and can be reviewed:
///
/// ```yaml
/// audiences:
///   - name: 서울 단골
///     where: did "Order Completed" at least 3 times and trait city = "서울"
/// insights:
///   - name: 첫 구매 퍼널
///     query: { kind: funnel, steps: [Product Viewed, Order Completed] }
/// dashboards:
///   - name: 주간 현황
///     tiles: [{ insight: 첫 구매 퍼널 }]
/// journeyMap:
///   stages: [{ name: 유입, event: "*" }, { name: 구매, event: Order Completed }]
/// feedback:
///   events: [{ event: Order Completed, item: products.sku, kind: purchase }]
/// placements:
///   - { name: home, kind: home, rows: 6 }
/// intent:
///   isOn: true
///   coupon: { code: STAY5, cost: 2000, budgetPerDay: 100000 }
/// trackingPlan:
///   events:
///     Order Completed:
///       properties:
///         total: { type: number, required: true }
/// ```
///
/// Files say what there is to be. What they do not mention stays as it is.
package struct Definitions: Sendable, Hashable {
    package var audiences: [AudienceDefinition]
    package var insights: [InsightDefinition]
    package var dashboards: [DashboardDocument]
    package var journeyMap: JourneyMapDefinition?
    /// What events say about items.
    package var feedback: FeedbackSettings?
    package var placements: [Placement]
    /// What is done at moments of sessions, and for whom nothing.
    package var intent: IntentSettings?
    package var trackingPlan: TrackingPlan?

    package init(
        audiences: [AudienceDefinition] = [], insights: [InsightDefinition] = [], dashboards: [DashboardDocument] = [],
        journeyMap: JourneyMapDefinition? = nil, feedback: FeedbackSettings? = nil, placements: [Placement] = [],
        intent: IntentSettings? = nil, trackingPlan: TrackingPlan? = nil
    ) {
        self.audiences = audiences
        self.insights = insights
        self.dashboards = dashboards
        self.journeyMap = journeyMap
        self.feedback = feedback
        self.placements = placements
        self.intent = intent
        self.trackingPlan = trackingPlan
    }

    /// How many things are defined.
    package var count: Int {
        audiences.count + insights.count + dashboards.count + placements.count
            + [journeyMap != nil, feedback != nil, intent != nil, trackingPlan != nil].count { $0 }
    }

    private static let fileBytes = 16 << 20
    private static let fields = [
        "audiences", "insights", "dashboards", "journeyMap", "feedback", "placements", "intent", "trackingPlan",
    ]

    // MARK: Reading

    /// Reads one file, or every `.yaml` and `.yml` of a folder (not of folders within).
    ///
    /// - Throws: `EngineError` naming the file and the place in it.
    package static func read(_ path: String) throws -> Definitions {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw EngineError(.notFound, "there is no file or folder \(path)")
        }
        guard isFolder.boolValue else { return try Definitions(yaml: text(path), source: path) }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
            $0.hasSuffix(".yaml") || $0.hasSuffix(".yml")
        }
        if names.isEmpty { throw EngineError(.notFound, "there is no .yaml or .yml in the folder \(path)") }
        var all = Definitions()
        for name in names { try all.add(Definitions(yaml: text(path + "/" + name), source: name), source: name) }
        return all
    }

    private static func text(_ path: String) throws -> String {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            guard data.count <= fileBytes, let text = String(bytes: data, encoding: .utf8) else {
                throw EngineError(.invalidArgument, "\(path) is no text in UTF-8 of at most \(fileBytes >> 20) MB")
            }
            return text
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.io, "the file \(path) cannot be read: \(reason(error))")
        }
    }

    private mutating func add(_ other: Definitions, source: String) throws {
        try Self.join(&audiences, other.audiences, \.name, "audience", source)
        try Self.join(&insights, other.insights, \.name, "insight", source)
        try Self.join(&dashboards, other.dashboards, \.name, "dashboard", source)
        try Self.join(&journeyMap, other.journeyMap, "journey map", source)
        try Self.join(&feedback, other.feedback, "feedback", source)
        try Self.join(&placements, other.placements, \.name, "placement", source)
        try Self.join(&intent, other.intent, "intent", source)
        try Self.join(&trackingPlan, other.trackingPlan, "tracking plan", source)
    }

    private static func join<Definition>(
        _ all: inout [Definition], _ more: [Definition], _ name: (Definition) -> String, _ what: String,
        _ source: String
    ) throws {
        var names = Set(all.map(name))
        for definition in more {
            guard names.insert(name(definition)).inserted else {
                throw EngineError(
                    .invalidArgument, "\(source): the \(what) '\(name(definition))' is defined a second time")
            }
            all.append(definition)
        }
    }

    private static func join<Definition>(
        _ one: inout Definition?, _ other: Definition?, _ what: String, _ source: String
    ) throws {
        guard let other else { return }
        guard one == nil else {
            throw EngineError(.invalidArgument, "\(source): the \(what) is defined a second time")
        }
        one = other
    }

    /// - Parameter source: what errors call the text.
    package init(yaml: String, source: String) throws {
        do {
            // An empty file defines nothing.
            guard let tree = try Yams.compose(yaml: yaml) else {
                self.init()
                return
            }
            // The state database would end a text there: what was written would be stored as less.
            if Self.holdsNull(tree) { throw PlacedError(message: "a text holds U+0000, which cannot be kept") }
            let document = try YAMLDecoder().decode(Document.self, from: yaml)
            self.init()
            try add(document.definitions, source: source)
        } catch let error as EngineError {
            throw error
        } catch {
            throw EngineError(.invalidArgument, "\(source): \(Self.describe(error))")
        }
    }

    private static func holdsNull(_ node: Node) -> Bool {
        switch node {
        case .scalar(let scalar): scalar.string.utf8.contains(0)
        case .sequence(let sequence): sequence.contains(where: holdsNull)
        case .mapping(let mapping): mapping.contains { holdsNull($0.key) || holdsNull($0.value) }
        case .alias: false
        }
    }

    static func describe(_ error: any Error) -> String {
        switch error {
        case let error as PlacedError: error.message
        case let error as AudienceError: error.line
        case let error as LifecycleError: error.message
        case let error as QueryError: error.field.isEmpty ? error.message : "\(error.field): \(error.message)"
        case DecodingError.dataCorrupted(let context):
            context.underlyingError.map(describe) ?? "\(place(context.codingPath))\(context.debugDescription)"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            "\(place(context.codingPath))has the wrong type"
        case DecodingError.keyNotFound(let key, let context):
            "\(place(context.codingPath + [key]))must be given"
        default: "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    /// `audiences[1].where: `
    private static func place(_ path: [any CodingKey]) -> String {
        let text = path.reduce("") { text, key in
            if let index = key.intValue { return "\(text)[\(index)]" }
            return text.isEmpty ? key.stringValue : text + "." + key.stringValue
        }
        return text.isEmpty ? "" : text + ": "
    }

    /// An error that says where it is.
    private struct PlacedError: Error {
        var message: String
    }

    private struct Document: Decodable {
        var definitions = Definitions()

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }

            init(_ name: String) { stringValue = name }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        /// With the place before errors of the text, which know only their place in the text.
        private struct Element: Decodable {
            var definition: AudienceDefinition

            init(from decoder: any Decoder) throws {
                do {
                    definition = try AudienceDefinition(from: decoder)
                } catch let error as AudienceError {
                    throw PlacedError(message: Definitions.place(decoder.codingPath) + error.line)
                }
            }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            for key in container.allKeys.map(\.stringValue).sorted() where !Definitions.fields.contains(key) {
                let hint = NearestName.hint(for: key, among: Definitions.fields)
                throw PlacedError(
                    message: "there is no '\(key)'\(hint); there are \(Definitions.fields.joined(separator: ", "))")
            }
            definitions.audiences =
                try container.decodeIfPresent([Element].self, forKey: Key("audiences"))?.map(\.definition) ?? []
            definitions.insights =
                try container.decodeIfPresent([InsightDefinition].self, forKey: Key("insights")) ?? []
            definitions.dashboards =
                try container.decodeIfPresent([DashboardDocument].self, forKey: Key("dashboards")) ?? []
            definitions.journeyMap =
                try container.decodeIfPresent(JourneyMapDefinition.self, forKey: Key("journeyMap"))
            definitions.feedback = try container.decodeIfPresent(FeedbackSettings.self, forKey: Key("feedback"))
            definitions.placements = try container.decodeIfPresent([Placement].self, forKey: Key("placements")) ?? []
            definitions.intent =
                try container.decodeIfPresent(IntentSettings.self, forKey: Key("intent")).map { try $0.checked() }
            definitions.trackingPlan =
                try container.decodeIfPresent(TrackingPlanDocument.self, forKey: Key("trackingPlan"))?.plan
        }
    }

    // MARK: Writing

    /// The files that hold these definitions, by name.
    ///
    /// - Throws: `EngineError` when two of a kind have one name, which files could not tell apart.
    package func files() throws -> [(name: String, text: String)] {
        var all = Definitions()
        try all.add(self, source: "what is defined")
        var files: [(name: String, text: String)] = []
        if !audiences.isEmpty { files.append(("audiences.yaml", try Self.yaml(["audiences": audiences]))) }
        if !insights.isEmpty {
            files.append(("insights.yaml", try Self.yaml(["insights": insights], isSorted: true)))
        }
        if !dashboards.isEmpty { files.append(("dashboards.yaml", try Self.yaml(["dashboards": dashboards]))) }
        if let journeyMap { files.append(("journey-map.yaml", try Self.yaml(["journeyMap": journeyMap]))) }
        if let feedback { files.append(("feedback.yaml", try Self.yaml(["feedback": feedback]))) }
        if !placements.isEmpty {
            files.append(
                ("placements.yaml", try Self.yaml(["placements": placements.map(PlacementDocument.init)])))
        }
        if let intent { files.append(("intent.yaml", try Self.yaml(["intent": intent], isSorted: true))) }
        if let trackingPlan {
            files.append(("tracking-plan.yaml", try Self.yaml(["trackingPlan": trackingPlan], isSorted: true)))
        }
        return files
    }

    private static func yaml(_ value: some Encodable, isSorted: Bool = false) throws -> String {
        let encoder = YAMLEncoder()
        encoder.options.allowUnicode = true
        encoder.options.width = -1
        encoder.options.sortKeys = isSorted
        return try encoder.encode(value)
    }
}

extension AudienceError {
    /// In one line: without the excerpt.
    package var line: String {
        if let place { return "line \(place.line), column \(place.column): \(message)" }
        return field.isEmpty ? message : "\(field): \(message)"
    }
}
