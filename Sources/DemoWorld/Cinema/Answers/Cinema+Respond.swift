import Foundation
import Statistics

extension Cinema {
    package func respond(
        _ household: inout Household, to action: WorldAction, person: String, time: Int64, _ events: inout EventSink
    ) -> WorldResponse {
        guard let member = memberIndex(ofPerson: person, in: household), household.subscriptions > 0 else {
            return WorldResponse()
        }
        household.members[member].state.responses += 1
        let viewer = household.members[member]
        var random = streams.of(viewer.index).source(.response, viewer.state.responses)
        switch action {
        case .artwork, .recommendations:
            guard household.subscription != nil, let page = page(of: action, at: time) else { return WorldResponse() }
            let sitting = sitting(member, of: household, at: time, campaign: nil, random: random)
            return visit(page, member, of: &household, sitting, &events)
        case .message(let message):
            return read(message, member, of: &household, at: time, &random, &events)
        case .offer(let offer):
            accept(offer, &household)
            return WorldResponse()
        case .price(let item, let price):
            if household.subscription?.plan.slug == item { household.subscription?.price = price }
            return WorldResponse()
        case .compensation(let amount):
            compensate(amount, &household)
            return WorldResponse()
        case .job, .match, .surcharge, .help:
            // Things of a market place: nobody here is asked for them.
            return WorldResponse()
        }
    }

    // MARK: What is shown

    /// The page that an action lays before somebody: one row, at the place that it names (`home/3` is the third row).
    /// Titles that do not exist, or are not out yet, are left out.
    func page(of action: WorldAction, at time: Int64) -> (rows: HomePage, place: Int)? {
        let today = KoreanCalendar.day(of: time) - settings.firstDay
        func shown(_ id: String) -> Title? { catalogue.title(id: id).flatMap { $0.releaseDay <= today ? $0 : nil } }

        switch action {
        case .artwork(let item, let artwork, let position):
            guard let title = shown(item),
                let picture = title.artworks.firstIndex(where: { $0.id == artwork })
            else { return nil }
            let tile = HomePage.Tile(title: title.index, artwork: picture, propensity: 1)
            return (HomePage(rows: [HomePage.Row(kind: "decided", tiles: [tile])]), max(0, position))
        case .recommendations(let placement, let items):
            let tiles = items.compactMap(shown).map {
                HomePage.Tile(title: $0.index, artwork: 0, propensity: 1)
            }
            if tiles.isEmpty { return nil }
            let row = placement.split(separator: "/").last.flatMap { Int($0) } ?? 1
            return (HomePage(rows: [HomePage.Row(kind: placement, tiles: tiles)]), max(0, row - 1))
        default: return nil
        }
    }

    private func visit(
        _ page: (rows: HomePage, place: Int), _ member: Int, of household: inout Household, _ given: Sitting,
        _ events: inout EventSink
    ) -> WorldResponse {
        var sitting = given
        introduce(member, of: &household, by: sitting.sender, at: sitting.time, &events)
        browse(page.rows, member, of: &household, &sitting, &events, firstRow: page.place)
        finish(&sitting, member, of: &household)
        return WorldResponse(sitting.reactions)
    }

    // MARK: Messages

    /// The chances of a message: delivered, opened, clicked, unsubscribed.
    struct Reading {
        var delivers: Double
        /// Given that it was delivered, and so on.
        var opens: Double
        var clicks: Double
        /// Given that it was delivered and not clicked.
        var unsubscribes: Double
    }

    func reading(_ message: WorldAction.Message, viewer: Viewer, time: Int64) -> Reading {
        let delivers =
            switch message.channel {
            case .email: 0.97
            case .push: viewer.state.isKnown ? 0.82 : 0
            case .sms, .kakao: 0.98
            case .inApp: 1.0
            }
        let channel =
            switch message.channel {
            case .email: -0.8
            case .push: 0.0
            case .sms: 0.1
            case .kakao: 0.35
            case .inApp: 0.6
            }
        // The day turns at midnight: half past twelve is near to eleven.
        let distance = abs(KoreanCalendar.hour(of: time) - viewer.nature.eveningHour)
        let isTimely = min(distance, 24 - distance) < 2.5
        let interest = interest(in: message, viewer: viewer)
        let opens = logistic(
            -1.6 + viewer.nature.messageInterest + channel + (isTimely ? 0.6 : 0) + 0.45 * interest
                - 0.45 * viewer.state.messageLoad)
        return Reading(
            delivers: viewer.state.acceptsMessages ? delivers : 0, opens: opens,
            clicks: logistic(-0.7 + 0.9 * interest),
            unsubscribes: min(0.3, 0.003 + 0.012 * viewer.state.messageLoad * viewer.state.messageLoad))
    }

