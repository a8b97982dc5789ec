import Statistics

/// Draws households and their members, each from a stream of its own.
struct HouseholdMaker {
    let settings: WorldSettings
    let streams: RandomStreams
    let catalogue: CinemaCatalogue
    /// People go on joining for so long, half of them having joined before the history begins.
    let joiningDays = 730

    func household(_ index: Int) -> Household {
        var random = streams.of(index).source(.birth)
        let size = random.choice(of: [1, 2, 3, 4], weights: [42, 30, 16, 12])
        let network = random.choice(of: [Network.ethernet, .wifi], weights: [35, 65])
        let television = Device(.television, isApp: true, appName: Cinema.appName, random: &random)
        // What a household has in common, such as a love of Korean dramas.
        let shared = taste(deviation: 0.35, &random)
        let source = source(&random)
        let offset =
            random.chance(0.5)
            ? -1 - Int(random.exponential(rate: 1.0 / 200)) : random.index(below: joiningDays)
        let members = (0..<size).map { member in
            viewer(index * 4 + member, id: Cinema.viewerID(household: index, member: member), shared: shared, &random)
        }
        let joins = settings.firstDay + offset
        var household = Household(
            index: index, id: Cinema.householdID(index), members: members, televisionID: "tv-\(Cinema.number(index))",
            television: television, homeNetwork: network, joins: joins, source: source,
            server: Sender(userID: members[0].id, anonymousID: nil),
            agenda: Household.Agenda(nextDay: max(joins, settings.firstDay)))
        if offset < 0 {
            household.subscription = Household.Subscription(plan: plan(household, &random), since: joins)
            household.subscriptions = 1
        }
        return household
    }

    /// The plan that a household chooses: the more people and the less they mind the price, the larger.
    func plan(_ household: Household, _ random: inout RandomSource) -> Plan {
        let people = Double(household.members.count)
        let ease = (people / 2 / household.members[0].nature.priceSensitivity).squareRoot()
        return random.choice(of: Plan.allCases, weights: [0.7 / ease, 0.6, ease, 0.45 * ease * ease])
    }

    private func source(_ random: inout RandomSource) -> Household.Source {
        switch random.index(below: 10) {
        case 0, 1: Household.Source(source: "naver", medium: "cpc", campaign: "brand_search")
        case 2, 3: Household.Source(source: "instagram", medium: "paid_social", campaign: "originals")
        case 4: Household.Source(source: "youtube", medium: "video", campaign: "trailers")
        case 5: Household.Source(source: "kakao", medium: "message", campaign: "friend_invite")
        default: Household.Source(source: "direct", medium: "none", campaign: nil)
        }
    }

    private func taste(deviation: Double, _ random: inout RandomSource) -> Taste.Vector {
        var vector = Taste.Vector.zero
        for genre in 0..<Genre.allCases.count {
            vector[Taste.genres + genre] = Float(random.normal(deviation: deviation * 1.5))
        }
        for mood in 0..<Mood.allCases.count {
            vector[Taste.moods + mood] = Float(random.normal(deviation: deviation * 0.6))
        }
        for era in 0..<Era.allCases.count {
            vector[Taste.eras + era] = Float(random.normal(deviation: deviation * 0.5))
        }
        for country in 0..<Country.allCases.count {
            vector[Taste.countries + country] = Float(random.normal(deviation: deviation * 0.6))
        }
        vector[Taste.series] = Float(random.normal(deviation: deviation))
        return vector
    }

    private func viewer(
        _ index: Int, id: String, shared: Taste.Vector, _ random: inout RandomSource
    ) -> Viewer {
        var liking = shared + taste(deviation: 0.7, &random)
        liking[Taste.countries + Country.korea.rawValue] += 0.4
        liking[Taste.eras + Era.recent.rawValue] += 0.3
        liking[Taste.quality] = Float(0.35 + 0.15 * random.normal())
        let nature = Viewer.Nature(
            taste: liking, emphasis: emphasis(liking, &random), stars: stars(&random),
            sessionsPerDay: random.gamma(shape: 2, scale: 0.16),
            eveningHour: random.normal(mean: 21.2, deviation: 1.4), daytimeShare: random.beta(1.5, 4),
            weekendFactor: random.logNormal(mean: 0.35, deviation: 0.3), screens: screens(&random),
            data: random.choice(of: DataPlan.allCases, weights: [22, 38, 40]), skipsIntros: random.beta(2, 1.6),
            pausesPerHour: random.gamma(shape: 1.5, scale: 0.3), rates: random.beta(0.6, 3),
            generosity: random.normal(mean: 0.3, deviation: 0.5), binge: random.normal(deviation: 0.8),
            subtitles: random.chance(0.45), dubbed: random.chance(0.2),
            messageInterest: random.normal(mean: -0.2, deviation: 0.7),
            priceSensitivity: random.logNormal(mean: 0, deviation: 0.4))
        let resident = Resident(
            index, year: KoreanCalendar.date(settings.firstDay).year, meanAge: 34, random: &random)
        let devices: [Device] = [.television, .phone, .tablet, .computer].map { kind in
            Device(kind, isApp: kind != .computer, appName: Cinema.appName, random: &random)
        }
        var state = Viewer.State(taste: liking)
        state.acceptsMessages = random.chance(0.62)
        return Viewer(index: index, id: id, resident: resident, nature: nature, devices: devices, state: state)
    }

    /// A lover of romances looks at couples, one of action films at explosions: partly, the rest is their own.
    private func emphasis(_ taste: Taste.Vector, _ random: inout RandomSource) -> SIMD8<Float> {
        var vector = SIMD8<Float>.zero
        for emphasis in Emphasis.allCases {
            var tied: Float = 0
            for genre in Genre.allCases {
                tied += taste[Taste.genres + genre.rawValue] * Float(emphasis.honesty(for: genre))
            }
            vector[emphasis.rawValue] = 0.3 * tied + Float(random.normal(deviation: 0.75))
        }
        return vector
    }

    private func stars(_ random: inout RandomSource) -> [(member: Int, liking: Float)] {
        (0..<6).map { _ in
            let member = random.index(below: catalogue.cast.count)
            return (member, Float(0.4 + 0.8 * catalogue.cast[member].fame))
        }
    }

    private func screens(_ random: inout RandomSource) -> [Double] {
        let shares = [2.2, 1.6, 0.5, 0.7].map { random.gamma(shape: $0) }
        let sum = shares.reduce(0, +)
        return shares.map { $0 / sum }
    }
}
