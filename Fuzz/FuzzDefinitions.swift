import Engine

/// Definitions as YAML. What is read survives being written as the files of an export.
enum FuzzDefinitions: FuzzTarget {
    static func seeds() throws -> [[UInt8]] { texts.map { Array($0.utf8) } }

    static func run(_ bytes: [UInt8]) {
        do {
            let read = try Definitions(yaml: String(decoding: bytes, as: UTF8.self), source: "fuzz.yaml")
            for file in try read.files() {
                let again = try? Definitions(yaml: file.text, source: file.name)
                Fuzz.expect(again != nil, "an export is refused: \(file.text)")
                Fuzz.expect(
                    again?.changes(from: read).isEmpty == true, "an export says something else: \(file.text)")
            }
        } catch let error as EngineError {
            Fuzz.expect(!error.message.isEmpty, "an error says what is wrong")
        } catch {
            Fuzz.expect(false, "reading definitions throws \(error)")
        }
    }

    private static let texts = [
        """
        audiences:
          - name: 서울 단골
            where: did "Order Completed" at least 3 times and trait city = "서울"
          - { name: Tree, where: { and: [ { did: A }, { trait: city, value: x } ] } }
        insights:
          - name: f
            query: { kind: funnel, steps: [Product Viewed, Order Completed] }
        dashboards:
          - name: 주간 현황
            tiles: [{ insight: f, width: 2 }]
        """,
        """
        journeyMap:
          stages: [{ name: 유입, event: "*" }, { name: 구매, event: Order Completed }]
        feedback:
          events: [{ event: Order Completed, item: products.sku, kind: purchase }]
        placements:
          - { name: home, kind: home, rows: 6 }
        trackingPlan:
          strict: true
          events:
            Order Completed:
              properties:
                total: { type: number, required: true }
        """,
        "a: &x [1]\nb: *x\n", "--- !!map {audiences: []}\n", "audiences: !!binary aGk=\n",
    ]
}
