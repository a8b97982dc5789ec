package import EventLog

/// What became of one item in a change.
package struct ItemChange: Sendable {
    package var before: StoredItem?
    package var after: StoredItem

    /// The events that tell the log about it: of the price and of what can be had. They are the history of `$item:ID`,
    /// which is nobody's.
    ///
    /// - Parameter messageID: unique for the change and the item.
    package func events(messageID: String) -> [Event] {
        let (old, new) = (before?.item, after.item)
        // A catalogue that is loaded for the first time has not changed its prices.
        guard let old, before?.deletedTime == nil, after.deletedTime == nil else { return [] }
        var events: [Event] = []
        if old.price != new.price, old.price?.amount != new.price?.amount || old.price?.currency != new.price?.currency
        {
            events.append(event(Vocabulary.itemPriceChanged, prices(old.price, new.price), messageID + ":price"))
        }
        if old.stock != new.stock {
            events.append(event(Vocabulary.itemStockChanged, stocks(old.stock, new.stock), messageID + ":stock"))
        }
        return events
    }

    private func event(_ name: String, _ properties: [Event.Property], _ messageID: String) -> Event {
        let item = after.item
        return Event(
            person: Vocabulary.itemPersonPrefix + item.id, name: name, time: after.updatedTime,
            properties: [
                Event.Property("item", .string(item.id)), Event.Property("name", .string(item.name)),
                Event.Property("kind", .string(item.kind)),
            ] + properties, messageID: messageID)
    }

    private func prices(_ old: Price?, _ new: Price?) -> [Event.Property] {
        var properties: [Event.Property] = []
        if let old { properties.append(Event.Property("previousPrice", .number(old.amount))) }
        if let new {
            properties.append(Event.Property("price", .number(new.amount)))
            properties.append(Event.Property("currency", .string(new.currency)))
        }
        // A share of the price before: -0.2 is 20 % less.
        if let old, let new, old.currency == new.currency, old.amount > 0 {
            properties.append(Event.Property("change", .number((new.amount - old.amount) / old.amount)))
        }
        return properties
    }

    private func stocks(_ old: Int?, _ new: Int?) -> [Event.Property] {
        var properties: [Event.Property] = []
        if let old { properties.append(Event.Property("previousStock", .number(Double(old)))) }
        if let new { properties.append(Event.Property("stock", .number(Double(new)))) }
        let (was, now) = (old.map { $0 > 0 } ?? true, new.map { $0 > 0 } ?? true)
        if was != now { properties.append(Event.Property("isBackInStock", .boolean(now))) }
        return properties
    }
}
