import EventLog
import Foundation
import GRDB
import State

extension AudienceRows {
    static let eventsTopic = "events"
    static let webhookTopic = "webhook"

    /// Decides that an event be appended to the log. The key is the same whenever the same change is decided on.
    func announce(_ event: AudienceEvent, person number: Int64) throws {
        let kind = event.name == Vocabulary.audienceEntered ? "entered" : "left"
        try Outbox.add(
            topic: Self.eventsTopic, key: "audience/\(event.audienceID)/\(number)/\(kind)/\(event.time)",
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
