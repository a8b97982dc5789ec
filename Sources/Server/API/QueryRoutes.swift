import Access
import Analysis
import Engine
import EventLog
import Foundation
import Hummingbird
import NIOCore
import People

/// Questions about everybody.
enum QueryRoutes {
    static let routes: [APIRoute] = [
        APIRoute(
            .post, "/v1/query", name: "query", group: "Questions",
            "Ask a question, in the JSON that 'dangol query' takes", access: .scope(.query),
            answers: [.json(.object([:], isOpen: true), "The answer, in the form of its kind")]
        ) { call in
            let query = try Query(json: Data(try await call.bytes().readableBytesView))
            let explains = try call.flag("explain")
            let (workspace, now) = (try call.workspace(), call.parts.installation.now())
            let answer = try await call.parts.queries.run {
                try QueryService(log: workspace.log, traits: workspace.people.traitTable(), now: now).answer(query)
            }
            if explains {
                return try call.answer(Explained(result: answer.result, explanation: answer.explanation))
            }
            return try call.answer(answer.result)
        }
        .query("explain", .boolean, "Answer with `result` and `explanation`: what was read, and how long it took")
        .taking(.json(.object(["kind": .oneOf(Query.Kind.allCases.map(\.rawValue))], isOpen: true)))
        .sampled("/v1/query", body: #"{"kind":"trends","series":[{"event":"*"}],"interval":"day"}"#),
        APIRoute(
            .get, "/v1/stats", name: "statistics", group: "Questions", "How much is stored", access: .scope(.query),
            answers: [.json(StatisticsView.schema)]
        ) { call in
            let workspace = try call.workspace()
            let statistics = try await call.parts.queries.run { try workspace.log.statistics }
            return try call.answer(StatisticsView(workspace: call.workspaceName, statistics))
        }
        .sampled("/v1/stats"),
        APIRoute(
            .get, "/v1/events/schema", name: "schema", group: "Questions",
            "The events and properties that there are, or the properties of one event", access: .scope(.query),
            answers: [.json(SchemaView.schema)]
        ) { call in
            let workspace = try call.workspace()
            if let event = call.text("event") {
                // Values of single events are more than figures about everybody.
                let seesValues = call.principal?.scopes(in: call.workspaceName).contains(.eventsRead) ?? false
                let schema = try await call.parts.queries.run {
                    try EventSchema.read(event, from: try workspace.log.snapshot())
                }
                return try call.answer(SchemaView(schema, withExamples: seesValues))
            }
            return try call.answer(SchemaView(try await call.parts.queries.run { try workspace.log.statistics }))
        }
        .query("event", .text(lengths: 1...256), "The event to look into")
        .failing(.notFound)
        .sampled("/v1/events/schema"),
    ]

    private struct Explained: Encodable {
        var result: QueryResult
        var explanation: QueryExplanation
    }
}
