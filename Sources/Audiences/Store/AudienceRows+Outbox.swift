import EventLog
import Foundation
import GRDB
import State

extension AudienceRows {
    static let eventsTopic = "events"
    static let webhookTopic = "webhook"

    /// Decides that an event be appended to the log. The key is the same whenever the same change is decided on.
    ///
    /// - Parameter change: which change of the person's audiences this is. A time would not do: somebody may come, go
    ///   and come again within a millisecond.
    func announce(_ event: AudienceEvent, person number: Int64, change: Int64) throws {
        try Outbox.add(
            topic: Self.eventsTopic, key: "audience/\(event.audienceID)/\(number)/\(change)",
            payload: try Self.encoder.encode(event), in: db)
    }

    func send(_ payload: Data, key: String) throws {
        try Outbox.add(topic: Self.webhookTopic, key: key, payload: payload, in: db)
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
}
