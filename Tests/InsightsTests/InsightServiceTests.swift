import Analysis
import Foundation
import State
import Testing

@testable import Insights

@Suite struct InsightServiceTests {
    private let funnel = #"{"name":" 첫 구매 ","query":{"kind":"funnel","steps":["View","Order"]}}"#

    private func saved(_ bench: Bench, _ name: String = "a") throws -> Insight {
        var definition = try decode(InsightDefinition.self, funnel)
        definition.name = name
        return try bench.service.create(definition, owner: "kim")
    }

    @Test func anInsightComesBackAsItWasSaved() throws {
        let bench = try Bench()
        let made = try bench.service.create(decode(InsightDefinition.self, funnel), owner: "kim")
        #expect(made.definition.name == "첫 구매" && made.owner == "kim")
        #expect(try bench.service.insight(made.id) == made)
        bench.time.advance(days: 1)
        var changed = made.definition
        changed.view = .table
        let after = try bench.service.update(made.id, to: changed)
        #expect(after.definition == changed && after.createdTime == made.createdTime)
        #expect(after.updatedTime == made.updatedTime + 86_400_000)
        try bench.service.deleteInsight(made.id)
        #expect(throws: InsightError.self) { try bench.service.insight(made.id) }
        #expect(throws: InsightError.self) { try bench.service.deleteInsight(made.id) }
    }

