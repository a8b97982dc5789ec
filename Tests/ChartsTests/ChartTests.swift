import Foundation
import Testing

@testable import Charts

@Suite("Charts of every kind")
struct ChartTests {
    static let names = (Samples.plausible + Samples.awkward).map(\.name)

    private func chart(_ name: String) throws -> any Chart {
        try #require((Samples.plausible + Samples.awkward).first { $0.name == name }).chart
    }

    @Test("a chart is well-formed XML with a title and a description", arguments: names)
    func wellFormed(name: String) throws {
        let svg = try chart(name).svg()
        // For looking at: set DANGOL_CHARTS to a folder.
        if let folder = ProcessInfo.processInfo.environment["DANGOL_CHARTS"] {
            try svg.write(toFile: "\(folder)/\(name).svg", atomically: true, encoding: .utf8)
        }
        let drawing = Drawing(svg)
        #expect(drawing.problem == nil)
        let root = try #require(drawing.elements.first)
        #expect(root.attributes["role"] == "img")
        #expect(root.title?.isEmpty == false)
        #expect(drawing.all("desc").first?.text.isEmpty == false)
        let ids = drawing.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        let labelled = root.attributes["aria-labelledby"]?.split(separator: " ").map(String.init) ?? []
        #expect(labelled.count == 2 && labelled.allSatisfy(ids.contains))
        #expect(!svg.contains("<script") && !svg.contains("nan") && !svg.contains("inf\""))
    }

    @Test("everything lies inside the view box", arguments: names)
    func inside(name: String) throws {
        let strays = Drawing(try chart(name).svg()).strays
        #expect(strays.isEmpty, "\(strays.prefix(3))")
    }

    @Test("the same values give the same bytes", arguments: names)
    func deterministic(name: String) throws {
        #expect(try chart(name).svg() == chart(name).svg())
    }

    @Test("patterns and gradients that are used are defined", arguments: names)
    func references(name: String) throws {
        let drawing = Drawing(try chart(name).svg())
        let ids = Set(drawing.elements.compactMap { $0.attributes["id"] })
        for element in drawing.elements {
            guard let fill = element.attributes["fill"], fill.hasPrefix("url(#") else { continue }
            let id = String(fill.dropFirst(5).prefix { $0 != ")" })
            #expect(ids.contains(id))
        }
    }

    @Test("two different charts share no ids, so both may stand in one page")
    func ids() {
        let different = Set((Samples.plausible + Samples.awkward).map { $0.chart.svg() })
        let all = different.map { Drawing($0).elements.compactMap { $0.attributes["id"] } }
        #expect(Set(all.joined()).count == all.joined().count)
    }

    @Test(
        "a chart without data says so",
        arguments: [
            "line-empty", "line-no-points", "bar-empty", "bar-no-values", "funnel-empty", "cohorts-empty",
            "sankey-empty", "scatter-empty", "histogram-empty",
        ])
    func empty(name: String) throws {
        #expect(Drawing(try chart(name).svg()).texts.contains("No data for this period"))
    }

    @Test("names with markup appear as they are")
    func escaping() {
        let bad = "<script>alert('x & y')</script>\u{7}\""
        let drawing = Drawing(BarChart(ChartHeading(bad), categories: [bad], series: [.init("s", [1])]).svg())
        #expect(drawing.problem == nil)
        #expect(drawing.texts.contains("<script>alert('x & y')</script>\""))
        #expect(drawing.all("script").isEmpty)
    }

    // Set DANGOL_RECORD to write them anew; then look at each difference.
    @Test("snapshots", arguments: ["line-gaps", "bar-negative", "funnel", "sankey-one", "sparkline"])
    func snapshots(name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name).svg")
        let svg = try chart(name).svg()
        if ProcessInfo.processInfo.environment["DANGOL_RECORD"] != nil {
            try svg.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == svg)
    }
}
