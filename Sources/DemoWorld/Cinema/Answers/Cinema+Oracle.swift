import Foundation

extension Cinema: Oracle {
    package func expect(
        _ household: Household, _ action: WorldAction, person: String, time: Int64
    ) -> Expectation {
        guard let member = memberIndex(ofPerson: person, in: household), household.subscriptions > 0 else {
            return Expectation()
        }
        let viewer = household.members[member]
        switch action {
        case .artwork, .recommendations:
            guard household.subscription != nil, let page = page(of: action, at: time)?.rows else {
                return Expectation()
            }
            // One row, so that how far down the page somebody goes does not matter.
            let day = KoreanCalendar.day(of: time)
            let viewed = page.chance(depth: 1) { opens($0, viewer: viewer, day: day) }
            return Expectation([.viewed: viewed, .played: played(page, viewer: viewer, day: day)])
        case .message(let message):
            let reading = reading(message, viewer: viewer, time: time)
            let clicked = reading.delivers * reading.opens * reading.clicks
            var chances: [WorldResponse.Deed: Double] = [
                .delivered: reading.delivers, .opened: reading.delivers * reading.opens, .clicked: clicked,
                .unsubscribed: (reading.delivers - clicked) * reading.unsubscribes,
            ]
            if household.subscription == nil {
                chances[.bought] = clicked * returning(household, offer: message.offer)
            } else if let best = best(of: message.items, viewer: viewer) {
                chances[.viewed] = clicked
                chances[.played] = clicked * plays(best, after: nil, viewer: viewer)
            }
            return Expectation(chances)
        case .offer, .price, .compensation, .job, .match, .surcharge, .help: return Expectation()
        }
    }

    /// The probability that something of a row plays. A title that was opened and not played does not end the visit.
    private func played(_ page: HomePage, viewer: Viewer, day: Int) -> Double {
        page.chance(depth: 1) { tile in
            let artwork = catalogue.titles[tile.title].artworks[tile.artwork]
            return opens(tile, viewer: viewer, day: day) * plays(tile.title, after: artwork, viewer: viewer)
        }
    }

    /// The probability that a household cancels at its next bill, as things stand on a day, were `credit` (in won)
    /// given back before.
    package func cancels(_ household: Household, day: Int, afterCredit credit: Int = 0) -> Double {
        guard household.subscription != nil else { return 0 }
        var copy = household
        var nobody = EventSink(streams: streams)
        let owner = household.members[0].id
        let time = KoreanCalendar.midnight(day)
        _ = respond(&copy, to: .compensation(amount: credit), person: owner, time: time, &nobody)
        guard let subscription = copy.subscription else { return 0 }
        return leaving(copy, subscription, day: day).chance
    }
}
