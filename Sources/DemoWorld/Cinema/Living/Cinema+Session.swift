import Foundation
import Statistics

extension Cinema {
    /// One member sits down and looks for something to watch.
    func session(
        _ member: Int, _ number: Int, of household: inout Household, at time: Int64, _ events: inout EventSink
    ) {
        let day = KoreanCalendar.day(of: time)
        let streams = streams.of(household.members[member].index)
        var sitting = sitting(
            member, of: household, at: time, campaign: nil, random: streams.source(.session, day, number))
        introduce(member, of: &household, by: sitting.sender, at: time, &events)
        if let outage = outages.first(where: { $0.hits(household, at: time) }) {
            return fail(member, of: &household, sitting, outage, at: time, &events)
        }
        let viewer = household.members[member]
        if sitting.random.chance(searchChance(viewer, on: sitting.screen)) {
            search(member, of: &household, &sitting, &events)
        } else {
            let page = standardPage.page(
                for: viewer, worldDay: day - settings.firstDay, lists: dayLists(on: day), &sitting.random)
            browse(page, member, of: &household, &sitting, &events)
        }
        finish(&sitting, member, of: &household)
    }

    /// What a visit leaves behind.
    func finish(_ sitting: inout Sitting, _ member: Int, of household: inout Household) {
        household.members[member].state.lastSessionDay = KoreanCalendar.day(of: sitting.begin)
        household.members[member].state.busyUntil = sitting.time
        // The last sessions count most: about twenty of them make the impression.
        let outcome = sitting.playedSeconds > 0 ? logistic(0.5 + 0.9 * (sitting.bestAppeal - Appeal.usual)) : 0.2
        let annoyance = min(0.4, 0.06 * Double(sitting.stalls))
        let now = household.members[member].state.satisfaction
        household.members[member].state.satisfaction = now + 0.05 * (outcome - annoyance - now)
        household.members[member].state.hoursSinceBill += Double(sitting.playedSeconds) / 3600
    }

    /// The circumstances of a session: where, on what, for how long.
    func sitting(
        _ member: Int, of household: Household, at time: Int64, campaign: Campaign?, random source: RandomSource
    ) -> Sitting {
        var random = source
        let viewer = household.members[member]
        let hour = KoreanCalendar.hour(of: time)
        // Nobody carries a television to work.
        var weights = viewer.nature.screens
        let isCommuting = !KoreanCalendar.isHoliday(KoreanCalendar.day(of: time)) && hour > 7 && hour < 17.5
        if isCommuting { weights[Screen.tv.rawValue] *= 0.15 }
        let screen = random.choice(of: Screen.allCases, weights: weights)
        let isOnTheRoad = screen == .phone && random.chance(isCommuting ? 0.75 : 0.15)
        let network = isOnTheRoad ? (random.chance(0.6) ? Network.fiveG : .lte) : household.homeNetwork
        let device = screen == .tv ? household.television : viewer.devices[screen.rawValue]
        let context = device.context { context in
            context.object("network") { members in
                members.set("wifi", network == .wifi)
                members.set("cellular", isOnTheRoad)
            }
            if let campaign { context.object("campaign", campaign.write) }
        }
        let sender = Sender(
            userID: viewer.id, anonymousID: Cinema.deviceID(household, member: member, screen), context: context)
        let plan = household.subscription?.plan ?? .basic
        let minutes = random.logNormal(mean: log(screen == .phone ? 34 : 70), deviation: 0.55)
        return Sitting(
            screen: screen, network: network, data: viewer.nature.data,
            quality: PictureQuality.chosen(on: screen, over: network, data: viewer.nature.data, plan: plan),
            sender: sender, begin: time, time: time, secondsLeft: Int(minutes * 60), random: random)
    }

    /// Tells the business who sits there, when a profile is used for the first time.
    func introduce(
        _ member: Int, of household: inout Household, by sender: Sender, at time: Int64, _ events: inout EventSink
    ) {
        if household.members[member].state.isKnown { return }
        household.members[member].state.isKnown = true
        let viewer = household.members[member]
        let plan = household.subscription?.plan
        let (id, since) = (household.id, household.subscription?.since)
        events.identify(sender, at: time) { traits in
            traits.set("name", viewer.resident.name)
            traits.set("birthYear", viewer.resident.birthYear)
            traits.set("householdId", id)
            traits.set("profile", member + 1)
            // The account's addresses are those of the first profile.
            guard member == 0 else { return }
            traits.set("email", viewer.resident.email)
            traits.set("phone", viewer.resident.phone)
            traits.set("city", viewer.resident.cityName)
            traits.set("plan", optional: plan?.slug)
            if let since { traits.set("createdAt", time: KoreanCalendar.midnight(since)) }
        }
        if viewer.state.acceptsMessages {
            events.track("Consent Changed", sender, at: time + 400) { event in
                event.set("purpose", "marketing")
                event.set("granted", true)
                event.set("source", "profile setup")
            }
        }
    }

    private func fail(
        _ member: Int, of household: inout Household, _ sitting: Sitting, _ outage: Outage, at time: Int64,
        _ events: inout EventSink
    ) {
        for attempt in 0..<2 {
            events.track("Playback Failed", sitting.sender, at: time + Int64(attempt) * 45_000) { event in
                event.set("error", "service_unavailable")
                event.set("attempt", attempt + 1)
                event.set("device", sitting.screen.slug)
            }
        }
        household.members[member].state.trouble += 0.8
        household.members[member].state.busyUntil = time + 3 * KoreanCalendar.minute
    }

    private func searchChance(_ viewer: Viewer, on screen: Screen) -> Double {
        // Letters are hard to find with a remote control.
        screen == .tv ? 0.05 : 0.13
    }
}
