import Catalog
import EventLog
import Foundation
import State

extension LiveWorkspace {
    /// Appends what the catalogue tells about its items to the log. The key of an entry is the message id, so what is
    /// appended again after a crash is stored once.
    ///
    /// - Returns: the number of events.
    func deliverCatalogEvents() throws -> Int {
        var delivered = 0
        while true {
            let entries = try state.read {
                try Outbox.due(topic: CatalogService.topic, now: now(), limit: 1_000, in: $0)
            }
            if entries.isEmpty { return delivered }
            let decoder = JSONDecoder()
            try log.appendAndWait(
                entries.map { try decoder.decode(CatalogEvent.self, from: $0.payload).event(key: $0.key) })
            try state.write { try Outbox.remove(entries.map(\.id), in: $0) }
            delivered += entries.count
        }
    }
}
