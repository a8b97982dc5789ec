import Access
import Analysis
import Audiences
import Engine
import EventLog
import Foundation
import HTTPTypes
import Insights
import Testing

@testable import Server

extension PageBrowser {
    fileprivate func korean(_ path: String) async throws -> Client.Answer { try await get(path, language: "ko") }
}

struct InsightPageTests {
    private let scratch: ServerScratch

    init() throws { scratch = try ServerScratch() }

    @Test(arguments: InsightPages.kinds + [.journeyMap])
    func anEmptyBuilderAlreadyAnswersInBothLanguages(_ kind: Query.Kind) async throws {
        try await scratch.addEvents(60)
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            for language in ["ko", "en"] {
                let page = try await browser.get("/w/default/insights/\(kind.rawValue)", language: language)
                #expect(page.status == 200, "\(page.text.prefix(400))")
                // The log has two events, which are both steps: there is nothing to correlate them with.
                #expect(page.text.contains("<svg xmlns") || kind == .correlation)
                #expect(page.text.contains("data-builder"))
                #expect(!page.text.contains("role=\"alert\""), "nothing is wrong with a starter")
                #expect(page.text.contains(language == "ko" ? "이벤트" : "events read"))
                for line in page.text.split(separator: "\n") where line.contains("insights.") {
                    #expect(line.contains("insights.js"), "a text is missing: \(line)")
                }
            }
        }
    }

    @Test func aWrongQuestionIsSaidBesideTheBuilder() async throws {
        try await scratch.addEvents(9)
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.korean(
                "/w/default/insights/trends?series.0.event=Order+Completed&series.0.math=sum&days=28")
            #expect(page.status == 200 && page.text.contains("role=\"alert\"") && page.text.contains("series[0]"))
        }
    }

    @Test func aButtonLeadsToTheAddressOfTheChangedQuestion() async throws {
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let answer = try await browser.korean(
                "/w/default/insights/funnel?steps.0.event=A&steps.1.event=B&days=28&move=steps.1.0&part=all")
            #expect(answer.status == 303)
            let location = try #require(answer.headers[.location])
            #expect(location.contains("steps.0.event=B&steps.1.event=A") && location.contains("part=all"))
            #expect(!location.contains("move="))
        }
    }

    @Test func anAddressHasATokenInPlaceOfWhatIsAboutAPerson() async throws {
        try await scratch.addEvents(9)
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let fields =
                "steps.0.event=Signed+Up&steps.1.event=Order+Completed&filters.0.of=person&filters.0.name=email"
            let answer = try await browser.korean(
                "/w/default/insights/funnel?\(fields)&filters.0.op=equals&filters.0.value=jun%40example.com")
            #expect(answer.status == 303)
            let location = try #require(answer.headers[.location])
            #expect(!location.contains("jun") && location.contains("filters.0.value=~"), "\(location)")
            let page = try await browser.korean(location)
            #expect(page.status == 200 && page.text.contains("value=\"jun@example.com\""))
            let links = page.text.matches(of: /(?:href|action)="[^"]*"/).map { String($0.output) }
            #expect(links.contains { $0.contains("filters.0.value=") } && !links.contains { $0.contains("jun") })
        }
    }

    @Test(arguments: [
        ("jun@example.com", true), ("010-1234-5678", true), ("01012345678", true), ("+82 10 1234 5678", true),
        ("(02) 123-4567", true), ("2024-05-01", false), ("0.123456789", false), ("50000", false), ("@home", false),
        ("서울", false), ("20240501", false),
    ]) func whatIsAboutAPersonIsTold(_ text: String, _ expected: Bool) {
        #expect(PrivateTexts.isAboutPerson(text) == expected)
    }

    @Test func aPointLeadsToItsPeopleWhoBecomeAnAudience() async throws {
        try await scratch.addEvents(9)
        let scratch = scratch
        let live = try scratch.installation.workspace("default")
        try live.catchUp()
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let address =
                "steps.0.event=Signed+Up&steps.1.event=Order+Completed&days=custom&people.step=1&people.outcome=converted"
            let page = try await browser.korean("/w/default/insights/funnel/people?" + address)
            #expect(page.status == 200 && page.text.contains("고객 3명"), "\(page.text.suffix(900))")
            #expect(page.text.contains("/w/default/people/"))
            let kept = try await browser.post(
                "/w/default/insights/funnel/people", ["address": address, "name": "첫 주문 고객"])
            #expect(kept.status == 303, "\(kept.text)")
            #expect(try live.audiences.audience("첫 주문 고객").size == 3)
            #expect(try await browser.korean("/w/default/insights/funnel/people?steps.0.event=A").status == 400)
        }
    }

    @Test func whatIsSavedOpensAgainAndStandsOnADashboard() async throws {
        try await scratch.addEvents(9)
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let service = try scratch.installation.workspace("default").insights
            let saved = try await browser.post(
                "/w/default/insights/save",
                ["kind": "trends", "address": "series.0.event=Order+Completed&days=28", "name": "주문 추이"])
            #expect(saved.status == 303, "\(saved.text)")
            let insight = try #require(try service.insights().first)
            #expect(try await browser.korean("/w/default/insights").text.contains("주문 추이"))
            let opened = try await browser.korean("/w/default/insights/saved/\(insight.id)")
            #expect(opened.headers[.location]?.contains("series.0.event=Order%20Completed") == true)
            _ = try await browser.post("/w/default/insights/dashboards", ["name": "주간 현황"])
            let board = try #require(try service.dashboards().first)
            let path = "/w/default/insights/dashboards/\(board.id)"
            _ = try await browser.post(path + "/change", ["add": "\(insight.id)"])
            _ = try await browser.post(path + "/change", ["text": "# 안내"])
            _ = try await browser.post(path + "/change", ["move": "1.0"])
            _ = try await browser.post(path + "/change", ["tile": "1", "width": "12", "height": "3"])
            #expect(
                try service.dashboard(board.id).definition.tiles == [
                    .init(.text("# 안내"), width: 12, height: 1), .init(.insight(insight.id), width: 12, height: 3),
                ])
            let page = try await browser.korean(path)
            #expect(page.text.contains("<h2>안내</h2>") && page.text.contains("<svg") && page.text.contains("주문 추이"))
            let shared = try await browser.post(path + "/share", ["days": "7"])
            #expect(shared.status == 200 && shared.text.contains("/share/default/"))
            let csv = try await browser.korean(
                "/w/default/insights/trends/table.csv?series.0.event=Order+Completed&days=custom&table=0")
            #expect(csv.text.hasPrefix("\u{FEFF}") && csv.headers[.contentDisposition] != nil)
        }
    }

    @Test func theJourneyMapDrawsItsStages() async throws {
        try await scratch.addEvents(60)
        let scratch = scratch
        try await scratch.run { client in
            let browser = try await PageBrowser(client, scratch)
            let page = try await browser.korean("/w/default/journey?from=2024-05-01&to=2024-05-10")
            #expect(page.status == 200 && page.text.contains("class=\"river\""))
            for stage in ["유입", "가입", "구매", "재방문", "재구매"] { #expect(page.text.contains(stage)) }
            let changed = try await browser.post(
                "/w/default/journey",
                ["address": "stages.0.event=*&stages.0.name=처음&stages.1.event=Order+Completed&days=28"])
            #expect(changed.status == 303)
            #expect(try await browser.korean("/w/default/journey").text.contains("처음"))
        }
    }
}
