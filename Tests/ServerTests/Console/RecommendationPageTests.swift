import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Recommendations
import Testing

@testable import Server

/// Pages about placements, decisions, models and what events say.
struct RecommendationPageTests {
    private let scratch: ServerScratch
    private static let hostile = "\"><script>alert(1)</script>"
    private static let fields: KeyValuePairs<String, String> = [
        "name": "row", "kind": "list", "description": hostile, "model": "default", "count": "4", "rows": "6",
        "timeout": "100", "block": "category:old\nsku-a1", "boosts": "1.5 kind:new", "pins": "2 sku-b2",
        "repeatAfter": "30 *", "perCategory": "", "diversity": "0.2", "calibration": "0", "freshness": "0",
        "fatigue": "0", "exploration": "0", "policy": "fixed", "policyExploration": "0.05", "stability": "0",
        "features": "hour, device", "rewardEvent": "Order Completed", "rewardItem": "product_id",
        "rewardOutOf": "1", "rewardHours": "48",
    ]

    init() throws { scratch = try ServerScratch() }

    private func addOrders() async throws {
        let live = try scratch.installation.workspace("default")
        try await live.log.append(
            (0..<60).map { place in
                Event(
                    person: "u\(place % 10)", name: "Order Completed", time: 1_714_000_000_000 + Int64(place) * 60_000,
                    properties: [.init("product_id", .string("sku-\(place % 2 == 0 ? "a" : "b")\(place / 10)"))])
            })
        try live.catchUp()
    }

