import Audiences
import Collection
import Foundation
import Lifecycle
import Recommendations
import Testing

@testable import Engine

@Suite struct DefinitionsTests {
    private static let text = """
        audiences:
          - name: 상위
            where: in audience "서울 단골" and did "Order" at least 10 times
          - name: 서울 단골
            description: "regulars: of Seoul"
            where: |
              did "Order Completed" at least 3 times in the last 90 days
              and trait city = "서울"
          - name: Tree
            where: { and: [ { did: Order, times: { op: gte, value: 2 } }, { trait: plan, value: pro } ] }
          - name: Press
            static: true
        trackingPlan:
          strict: true
          events:
            Order Completed:
              others: false
              properties:
                total: { type: number, required: true }
        """

    @Test func `What is written is read as the same again`() throws {
        let read = try Definitions(yaml: Self.text, source: "a.yaml")
        #expect(read.audiences.map(\.name) == ["상위", "서울 단골", "Tree", "Press"])
        #expect(read.trackingPlan?.events["Order Completed"]?.properties["total"]?.required == true)
        var again = Definitions()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("dangol-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = try read.files()
        #expect(files.map(\.name) == ["audiences.yaml", "tracking-plan.yaml"])
        #expect(files[0].text.contains("서울 단골"), "Korean stays readable")
        for file in files {
            try Data(file.text.utf8).write(to: folder.appendingPathComponent(file.name))
        }
        again = try Definitions.read(folder.path)
        #expect(again == read)
        #expect(again.changes(from: read).isEmpty)
    }

    @Test func `Differences name what changes, and what is mentioned comes first`() throws {
        let wanted = try Definitions(yaml: Self.text, source: "a.yaml")
        let all = wanted.changes(from: Definitions())
        #expect(all.map(\.name) == ["서울 단골", "상위", "Tree", "Press", ""])
        #expect(all.allSatisfy { $0.kind == .create })
        var current = wanted
        current.audiences[1].description = ""
        current.audiences.append(AudienceDefinition("Other", where: nil))
        current.trackingPlan?.strict = false
        let some = wanted.changes(from: current)
        #expect(some.map(\.name) == ["서울 단골", ""])
        #expect(
            some[0].details
                == [DefinitionChange.Detail(field: "description", before: nil, after: "regulars: of Seoul")])
        #expect(some[1].details == [DefinitionChange.Detail(field: "strict", before: "false", after: "true")])
    }

    @Test(arguments: [
        ("audience: []", "a.yaml: there is no 'audience' (did you mean 'audiences'?)"),
        ("audiences:\n  - name: A\n    where: did Order at leest 3 times", "a.yaml: audiences[0]: line 1, column "),
        ("audiences:\n  - name: A", "where: must be given"),
        ("audiences:\n  - name: A\n    wher: x", "there is no"),
        ("audiences: 3", "audiences: "), ("audiences: [", "a.yaml: "),
        ("audiences:\n  - name: \"a\\0b\"\n    where: did Order", "a.yaml: a text holds U+0000"),
        ("trackingPlan:\n  events:\n    A:\n      propertis: {}", "has no field 'propertis'"),
        ("audiences:\n  - {name: A, static: true}\n  - {name: A, static: true}", "defined a second time"),
    ]) func `What is wrong is told with its place`(text: String, words: String) {
        do {
            _ = try Definitions(yaml: text, source: "a.yaml")
            Issue.record("read: \(text)")
        } catch let error as EngineError {
            #expect(
                error.message.contains(words) || words == "there is no" && error.message.contains("has no field"),
                "\(error.message)")
            #expect(error.message.hasPrefix("a.yaml: "))
            #expect(!error.message.contains("\n"), "\(error.message)")
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func `Placements and intent are written without what is usual, and read again`() throws {
        let text = """
            intent:
              isOn: true
              holdout: 0.2
              coupon: { code: STAY5, cost: 2000, budgetPerDay: 100000 }
            placements:
              - { name: plain, kind: list }
              - name: covers
                kind: artwork
                policy: { kind: linUCB, warmStartDays: 30 }
                impressions: { shown: Seen, artwork: art, taken: Taken, takenArtwork: art, except: { row: [search] } }
              - name: home
                kind: home
                rows: 4
                artworks: covers
                ranking: { freshness: 0.5, block: { categories: [old] } }
                reward: { event: Order Completed }
            """
        let read = try Definitions(yaml: text, source: "a.yaml")
        #expect(read.intent?.isOn == true && read.intent?.coupon?.perPerson == 1 && read.intent?.periodDays == 28)
        #expect(read.placements[1].impressions?.except == ["row": ["search"]])
        let files = try read.files()
        #expect(files.map(\.name) == ["placements.yaml", "intent.yaml"])
        let lines = files[0].text.split(separator: "\n").map(String.init)
        #expect(lines.prefix(4) == ["placements:", "- name: plain", "  kind: list", "- name: covers"], "\(lines)")
        #expect(!files[0].text.contains("calibration") && !files[0].text.contains("timeoutMilliseconds"))
        var again = Definitions()
        for file in files {
            let part = try Definitions(yaml: file.text, source: file.name)
            again.placements += part.placements
            again.intent = again.intent ?? part.intent
        }
        #expect(again == read && again.changes(from: read).isEmpty)
        let first = read.changes(from: Definitions()).filter { $0.subject == .intent }
        #expect(first.count == 1 && first[0].kind == .create)
        #expect(throws: EngineError.self) {
            _ = try Definitions(yaml: "intent: { holdout: 2 }", source: "a.yaml")
        }
        #expect(throws: EngineError.self) {
            _ = try Definitions(yaml: "placements: [{ name: x, kind: moment }]", source: "a.yaml")
        }
    }

    @Test func `An empty file defines nothing`() throws {
        #expect(try Definitions(yaml: "", source: "a.yaml") == Definitions())
        #expect(try Definitions(yaml: "# later\n", source: "a.yaml") == Definitions())
    }
}
