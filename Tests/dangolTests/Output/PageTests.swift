import Charts
import Reports
import Testing

@testable import dangol

private struct FixedChart: Charts.Chart {
    func svg() -> String { "<svg id=\"chart\"></svg>" }
}

struct PageTests {
    private func report() -> Report {
        var report = Report("<b>A & \"B\"</b>")
        report.add(
            TextTable([.text("name"), .text("")], rows: [["<script>alert(1)</script>", TextTable.Cell("██", .bar)]]))
        report.charts = [Report.Chart("", caption: "a < b") { _, _ in FixedChart() }]
        return report
    }

    @Test func whatComesFromDataIsEscaped() {
        let page = HTMLPage.make([report()], now: 0)
        #expect(!page.contains("<script"))
        #expect(!page.contains("<b>"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(page.contains("<svg id=\"chart\"></svg>"))
        #expect(page.contains("a &lt; b"))
    }

    @Test func thePageRefersToNothingOutside() {
        let page = HTMLPage.make([report(), report()], now: 0)
        for word in ["http://", "https://", "src=", "@import", "url("] { #expect(!page.contains(word), "\(word)") }
        #expect(page.contains("href=\"#q2\""))
    }

    @Test func itFollowsLightAndDarkAndPrints() {
        let page = HTMLPage.make([report()], now: 0)
        #expect(page.contains("prefers-color-scheme: dark"))
        #expect(page.contains("@media print"))
    }

    @Test func barsOfBlocksStayInTheTerminal() {
        #expect(!HTMLPage.make([report()], now: 0).contains("██"))
    }
}
