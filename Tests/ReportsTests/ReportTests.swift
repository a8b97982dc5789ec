import Analysis
import EventLog
import Foundation
import Testing

@testable import Reports

@Suite struct ReportTests {
    private let start: Int64 = 1_717_977_600_000  // 2024-06-10T00:00:00Z

    private func answer(_ json: String) throws -> (Query, QueryResult) {
        let names = ["View", "Cart", "Order"]
        var events: [Event] = []
        for person in 0..<40 {
            let city = person % 2 == 0 ? "서울" : "부산"
            for step in 0...person % 3 {
                let time = start + Int64(person % 10) * 86_400_000 + Int64(step) * 60_000
                events.append(
                    Event(
                        person: "u\(person)", name: names[step], time: time,
                        properties: [Event.Property("city", .string(city))]))
            }
        }
        let query = try Query(json: Data(json.utf8))
        let snapshot = try Snapshot.inMemory(events, segmentCount: 2, chunkRows: 8)
        return (query, try AnalysisService().run(query, on: snapshot, now: start).result)
    }

    static let queries = [
        #"{"kind":"funnel","steps":["View","Cart","Order"],"breakdown":"city","trend":"day","timeToConvert":true}"#,
        #"{"kind":"paths"}"#, #"{"kind":"retention","targetEvent":"View","intervals":4,"breakdown":"city"}"#,
        #"{"kind":"trends","series":["View",{"event":"Order","math":"dau"}],"breakdown":"city","compare":true}"#,
        #"{"kind":"lifecycle"}"#, #"{"kind":"stickiness","series":["View"]}"#, #"{"kind":"sessions"}"#,
        #"{"kind":"correlation","funnel":{"steps":["View","Order"]},"properties":["city"],"minimumSupport":1}"#,
        #"{"kind":"journeyMap","stages":["View","Order"]}"#
            .replacingOccurrences(of: #"["View","Order"]"#, with: #"[{"event":"View"},{"event":"Order"}]"#),
    ]

    @Test(arguments: queries) func everyKindSpeaksKoreanInWordsTablesAndCharts(_ json: String) throws {
        let (query, result) = try answer(json)
        let report = AnswerReport.make(query, result, ReportSetting(language: .korean))
        let text = ([report.title] + report.summary + report.notes).joined(separator: " ")
        #expect(text.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
        // Names of events may be English; the words around them are not.
        for word in [" people", " within ", " sessions", " from ", "converted", "Nobody"] {
            #expect(!text.contains(word), "\(word) in \(text)")
        }
        for (_, table) in report.tables {
            for column in table.columns { #expect(!["people", "step", "from", "rate"].contains(column.title)) }
        }
        #expect(!report.charts.isEmpty)
    }

    @Test(arguments: queries) func valuesForMachinesDoNotDependOnTheLanguage(_ json: String) throws {
        let (query, result) = try answer(json)
        let english = AnswerReport.make(query, result)
        let korean = AnswerReport.make(query, result, ReportSetting(language: .korean))
        for (a, b) in zip(english.tables, korean.tables) where a.table.values != nil {
            #expect(a.table.plain.rows == b.table.plain.rows)
        }
    }

    @Test(arguments: queries) func everyLinkAsksForPeopleThatAreThere(_ json: String) throws {
        let (query, result) = try answer(json)
        let setting = ReportSetting(link: { fields in
            let parts = fields.map { name, value in
                ["step", "interval", "intervals", "stage", "to"].contains(name)
                    ? "\"\(name)\":\(value)" : "\"\(name)\":\"\(value)\""
            }
            return "/people?q=" + Data("{\(parts.joined(separator: ","))}".utf8).base64EncodedString()
        })
        let report = AnswerReport.make(query, result, setting)
        let links = report.tables.flatMap { $0.table.rows.flatMap { $0.compactMap(\.link) } }
        if [.correlation, .sessions].contains(query.kind) {
            #expect(links.isEmpty)
            return
        }
        #expect(!links.isEmpty && report.charts[0].svg.contains("<a href=\"/people?q="))
        for link in Set(links) {
            let people = try #require(Data(base64Encoded: String(link.dropFirst("/people?q=".count))))
            let asking = json.dropLast() + ",\"people\":" + String(decoding: people, as: UTF8.self) + "}"
            // Each is a query that can be answered; a funnel's people are asked for without its other answers.
            _ = try answer(String(asking))
        }
    }

    @Test func annotationsStandOnTimeAxes() throws {
        let (query, result) = try answer(Self.queries[3])
        let setting = ReportSetting(annotations: [.init(day: "2024-06-12", text: "여름 <세일>")])
        let svg = AnswerReport.make(query, result, setting).charts[0].svg
        #expect(svg.contains("여름 &lt;세일&gt;"))
        let bars = try answer(#"{"kind":"lifecycle","interval":"week"}"#)
        #expect(AnswerReport.make(bars.0, bars.1, setting).charts[0].svg.contains("여름 &lt;세일&gt;"))
    }

    @Test func lengthsOfTimeAreKoreanInKorean() {
        #expect(ReportWords(say: .korean).seconds(273_600) == "3일 4시간")
        #expect(ReportWords(say: .korean).seconds(0.04) == "40밀리초")
        #expect(ReportWords(say: .english).seconds(273_600) == "3 d 4 h")
    }
}