    @Test func picturesThatWereSeenBeforeAreSetByTheForm() async throws {
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let path = "/w/default/recommendations/placements"
            let form: KeyValuePairs<String, String> = [
                "name": "covers", "kind": "artwork", "model": "default", "count": "4", "rows": "6", "timeout": "100",
                "policy": "linUCB", "policyExploration": "0.1", "warmStart": "30", "seenEvent": "Artwork Shown",
                "seenArtwork": "items.art", "seenItem": "items.title", "takenEvent": "Title Viewed",
                "takenArtwork": "art", "takenItem": "title", "seenExcept": "row search\nrow more like this",
            ]
            let saved = try await browser.post(path + "/new", form)
            #expect(saved.status == 303 || saved.status == 302, "\(saved.status)")
            let placement = try scratch.installation.workspace("default").placements.placement("covers").placement
            #expect(
                placement.impressions
                    == ImpressionSource(
                        shown: "Artwork Shown", artwork: "items.art", item: "items.title", taken: "Title Viewed",
                        takenArtwork: "art", takenItem: "title", except: ["row": ["search", "more like this"]]))
            #expect(placement.policy.warmStartDays == 30)
            #expect(try PlacementForm(placement).placement(on: placement) == placement)
            let page = try await browser.get(path + "/covers/edit")
            #expect(page.text.contains("Pictures seen before") && page.text.contains("row more like this"))
            // Half of it is a mistake that is named; lists have no pictures of their own.
            let half = try await browser.post(
                path + "/new",
                [
                    "name": "half", "kind": "artwork", "count": "4", "rows": "6", "timeout": "100", "policy": "fixed",
                    "seenEvent": "Artwork Shown",
                ])
            #expect(half.status == 422 && half.text.contains("Name the property with the picture"))
            let list = try await browser.post(
                path + "/new",
                [
                    "name": "row", "kind": "list", "count": "4", "rows": "6", "timeout": "100", "policy": "fixed",
                    "seenEvent": "Artwork Shown",
                ])
            #expect(list.status == 422 && list.text.contains("Only artwork has pictures"))
        }
    }

    @Test func aPlacementIsDefinedByAFormAndSeenAsSomebody() async throws {
        try await addOrders()
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            #expect(try await browser.get("/w/default/recommendations").text.contains("No placements yet"))
            let path = "/w/default/recommendations/placements"
            let wrong = try await browser.post(path + "/new", ["name": "two words", "kind": "list", "count": "5"])
            #expect(wrong.status == 422)
            let saved = try await browser.follow(try await browser.post(path + "/new", Self.fields))
            #expect(saved.text.contains("sku-b2") && !saved.text.contains("<script>alert"))
            let placement = try scratch.installation.workspace("default").placements.placement("row").placement
            #expect(placement.ranking.block == ItemSelector(items: ["sku-a1"], categories: ["old"]))
            #expect(placement.ranking.boosts == [.init(of: ItemSelector(kinds: ["new"]), by: 1.5)])
            #expect(placement.ranking.repeatAfterDays == ["*": 30] && placement.policy.features == ["hour", "device"])
            #expect(placement.reward?.withinHours == 48)
            // A form that is sent as it came changes nothing.
            let form = PlacementForm(placement)
            #expect(try form.placement(on: placement) == placement)
            let found = try await browser.post(path + "/row/find", ["text": "u3"])
            let key = try #require(found.text.firstMatch(of: /as=(p_[a-z0-9]+)/)?.1)
            let seen = try await browser.get(path + "/row?as=\(key)")
            #expect(seen.status == 200 && !seen.text.contains("sku-a1<"))
            #expect(try await browser.get(path + "/row?as=u3").status == 404)
            let gone = try await browser.follow(try await browser.post(path + "/row/delete", [:]))
            #expect(gone.text.contains("No placements yet"))
        }
    }

    @Test func aDecisionIsListedAndToldInBothLanguages() async throws {
        try await addOrders()
        let live = try scratch.installation.workspace("default")
        try live.placements.put(Placement(name: "row", kind: .list))
        live.decisions.refresh()
        let decision = live.decisions.decide(DecideRequest(person: "u1", places: [.init("row")]))[0]
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let list = try await browser.get("/w/default/recommendations/decisions?placement=row")
            #expect(list.text.contains(decision.id.description))
            let path = "/w/default/recommendations/decisions/\(decision.id)"
            #expect(try await browser.get(path).text.contains("At &#39;row&#39;, "))
            #expect(try await browser.get(path, language: "ko").text.contains("‘row’ 자리에서"))
            #expect(try await browser.get("/w/default/recommendations/decisions/nothing").status == 404)
        }
    }

    @Test func whatEventsSayIsSavedAndTakenBack() async throws {
        try await addOrders()
        let scratch = scratch
        let placements = try scratch.installation.workspace("default").placements
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let path = "/w/default/recommendations/settings"
            #expect(try await browser.get(path).text.contains("product_id"))
            let wrong = try await browser.post(path, ["event.0": "Seen", "kind.0": "view"])
            #expect(wrong.status == 422)
            _ = try await browser.post(
                path,
                [
                    "event.0": "Rated", "item.0": "movie", "kind.0": "rating", "value.0": "stars", "outOf.0": "5",
                    "below.0": "2", "strength.cart": "0.7", "strength.view": "0.1",
                ])
            #expect(
                placements.feedback
                    == FeedbackSettings(
                        events: [
                            .init(
                                event: "Rated", item: "movie", kind: .rating, value: "stars", outOf: 5,
                                dismissedBelow: 2)
                        ], strengths: [.cart: 0.7]))
            _ = try await browser.post(path, ["reset": "1"])
            #expect(placements.feedback == nil)
        }
    }

    @Test func aModelIsTrainedAndActivatedByAForm() async throws {
        try await addOrders()
        let scratch = scratch
        let live = try scratch.installation.workspace("default")
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            for _ in 0..<2 {
                _ = try await browser.post(
                    "/w/default/recommendations/models/train", ["model": "default", "force": "true"])
                while live.training.job?.state == .running { await Task.yield() }
            }
            let page = try await browser.get("/w/default/recommendations/models")
            #expect(page.text.contains("Let version 1 answer"))
            let back = try await browser.follow(
                try await browser.post(
                    "/w/default/recommendations/models/activate", ["model": "default", "version": "1"]))
            #expect(back.text.contains("Let version 2 answer"))
        }
    }
}