    /// What a message promises: its best title, and its offer.
    private func interest(in message: WorldAction.Message, viewer: Viewer) -> Double {
        let worth = message.items.compactMap { catalogue.title(id: $0) }
            .map { viewer.state.done.contains($0.index) ? -1 : appeal.title($0.index, for: viewer) }
        let offer = message.offer.map { value(of: $0) * 3 * viewer.nature.priceSensitivity } ?? 0
        return (worth.max() ?? 0) + min(offer, 2.5)
    }

    /// An offer as a share of a month's price.
    private func value(of offer: WorldAction.Offer) -> Double {
        min(1, offer.share + Double(offer.amount) / Double(Plan.standard.price))
    }

    private func read(
        _ message: WorldAction.Message, _ member: Int, of household: inout Household, at time: Int64,
        _ random: inout RandomSource, _ events: inout EventSink
    ) -> WorldResponse {
        let viewer = household.members[member]
        let reading = reading(message, viewer: viewer, time: time)
        var reactions: [WorldResponse.Reaction] = []
        guard random.chance(reading.delivers) else { return WorldResponse() }
        reactions.append(WorldResponse.Reaction(.delivered, time: time))
        household.members[member].state.messageLoad += 1
        let opened = time + Int64(random.exponential(rate: 1.0 / 1_800) * 1000)
        let opens = random.chance(reading.opens)
        if opens { reactions.append(WorldResponse.Reaction(.opened, time: opened)) }
        guard opens, random.chance(reading.clicks) else {
            if random.chance(reading.unsubscribes) { unsubscribe(member, of: &household, at: opened, &events) }
            if household.members[member].state.acceptsMessages { return WorldResponse(reactions) }
            return WorldResponse(reactions + [WorldResponse.Reaction(.unsubscribed, time: opened)])
        }
        let clicked = opened + Int64(random.uniform(3_000, 20_000))
        reactions.append(WorldResponse.Reaction(.clicked, time: clicked))
        if let offer = message.offer { accept(offer, &household) }
        if household.subscription == nil {
            guard random.chance(returning(household, offer: message.offer)) else { return WorldResponse(reactions) }
            subscribe(&household, at: clicked + 120_000, &events)
            let price = household.subscription?.monthlyPrice ?? 0
            reactions.append(WorldResponse.Reaction(.bought, time: clicked + 120_000, value: Double(price)))
            return WorldResponse(reactions)
        }
        let campaign = Campaign(source: "dangol", medium: message.channel.rawValue, name: message.id)
        var sitting = sitting(member, of: household, at: clicked, campaign: campaign, random: random)
        if let best = best(of: message.items, viewer: viewer) {
            introduce(member, of: &household, by: sitting.sender, at: clicked, &events)
            let origin = Origin(row: "message", position: 0, artwork: nil)
            _ = open(best, artwork: nil, from: origin, member, of: &household, &sitting, &events)
            finish(&sitting, member, of: &household)
        }
        return WorldResponse(reactions + sitting.reactions)
    }

    /// Who has clicked looks at what they like best of it.
    func best(of items: [String], viewer: Viewer) -> Int? {
        items.compactMap { catalogue.title(id: $0)?.index }
            .max { appeal.title($0, for: viewer) < appeal.title($1, for: viewer) }
    }

    /// The probability that a household that had cancelled subscribes again, once it looks at the offer.
    func returning(_ household: Household, offer: WorldAction.Offer?) -> Double {
        let owner = household.members[0]
        let worth = offer.map { value(of: $0) * owner.nature.priceSensitivity } ?? 0
        return logistic(-2 + 3 * worth + 3 * (owner.state.satisfaction - 0.5))
    }

    private func unsubscribe(
        _ member: Int, of household: inout Household, at time: Int64, _ events: inout EventSink
    ) {
        household.members[member].state.acceptsMessages = false
        let sender = Sender(userID: household.members[member].id, anonymousID: nil)
        events.track("Consent Changed", sender, at: time) { event in
            event.set("purpose", "marketing")
            event.set("granted", false)
            event.set("source", "unsubscribe link")
        }
    }

    // MARK: Money

    private func accept(_ offer: WorldAction.Offer, _ household: inout Household) {
        guard let subscription = household.subscription else { return }
        let amount = offer.amount + Int(offer.share * Double(subscription.monthlyPrice))
        household.subscription?.credit += min(amount, subscription.monthlyPrice)
    }

    /// Money back soothes: 3 % of a month, given before anybody asks, takes three quarters of what an outage has left;
    /// more takes no more.
    private func compensate(_ amount: Int, _ household: inout Household) {
        guard let subscription = household.subscription, amount > 0 else { return }
        household.subscription?.credit += min(amount, subscription.monthlyPrice)
        let share = Double(amount) / Double(subscription.monthlyPrice)
        for index in household.members.indices {
            household.members[index].state.trouble *= 1 - 0.75 * min(1, share / 0.03)
        }
    }
}