    @Test func aSavedQueryAsksForNobody() throws {
        let text = """
            {"name":"a","query":{"kind":"funnel","steps":["View"],"people":{"step":0}}}
            """
        let definition = try decode(InsightDefinition.self, text)
        guard case .funnel(let query) = definition.query else { return #expect(Bool(false)) }
        #expect(query.people == nil)
    }

    @Test(arguments: [
        ("{}", "name"), (#"{"name":"  "}"#, "name"), (#"{"name":"a"}"#, "query"),
        (#"{"name":"a","query":{"kind":"funnel"}}"#, "query.steps"),
        (#"{"name":"a","query":{"kind":"sessions"},"view":"pie"}"#, "view"),
        (#"{"name":"a","query":{"kind":"sessions"},"colour":"red"}"#, "colour"),
    ])
    func mistakesNameTheField(_ json: String, _ field: String) throws {
        let error = #expect(throws: QueryError.self) { try decode(InsightDefinition.self, json) }
        #expect(error?.field == field)
    }

    @Test func aDashboardKeepsItsTilesInOrder() throws {
        let bench = try Bench()
        let (a, b) = (try saved(bench, "a"), try saved(bench, "b"))
        let text = """
            {"name":"주간","from":"-28d","refreshSeconds":60,"tiles":[
             {"insight":\(b.id),"width":8},{"text":"# 안내","width":4,"height":1},{"insight":\(a.id)}]}
            """
        let made = try bench.service.create(decode(DashboardDefinition.self, text), owner: "kim")
        #expect(made.definition == (try decode(DashboardDefinition.self, text)))
        #expect(try bench.service.dashboards() == [made])
        let moved = try bench.service.change(dashboard: made.id) { $0.tiles.swapAt(0, 2) }
        #expect(moved.definition.tiles[0].content == .insight(a.id))
        let query = made.definition.applied(to: a.definition.query)
        #expect(query.range.from?.description == "-28d" && query.range.to == nil)
    }

    @Test func anInsightThatIsDeletedLeavesItsDashboards() throws {
        let bench = try Bench()
        let (a, b) = (try saved(bench, "a"), try saved(bench, "b"))
        let made = try bench.service.create(
            DashboardDefinition("d", tiles: [.init(.insight(a.id)), .init(.insight(b.id))]), owner: "kim")
        try bench.service.deleteInsight(a.id)
        #expect(try bench.service.dashboard(made.id).definition.tiles == [.init(.insight(b.id))])
    }

    @Test func aTileOfNoInsightIsRefusedAndNothingChanges() throws {
        let bench = try Bench()
        let made = try bench.service.create(DashboardDefinition("d"), owner: "kim")
        let error = #expect(throws: InsightError.self) {
            try bench.service.change(dashboard: made.id) { definition in
                definition.name = "e"
                definition.tiles = [.init(.insight(99))]
            }
        }
        #expect(error?.code == .notFound && error?.field == "tiles[0].insight")
        #expect(try bench.service.dashboard(made.id) == made)
    }

    @Test func aLinkOpensUntilItExpiresOrIsRevoked() throws {
        let bench = try Bench()
        let insight = try saved(bench)
        let (share, token) = try bench.service.share(.insight(insight.id), days: 7, owner: "kim")
        #expect(try bench.service.open(token.text) == share)
        bench.time.advance(days: 6)
        #expect(try bench.service.open(token.text).id == share.id)
        bench.time.advance(days: 1)
        #expect(throws: InsightError.self) { try bench.service.open(token.text) }
        let (second, other) = try bench.service.share(.insight(insight.id), days: 7, owner: "kim")
        _ = try bench.service.revokeShare(second.id)
        let error = #expect(throws: InsightError.self) { try bench.service.open(other.text) }
        #expect(error?.code == .expired)
        #expect(try bench.service.shares(of: .insight(insight.id)).map(\.id) == [second.id, share.id])
    }

    @Test func aLinkIsNotStoredAndGoesWithWhatItShows() throws {
        let bench = try Bench()
        let insight = try saved(bench)
        let (_, token) = try bench.service.share(.insight(insight.id), days: 1, owner: "kim")
        try bench.state.checkpoint()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: bench.folder + "/state.sqlite"))
        #expect(bytes.range(of: Data(token.text.utf8)) == nil && bytes.range(of: token.digest) != nil)
        try bench.service.deleteInsight(insight.id)
        let error = #expect(throws: InsightError.self) { try bench.service.open(token.text) }
        #expect(error?.code == .notFound)
        #expect(throws: InsightError.self) { try bench.service.share(.insight(insight.id), days: 1, owner: "kim") }
        #expect(ShareToken("short") == nil && ShareToken(token.text + "'") == nil)
    }

    @Test func annotationsAreFoundByDay() throws {
        let bench = try Bench()
        for day in ["2024-06-10", "2024-05-01", "2024-06-12"] {
            _ = try bench.service.annotate(
                decode(AnnotationDefinition.self, "{\"day\":\"\(day)\",\"text\":\"세일\"}"), owner: "kim")
        }
        #expect(try bench.service.annotations().map(\.definition.day) == ["2024-05-01", "2024-06-10", "2024-06-12"])
        let june = try bench.service.annotations(from: "2024-06-10", to: "2024-06-11")
        #expect(june.count == 1)
        let moved = try bench.service.updateAnnotation(
            june[0].id, to: decode(AnnotationDefinition.self, #"{"day":"2024-06-11","text":"끝"}"#))
        #expect(moved.definition.text == "끝")
        try bench.service.deleteAnnotation(moved.id)
        #expect(try bench.service.annotations(from: "2024-06-10", to: "2024-06-11").isEmpty)
        for day in ["-7d", "2024-06-10T10:00:00Z", "june"] {
            #expect(throws: QueryError.self) {
                try decode(AnnotationDefinition.self, "{\"day\":\"\(day)\",\"text\":\"a\"}")
            }
        }
    }

    @Test func theJourneyMapIsKeptAndGivenUp() throws {
        let bench = try Bench()
        #expect(try bench.service.journeyMap() == nil)
        let text = #"{"stages":[{"name":"유입","event":"*"},{"event":"Order"},{"event":"Order","after":1}]}"#
        let map = try decode(JourneyMapDefinition.self, text)
        try bench.service.setJourneyMap(map)
        #expect(try bench.service.journeyMap() == map)
        try bench.service.setJourneyMap(nil)
        #expect(try bench.service.journeyMap() == nil)
        let error = #expect(throws: QueryError.self) {
            try decode(JourneyMapDefinition.self, #"{"stages":[{"event":"A","after":1},{"event":"B"}]}"#)
        }
        #expect(error?.field == "stages[0].after")
    }
}
