package import EventLog
import Foundation
import GRDB
import State

extension CatalogService {
    /// The outbox's topic for what the log is to be told: a `CatalogEvent` each.
    package static let topic = "catalog"

    /// Adds items, or puts them in place of those with the same ids. One that was deleted comes back.
    ///
    /// - Returns: what happened; items that came as they are already change nothing.
    /// - Throws: `CatalogError` with `limitExceeded`; then nothing was changed.
    /// - Complexity: O(items), in one transaction
    @discardableResult
    package func put(_ items: [Item]) throws -> CatalogChangeReport {
        guard items.count <= CatalogLimits.itemsPerChange else {
            throw CatalogError(
                .limitExceeded, "\(items.count) items; at most \(CatalogLimits.itemsPerChange) go into one change")
        }
        for item in items { try ItemRules.check(item) }
        return try state.write { db in
            var writer = try ItemWriter(db, time: now())
            for item in items { try writer.put(item) }
            try writer.finish()
            return writer.report
        }
    }

    /// Takes an item out of what is offered. Its history stays, and `restore` brings it back.
    ///
    /// - Throws: `CatalogError` with `notFound`.
    @discardableResult
    package func delete(_ id: String) throws -> StoredItem { try mark(id, isDeleted: true) }

    /// - Throws: `CatalogError` with `notFound`.
    @discardableResult
    package func restore(_ id: String) throws -> StoredItem { try mark(id, isDeleted: false) }

    private func mark(_ id: String, isDeleted: Bool) throws -> StoredItem {
        try state.write { db in
            let rows = try ItemRows(db)
            guard let (number, before) = try rows.item(Self.normal(id)) else { throw Self.missing(id) }
            guard (before.deletedTime != nil) != isDeleted else { return before }
            var after = before
            after.updatedTime = now()
            after.deletedTime = isDeleted ? after.updatedTime : nil
            try rows.update(number, from: before, to: after)
            try rows.advance()
            return after
        }
    }
}

/// What the log is to be told about an item, as it waits in the outbox.
package struct CatalogEvent: Codable, Sendable {
    package var item: String
    package var name: String
    /// Milliseconds UTC.
    package var time: Int64
    package var texts: [String: String]
    package var numbers: [String: Double]
    package var flags: [String: Bool]

    init(_ event: Event) {
        item = String(event.person.dropFirst(Vocabulary.itemPersonPrefix.count))
        name = event.name
        time = event.time
        (texts, numbers, flags) = ([:], [:], [:])
        for property in event.properties {
            switch property.value {
            case .string(let text): texts[property.name] = text
            case .number(let number): numbers[property.name] = number
            case .boolean(let flag): flags[property.name] = flag
            default: break
            }
        }
    }

    /// - Parameter key: of the entry of the outbox, so that the event is stored once.
    package func event(key: String) -> Event {
        let properties =
            texts.map { Event.Property($0.key, .string($0.value)) }
            + numbers.map { Event.Property($0.key, .number($0.value)) }
            + flags.map { Event.Property($0.key, .boolean($0.value)) }
        return Event(
            person: Vocabulary.itemPersonPrefix + item, name: name, time: time,
            properties: properties.sorted { $0.name < $1.name }, messageID: key)
    }
}

/// Changes items within one transaction, and notes what the log is to be told.
struct ItemWriter {
    private let rows: ItemRows
    private let time: Int64
    private var changes = 0
    private let version: Int64
    private var count: Int
    private(set) var report: CatalogChangeReport

    init(_ db: Database, time: Int64, report: CatalogChangeReport = CatalogChangeReport()) throws {
        self.report = report
        rows = try ItemRows(db)
        self.time = time
        version = try rows.version() + 1
        count = try rows.count()
    }

    mutating func put(_ item: Item) throws {
        guard let (number, before) = try rows.item(item.id) else {
            count += 1
            guard count <= CatalogLimits.items else {
                throw CatalogError(.limitExceeded, "a workspace has at most \(CatalogLimits.items) items")
            }
            try rows.insert(StoredItem(item: item, createdTime: time, updatedTime: time, deletedTime: nil))
            report.created += 1
            changes += 1
            return
        }
        if before.item == item, before.deletedTime == nil {
            report.unchanged += 1
            return
        }
        let after = StoredItem(item: item, createdTime: before.createdTime, updatedTime: time, deletedTime: nil)
        try rows.update(number, from: before, to: after)
        report.updated += 1
        changes += 1
        let key = "catalog:\(version):\(changes)"
        for event in ItemChange(before: before, after: after).events(messageID: key) {
            try Outbox.add(
                topic: CatalogService.topic, key: event.messageID ?? key,
                payload: try JSONEncoder().encode(CatalogEvent(event)), in: rows.db)
        }
    }

    /// To be called once, at the end.
    func finish() throws {
        if changes > 0 { try rows.advance() }
    }

    /// Deletes what a whole file of these kinds does not name.
    mutating func deleteOthers(than ids: Set<String>, kinds: Set<String>) throws {
        for kind in kinds.sorted() {
            for (number, before) in try rows.items(ofKind: kind) where !ids.contains(before.item.id) {
                var after = before
                after.updatedTime = time
                after.deletedTime = time
                try rows.update(number, from: before, to: after)
                report.deleted += 1
                changes += 1
            }
        }
    }
}
