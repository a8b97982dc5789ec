import Analysis
import Engine
import Foundation
import Insights
import Lifecycle
import Recommendations

/// What people set as JSON: placements, feedback, mappings, models, intent, insights, dashboards; and requests for
/// decisions. The first byte chooses which. What is read survives being written.
enum FuzzSettings: FuzzTarget {
    /// Reads bytes, and checks what came of them.
    private typealias Reader = @Sendable (Data) throws -> Void

    private static func kept<Value: Codable & Equatable>(_ type: Value.Type) -> Reader {
        { data in
            let value = try JSONDecoder().decode(Value.self, from: data)
            guard let written = try? JSONEncoder().encode(value) else {
                return Fuzz.expect(false, "\(type) cannot be written")
            }
            let again = try? JSONDecoder().decode(Value.self, from: written)
            Fuzz.expect(again == value, "\(type) reads differently: \(String(decoding: written, as: UTF8.self))")
        }
    }

    private static let readers: [(Reader, seeds: [String])] = [
        (
            kept(Placement.self),
            [
                #"{"name":"home","kind":"home","rows":6,"count":10,"policy":{"kind":"linUCB","epsilon":0.1},"ranking":{"diversity":0.3,"caps":{"genre":2},"boosts":[{"items":{"category":"x"},"factor":2}],"pins":[{"item":"a","position":1}]}}"#,
                #"{"name":"search","kind":"search"}"#, #"{"name":"art","kind":"artwork","policy":{"kind":"thompson"}}"#,
            ]
        ),
        (
            kept(FeedbackSettings.self),
            [
                #"{"events":[{"event":"Order Completed","item":"products.sku","kind":"purchase"}],"weights":{"view":1}}"#
            ]
        ),
        (kept(InteractionMapping.self), [#"{"event":"A","item":"product_id","kind":"view","weight":2}"#]),
        (kept(PlaybackMapping.self), [#"{"started":"Video Started","item":"title_id","position":"position"}"#]),
        (kept(ShoppingMapping.self), [#"{"search":"Products Searched","term":"query","order":"Order Completed"}"#]),
        (
            kept(RecommendationSettings.self),
            [#"{"models":[{"kind":"ease","regularization":100},{"kind":"als","factors":8}],"blend":true}"#]
        ),
        (kept(RewardDefinition.self), [#"{"event":"Order Completed","property":"total","within":"7d"}"#]),
        (
            kept(IntentSettings.self),
            [
                #"{"rules":[{"event":"Cart Viewed","role":"cart"}],"coupon":{"amount":3000,"dailyBudget":100000},"holdout":0.1}"#
            ]
        ),
        (
            kept(InsightDefinition.self),
            [#"{"name":"n","query":{"kind":"funnel","steps":["A","B"]},"view":"chart"}"#]
        ),
        (kept(DashboardDefinition.self), [#"{"name":"d","tiles":[{"insight":1,"width":2}]}"#]),
        (kept(JourneyMapDefinition.self), [#"{"stages":[{"name":"유입","event":"*"},{"name":"구매","event":"B"}]}"#]),
        (kept(AnnotationDefinition.self), [#"{"date":"2024-05-01","text":"launch"}"#]),
        (
            { _ = try JSONDecoder().decode(DecideBody.self, from: $0) },
            [
                #"{"person":"u1","placements":["home",{"name":"similar","count":5}],"context":{"item":"a","device":"mobile","hour":9,"cart":["x"]},"language":"ko","log":false}"#,
                #"{"placement":"home"}"#,
            ]
        ),
        (
            { _ = try JSONDecoder().decode(AheadRequest.self, from: $0) },
            [#"{"person":"u","bytes":1000000,"candidates":[{"item":"a","bytes":10}]}"#]
        ),
        (
            { _ = try JSONDecoder().decode(DownloadRequest.self, from: $0) },
            [#"{"person":"u","freeBytes":100,"stored":[{"item":"a","bytes":10}],"candidates":[]}"#]
        ),
        (
            { _ = try JSONDecoder().decode(QualityRequest.self, from: $0) },
            [#"{"kilobitsPerSecond":5000,"screen":1080,"ladder":[{"height":720,"kilobitsPerSecond":3000}]}"#]
        ),
    ]

    static func seeds() throws -> [[UInt8]] {
        readers.enumerated().flatMap { index, reader in reader.seeds.map { [UInt8(index)] + Array($0.utf8) } }
    }

    static func run(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        do {
            try readers[Int(choice) % readers.count].0(Data(bytes.dropFirst()))
        } catch let error as QueryError {
            Fuzz.expect(!error.message.isEmpty, "an error says what is wrong")
        } catch {
            // Of broken JSON the decoder speaks itself.
        }
    }
}
