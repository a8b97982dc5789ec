import Access
import Engine
import EventLog
import Foundation
import HTTPTypes
import Lifecycle
import Testing

@testable import Server

/// What people are about now, over HTTP and on pages.
struct IntentRouteTests {
    private let scratch: ServerScratch
    private static let now: Int64 = 1_714_557_600_000

    init() throws { scratch = try ServerScratch() }

    private func event(_ person: String, _ name: String, secondsAgo: Int64) -> Event {
        Event(
            person: person, name: name, time: Self.now - secondsAgo * 1_000,
            properties: [.init("productId", .string("p-1")), .init("price", .number(9_900))],
            messageID: UUID().uuidString)
    }

    /// Kim has left something in the cart and is silent; Lee looks around.
    private func addPeople() async throws {
        let live = try scratch.installation.workspace("default")
        try await live.log.append([
            event("kim@example.com", "Product Viewed", secondsAgo: 300),
            event("kim@example.com", "Product Added", secondsAgo: 270),
            event("lee", "Product Viewed", secondsAgo: 10),
        ])
        try live.catchUp()
    }

    @Test func whatSomebodyIsAboutIsAnsweredAndChangesWithTime() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client async throws in
            let key = try scratch.key([.eventsRead])
            let kim = try await client.get("/v1/people/kim%40example.com/intent", key: key)
            let view = try kim.json()
            #expect(kim.status == 200 && view["state"]?.text == "aboutToLeave", "\(kim.text)")
            #expect(view["recommended"]?["action"]?.text == "nothing", "actions are off")
            #expect(try await client.get("/v1/people/lee/intent", key: key).json()["state"]?.text == "browsing")
            scratch.pass(31 * 60_000)
            let later = try await client.get("/v1/people/lee/intent", key: key).json()
            #expect(later["isActive"] == .boolean(false) && later["state"] == nil)
            #expect(try await client.get("/v1/people/nobody/intent", key: key).status == 404)
            #expect(try await client.call(.post, "/v1/people/lee/moment", key: key).status == 403)
        }
    }

    @Test func aMomentIsDecidedOnceWithinItsBudgetAndStandsInTheHistory() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client async throws in
            let key = try scratch.key([.eventsRead, .peopleWrite, .settingsWrite, .query])
            let settings =
                #"{"isOn":true,"holdout":0,"coupon":{"code":"STAY5","cost":3000,"budgetPerDay":3000}}"#
            #expect(try await client.call(.put, "/v1/intent/settings", key: key, body: settings).status == 200)
            let first = try await client.call(.post, "/v1/people/kim%40example.com/moment", key: key).json()
            #expect(first["action"]?.text == "coupon" && first["coupon"]?.text == "STAY5")
            let again = try await client.call(.post, "/v1/people/kim%40example.com/moment", key: key).json()
            #expect(again["decisionId"] == first["decisionId"] && again["isRepeated"] == .boolean(true))
            let history = try scratch.installation.workspace("default").history(of: "kim@example.com")
            let decisions = history.filter { $0.event.name == "Decision Made" }
            #expect(decisions.count == 1 && decisions[0].event["placement"] == .string("moment"))
            let results = try await client.get("/v1/intent/results", key: key).json()
            #expect(results["open"]?.number == 1)
        }
    }

    @Test func settingsThatMakeNoSenseAreRefusedByTheField() async throws {
        let scratch = scratch
        try await scratch.run { client async throws in
            let key = try scratch.key([.settingsWrite, .query])
            for (body, field) in [
                (#"{"holdout":2}"#, "holdout"), (#"{"holdOut":0.1}"#, "holdOut"),
                (#"{"rules":[{"event":"A","role":"nothing"}]}"#, "rules[0].role"),
                (#"{"coupon":{"code":"","cost":1,"budgetPerDay":1}}"#, "coupon.code"),
            ] {
                let answer = try await client.call(.put, "/v1/intent/settings", key: key, body: body)
                #expect(answer.status == 400, "\(body): \(answer.text)")
                #expect(answer.text.contains("\"\(field)\""), "\(body): \(answer.text)")
            }
            let train = try await client.call(.post, "/v1/intent/train", key: key)
            #expect(train.status == 409 && train.code == "insufficient")
        }
    }

    @Test func pagesShowKeysAloneAndKeepWhatIsSet() async throws {
        try await addPeople()
        let scratch = scratch
        try await scratch.run { client async throws in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.get("/w/default/intent")
            #expect(page.status == 200 && page.text.contains("About to leave") && page.text.contains("/people/p_"))
            #expect(!page.text.contains("kim@example.com"))
            #expect(try await browser.get("/w/default/intent/quality").text.contains("No model has been trained"))
            let saved = try await browser.post(
                "/w/default/intent/settings",
                [
                    "isOn": "true", "holdout": "20", "periodDays": "14", "resultHours": "48",
                    "actionsPerSession": "2", "coupon.code": "STAY5", "coupon.cost": "3000",
                    "coupon.budgetPerDay": "90000", "coupon.perPerson": "1", "coupon.days": "30",
                    "coupon.probabilityMax": "50",
                ])
            #expect(try await browser.follow(saved).text.contains("value=\"STAY5\""))
            let settings = try scratch.installation.workspace("default").intent.settings
            #expect(settings.isOn && settings.holdout == 0.2 && settings.coupon?.budgetPerDay == 90_000)
            let wrong = try await browser.post(
                "/w/default/intent/settings",
                ["holdout": "99", "periodDays": "14", "resultHours": "48", "actionsPerSession": "2"])
            #expect(wrong.status == 422 && wrong.text.contains("role=\"alert\""))
            let train = try await browser.post("/w/default/intent/train", [:])
            #expect(try await browser.follow(train).text.contains("No model has been trained"))
        }
    }
}
