/// A shop for daily things, with an app and a site: people come by campaigns, look, like, fill carts and leave them,
/// buy, use up and buy again, rise through tiers, subscribe, send back, ask, and stop coming one day.
///
/// How often somebody comes and when they leave for good follow the Pareto/NBD model (Schmittlein, Morrison and
/// Colombo, 1987), with rates and hazards that depend on what has happened: satisfaction, habit, messages.
package struct Shop: Business {
    package static let description = BusinessDescription(name: "shop", korean: "들꽃상회", english: "Wildflower Market")

    package static let definitions = ShopDefinitions.yaml

    /// A customer; the last circle is the platform that reports what campaigns cost.
    package struct Circle: Sendable {
        var customer: ShopCustomer?
        var advertising: ShopAdvertising?

        /// Whether it is somebody who has come by then.
        func isThere(at time: Int64) -> Bool { customer.map { $0.arrival <= KoreanCalendar.day(of: time) } ?? false }
    }

    let setting: ShopSetting

    package init(_ settings: WorldSettings) { setting = ShopSetting(settings) }

    package var settings: WorldSettings { setting.settings }
    package var circleCount: Int { setting.arrivals.count + 1 }

    package func circle(_ index: Int) -> Circle {
        index < setting.arrivals.count
            ? Circle(customer: ShopCustomer(index, setting)) : Circle(advertising: ShopAdvertising(setting))
    }

    package func circleIndex(ofPerson id: String) -> Int? {
        if id == ShopAdvertising.id { return setting.arrivals.count }
        let parts = id.split(separator: "-")
        guard parts.count >= 2, parts[0] == "c" || parts[0] == "a", let index = Int(parts[1]) else { return nil }
        return (0..<setting.arrivals.count).contains(index) ? index : nil
    }

    package func live(_ circle: inout Circle, until: Int64, _ events: inout EventSink) {
        circle.customer?.live(until: until, setting, &events)
        circle.advertising?.live(until: until, setting, &events)
    }

    package func respond(
        _ circle: inout Circle, to action: WorldAction, person: String, time: Int64, _ events: inout EventSink
    ) -> WorldResponse {
        guard circle.isThere(at: time) else { return WorldResponse() }
        return circle.customer?.respond(to: action, at: time, setting, &events) ?? WorldResponse()
    }

    /// In KRW, by product.
    package var usualPrices: [String: Int] {
        Dictionary(setting.catalogue.products.map { ($0.id, $0.price) }) { first, _ in first }
    }

    // MARK: Truth

    package func truth(_ truth: inout TruthSink) {
        truth.add(kind: "business", id: Self.description.name) { business in
            business.set("title", Self.description.title.korean)
            business.set("seed", Int(truncatingIfNeeded: settings.seed))
            business.set("scale", settings.scale)
        }
        for effect in ShopEffects.all {
            truth.add(kind: "effect", id: effect.name) { $0.set("value", effect.value) }
        }
        for (index, campaign) in ShopCampaign.all.enumerated() {
            truth.add(kind: "campaign", id: String(index)) { line in
                line.set("name", campaign.name)
                line.set("source", campaign.source)
                line.set("medium", campaign.medium)
                line.set("quality", campaign.quality)
                line.set("costPerClick", campaign.costPerClick)
            }
        }
        for product in setting.catalogue.products {
            let shelf = setting.catalogue.shelves[product.shelf]
            truth.add(kind: "product", id: product.id) { line in
                line.set("name", product.name)
                line.set("category", setting.catalogue.departments[product.department].name)
                line.set("subcategory", shelf.name)
                line.set("price", product.price)
                line.set("quality", product.quality)
                line.set("cycleDays", shelf.cycleDays)
                line.set("returnShare", shelf.returnShare)
                line.set("season", shelf.season.rawValue)
            }
        }
    }

    package func truth(of circle: Circle, _ truth: inout TruthSink) {
        // Who has not come yet has no story.
        guard let customer = circle.customer, customer.nextDay > customer.arrival || customer.visits > 0 else { return }
        let nature = customer.nature
        truth.add(kind: "customer", id: customer.userID) { line in
            line.set("anonymousId", customer.anonymousID(0))
            line.set("isKnown", customer.isKnown)
            line.set("taste", nature.taste)
            line.set("priceSensitivity", nature.priceSensitivity)
            line.set("propensity", nature.propensity)
            line.set("visitRate", nature.visitRate)
            line.set("cycleFactor", nature.cycleFactor)
            line.set("hazard", nature.hazard)
            line.set("hourShift", nature.hourShift)
            line.set("irritability", nature.irritability)
            line.object("openness") { openness in
                for channel in WorldAction.Channel.allCases {
                    openness.set(channel.name, nature.openness[channel] ?? 0)
                }
            }
            line.set("campaign", nature.campaign)
            line.set("satisfaction", customer.satisfaction)
            line.set("orders", customer.orders)
            line.set("hasCart", !customer.cart.isEmpty)
            if let left = customer.leftDay { line.set("leftAt", time: KoreanCalendar.midnight(left)) }
            line.objects("restocks", customer.restocks) { item, restock in
                item.set("productId", setting.catalogue.products[restock.product].id)
                item.set("dueAt", time: KoreanCalendar.midnight(restock.dueDay))
            }
        }
    }
}
